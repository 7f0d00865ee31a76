"""Who may take which step of a rectification item, and from which state: read from the table itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.utils import InternalError
from django.utils import timezone

from inspections.capture import record
from inspections.models import RectificationEvent, RectificationItem
from units.models import WorkCalendar
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
STEPS, STATES = RectificationItem.steps, list(RectificationItem.State)
PEOPLE_STEPS = [name for name, step in STEPS.items() if step.roles]


def take(item, step, by, unit=None):
    """Take the step as its method does, with what it needs."""
    now, calendar = timezone.now(), WorkCalendar.load()
    clocked = {"by": by, "note": "理由", "calendar": calendar, "now": now}
    return {
        "sign": lambda: item.sign(by=by),
        "prepare": lambda: item.prepare(by=by, measure="拟清理"),
        "submit": lambda: item.submit(by=by, measure="已清理"),
        "dispute": lambda: item.dispute(by=by, note="非我局职责"),
        "verify": lambda: item.verify(by=by),
        "return": lambda: item.send_back(**clocked),
        "uphold": lambda: item.uphold(**clocked),
        "reassign": lambda: item.reassign(unit=unit or item.unit, **clocked),
    }[step]()


@pytest.fixture
def person(make_member, city, bureau):
    """Somebody with the role where it belongs: in the unit, or in the city above it."""
    at = {Role.UNIT_LEAD: bureau, Role.UNIT_STAFF: bureau}
    return lambda role: make_member(at.get(role, city), role)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", PEOPLE_STEPS)
def test_a_step_is_taken_by_its_roles_from_its_states_only(put_in, person, step, role, state):
    item, by = put_in(state), person(role)

    if role not in STEPS[step].roles:
        with pytest.raises(PermissionDenied):
            take(item, step, by)
    elif state not in STEPS[step].sources:
        with pytest.raises(NotInThisState):
            take(item, step, by)
    else:
        event = take(item, step, by)
        assert (event.actor, event.before, event.after) == (by, state, STEPS[step].target or state)


@pytest.mark.parametrize("step", PEOPLE_STEPS)
def test_another_unit_takes_no_step(put_in, other_lead, step):
    item = put_in(next(iter(STEPS[step].sources)))

    with pytest.raises(PermissionDenied):
        take(item, step, other_lead)

    assert not item.events.exists()


@pytest.mark.parametrize("step", ["verify", "return", "uphold", "reassign"])
def test_the_office_of_a_district_does_not_check_what_the_city_has_found_there(
    make_member, make_unit, put_in, stop, step
):
    district = make_unit("东湖区", parent=stop.round.unit)
    own_office = make_member(district, Role.OFFICE)
    item = put_in(next(iter(STEPS[step].sources)), unit=district)
    item.finding.visit = stop.round.visits.create(place=stop.place, by=item.finding.found_by)
    item.finding.save()

    with pytest.raises(PermissionDenied):
        take(item, step, own_office)


@pytest.mark.parametrize("step", ["verify", "return"])
def test_nobody_checks_the_own_answer(put_in, office, step):
    item = put_in("submitted", submitted_by=office)

    with pytest.raises(PermissionDenied):
        take(item, step, office)


@pytest.mark.parametrize("step", [name for name in PEOPLE_STEPS if STEPS[name].reason])
def test_a_step_aside_needs_a_reason(put_in, person, step):
    item = put_in(next(iter(STEPS[step].sources)))

    with pytest.raises(ValueError, match="needs a reason"):
        item.take(step, by=person(next(iter(STEPS[step].roles))), note=" ")


def test_submitting_keeps_the_measure(item, lead):
    item.submit(by=lead, measure="已清理,安排专人值守")

    item.refresh_from_db()
    assert (item.state, item.measure, item.submitted_by) == ("submitted", "已清理,安排专人值守", lead)


def test_a_draft_leaves_the_state_and_tells_the_lead(item, staff, lead):
    event = item.prepare(by=staff, measure="拟清理")

    assert (item.state, item.measure, list(event.readers())) == ("issued", "拟清理", [lead])


def test_the_office_hears_of_an_answer(item, lead, office, inspector):
    assert list(item.submit(by=lead, measure="已清理").readers()) == [office]


def test_a_returned_item_has_at_least_the_next_working_day(put_in, office):
    now, calendar = timezone.now(), WorkCalendar.load()
    item = put_in("submitted", issued_at=now - timedelta(days=9), due_at=now - timedelta(days=1))

    item.send_back(by=office, note="照片看不出整改部位", calendar=calendar, now=now)

    assert item.due_at == calendar.add_days(now, 1)


def test_a_returned_item_keeps_a_later_deadline(put_in, office):
    now = timezone.now()
    item = put_in("submitted", due_at=now + timedelta(days=60))

    item.send_back(by=office, note="请补拍", calendar=WorkCalendar.load(), now=now)

    assert item.due_at == now + timedelta(days=60)


def test_a_dispute_that_is_not_accepted_gives_the_time_of_the_checklist_anew(put_in, office, checklist_item):
    now, calendar = timezone.now(), WorkCalendar.load()
    item = put_in("disputed")

    item.uphold(by=office, note="属于贵局职责", calendar=calendar, now=now)

    assert (item.state, item.due_at) == ("issued", checklist_item.due(now, calendar))


def test_reassigning_moves_the_finding_along(put_in, office, other_bureau):
    item = put_in("disputed")

    take(item, "reassign", office, unit=other_bureau)

    item.refresh_from_db()
    assert (item.unit, item.finding.unit, item.signed_at, item.overdue_at) == (other_bureau, other_bureau, None, None)


def test_reassigning_moves_the_answer_of_the_visit_along(make_entry, inspector, office, other_bureau):
    finding = record(make_entry(), by=inspector, now=timezone.now())

    take(finding.rectification, "reassign", office, unit=other_bureau)

    assert finding.visit.answers.get().unit == other_bureau


def test_reassigning_outside_the_own_office_is_refused(put_in, make_member, make_unit, bureau, city):
    elsewhere = make_unit("别市")
    item = put_in("disputed")

    with pytest.raises(PermissionDenied):
        take(item, "reassign", make_member(city, Role.OFFICE), unit=elsewhere)

    item.refresh_from_db()
    assert item.unit == bureau


def test_after_reassigning_only_the_new_unit_sees_it(put_in, office, other_bureau, lead, other_lead):
    item = put_in("disputed")
    take(item, "reassign", office, unit=other_bureau)

    seen = [RectificationItem.objects.visible_to(person).filter(pk=item.pk).exists() for person in (lead, other_lead)]

    assert seen == [False, True]


def test_history_cannot_be_rewritten(item, lead):
    item.sign(by=lead)

    with pytest.raises(InternalError, match="Cannot update"):
        RectificationEvent.objects.update(note="anders")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"state": "gone"}, "inspections_item_state_is_known"),
        ({"state": "submitted"}, "inspections_submitted_by_somebody"),
        ({"state": "closed"}, "inspections_closed_has_a_date|inspections_submitted_by_somebody|second_person"),
    ],
)
def test_the_database_refuses_an_impossible_item(item, wrong, name):
    with pytest.raises(IntegrityError, match=name):
        RectificationItem.objects.filter(pk=item.pk).update(**wrong)


def test_the_database_refuses_that_one_person_fixes_and_closes(put_in, lead):
    item = put_in("submitted")

    with pytest.raises(IntegrityError, match="inspections_closed_by_a_second_person"):
        RectificationItem.objects.filter(pk=item.pk).update(state="closed", closed_at=timezone.now(), closed_by=lead)


def test_the_database_refuses_a_deadline_before_the_issue(item):
    with pytest.raises(IntegrityError, match="inspections_due_after_issue"):
        RectificationItem.objects.filter(pk=item.pk).update(due_at=item.issued_at)
