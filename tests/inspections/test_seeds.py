"""The first kinds of places and the first checklist come from real rows."""

import pytest

from inspections.models import ChecklistItem, PlaceType
from inspections.seeds import rows, seed_checklist, seed_place_types

pytestmark = pytest.mark.django_db


def test_all_54_kinds_of_the_handbook_are_seeded():
    kinds = seed_place_types()

    assert {row["place_type"] for row in rows("place_types_2018.csv")} <= set(kinds)


def test_kinds_that_only_a_checklist_knows_are_seeded_too():
    assert {"农贸市场", "实体书店", "建筑工地"} <= set(seed_place_types())


def test_a_name_for_several_kinds_is_no_kind_itself():
    kinds = seed_place_types()

    assert "窗口单位" not in kinds
    assert "主次干道/商业大街" not in kinds


def test_every_real_item_is_in_the_checklist(city):
    checklist = seed_checklist(city)

    texts = set(checklist.items.values_list("text", flat=True))
    assert texts == {row["criterion"] for row in rows("site_checklists.csv")}


def test_every_item_offers_at_least_three_usual_findings(city):
    seed_checklist(city)

    assert min(len(item.phrases) for item in ChecklistItem.objects.all()) >= 3


def test_a_deduction_written_in_the_item_itself_holds(city):
    item = seed_checklist(city).items.filter(text__contains="少一条扣4分").first()

    assert (item.deduction, item.limit_days) == (4, 3)


def test_trading_in_the_street_must_be_cleared_within_four_working_hours(city):
    item = seed_checklist(city).items.get(text="无占道经营现象", place_type__name="农贸市场")

    assert (item.limit_hours, item.limit_days, item.points) == (4, None, 3)


def test_seeding_twice_changes_nothing(city):
    first = seed_checklist(city)
    before = (PlaceType.objects.count(), ChecklistItem.objects.count())

    again = seed_checklist(city)

    assert (first, before) == (again, (PlaceType.objects.count(), ChecklistItem.objects.count()))
