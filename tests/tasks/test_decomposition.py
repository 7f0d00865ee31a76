"""What the database keeps: when an assignment is due, to whom it may be handed down, shares that make a hundred."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tasks.models import Assignment
from units.roles import Role

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)


@pytest.fixture
def section(make_unit, bureau):
    return make_unit("市容科", parent=bureau)


@pytest.fixture
def hand_down(assignment):
    """Hand our assignment down: `hand_down(section, share=60)`."""

    def hand(unit, **fields):
        fields = {"task": assignment.task, "part": "responsible", "parent": assignment} | fields
        return Assignment.objects.create(unit=unit, **fields)

    return hand


def due(row):
    return Assignment.objects.values_list("due_on", flat=True).get(pk=row.pk)


def at_commit():
    """What is checked at the end of the transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- when it is due ---


def test_an_assignment_is_due_when_its_task_is(make_task, give, bureau):
    [assignment] = give(make_task(deadline=JUNE), bureau)

    assert due(assignment) == JUNE


def test_a_deadline_of_its_own_counts_before_that_of_the_task(make_task, give, bureau):
    [assignment] = give(make_task(deadline=JUNE), bureau, deadline=JULY)

    assert due(assignment) == JULY


def test_a_new_deadline_of_the_task_counts_for_those_without_their_own(make_task, give, bureau, other_bureau):
    task = make_task(deadline=JUNE)
    [follows], [stays] = give(task, bureau), give(task, other_bureau, deadline=JULY)

    type(task).objects.filter(pk=task.pk).update(deadline=date(2026, 9, 30))

    assert (due(follows), due(stays)) == (date(2026, 9, 30), JULY)


def test_a_postponed_assignment_is_postponed_for_those_below(hand_down, section, assignment, make_unit):
    below = hand_down(section)
    deepest = hand_down(make_unit("一队", parent=section), parent=below)

    Assignment.objects.filter(pk=assignment.pk).update(deadline=JULY)

    assert (due(below), due(deepest)) == (JULY, JULY)


# --- handing down ---


def test_an_assignment_is_handed_down_to_any_depth(hand_down, section, make_unit):
    below = hand_down(section)

    assert hand_down(make_unit("一队", parent=section), parent=below).kept_by == section


def test_it_is_not_handed_to_a_unit_elsewhere(hand_down, other_bureau):
    with pytest.raises(IntegrityError, match="handed down to a unit below"):
        hand_down(other_bureau)


def test_it_is_not_handed_up_again_so_no_circle_is_possible(hand_down, section, assignment):
    below = hand_down(section)

    with pytest.raises(IntegrityError, match="handed down to a unit below"):
        Assignment.objects.filter(pk=assignment.pk).update(parent=below)


def test_it_stays_within_its_task(hand_down, section, make_assignment):
    with pytest.raises(IntegrityError, match="of the same task"):
        hand_down(section, parent=make_assignment(title="另一项"))


def test_each_group_has_one_lead(hand_down, section, make_unit, bureau):
    hand_down(section, part="lead")

    with pytest.raises(IntegrityError, match="tasks_one_lead_below"):
        hand_down(make_unit("执法科", parent=bureau), part="lead")


def test_the_lead_of_the_unit_above_decides_on_what_it_handed_down(hand_down, section, lead, office, make_member):
    by = make_member(section, Role.UNIT_LEAD)
    below = hand_down(section, state="submitted")
    below.progress.create(by=by, percent=50, narrative="已清理", submitted_at="2026-06-01T00:00Z", submitted_by=by)

    assert ("approve" in below.steps_open_to(lead), "approve" in below.steps_open_to(office)) == (True, False)
    assert list(Assignment.objects.reviewable_by(lead)) == [below]
    assert not Assignment.objects.reviewable_by(office).exists()


def test_the_lead_of_a_unit_does_not_decide_on_what_the_ledger_asks(put_in, lead, make_member, bureau):
    submitted = put_in("submitted")

    assert "approve" not in submitted.steps_open_to(lead)
    assert not Assignment.objects.reviewable_by(lead).exists()


# --- shares ---


def test_shares_add_up_to_a_hundred(make_task, give, bureau, other_bureau):
    task = make_task()

    give(task, bureau, share=60)
    give(task, other_bureau, share=40)

    at_commit()


def test_shares_that_do_not_add_up_are_refused_at_the_commit(make_task, give, bureau, other_bureau):
    task = make_task()
    with pytest.raises(IntegrityError, match="add up to 90"), transaction.atomic():
        give(task, bureau, share=60)
        give(task, other_bureau, share=30)
        at_commit()


def test_taking_a_share_away_is_refused_while_the_others_do_not_make_it_up(make_task, give, bureau, other_bureau):
    task = make_task()
    [gone], _rest = give(task, bureau, share=60), give(task, other_bureau, share=40)
    at_commit()

    with pytest.raises(IntegrityError, match="add up to 40"), transaction.atomic():
        Assignment.objects.filter(pk=gone.pk).delete()
        at_commit()


def test_shares_below_are_apart_from_those_above(hand_down, section, make_unit, bureau):
    hand_down(section, share=30)
    hand_down(make_unit("执法科", parent=bureau), share=70)

    at_commit()


def test_a_quantity_has_a_unit(make_task, give, bureau):
    with pytest.raises(IntegrityError, match="tasks_quantity_has_a_unit"):
        give(make_task(), bureau, quantity=120)
