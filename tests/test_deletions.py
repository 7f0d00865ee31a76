"""What is deleted is not forgotten: the database keeps the last state of the row, also when bare SQL deletes it."""

from decimal import Decimal

import pytest
from django.db import connection

from inspections.models import PlaceResponsibility
from reports.models import Component, Scheme
from tasks.models import RequiredPiece
from units.models import CalendarDay, PeerGroup, UnitKind, WorkingHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(city, make_place, make_assignment, other_bureau, checklist_item, criterion, make_material):
    """One row of each table whose rows people delete."""
    scheme = Scheme.objects.create(unit=city, name="测评办法")
    place, assignment = make_place(), make_assignment()
    return {
        "task": make_assignment(title="另一项").task,
        "assignment": assignment,
        "checklist item": checklist_item,
        "responsibility": PlaceResponsibility.objects.create(place=place, unit=other_bureau),
        "component": Component.objects.create(scheme=scheme, measure="tasks", name="任务完成", full=Decimal(30)),
        "kind": UnitKind.objects.create(name="企业"),
        "peer group": PeerGroup.objects.create(name="街道组"),
        "calendar day": CalendarDay.objects.create(date="2026-10-10", is_working=True),
        "required piece": RequiredPiece.objects.add(criterion, name="方案"),
        "material": make_material(title="另一份"),
        "catalogue number": make_material(criterion).numbers.get(),
        "working hours": WorkingHours.objects.create(starts="08:00", ends="12:00"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "task", "assignment", "checklist item", "responsibility", "component", "kind", "peer group", "calendar day",
        "working hours", "required piece", "material", "catalogue number",
    ],
)  # fmt: skip
def test_a_deleted_row_is_kept_in_the_history(rows, name):
    row = rows[name]
    history, table, pk = type(row).history.rel.related_model, row._meta.db_table, row.pk
    if name == "task":
        row.assignments.all().delete()
    if name == "material":
        row.revisions.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {row._meta.pk.column} = %s", [pk])

    assert history.objects.filter(pgh_obj_id=pk, pgh_label="delete").count() == 1
