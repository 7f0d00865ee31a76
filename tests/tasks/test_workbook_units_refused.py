"""What is wrong on the sheet of units: told by sheet, row and column, and nothing is taken over."""

import pytest
from django.core.exceptions import ValidationError

from tasks.models import Assignment, Ledger, Task
from tests.tasks.edited_books import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau, other_bureau):
    task = make_task("清理占道经营", number="Ⅱ-1")
    give(task, bureau, part="lead", share=60)
    give(task, other_bureau, share=40)
    return task


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


def problems(book):
    return [(one.sheet, one.row, one.column) for one in book.plan().problems]


@pytest.mark.parametrize(
    ("cells", "where", "word"),
    [
        ({"share": "很多"}, "G 责任占比（%）", "0 到 100"),
        ({"share": 160}, "G 责任占比（%）", "0 到 100"),
        ({"share": -5}, "G 责任占比（%）", "0 到 100"),
        ({"share": 33.333}, "G 责任占比（%）", "0 到 100"),
        ({"share": 0.6}, "G 责任占比（%）", "60"),
        ({"share": 50}, "G 责任占比（%）", "合计为 90"),
        ({"share": None}, "G 责任占比（%）", "合计为 40"),
        ({"share": "=30+30"}, "G 责任占比（%）", "公式"),
        ({"own_deadline": "2026-02-31"}, "H 单独时限", "不是日期"),
        ({"own_deadline": "长期坚持"}, "H 单独时限", "不是日期"),
        ({"own_deadline": "1999-12-31"}, "H 单独时限", "2000"),
        ({"own_deadline": "2101-01-01"}, "H 单独时限", "2100"),
        ({"quantity": 12}, "J 计量单位", "一起"),
        ({"quantity_unit": "个"}, "I 数量", "一起"),
        ({"quantity": "120个", "quantity_unit": "个"}, "I 数量", "大于 0"),
        ({"quantity": 0, "quantity_unit": "个"}, "I 数量", "大于 0"),
        ({"quantity": -3, "quantity_unit": "个"}, "I 数量", "大于 0"),
        ({"quantity": 99999999999, "quantity_unit": "个"}, "I 数量", "大于 0"),
        ({"quantity": 3, "quantity_unit": "个" * 17}, "J 计量单位", "最多 16"),
        ({"own_requirement": "字" * 2001}, "K 单独要求", "最多 2000"),
        ({"own_requirement": "+A1"}, None, ""),
        ({"own_requirement": "=A1"}, "K 单独要求", "公式"),
        ({"own_requirement": "#N/A"}, "K 单独要求", "公式"),
        ({"part": "旁观"}, "F 分工", "牵头"),
        ({"part": None}, "F 分工", "牵头"),
        ({"unit": "市公安局"}, "E 单位", "不在这里"),
        ({"unit_key": "42"}, "A 单位行标识（勿改）", "不是行标识"),
        ({"unit_key": "x/42"}, "A 单位行标识（勿改）", "不是行标识"),
    ],
)
def test_a_wrong_cell_is_told_by_sheet_row_and_column(book, cells, where, word):
    found = book.give(2, **cells).plan().problems

    assert [(one.sheet, one.row, one.column) for one in found] == ([("各单位", 2, where)] if where else [])
    assert word in "".join(str(one.reason) for one in found)
    if where:
        with pytest.raises(ValidationError):
            book.take_over()


def test_a_second_lead_is_told_where_it_is_written(book):
    assert problems(book.give(3, part="牵头")) == [("各单位", 3, "F 分工")]


def test_a_copied_row_is_told(book):
    book.give_also(unit_key=book.units["A2"].value, unit="市城管局", share=10)

    assert problems(book) == [("各单位", 4, "A 单位行标识（勿改）")]


def test_the_same_unit_twice_is_told(book):
    assert problems(book.give_also(title="清理占道经营", unit="市城管局", share=60)) == [("各单位", 4, "E 单位")]


def test_a_row_of_another_ledger_is_told(book, city, bureau):
    other = Ledger.objects.create(unit=city, year=2025, name="去年的")
    stranger = Task.objects.create(ledger=other, key="a", title="别的台账的任务")
    stranger.refresh_from_db()

    assert problems(book.give_also(unit_key=f"{stranger.uid}/{bureau.pk}", share=5)) == [
        ("各单位", 4, "A 单位行标识（勿改）")
    ]


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"title": "没有的任务", "unit": "市教育局"}, "D 任务"),
        ({"unit": "市教育局", "share": 5}, "D 任务"),
        ({"title": "公益广告", "unit": "市教育局"}, "D 任务"),
        ({"title": "清理占道经营", "unit": "没有的局"}, "E 单位"),
        ({"title": "清理占道经营", "unit": "市直部门组"}, "E 单位"),
        ({"title": "清理占道经营", "unit": "安澜市", "own_deadline": "9月底"}, "E 单位"),
        ({"title": "清理占道经营", "share": 5}, "E 单位"),
    ],
)
def test_a_new_row_names_one_task_and_one_unit_that_has_it(ledger, make_task, task, cells, where):
    make_task("公益广告")
    make_task("公益广告")

    assert problems(Book(ledger).give_also(**cells)) == [("各单位", 4, where)]


def test_of_two_tasks_with_the_same_words_the_number_says_which(ledger, make_task, task, give, bureau):
    make_task("公益广告", number="3")
    give(make_task("公益广告", number="4"), bureau)
    book = Book(ledger)
    book.units.delete_rows(4)

    plan = book.give_also(title="公益广告", number=4, unit="市城管局", own_deadline="9月底").plan()

    assert (plan.problems, [one.row.title for one in plan.conflicts]) == ([], ["市城管局 · 公益广告"])


def test_an_edited_row_of_a_unit_that_is_taken_out_is_told(book):
    book.write(2, lead="市城管局(100%)", responsible=None).give(3, own_requirement="校园周边")

    assert problems(book) == [("各单位", 3, "E 单位")]


def test_an_edited_row_of_a_unit_that_left_here_is_told(book, task):
    task.assignments.filter(part="responsible").delete()
    task.assignments.update(share=None)

    assert problems(book.give(3, own_requirement="校园周边")) == [("各单位", 3, "E 单位")]


def test_two_sheets_that_say_different_shares_are_told(book):
    book.write(2, lead="市城管局(70%)", responsible="市教育局(30%)").give(2, share=80).give(3, share=30)

    found = book.plan().problems

    assert [(one.row, one.column) for one in found][:1] == [(2, "G 责任占比（%）")]
    assert "第一张表写的是“70”" in str(found[0].reason)


def test_a_new_unit_that_both_sheets_give_another_part_is_told(book, make_unit, city):
    make_unit("市公安局", parent=city)
    book.write(2, supporting="市公安局").give_also(title="清理占道经营", unit="市公安局", part="责任")

    assert problems(book) == [("各单位", 4, "F 分工")]


def test_merged_cells_are_told_with_the_sheet(book):
    book.units.merge_cells("G2:G3")

    assert ("各单位", 2, "G 责任占比（%）") in problems(book)


def test_problems_leave_everything_as_it_was(book, task):
    book.write(2, title="清理占道").give(2, share=70, own_requirement="主干道")

    with pytest.raises(ValidationError):
        book.take_over()

    task.refresh_from_db()
    assert task.title == "清理占道经营"
    assert set(Assignment.objects.values_list("requirement", flat=True)) == {""}
