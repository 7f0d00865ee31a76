"""An edited workbook beside its ledger: every difference is found, and whose it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tasks.models import Assignment, Criterion, Indicator, Ledger, Standard, Task
from tasks.workbook.plan import GONE, NEW
from tests.tasks.edited_books import COLUMNS, Book, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau, other_bureau):
    """Row 2 of the sheet: with a value in every column."""
    task = make_task(
        "清理占道经营", number="Ⅱ-1", section="一、环境", requirement="路口全覆盖", material="台账", methods=["site"],
        deadline=date(2026, 6, 30), deadline_text="6月底前", is_key=True,
    )  # fmt: skip
    give(task, bureau, part="lead", share=60)
    give(task, other_bureau, share=40)
    return task


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


def test_an_unedited_workbook_changes_nothing(book):
    plan = book.plan()

    assert (plan.is_empty, plan.counts["same"], plan.remarks) == (True, 1, [])


def test_the_table_is_laid_out_for_work(book, task):
    page = book.page

    hidden = page.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max, page.column_dimensions["C"].hidden) == (True, 1, 2, False)
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:O2")
    assert book.cell(2, "key").value == str(Task.objects.get().uid)
    assert [book.cell(2, name).value for name in ("lead", "responsible")] == ["市城管局(60%)", "市教育局(40%)"]
    assert book.cell(2, "deadline").value.date() == date(2026, 6, 30)
    assert {str(one.sqref) for one in page.data_validations.dataValidation} == {"H2:H2002", "I2:I2002", "M2:M2002"}


def test_the_last_sheet_says_what_may_be_edited(book):
    guide = book.book.worksheets[2]

    assert (guide.title, len(list(guide.values))) == ("填写说明", 13)
    assert "目标任务分解表" in guide["A1"].value


def test_each_edited_cell_is_told_with_what_stood_there(book):
    book.write(2, title="清理占道经营、店外经营", methods="实地考察、材料审核", is_key="否", deadline=date(2026, 9, 30))

    assert said(book.plan()) == [
        (2, "title", "清理占道经营", "清理占道经营、店外经营"),
        (2, "methods", "实地考察", "材料审核、实地考察"),
        (2, "is_key", "是", "否"),
        (2, "deadline", "2026-06-30", "2026-09-30"),
    ]


def test_a_cell_that_is_emptied_is_a_change_too(book):
    book.write(2, deadline=None, material=None)

    assert [cell[1:] for cell in said(book.plan())] == [
        ("material", "台账", ""),
        ("deadline", "2026-06-30", ""),
    ]


@pytest.mark.parametrize(
    ("said_so", "day"),
    [("2026年9月30日", date(2026, 9, 30)), ("9月底", date(2026, 9, 30)), (20260930, date(2026, 9, 30))],
)
def test_a_day_may_be_written_in_words(book, said_so, day):
    (row,) = book.write(2, deadline=said_so).plan().with_fate("changed")

    assert row.values == {"deadline": day}


def test_units_and_their_shares_are_one_thing(book, bureau, other_bureau):
    (row,) = book.write(2, lead="市教育局(70%)", responsible="市城管局（30％）").plan().with_fate("changed")

    assert row.values == {"units": {other_bureau.pk: ("lead", Decimal(70)), bureau.pk: ("responsible", Decimal(30))}}


def test_another_name_of_the_same_unit_is_no_change(book, bureau):
    bureau.names.create(name="城市管理局")

    assert book.write(2, lead="城市管理局(60%)").plan().is_empty


def test_a_group_stands_for_its_units(book, bureau, other_bureau, make_unit, city):
    (row,) = book.write(2, lead=None, responsible="市直部门组").plan().with_fate("changed")

    assert row.values["units"] == dict.fromkeys([bureau.pk, other_bureau.pk], ("responsible", None))


def test_a_row_without_a_key_is_new(book, bureau):
    book.add(title="文明交通劝导", lead="市城管局", methods="问卷调查")

    (row,) = book.plan().with_fate(NEW)

    assert (row.number, row.title, row.values["methods"]) == (3, "文明交通劝导", ("survey",))
    assert row.values["units"] == {bureau.pk: ("lead", None)}


def test_a_row_that_is_deleted_or_emptied_is_missing(book, make_task, ledger, task):
    other = make_task("公益广告")
    book = Book(ledger)
    book.page.delete_rows(2)
    book.write(2, **dict.fromkeys(list(COLUMNS)[2:]))

    missing = book.plan().missing

    assert [(one.now.pk, one.refused) for one in missing] == [(task.pk, ""), (other.pk, "")]


def test_a_task_on_which_a_unit_reported_cannot_be_removed(book, task, staff):
    task.assignments.get(part="lead").progress.create(by=staff, percent=10, narrative="已开始")
    book.page.delete_rows(2)

    (one,) = book.plan().missing

    assert "市城管局" in one.refused


def test_a_pattern_of_tasks_that_repeat_cannot_be_removed(ledger, make_task):
    pattern = make_task("每月清理", repeats="monthly")
    make_task("每月清理 1月", repeat_of=pattern, occurs_on=date(2026, 1, 1))
    book = Book(ledger)
    book.page.delete_rows(2)

    assert [bool(one.refused) for one in book.plan().missing] == [True]


def test_what_others_changed_meanwhile_stays_and_is_told(book, task):
    Task.objects.update(material="台账、照片")

    plan = book.write(2, title="清理占道").plan()

    assert said(plan) == [(2, "title", "清理占道经营", "清理占道")]
    assert (plan.conflicts, plan.stale, len(plan.remarks)) == ([], 1, 1)


def test_a_cell_that_both_have_changed_is_a_conflict(book, task):
    Task.objects.update(title="清理店外经营")

    plan = book.write(2, title="清理占道", number="7").plan()

    assert said(plan) == [(2, "number", "Ⅱ-1", "7")]
    assert [(one.field, one.cells[0].before, one.cells[0].after) for one in plan.conflicts] == [
        ("title", "清理店外经营", "清理占道")
    ]


def test_the_same_change_by_both_is_none(book, task):
    Task.objects.update(title="清理占道")

    assert book.write(2, title="清理占道").plan().is_empty


def test_units_changed_by_both_are_one_conflict(book, task, bureau, make_unit, city):
    police = make_unit("市公安局", parent=city)
    task.assignments.filter(part="responsible").update(unit=police)

    (one,) = book.write(2, lead="市教育局(60%)", responsible="市城管局(40%)").plan().conflicts

    assert (one.field, [cell.column for cell in one.cells]) == ("units", ["lead", "responsible"])


def test_without_fingerprints_every_difference_is_a_conflict(book):
    book.page.delete_cols(COLUMNS["print"])
    book.page.cell(2, COLUMNS["title"] - 1).value = "清理占道"

    plan = book.plan()

    assert (said(plan), [one.field for one in plan.conflicts], len(plan.remarks)) == ([], ["title"], 1)


def test_a_task_deleted_meanwhile_waits_for_a_choice(book, task):
    Assignment.objects.all().delete()
    Task.objects.all().delete()

    plan = book.plan()

    assert [row.title for row in plan.with_fate(GONE)] == ["清理占道经营"]
    assert plan.counts["new"] == 0


def test_words_are_shown_as_what_they_mean(book, make_unit, city):
    for name in ("东湖区", "西湖区"):
        make_unit(name, parent=city, peer_group="区县组")

    plan = book.write(2, deadline="9月底", lead="市城管局", responsible=None, supporting="区县组").plan()

    assert [cell[1:] for cell in said(plan)] == [
        ("deadline", "2026-06-30", "2026-09-30"),
        ("lead", "市城管局(60%)", "市城管局"),
        ("responsible", "市教育局(40%)", ""),
        ("supporting", "", "东湖区、西湖区"),
    ]


def test_of_many_units_only_those_that_differ_are_shown(ledger, make_task, give, make_unit, city):
    give(make_task(), *(make_unit(f"第{n}街道", parent=city) for n in range(9)))
    book = Book(ledger)
    names = book.cell(2, "responsible").value

    (row,) = book.write(2, responsible=names.replace("第3街道", "安澜市")).plan().with_fate("changed")

    assert row.cells[0].sides == ("…、第3街道", "…、安澜市")


def test_of_long_texts_the_place_where_they_differ_is_shown(ledger, make_task):
    make_task(requirement="路" * 500 + "口")

    (row,) = Book(ledger).write(2, requirement="路" * 500 + "面").plan().with_fate("changed")

    assert row.cells[0].sides == ("…" + "路" * 30 + "口", "…" + "路" * 30 + "面")


def test_a_row_in_conflict_is_not_counted_as_unchanged(book, task):
    Task.objects.update(title="清理店外经营")

    plan = book.write(2, title="清理占道").plan()

    assert (plan.counts["same"], plan.counts["changed"], plan.counts["conflicts"]) == (0, 0, 1)


def test_columns_may_be_moved(book):
    book.page.move_range("C1:O2", cols=3)
    book.page["H2"].value = "清理占道"

    assert said(book.plan()) == [(2, "title", "清理占道经营", "清理占道")]


def test_a_column_that_was_deleted_changes_nothing_and_is_told(book):
    book.page.delete_cols(COLUMNS["responsible"])

    plan = book.plan()

    assert (plan.is_empty, len(plan.remarks)) == (True, 1)
    assert "责任单位" in plan.remarks[0]


def test_a_unit_column_that_was_deleted_keeps_its_units_when_another_is_edited(book, bureau, other_bureau):
    book.page.delete_cols(COLUMNS["responsible"])
    book.page.cell(2, COLUMNS["lead"]).value = None
    book.page.cell(2, COLUMNS["supporting"] - 1).value = "市城管局(60%)"

    (row,) = book.plan().with_fate("changed")

    assert row.values["units"] == {
        bureau.pk: ("supporting", Decimal(60)), other_bureau.pk: ("responsible", Decimal(40))
    }  # fmt: skip


def test_columns_of_ones_own_are_left_alone_and_told(book):
    book.page.cell(1, 20).value = "领导批示"

    plan = book.plan()

    assert plan.is_empty
    assert "领导批示" in plan.remarks[0]


def test_words_that_name_another_day_are_pointed_out(book):
    plan = book.write(2, deadline_text="9月底前").plan()

    assert len(plan.with_fate("changed")) == 1
    assert "2026-09-30" in plan.remarks[0]


def test_an_english_export_is_read_in_chinese(ledger, task):
    with translation.override("en"):
        book = Book(ledger)
    assert [book.cell(1, "title").value, book.cell(2, "methods").value] == ["Task", "site visit"]

    assert book.plan().is_empty
    assert said(book.write(2, is_key="no").plan()) == [(2, "is_key", "是", "否")]


@pytest.fixture
def criteria(ledger, city):
    standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
    top = Indicator.objects.create(standard=standard, level=1, code="Ⅰ-1", name="环境")
    made = [Criterion.objects.create(indicator=top, number=f"{n})", text=f"标准{n}", order=n) for n in (1, 2)]
    Ledger.objects.filter(pk=ledger.pk).update(standard=standard)
    ledger.refresh_from_db()
    return made


def test_criteria_are_named_by_their_codes(ledger, criteria, task):
    task.criteria.add(criteria[0])
    book = Book(ledger)
    assert book.cell(2, "criteria").value == "Ⅰ-1-1"

    (row,) = book.write(2, criteria="I-1-1)、Ⅰ—1—2").plan().with_fate("changed")

    assert row.values == {"criteria": frozenset(one.pk for one in criteria)}


def test_the_comparison_costs_the_same_for_few_rows_and_for_many(ledger, make_task, give, bureau):
    def cost():
        book = Book(ledger)
        for row in range(2, book.page.max_row + 1):
            book.write(row, title=f"改{row}", lead="市城管局")
        sheet = book.file()
        with CaptureQueriesContext(connection) as queries:
            book.plan()
        assert sheet
        return len(queries)

    give(make_task("一"), bureau)
    one = cost()
    for n in range(12):
        give(make_task(f"第{n}项"), bureau)

    assert cost() == one <= 20
