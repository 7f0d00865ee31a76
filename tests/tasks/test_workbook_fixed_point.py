"""Export → import is a fixed point whatever the texts and names, and an edit arrives as it was written."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.models import Assignment, Criterion, Indicator, Ledger, Method, Standard, Task
from tasks.workbook.cells import TASKS
from tasks.workbook.compare import compare
from tasks.workbook.labels import Labels, pieces, share_text, with_share
from tasks.workbook.reading import read_edited
from tasks.workbook.rows import Names, RowNow, rows_now
from tasks.workbook.store import take_over
from tasks.workbook.texts import said
from tasks.workbook.writing import Formats, begin_table, write_ledger, write_row
from units.models import UnitKind
from units.spreadsheets import new_workbook
from units.years import is_plausible

ODD = "=+-@'\"\\\n\r\t \u3000、,;，；()（）[]【#％%0129_xABaéⅡ①市区局教育👩‍🚒𠮷\x01\x0b\x85\u2028\ufffe\ufffd"
letters = st.sampled_from(ODD) | st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])
texts = st.text(letters, max_size=40) | st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "+86",
        "-",
        "_x0041_",
        "_x005F_",
        "x" * 40_000,
        "👍" * 20_000,
        "第一行\r\n\r\n第二行",
        "'",
        "1e5",
        "0012",
    ]
)
names = st.lists(st.text(letters, min_size=1, max_size=12), min_size=3, max_size=3, unique=True) | st.just(
    ["市住建局(人防办、地震局)", "市教育局(60%)", "市住建局#3"]
)
shares = st.sampled_from(
    [None, (Decimal("33.33"), Decimal("33.33"), Decimal("33.34")), (Decimal(0), Decimal(99), Decimal(1))]
)
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)) | st.dates()
ANY = {
    "number": texts.map(lambda text: text[:32]),
    "section": texts.map(lambda text: text[:200]),
    "title": texts.map(lambda text: text or "任务"),
    "requirement": texts,
    "material": texts,
    "deadline_text": texts.map(lambda text: text[:100]),
    "methods": st.sets(st.sampled_from(Method.values)).map(list),
    "is_key": st.booleans(),
    "deadline": days,
}
given_units = st.tuples(st.lists(st.sampled_from(["responsible", "supporting", "lead"]), max_size=3), shares)
task = st.tuples(st.fixed_dictionaries(ANY), given_units, st.sets(st.integers(0, 2)))
every_ledger = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


class Bench:
    """A ledger of drawn tasks, with a city of drawn units and a standard of drawn codes."""

    def __init__(self, make_unit, city, names):
        self.units = [make_unit(name, parent=city) for name in names]
        standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
        top = Indicator.objects.create(standard=standard, level=1, code=names[0][:20], name="环境")
        made = [Criterion.objects.create(indicator=top, number=f"{n})", text="标准", order=n) for n in (1, 2, 2)]
        self.criteria = made
        self.ledger = Ledger.objects.create(unit=city, year=2026, name="台账", standard=standard)

    def fill(self, drawn):
        for number, (words, (parts, shares), criteria) in enumerate(drawn):
            task = Task.objects.create(ledger=self.ledger, key=str(number), order=number, **words)
            for place, part in enumerate(one_lead(parts)):
                share = shares[place] if shares and len(parts) == 3 else None
                Assignment.objects.create(task=task, unit=self.units[place], part=part, share=share)
            task.criteria.set(self.criteria[n] for n in criteria)

    def edited(self, wanted):
        """The workbook as exported now, with the cells of `wanted`: primary key → values."""
        cells, file = Names.load(self.ledger).cells, io.BytesIO()
        book = new_workbook(file)
        page, formats = (
            book.add_worksheet("台账"),
            Formats(None, None, book.add_format({"num_format": "yyyy-mm-dd"}), None),
        )
        begin_table(page, formats)
        for number, row in enumerate(rows_now(self.ledger), start=1):
            write_row(page, number, RowNow(row.pk, row.uid, row.key, wanted[row.pk]), cells, formats)
            page.write_string(number, 1, TASKS.fingerprint(row.values))
        book.close()
        return file


def one_lead(parts):
    """The first of several leads leads."""
    return [part if part != "lead" or "lead" not in parts[:n] else "supporting" for n, part in enumerate(parts)]


@pytest.fixture
def world(make_unit, city):
    """Runs one drawn ledger and takes it back, so that each begins with an empty one."""

    def run(names, drawn, work):
        with transaction.atomic():
            bench = Bench(make_unit, city, names)
            bench.fill(drawn)
            work(bench)
            transaction.set_rollback(True)

    UnitKind.objects.get_or_create(name="政府部门")
    return run


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
        for (words, (parts, shares), criteria), row in zip(after, own, strict=True):
            Task.objects.filter(pk=row.pk).update(**words)
            Assignment.objects.filter(task=row.pk).delete()
            for place, part in enumerate(one_lead(parts)):
                share = shares[place] if shares and len(parts) == 3 else None
                Assignment.objects.create(task_id=row.pk, unit=bench.units[place], part=part, share=share)
            Task.objects.get(pk=row.pk).criteria.set(bench.criteria[n] for n in criteria)
        wanted = {row.pk: row.values for row in rows_now(bench.ledger)}
        transaction.savepoint_rollback(point)
        sheet, stood = read_edited(bench.edited(wanted)), {row.pk: row.values for row in own}
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
