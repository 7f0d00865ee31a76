"""The sheet of units: what was exported changes nothing whatever is in it, and an edit arrives as it was written."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tasks.models import Assignment
from tasks.models.division import FIELDS
from tasks.workbook.compare import compare
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.given_cells import UNITS, key_of, own_values, values_of
from tasks.workbook.rows import Names, given_of, units_now
from tasks.workbook.store import take_over
from tasks.workbook.texts import said
from tasks.workbook.writing import Formats, begin_table, write_given, write_ledger
from tests.tasks.drawn_ledgers import Bench, days, every_ledger, letters, names, one_lead, shares, texts, world
from units.spreadsheets import new_workbook
from units.years import is_plausible

__all__ = ["world"]

numbers = st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2)
measures = st.text(letters, min_size=1, max_size=16).filter(said) | st.sampled_from(["个", "=1", "@", "0012"])
quantities = st.just((None, "")) | st.tuples(numbers, measures)
short_division = st.deferred(lambda: division.filter(is_short))
own = st.tuples(days, quantities, texts)
parts = st.lists(st.sampled_from(["responsible", "supporting", "lead"]), min_size=3, max_size=3).map(one_lead)
division = st.tuples(parts, shares, st.tuples(own, own, own))


def rows_of(drawn):
    """The fields of each of three assignments."""
    for part, share, (deadline, (number, measure), words) in zip(
        drawn[0], drawn[1] or (None, None, None), drawn[2], strict=True
    ):
        yield dict(zip(FIELDS, (part, share, deadline, number, measure, words), strict=True))


def fill(bench, divisions):
    bench.fill([({"title": f"任务{n}"}, ([], None), set()) for n in range(len(divisions))])
    for task, drawn in zip(bench.ledger.tasks.order_by("order"), divisions, strict=True):
        for unit, fields in zip(bench.units, rows_of(drawn), strict=True):
            Assignment.objects.create(task=task, unit=unit, **fields)


def stand(bench):
    """(task, unit) → what stands here, as the sheet says it."""
    found = {}
    for uid, unit, values in units_now(given_of(bench.ledger)):
        found[uid, unit] = {name: values[name] for name in UNITS.fields}
    return found


def edited(bench, wanted):
    """The workbook as exported now, with the cells of `wanted` on its sheet of units: (task, unit) → values."""
    names, file = Names.load(bench.ledger), io.BytesIO()
    book = new_workbook(file)
    tasks, page = book.add_worksheet("台账"), book.add_worksheet("各单位")
    formats = Formats.of(book)
    begin_table(tasks, formats)
    begin_table(page, formats, UNITS)
    for number, (uid, unit, values) in enumerate(units_now(given_of(bench.ledger)), start=1):
        values["unit"] = names.given.units.label(unit)
        page.write_string(number, 0, key_of(uid, unit))
        page.write_string(number, 1, UNITS.fingerprint(values))
        write_given(page, number, values | wanted[uid, unit], names.given, formats)
    book.close()
    return file


def unchanged(divisions):
    def work(bench: Bench):
        fill(bench, divisions)
        file = io.BytesIO()
        write_ledger(file, bench.ledger)
        plan = compare(read_edited(file), bench.ledger)
        assert (plan.is_empty, plan.units, plan.remarks) == (True, [], [])

    return work


@pytest.mark.django_db
@every_ledger
@given(names=names, divisions=st.lists(division, min_size=1, max_size=3))
def test_what_was_exported_changes_nothing(world, names, divisions):
    world(names, [], unchanged(divisions))


def arrives(before, after):
    """A new day that nobody can mean is told in its row, and nothing is taken over."""

    def work(bench):
        fill(bench, before)
        stood, wanted = stand(bench), {}
        for task, drawn in zip(bench.ledger.tasks.order_by("order"), after, strict=True):
            task.refresh_from_db()
            for unit, said_of in zip(bench.units, rows_of(drawn), strict=True):
                own = own_values(*(said_of[name] for name in ("deadline", "quantity", "quantity_unit", "requirement")))
                wanted[task.uid, unit.pk] = values_of(said_of["part"], said_of["share"], own)
        sheet = read_edited(edited(bench, wanted))
        if any(slipped(stood[key]["deadline"], wanted[key]["deadline"]) for key in stood):
            assert {one.column for one in compare(sheet, bench.ledger).problems} == {sheet.units.column("own_deadline")}
            with pytest.raises(ValidationError):
                take_over(sheet, bench.ledger)
            assert stand(bench) == stood
        else:
            take_over(sheet, bench.ledger)
            assert stand(bench) == wanted

    return work


def slipped(before, after):
    return after not in (None, before) and not is_plausible(after)


def is_short(drawn):
    return all(len(words) <= 2000 for _deadline, _quantity, words in drawn[2])


@pytest.mark.django_db
@every_ledger
@given(names=names, pairs=st.lists(st.tuples(short_division, short_division), min_size=1, max_size=2))
def test_an_edit_arrives_as_it_was_written(world, names, pairs):
    world(names, [], arrives(*zip(*pairs, strict=True)))
