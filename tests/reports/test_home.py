"""The first page: each role reads what it must do now, and only what it can do."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.models import Round
from tasks import letters
from tasks.models import Ledger, Task
from units.roles import Role


@pytest.fixture
def waits_for(client):
    """What the first page says is to do: `{label: count}`."""

    def read(user):
        client.force_login(user)
        waiting = client.get(reverse("home")).context["overview"].waiting
        return {str(line.label): line.count for line in waiting}

    return read


def test_the_unit_reads_what_is_late_and_what_is_new(waits_for, make_item, lead):
    make_item()
    make_item(due_at=timezone.now() - timedelta(hours=1))

    waits = waits_for(lead)

    assert sorted(waits.values()) == [1, 1, 2]


def test_the_inspector_reads_how_many_places_are_left(waits_for, inspector, city, checklist, make_place, make_visit_to):
    today = timezone.localdate()
    round_ = Round.objects.create(unit=city, name="督查", checklist=checklist, starts_on=today, ends_on=today)
    team = round_.teams.create(name="一组")
    team.members.add(inspector)
    first, _second = [round_.stops.create(place=make_place(), team=team) for _ in range(2)]
    make_visit_to(first)

    assert list(waits_for(inspector).values()) == [1]


@pytest.fixture
def make_visit_to(inspector):
    def make(stop):
        now = timezone.now()
        return stop.round.visits.create(place=stop.place, by=inspector, started_at=now, finished_at=now)

    return make


def test_nobody_is_asked_to_verify_their_own_answer(waits_for, make_item, office):
    make_item(state="submitted", submitted_at=timezone.now(), submitted_by=office, measure="已清理")

    assert waits_for(office) == {}


def test_who_works_in_office_and_unit_reads_each_thing_once(client, make_item, lead, bureau):
    lead.memberships.create(unit=bureau, role=Role.OFFICE, since="2020-01-01")
    make_item(due_at=timezone.now() - timedelta(hours=1))
    client.force_login(lead)

    labels = [str(line.label) for line in client.get(reverse("home")).context["overview"].waiting]

    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("role", list(Role))
def test_no_link_of_the_first_page_leads_nowhere(client, make_member, make_item, make_assignment, bureau, city, role):
    make_item()
    make_assignment()
    at = bureau if role in {Role.UNIT_LEAD, Role.UNIT_STAFF} else city
    client.force_login(make_member(at, role))

    page = client.get(reverse("home")).content.decode()

    links = {link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/static/")}
    assert {link: status for link in links if (status := client.get(link).status_code) != 200} == {}


def test_a_deadline_that_has_passed_is_shown_as_late(client, make_item, office):
    now, day = timezone.now(), timedelta(days=1)
    make_item(issued_at=now - 20 * day, due_at=now - 10 * day)
    client.force_login(office)

    assert "due-red" in client.get(reverse("home")).content.decode()


@pytest.fixture
def issue_letter(office):
    def issue(assignment):
        words = {"title": "目标责任书", "clauses": ["按时完成任务。"]}
        ledger = assignment.task.ledger
        (letter,) = letters.draw_up(ledger, [assignment.unit], words, by=office).letters
        letter.issue(by=office)
        return ledger

    return issue


STALE = "份目标责任书已过时"


def test_the_office_reads_how_many_letters_are_out_of_date(waits_for, issue_letter, make_assignment, office, lead):
    asked = make_assignment()
    issue_letter(asked)
    before = waits_for(office)

    asked.task.assignments.update(quantity=5, quantity_unit="个")

    assert STALE not in before
    assert waits_for(office)[STALE] == 1
    assert STALE not in waits_for(lead)


def test_the_letters_out_of_date_lead_to_their_rows(client, issue_letter, make_assignment, office):
    asked = make_assignment()
    ledger = issue_letter(asked)
    asked.task.assignments.update(quantity=5, quantity_unit="个")
    client.force_login(office)

    (line,) = [one for one in client.get(reverse("home")).context["overview"].waiting if one.label == STALE]

    assert line.url.startswith(reverse("tasks:ledger-letters", args=[ledger.pk]))
    assert client.get(line.url).context["listing"].count == line.count == 1


def test_letters_of_several_ledgers_are_a_line_each(waits_for, issue_letter, make_assignment, office):
    first, second = make_assignment(), make_assignment()
    other = Ledger.objects.create(unit=first.task.ledger.unit, name="专项台账", year=first.task.ledger.year)
    Task.objects.filter(pk=second.task_id).update(ledger=other)
    second.refresh_from_db()
    for one in (first, second):
        issue_letter(one)
        one.task.assignments.update(quantity=5, quantity_unit="个")

    stale = [label for label in waits_for(office) if STALE in label]

    assert len(stale) == 2
    assert any(str(other) in label for label in stale)
