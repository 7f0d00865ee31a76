"""The timeline of a thing: what people did, and what only the database saw."""

import pghistory
import pytest

from units.history import entries
from units.models import Honour, UnitKind, UnitName, UnitPerson


def told(*args):
    return [(str(entry.text), entry.changes) for entry in entries(*args)]


def test_a_step_tells_who_took_it_and_what_it_changed(bureau, office):
    with pghistory.context(user=office.pk):
        bureau.rename("市城市管理局", on="2026-01-01", by=office)

    entry = entries(bureau)[0]

    assert (str(entry.text), entry.actor) == ("更名", office)
    assert entry.changes == [("名称", "市城管局", "市城市管理局")]


def test_a_change_without_a_step_is_told_too(bureau, office):
    party = UnitKind.objects.create(name="党委部门")
    with pghistory.context(user=office.pk):
        type(bureau).objects.filter(pk=bureau.pk).update(kind=party, code="A1")

    entry = entries(bureau)[0]

    assert (entry.text, entry.actor) == ("单位已变更", office)
    assert entry.changes == [("代码", None, "A1"), ("类别", "政府部门", "党委部门")]


def test_a_thing_begins_with_its_creation(bureau):
    assert told(bureau) == [("创建", [])]


def test_what_belongs_to_a_unit_is_told_with_it(bureau, office):
    with pghistory.context(user=office.pk):
        honour = Honour.objects.create(unit=bureau, name="文明单位", level="city", since="2025-12-01")
        honour.delete()

    timeline = entries(bureau, Honour.pgh_event_model.objects.filter(unit=bureau))

    assert [entry.text for entry in timeline] == ["荣誉称号已移除", "荣誉称号已添加", "创建"]
    assert timeline[0].note == "文明单位 · 市级 · 2025-12-01"


def test_what_a_unit_got_at_its_creation_is_not_told_apart(bureau):
    bureau.names.create(name="市容局")

    assert told(bureau, UnitName.pgh_event_model.objects.filter(unit=bureau)) == [("创建", [])]


def test_a_workflow_step_is_told_in_the_words_of_its_button(item, lead):
    item.sign(by=lead)

    assert str(entries(item)[0].text) == str(item.steps["sign"].verb)


@pytest.mark.parametrize("changes", [2, 12])
def test_a_long_history_costs_no_more_queries(bureau, office, django_assert_num_queries, changes):
    for n in range(changes):
        with pghistory.context(user=office.pk):
            UnitPerson.objects.create(unit=bureau, position="head", name=f"人{n}")
            bureau.rename(f"名{n}", on="2026-01-01", by=office)

    with django_assert_num_queries(3):
        entries(bureau, UnitPerson.pgh_event_model.objects.filter(unit=bureau))
