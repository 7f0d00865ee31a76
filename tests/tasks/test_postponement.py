"""A later day: who asks, who decides, what counts meanwhile and afterwards."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tasks.models import Assignment, Postponement
from units.models import Notice
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
STEPS = Postponement.steps
TODAY = timezone.localdate()
DUE, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=24)
TAKE = {
    "grant": lambda row, by: row.grant(by=by),
    "refuse": lambda row, by: row.refuse(by=by, note="工期足够"),
    "withdraw": lambda row, by: row.withdraw(by=by),
}


@pytest.fixture
def assignment(make_assignment):
    return make_assignment(state="doing", deadline=DUE)


@pytest.fixture
def ask(assignment, lead):
    def ask(by=None, until=LATER, on=None):
        given = Assignment.objects.get(pk=(on or assignment).pk)
        return Postponement.objects.ask(given, by=by or lead, until=until, reason="雨季停工")

    return ask


def due(assignment):
    return Assignment.objects.get(pk=assignment.pk).due_on


def test_asking_costs_nothing(ask, assignment):
    ask()

    now = Assignment.objects.get(pk=assignment.pk)
    assert (now.due_on, now.state, now.percent) == (DUE, "doing", 0)
    assert not now.events.exists()


def test_the_granted_day_counts_from_then_on(ask, assignment, office):
    ask().grant(by=office)

    now = Assignment.objects.get(pk=assignment.pk)
    assert (now.deadline, now.due_on) == (LATER, LATER)


def test_what_was_late_is_late_no_longer(ask, make_assignment, office):
    late = make_assignment(state="doing", deadline=TODAY - timedelta(days=3))

    ask(on=late).grant(by=office)

    assert not Assignment.objects.overdue().exists()


def test_who_has_no_day_of_the_own_follows(ask, assignment, make_unit, bureau, office):
    below = Assignment.objects.create(
        task=assignment.task, unit=make_unit(parent=bureau), part="lead", parent=assignment
    )

    ask().grant(by=office)

    assert due(below) == LATER


def test_a_refusal_leaves_the_day_and_says_why(ask, assignment, office):
    row = ask()

    event = row.refuse(by=office, note="工期足够")

    assert due(assignment) == DUE
    assert (event.note, row.state, row.decided_by) == ("工期足够", "refused", office)


def test_a_refusal_needs_a_reason(ask, office):
    with pytest.raises(ValueError, match="reason"):
        ask().refuse(by=office, note=" ")


def test_after_a_refusal_one_may_ask_again(ask, office):
    ask().refuse(by=office, note="工期足够")

    assert ask().state == "asked"


def test_one_request_is_open_at_a_time(ask):
    ask()

    with pytest.raises(NotInThisState):
        ask()


@pytest.mark.parametrize("until", [DUE, DUE - timedelta(days=1)])
def test_a_day_that_is_no_later_one_is_refused(ask, until):
    with pytest.raises(ValidationError):
        ask(until=until)


def test_a_day_that_has_passed_is_refused(ask, make_assignment):
    late = make_assignment(state="doing", deadline=TODAY - timedelta(days=9))

    with pytest.raises(ValidationError):
        ask(on=late, until=TODAY - timedelta(days=1))


def test_what_has_no_deadline_cannot_be_postponed(ask, make_assignment):
    with pytest.raises(ValidationError):
        ask(on=make_assignment())


def test_what_is_done_is_not_postponed(ask, make_assignment):
    done = make_assignment(state="completed", percent=100, completed_at=timezone.now(), deadline=DUE)

    with pytest.raises(NotInThisState):
        ask(on=done)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.UNIT_LEAD])
def test_the_lead_of_the_unit_asks_and_nobody_else(ask, make_member, bureau, role):
    with pytest.raises(PermissionDenied):
        ask(by=make_member(bureau, role))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_its_roles_only(ask, make_member, city, bureau, step, role):
    row, by = ask(), make_member(bureau if role == Role.UNIT_LEAD else city, role)

    if role in STEPS[step].roles:
        assert TAKE[step](row, by).after == STEPS[step].target
    else:
        with pytest.raises(PermissionDenied):
            TAKE[step](row, by)


@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
def test_what_is_decided_stays_decided(ask, lead, office, first, second):
    people = {"grant": office, "refuse": office, "withdraw": lead}
    row = ask()
    TAKE[first](row, people[first])

    with pytest.raises(NotInThisState):
        TAKE[second](row, people[second])


@pytest.mark.parametrize("step", ["grant", "refuse"])
def test_nobody_decides_on_what_they_asked(ask, lead, city, step):
    lead.memberships.create(unit=city, role=Role.OFFICE)
    row = ask()

    with pytest.raises(PermissionDenied):
        TAKE[step](row, lead)

    assert not Postponement.objects.decidable_by(lead).exists()


@pytest.fixture
def below(assignment, make_unit, make_member, bureau):
    """What the bureau has handed down to a section, and the section's lead."""
    section = make_unit("市容科", parent=bureau)
    given = Assignment.objects.create(
        task=assignment.task, unit=section, part="lead", parent=assignment, deadline=DUE - timedelta(days=5)
    )
    return given, make_member(section, Role.UNIT_LEAD)


def test_the_unit_above_decides_on_what_it_handed_down(ask, below, lead, office):
    given, section_lead = below
    row = ask(by=section_lead, on=given, until=DUE)

    assert [Postponement.objects.decidable_by(user).count() for user in (lead, office)] == [1, 0]
    with pytest.raises(PermissionDenied):
        row.grant(by=office)
    row.grant(by=lead)
    assert due(given) == DUE


def test_a_section_is_not_given_longer_than_the_unit_above_has(ask, below):
    given, section_lead = below

    with pytest.raises(ValidationError):
        ask(by=section_lead, on=given, until=DUE + timedelta(days=1))


@pytest.mark.parametrize("change", [{"deadline": LATER}, {"deadline": None}])
def test_nothing_is_granted_when_the_day_has_moved_past_it(ask, assignment, office, change):
    row = ask()
    Assignment.objects.filter(pk=assignment.pk).update(**change)

    with pytest.raises(NotInThisState):
        row.grant(by=office)

    assert Postponement.objects.get().state == "asked"


def test_granted_ones_are_counted(ask, assignment, office):
    ask().grant(by=office)
    ask(until=LATER + timedelta(days=7)).grant(by=office)
    ask(until=LATER + timedelta(days=14)).refuse(by=office, note="工期足够")

    assert Postponement.objects.counts_of([assignment]) == {assignment.pk: 2}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"until": DUE}, "tasks_postponed_to_a_later_day"),
        ({"reason": ""}, "tasks_postponement_has_a_reason"),
        ({"state": "granted"}, "tasks_postponement_decided_by_somebody"),
        ({"state": "later"}, "tasks_postponement_decided_by_somebody"),
    ],
)
def test_the_database_refuses_half_a_request(assignment, lead, wrong, name):
    words = {"assignment": assignment, "before": DUE, "until": LATER, "reason": "雨季", "asked_by": lead}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Postponement.objects.create(**(words | wrong))


def test_the_database_refuses_a_second_open_request(ask, assignment, lead):
    ask()

    with pytest.raises(IntegrityError, match="tasks_one_open_postponement"), transaction.atomic():
        Postponement.objects.create(assignment=assignment, before=DUE, until=LATER, reason="雨季", asked_by=lead)


def test_the_database_refuses_who_grants_the_own_request(ask):
    row = ask()
    own = {"state": "granted", "decided_by": row.asked_by, "decided_at": timezone.now()}

    with pytest.raises(IntegrityError, match="tasks_postponed_by_a_second_person"), transaction.atomic():
        Postponement.objects.filter(pk=row.pk).update(**own)


def test_the_deciding_side_hears_the_question_and_the_unit_the_answer(ask, lead, staff, office):
    row = ask()
    event = row.grant(by=office)
    for told in (row.events.get(step="ask"), event):
        Notice.objects.tell(told)

    assert [notice.user for notice in Notice.objects.filter(event_pk=row.events.get(step="ask").pk)] == [office]
    assert {notice.user for notice in Notice.objects.filter(event_pk=event.pk)} == {lead, staff}


def post(client, user, name, row, **data):
    client.force_login(user)
    return client.post(reverse(f"tasks:{name}", args=[row.pk]), data)


def test_it_is_asked_on_the_page_of_the_assignment(client, assignment, lead):
    answer = post(client, lead, "assignment-postpone", assignment, until=LATER.isoformat(), reason="雨季停工")

    assert answer.status_code == 302
    assert Postponement.objects.get().before == DUE


@pytest.mark.parametrize("wrong", [{"until": DUE.isoformat()}, {"reason": ""}, {"until": "bald"}])
def test_a_bad_request_is_shown_again(client, assignment, lead, wrong):
    answer = post(
        client, lead, "assignment-postpone", assignment, **({"until": LATER.isoformat(), "reason": "雨季停工"} | wrong)
    )

    assert answer.status_code == 422
    assert 'class="form-error"' in answer.content.decode()


def test_after_a_decision_the_next_request_follows(client, ask, make_assignment, office):
    first, second = ask(), ask(on=make_assignment(state="doing", deadline=DUE))

    assert post(client, office, "postponement-grant", first).url == second.get_absolute_url()


def test_the_page_of_the_assignment_says_how_often(client, ask, assignment, office):
    ask().grant(by=office)
    client.force_login(office)

    assert "延期 1 次" in client.get(assignment.get_absolute_url()).content.decode()


def test_the_list_of_tasks_says_how_often(client, ask, lead, office):
    ask().grant(by=office)
    client.force_login(lead)

    assert "延期 1 次" in client.get(reverse("tasks:my-tasks")).content.decode()


def test_working_days_more_are_shown(client, ask, office):
    row = ask()
    client.force_login(office)

    shown = client.get(row.get_absolute_url()).context["days_more"]

    days = [DUE + timedelta(days=n) for n in range(1, (LATER - DUE).days + 1)]
    assert shown == sum(day.weekday() < 5 for day in days)


def test_a_day_of_the_calendar_is_a_day(assignment):
    assert isinstance(due(assignment), date)
