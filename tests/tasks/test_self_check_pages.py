"""The self-check on its pages: on the assignment, on the sheet of the unit, and for the office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tasks.models import SelfCheck
from tests.tasks.test_self_check import NOT_MET, criterion, make_criterion, say

__all__ = ["criterion", "make_criterion"]
pytestmark = pytest.mark.django_db
UNMET = {"verdict": "unmet", "measure": "增设公益广告", "until": "2026-12-01"}


@pytest.fixture
def post(client, assignment, criterion):
    """Send the form of the criterion; `by_itself` as the script of the page does."""

    def post(user, *, by_itself=False, **data):
        client.force_login(user)
        address = reverse("tasks:self-check", args=[assignment.pk])
        headers = {"Accept": "application/json"} if by_itself else {}
        return client.post(address, {"criterion": criterion.pk} | data, headers=headers)

    return post


def sheet(ledger, unit):
    return f"{reverse('tasks:self-check-sheet', args=[ledger.pk])}?unit={unit.pk}"


def test_the_page_keeps_itself_and_learns_its_version(post, staff):
    answer = post(staff, by_itself=True, **UNMET)

    assert answer.json()["version"] == SelfCheck.objects.get().version


def test_it_says_what_is_missing_and_keeps_nothing(post, staff):
    answer = post(staff, by_itself=True, verdict="unmet")

    assert answer.status_code == 422
    assert "整改措施" in answer.json()["words"]
    assert not SelfCheck.objects.exists()


def test_it_shows_what_another_has_said(post, assignment, criterion, staff, lead):
    say(assignment, criterion, lead, **NOT_MET)

    answer = post(staff, by_itself=True, verdict="met")

    assert answer.status_code == 409
    assert answer.json()["theirs"] == "增设公益广告"
    assert SelfCheck.objects.get().by == lead


def test_without_a_script_the_button_keeps_it_and_leads_back_to_its_line(post, assignment, criterion, staff):
    answer = post(staff, **UNMET, sheet="1")

    key = f"{assignment.pk}-{criterion.pk}"
    assert answer.url == f"{sheet(assignment.task.ledger, assignment.unit)}&at={key}#check-{key}"


def test_without_a_script_a_bad_form_is_shown_again(post, staff):
    answer = post(staff, verdict="unmet", measure="增设公益广告")

    assert answer.status_code == 422
    assert "增设公益广告</textarea>" in answer.content.decode()


def test_without_a_script_what_another_has_said_is_shown(post, assignment, criterion, staff, lead):
    say(assignment, criterion, lead, **NOT_MET)

    answer = post(staff, verdict="met")
    form = answer.context["lines"][0].form

    assert answer.status_code == 422
    assert post(staff, verdict="met", seen=form["seen"].value()).status_code == 302


def test_a_criterion_that_the_task_does_not_have_is_not_found(post, make_criterion, staff):
    assert post(staff, criterion=make_criterion().pk, verdict="met").status_code == 404


def test_the_sheet_has_every_criterion_of_the_unit(client, make_assignment, make_criterion, bureau, staff):
    first, second = make_assignment(title="甲"), make_assignment(title="乙")
    first.task.criteria.set([make_criterion("标准一"), make_criterion("标准二")])
    client.force_login(staff)

    lines = client.get(sheet(first.task.ledger, bureau)).context["lines"]

    assert [str(line.criterion or line.assignment.task) for line in lines] == ["1) 标准一", "2) 标准二", "乙"]
    assert second.pk == lines[-1].assignment.pk


def test_who_names_no_unit_gets_the_own_sheet(client, assignment, criterion, staff, bureau):
    client.force_login(staff)

    answer = client.get(reverse("tasks:self-check-sheet", args=[assignment.task.ledger_id]))

    assert answer.context["unit"] == bureau


def test_the_office_reads_a_sheet_and_changes_nothing(client, assignment, criterion, office, bureau):
    client.force_login(office)

    page = client.get(sheet(assignment.task.ledger, bureau))

    assert page.status_code == 200
    assert "data-autosave-version" not in page.content.decode()


def test_the_sheet_of_another_unit_is_not_found(client, assignment, make_assignment, other_bureau, staff):
    make_assignment(other_bureau)
    client.force_login(staff)

    assert client.get(sheet(assignment.task.ledger, other_bureau)).status_code == 404


def test_the_sheet_shows_only_what_is_asked_for(client, assignment, make_criterion, bureau, staff):
    criteria = [make_criterion() for _ in range(3)]
    assignment.task.criteria.set(criteria)
    say(assignment, criteria[0], staff)
    say(assignment, criteria[1], staff, **NOT_MET)
    client.force_login(staff)

    found = {
        show: [line.criterion for line in client.get(f"{address}&show={show}").context["lines"]]
        for address in [sheet(assignment.task.ledger, bureau)]
        for show in ("unmet", "unchecked")
    }

    assert found == {"unmet": [criteria[1]], "unchecked": [criteria[2]]}


def test_the_office_sees_the_counts_of_each_unit(client, assignment, criterion, office, staff):
    say(assignment, criterion, staff, **NOT_MET)
    client.force_login(office)

    rows = client.get(reverse("tasks:self-checks", args=[assignment.task.ledger_id])).context["listing"].rows

    assert [(row.name, row.points, row.unmet, row.unchecked) for row in rows] == [("市城管局", 1, 1, 0)]


def test_the_office_sees_what_is_past_its_own_date(client, assignment, criterion, office, staff):
    yesterday = timezone.localdate() - timedelta(days=1)
    say(assignment, criterion, staff, **(NOT_MET | {"until": yesterday}))
    client.force_login(office)

    answer = client.get(f"{reverse('tasks:self-checks', args=[assignment.task.ledger_id])}?tab=unmet")

    assert answer.context["overdue"] == 1
    assert answer.context["listing"].rows[0].days_left < 0


def test_a_unit_sees_its_own_counts_only(client, assignment, make_assignment, other_bureau, staff):
    make_assignment(other_bureau)
    client.force_login(staff)

    rows = client.get(reverse("tasks:self-checks", args=[assignment.task.ledger_id])).context["listing"].rows

    assert [row.name for row in rows] == ["市城管局"]


@pytest.mark.parametrize("unit", ["²", "9" * 25, "9" * 5000, "x"])
def test_what_is_no_unit_has_no_sheet(client, assignment, office, unit):
    client.force_login(office)
    sheet = reverse("tasks:self-check-sheet", args=[assignment.task.ledger_id])

    assert client.get(sheet, {"unit": unit}).status_code == 404
