"""The rows of a ledger as they stand, and the names by which their cells call units and criteria."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Func, IntegerField, OuterRef, Q, TextField, Value, When

from tasks.models import Assignment, Criterion, Ledger, Method, Task
from tasks.models.assignment import PARTS
from tasks.workbook.cells import TEXTS, Cells
from tasks.workbook.criteria import by_code, code_of
from tasks.workbook.given_cells import GivenCells, own_values, values_of
from tasks.workbook.labels import Labels
from tasks.workbook.texts import said
from units.matching import Matcher
from units.models import Unit

CHUNK, GUESSES = 200, 3
MOST_UNITS = 20_000  # rows of the sheet of units: a workbook must be read again in seconds
PART_ORDER = Case(*(When(part=part, then=place) for place, part in enumerate(PARTS)), output_field=IntegerField())
# What one unit may be given beside its part and its share.
OWN = Q(deadline__isnull=False) | Q(quantity__isnull=False) | ~Q(requirement="")


@dataclass(slots=True)
class RowNow:
    """A task of the ledger: its `values` are those that a workbook carries, field by field."""

    pk: int
    uid: UUID
    key: str
    values: dict


@dataclass(slots=True)
class GivenNow:
    """A unit of a task: its `values` are those of the sheet of units."""

    values: dict


@dataclass
class Names:
    """Who and what the cells of a ledger can name. `allowed`: the units that a task may be given to today."""

    cells: Cells
    given: GivenCells
    allowed: Iterable
    matcher: Matcher

    @classmethod
    def load(cls, ledger):
        matcher = Matcher(ledger.unit)
        units = {unit.pk: unit.name for unit in matcher.units.values()}
        # A unit that has ended, or moved elsewhere, keeps its tasks until somebody takes it out.
        given = Assignment.objects.given_by_ledgers().filter(task__ledger=ledger).exclude(unit__in=list(units))
        gone = Unit.objects.filter(pk__in=given.order_by().values("unit")).values_list("pk", "name")
        of_units = Labels(
            units | dict(gone),
            lambda text: [unit.pk for unit in matcher.expand(matcher.match(text))],
            lambda text: [unit.pk for unit in matcher.suggest(text, GUESSES)],
        )
        cells = Cells(of_units, criteria_of(ledger), ledger.year)
        return cls(cells, GivenCells(of_units, ledger.year), frozenset(units), matcher)


def criteria_of(ledger):
    """The criteria of the ledger's standard, and others that its tasks have from elsewhere."""
    used = Task.criteria.through.objects.filter(task__ledger=ledger).values("criterion")
    rows = Criterion.objects.filter(indicator__standard=ledger.standard_id) | Criterion.objects.filter(pk__in=used)
    fields = ("pk", "indicator__code", "number", "indicator__standard")
    found = list(rows.order_by("order", "pk").values_list(*fields))
    own = [(pk, code, number) for pk, code, number, standard in found if standard == ledger.standard_id]
    codes = {pk: code_of(code, number) for pk, code, number, _standard in found}
    return Labels(codes, by_code((pk, code_of(code, number)) for pk, code, number in own))


def rows_now(ledger: Ledger) -> Iterable[RowNow]:
    """Every task of the ledger in its order, in one query; memory does not grow with them."""
    given = Assignment.objects.given_by_ledgers().filter(task=OuterRef("pk")).order_by()
    one = Func(Value(":"), "unit_id", "part", "share", function="concat_ws", output_field=TextField())
    proven = Task.criteria.through.objects.filter(task=OuterRef("pk")).order_by()
    rows = ledger.tasks.order_by("order", "pk").annotate(
        given=ArraySubquery(given.annotate(one=one).values("one")),
        proven=ArraySubquery(proven.values("criterion_id")),
    )
    fields = ("pk", "uid", "key", "given", "proven", "methods", "is_key", "deadline", *TEXTS)
    for row in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        yield row_now(row)


def row_now(row: tuple[Any, ...]) -> RowNow:
    pk, uid, key, given, proven, methods, is_key, deadline, *texts = row
    values = {name: said(text) for name, text in zip(TEXTS, texts, strict=True)}
    values["methods"] = tuple(code for code in Method.values if code in methods)
    values |= {"is_key": is_key, "deadline": deadline, "criteria": frozenset(proven)}
    values["units"] = dict(map(unit_of, given))
    return RowNow(pk, uid, key, values)


def unit_of(said_of_one):
    """`12:lead:60.00` as (12, ("lead", Decimal("60.00"))); without a share `12:lead`."""
    pk, part, *share = said_of_one.split(":")
    return int(pk), (part, Decimal(share[0]) if share else None)


def given_of(ledger):
    """What its tasks are given to units, in their order and without what was handed down."""
    return Assignment.objects.given_by_ledgers().filter(task__ledger=ledger)


def listed_units(ledger):
    """`(assignments, whether these are all)`: those that the sheet of units has a row for."""
    given = given_of(ledger)
    if given.count() <= MOST_UNITS:
        return given, True
    return given.filter(OWN | Q(share__isnull=False)), False


def units_now(assignments):
    """(uid of the task, unit, values) of each assignment, the tasks in their order; one query, memory does not grow."""
    rows = assignments.order_by("task__order", "task", PART_ORDER, "unit__path")
    own = ("deadline", "quantity", "quantity_unit", "requirement")
    fields = ("task__uid", "task__number", "task__title", "unit", "part", "share", *own)
    for uid, number, title, unit, part, share, *rest in rows.values_list(*fields)[:MOST_UNITS].iterator(CHUNK):
        read_only = {"number": said(number), "title": said(title)}
        yield uid, unit, read_only | values_of(part, share, own_values(*rest))


def own_now(ledger):
    """(task, unit) → what that unit is given of its own, where it is given anything; one query."""
    fields = ("task", "unit", "deadline", "quantity", "quantity_unit", "requirement")
    rows = given_of(ledger).filter(OWN).order_by().values_list(*fields)
    return {(task, unit): own_values(*own) for task, unit, *own in rows}
