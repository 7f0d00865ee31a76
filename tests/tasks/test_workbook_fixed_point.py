"""Export → import is a fixed point whatever the texts and names, and an edit arrives as it was written."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.models import Assignment, Task
from tasks.workbook.cells import TASKS
from tasks.workbook.compare import compare
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.labels import Labels, pieces, share_text, with_share
from tasks.workbook.rows import Names, RowNow, rows_now
from tasks.workbook.store import take_over
from tasks.workbook.texts import said
from tasks.workbook.writing import Formats, begin_table, write_ledger, write_row
from tests.tasks.drawn_ledgers import ANY, every_ledger, letters, names, one_lead, shares, task, world
from units.spreadsheets import new_workbook
from units.years import is_plausible

__all__ = ["world"]


def edited(bench, wanted):
    """The workbook as exported now, with the cells of `wanted`: primary key → values."""
    cells, file = Names.load(bench.ledger).cells, io.BytesIO()
    book = new_workbook(file)
    page, formats = book.add_worksheet("台账"), Formats.of(book)
    begin_table(page, formats)
    for number, row in enumerate(rows_now(bench.ledger), start=1):
        write_row(page, number, RowNow(row.pk, row.uid, row.key, wanted[row.pk]), cells, formats)
        page.write_string(number, 1, TASKS.fingerprint(row.values))
    book.close()
    return file


def unchanged(bench):
    file = io.BytesIO()
    write_ledger(file, bench.ledger)
    plan = compare(read_edited(file), bench.ledger)
    assert (plan.is_empty, plan.counts["same"], plan.remarks) == (True, bench.ledger.tasks.count(), [])


@pytest.mark.django_db
@every_ledger
@given(names=names, drawn=st.lists(task, min_size=1, max_size=4))
def test_what_was_exported_changes_nothing(world, names, drawn):
    world(names, drawn, unchanged)


def read_back(bench):
    """Each cell alone, read by its words and not by being the same as before."""
    cells = Names.load(bench.ledger).cells
    for row in rows_now(bench.ledger):
        shown = cells.texts(row.values)
        for name in TASKS.fields:
            reading = cells.read(name, {column: shown[column] for column in TASKS.of_field[name]})
            is_empty_title = name == "title" and not row.values["title"]
            assert is_empty_title or (reading.value, reading.problems) == (row.values[name], [])


@pytest.mark.django_db
@every_ledger
@given(names=names, drawn=st.lists(task, min_size=1, max_size=4))
def test_every_cell_says_the_whole_value(world, names, drawn):
    world(names, drawn, read_back)


def arrives(before, after):
    """Fill the ledger with `before`, edit it to `after`, take it over: now it is `after`.

    A new day that nobody can mean is told in its row, and nothing is taken over.
    """

    def work(bench):
        bench.fill(before)
        own = list(rows_now(bench.ledger))
        point = transaction.savepoint()
        for (words, (parts, of_hundred), criteria), row in zip(after, own, strict=True):
            Task.objects.filter(pk=row.pk).update(**words)
            Assignment.objects.filter(task=row.pk).delete()
            for place, part in enumerate(one_lead(parts)):
                share = of_hundred[place] if of_hundred and len(parts) == 3 else None
                Assignment.objects.create(task_id=row.pk, unit=bench.units[place], part=part, share=share)
            Task.objects.get(pk=row.pk).criteria.set(bench.criteria[n] for n in criteria)
        wanted = {row.pk: row.values for row in rows_now(bench.ledger)}
        transaction.savepoint_rollback(point)
        sheet, stood = read_edited(edited(bench, wanted)), {row.pk: row.values for row in own}
        if wrong := [n for n, row in enumerate(own, start=2) if slipped(row.values, wanted[row.pk])]:
            found = [(one.row, one.column) for one in compare(sheet, bench.ledger).problems]
            assert found == [(n, sheet.column("deadline")) for n in wrong]
            with pytest.raises(ValidationError):
                take_over(sheet, bench.ledger)
        else:
            take_over(sheet, bench.ledger)
        assert {row.pk: row.values for row in rows_now(bench.ledger)} == (stood if wrong else wanted)

    return work


def slipped(before, after):
    """Whether the edit writes a day that nobody can mean."""
    day = after["deadline"]
    return day not in (None, before["deadline"]) and not is_plausible(day)


def without_long_or_empty(pair):
    return all(len(str(words[name])) < 4000 and said(words["title"]) for words, *_more in pair for name in ANY)


@pytest.mark.django_db
@every_ledger
@given(names=names, pairs=st.lists(st.tuples(task, task).filter(without_long_or_empty), min_size=1, max_size=3))
def test_an_edit_arrives_as_it_was_written(world, names, pairs):
    world(names, [], arrives([before for before, _after in pairs], [after for _before, after in pairs]))


@given(st.dictionaries(st.integers(1, 99), st.text(letters, max_size=20), min_size=1, max_size=6), shares)
@example({1: "甲(乙", 2: "丙)丁"}, None)
@example({1: "甲", 2: "甲"}, None)
def test_names_and_shares_are_found_again(named, drawn_shares):
    by_name = {}
    for pk, name in named.items():
        by_name.setdefault(said(name), []).append(pk)
    labels = Labels(named, lambda text: by_name.get(text, []))
    given = [(pk, drawn_shares[n % 3] if drawn_shares else None) for n, pk in enumerate(named)]

    cell = "、".join(labels.label(pk) + share_text(share) for pk, share in given)

    found = [with_share(piece) for piece in pieces(said(cell))]
    assert [(labels.find(name), share) for name, share in found] == [([pk], share) for pk, share in given]
