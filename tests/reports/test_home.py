"""The first page: each role reads what it must do now, and only what it can do."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.models import Round
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
