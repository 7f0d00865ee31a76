"""A visit: what does not apply, and what is written when it ends."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from inspections.capture import finish, record, set_aside
from inspections.models import Answer, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_item(checklist_item):
    """Another item of the same kind of place; before any round freezes the checklist."""
    return checklist_item.checklist.items.create(
        place_type=checklist_item.place_type, category="公共秩序", text="有序排队"
    )


@pytest.fixture
def visit_uuid():
    return uuid4()


@pytest.fixture
def end(second_item, stop, visit_uuid, inspector):
    return lambda: finish(stop, visit_uuid, note="", by=inspector, now=timezone.now())


def outcomes():
    return dict(Answer.objects.values_list("item__text", "outcome"))


def test_what_was_not_found_wrong_has_met_the_standard(end, make_entry, visit_uuid, inspector):
    record(make_entry(visit_uuid=visit_uuid), by=inspector, now=timezone.now())

    end()

    assert outcomes() == {"无占道经营现象": "fail", "有序排队": "pass"}


def test_a_visit_without_findings_passes_everything(end):
    end()

    assert set(outcomes().values()) == {"pass"}


def test_finishing_twice_changes_nothing(end):
    end()
    before = Visit.objects.get().finished_at

    end()

    assert (Visit.objects.get().finished_at, Answer.objects.count()) == (before, 2)


def test_what_does_not_apply_is_not_passed(end, stop, second_item, visit_uuid, inspector):
    set_aside(stop, visit_uuid, second_item, applies=False, by=inspector, now=timezone.now())

    end()

    assert outcomes()["有序排队"] == "na"


def test_what_does_not_apply_can_be_taken_back(second_item, stop, visit_uuid, inspector):
    for applies in (False, True):
        set_aside(stop, visit_uuid, second_item, applies=applies, by=inspector, now=timezone.now())

    assert not Answer.objects.exists()


def test_what_was_found_wrong_cannot_be_set_aside(make_entry, stop, checklist_item, visit_uuid, inspector):
    record(make_entry(visit_uuid=visit_uuid), by=inspector, now=timezone.now())

    set_aside(stop, visit_uuid, checklist_item, applies=False, by=inspector, now=timezone.now())

    assert outcomes() == {"无占道经营现象": "fail"}


def test_the_unit_judged_is_the_one_that_answers_first(end, stop, other_bureau):
    stop.place.set_responsible(other_bureau, [])
    stop.place = type(stop.place).objects.with_units().get(pk=stop.place_id)

    end()

    assert set(Answer.objects.values_list("unit", flat=True)) == {other_bureau.pk}


def test_the_database_keeps_one_open_visit_of_a_person_at_a_place(stop, inspector):
    Visit.objects.create(round=stop.round, place=stop.place, by=inspector)

    with pytest.raises(IntegrityError, match="inspections_one_open_visit_each"):
        Visit.objects.create(round=stop.round, place=stop.place, by=inspector)
