"""Who may take which step of an assignment, and from which state: read from the table itself."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from tasks.models import Assignment, AssignmentEvent, Evidence
from units.files import accept
from units.roles import UNIT_ROLES, Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
STEPS, STATES = Assignment.steps, list(Assignment.State)


def take(assignment, step, by):
    """Take the step as its method does, with what it needs."""
    return {
        "submit": lambda: assignment.submit(by=by),
        "withdraw": lambda: assignment.withdraw(by=by),
        "approve": lambda: assignment.approve(by=by),
        "complete": lambda: assignment.approve(by=by),
        "return": lambda: assignment.send_back(by=by, note="请补拍正面"),
        "reopen": lambda: assignment.reopen(by=by, note="又有占道"),
    }[step]()


def ready_for(put_in, step, state):
    return put_in(state, percent=100 if step == "complete" else 40)


@pytest.fixture
def person(make_member, city, bureau):
    """Somebody with the role where it belongs: in the unit, or in the city above it."""
    return lambda role: make_member(bureau if role in UNIT_ROLES else city, role)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_its_roles_from_its_states_only(put_in, person, step, role, state):
    assignment, by = ready_for(put_in, step, state), person(role)

    if role not in STEPS[step].roles:
        with pytest.raises(PermissionDenied):
            take(assignment, step, by)
    elif state not in STEPS[step].sources:
        with pytest.raises(NotInThisState):
            take(assignment, step, by)
    else:
        event = take(assignment, step, by)
        assert (event.actor, event.before, event.after) == (by, state, STEPS[step].target)


@pytest.mark.parametrize("step", STEPS)
def test_another_unit_takes_no_step(put_in, other_lead, step):
    assignment = ready_for(put_in, step, next(iter(STEPS[step].sources)))

    with pytest.raises(PermissionDenied):
        take(assignment, step, other_lead)

    assert not assignment.events.exists()


@pytest.mark.parametrize("step", ["approve", "complete", "return"])
def test_nobody_reviews_what_they_handed_in(make_member, put_in, city, bureau, step):
    both = make_member(city, Role.OFFICE)
    both.memberships.create(unit=bureau, role=Role.UNIT_LEAD)
    assignment = ready_for(put_in, step, "submitted")
    assignment.progress.update(submitted_by=both)

    with pytest.raises(PermissionDenied):
        take(assignment, step, both)

    assert "approve" not in assignment.steps_open_to(both)


@pytest.mark.parametrize("step", ["approve", "return", "reopen"])
def test_the_office_of_a_district_does_not_review_its_district(make_unit, make_member, put_in, city, step):
    district = make_unit("东湖区", parent=city)
    own_office = make_member(district, Role.OFFICE)
    assignment = put_in(next(iter(STEPS[step].sources)), unit=district)

    with pytest.raises(PermissionDenied):
        take(assignment, step, own_office)


@pytest.mark.parametrize("step", [name for name, step in STEPS.items() if step.reason])
def test_a_step_back_needs_a_reason(put_in, office, step):
    assignment = put_in(next(iter(STEPS[step].sources)))

    with pytest.raises(ValueError, match="reason"):
        {"return": assignment.send_back, "reopen": assignment.reopen}[step](by=office, note=" ")


def test_one_button_approves(put_in, office):
    assert put_in("submitted", percent=100).steps_open_to(office) == ["approve", "return"]


def test_at_a_hundred_percent_the_assignment_is_completed(put_in, office):
    assignment = put_in("submitted", percent=100)

    assignment.approve(by=office)

    assert (assignment.state, assignment.percent) == ("completed", 100)
    assert assignment.completed_at


def test_below_a_hundred_the_percentage_counts_and_work_goes_on(put_in, office):
    assignment = put_in("submitted", percent=40)

    assignment.approve(by=office)

    assert (assignment.state, assignment.percent, assignment.completed_at) == ("doing", 40, None)


def test_a_returned_report_stays_as_a_draft_with_its_evidence(put_in, office, staff, bureau, upload):
    assignment = put_in("submitted")
    report = assignment.under_review
    report.evidence.create(attachment=accept(upload("ledger_bengbu_prose.txt"), unit=bureau, by=staff))

    assignment.send_back(by=office, note="请补拍正面")

    report.refresh_from_db()
    assert (report.verdict, report.review_note, report.reviewed_by) == ("returned", "请补拍正面", office)
    assert assignment.draft.narrative == report.narrative
    assert assignment.draft.evidence.count() == 1


def test_reopening_brings_the_percentage_back_that_was_approved_before(put_in, office, lead):
    assignment = put_in("submitted", percent=60)
    assignment.approve(by=office)
    assignment.write(by=lead, percent=100, narrative="全部清理")
    assignment.submit(by=lead)
    assignment.approve(by=office)

    assignment.reopen(by=office, note="又有占道")

    assert (assignment.state, assignment.percent) == ("doing", Decimal(60))


def test_a_report_that_changed_since_it_was_read_is_not_approved(put_in, office, lead):
    assignment = put_in("submitted", percent=40)
    read = assignment.under_review.version
    assignment.withdraw(by=lead)
    assignment.write(by=lead, percent=100, narrative="全部清理")
    assignment.submit(by=lead)

    with pytest.raises(NotInThisState):
        assignment.approve(by=office, seen=read)

    assignment.refresh_from_db()
    assert (assignment.state, assignment.percent) == ("submitted", 0)


def test_what_was_taken_back_is_the_draft_again(put_in, lead):
    assignment = put_in("submitted")

    assignment.withdraw(by=lead)

    assert assignment.draft.narrative == "已清理42处"
    assert assignment.under_review is None


@pytest.mark.parametrize("role", list(Role))
def test_only_the_people_of_the_unit_write(make_assignment, person, role):
    assignment, by = make_assignment(), person(role)

    if role in UNIT_ROLES:
        assert assignment.write(by=by, percent=30, narrative="已开展").by == by
    else:
        with pytest.raises(PermissionDenied):
            assignment.write(by=by, percent=30, narrative="已开展")


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_what_lies_with_the_office_is_not_written_on(put_in, staff, state):
    with pytest.raises(NotInThisState):
        put_in(state).write(by=staff, percent=30, narrative="已开展")


def test_writing_again_changes_the_one_draft(make_assignment, staff, lead):
    assignment = make_assignment()

    assignment.write(by=staff, percent=30, narrative="已开展")
    assignment.write(by=lead, percent=50, narrative="过半")

    assert assignment.progress.get().percent == 50


def test_a_file_is_taken_out_of_a_draft_but_not_of_a_report(put_in, staff, bureau, upload):
    assignment = put_in("doing")
    file = accept(upload("ledger_bengbu_prose.txt"), unit=bureau, by=staff)
    evidence = Evidence.objects.create(progress=assignment.draft, attachment=file)
    handed_in = put_in("submitted")
    kept = Evidence.objects.create(progress=handed_in.under_review, attachment=file)

    assignment.drop(evidence, by=staff)

    assert not assignment.draft.evidence.exists()
    with pytest.raises(NotInThisState):
        handed_in.drop(kept, by=staff)


def test_nothing_written_cannot_be_submitted(make_assignment, lead):
    assignment = make_assignment()

    with pytest.raises(NotInThisState):
        assignment.submit(by=lead)

    assignment.refresh_from_db()
    assert assignment.state == "not_started"


def test_the_office_of_the_ledger_hears_what_was_submitted(put_in, lead, office, staff):
    event = put_in("doing").submit(by=lead)

    assert list(event.readers()) == [office]
    assert "市城管局" in event.subject()


def test_the_unit_hears_what_was_decided(put_in, lead, office, other_lead):
    event = put_in("submitted").approve(by=office)

    assert lead in event.readers()
    assert other_lead not in event.readers()


WRONG = {
    "tasks_unit_once_in_a_task": {},
    "tasks_part_is_known": {"part": "boss"},
    "tasks_percent_of_hundred": {"percent": 101},
    "tasks_assignment_state_is_known": {"state": "lost"},
    "tasks_completed_has_a_date": {"state": "completed", "percent": 100},
}


@pytest.mark.parametrize("name", WRONG)
def test_the_database_refuses_a_wrong_assignment(make_task, give, bureau, other_bureau, name):
    task = make_task()
    give(task, bureau)
    unit = bureau if name == "tasks_unit_once_in_a_task" else other_bureau

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        give(task, unit, **WRONG[name])


def test_the_database_refuses_a_second_lead(make_task, give, bureau, other_bureau):
    task = make_task()
    give(task, bureau, part="lead")

    with pytest.raises(IntegrityError, match="tasks_one_lead"), transaction.atomic():
        give(task, other_bureau, part="lead")


def test_the_database_refuses_a_verdict_by_who_handed_in(put_in):
    report = put_in("submitted").under_review

    with pytest.raises(IntegrityError, match="tasks_reviewed_by_a_second_person"), transaction.atomic():
        type(report).objects.filter(pk=report.pk).update(
            verdict="approved", reviewed_by=report.submitted_by, reviewed_at=timezone.now()
        )


def test_the_database_keeps_one_draft(put_in, staff):
    assignment = put_in("doing")

    with pytest.raises(IntegrityError, match="tasks_one_draft_per_assignment"), transaction.atomic():
        assignment.progress.create(by=staff, percent=10, narrative="又一份")


def test_each_step_has_words():
    assert all(AssignmentEvent(step=name).text != name for name in STEPS)
