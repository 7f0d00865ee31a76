"""What is wrong in an edited workbook: told by row and column, and nothing is taken over."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tasks.models import Assignment, Ledger, Task
from tasks.workbook import uploads
from tasks.workbook.edited_sheet import read_edited
from tests.tasks.edited_books import COLUMNS, Book, problems
from tests.tasks.workbooks import workbook
from units.spreadsheets import UnreadableFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau, other_bureau):
    task = make_task("清理占道经营", requirement="路口全覆盖")
    give(task, bureau, part="lead")
    give(task, other_bureau)
    return task


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


@pytest.mark.parametrize(
    ("cells", "where", "word"),
    [
        ({"responsible": "市城教育局"}, "K 责任单位", "没有这个单位"),
        ({"lead": "市城管局、市教育局", "responsible": None}, "J 牵头单位", "只有一个牵头单位"),
        ({"supporting": "市城管局"}, "L 配合单位", "写了两次"),
        ({"lead": "市城管局(50%)", "responsible": "市教育局(40%)"}, "J 牵头单位", "90"),
        ({"lead": "市城管局(150%)"}, "J 牵头单位", "最多 100%"),
        ({"lead": "市直部门组", "responsible": None}, "J 牵头单位", "不能共同牵头"),
        ({"lead": None, "responsible": "市直部门组(100%)"}, "K 责任单位", "只能对应一个单位"),
        ({"methods": "实地考察、望闻问切"}, "H 测评方法", "材料审核"),
        ({"is_key": "也许"}, "I 重点任务", "“是”或“否”"),
        ({"deadline": "2026-02-31"}, "M 完成时限", "不是日期"),
        ({"deadline": "长期坚持"}, "M 完成时限", "时限原文"),
        ({"deadline": "9999-12-31"}, "M 完成时限", "2000"),
        ({"deadline": "0001-01-01"}, "M 完成时限", "2100"),
        ({"title": None}, "E 任务", "不能为空"),
        ({"number": "一" * 33}, "C 序号", "最多 32"),
        ({"criteria": "Ⅸ-9-9"}, "O 测评标准", "没有这条标准"),
        ({"requirement": "=SUM(A1:A3)"}, "F 具体要求", "公式"),
        ({"requirement": "#REF!"}, "F 具体要求", "公式"),
        ({"key": "42"}, "A 行标识（勿改）", "不是行标识"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(book, cells, where, word):
    plan = book.write(2, **cells).plan()

    assert problems(plan) == [(2, where)]
    assert word in str(plan.problems[0].reason)
    with pytest.raises(ValidationError):
        book.take_over()


def test_a_copied_row_is_told(book):
    book.add(**{name: book.cell(2, name).value for name in COLUMNS})

    plan = book.plan()

    assert problems(plan) == [(3, "A 行标识（勿改）")]
    assert "第 2 行" in plan.problems[0].reason


def test_a_row_of_another_ledger_is_told(book, city):
    other = Ledger.objects.create(unit=city, year=2025, name="去年的")
    stranger = Task.objects.create(ledger=other, key="a", title="别的台账的任务")
    book.add(key=str(stranger.uid), title="别的台账的任务")

    plan = book.plan()

    assert problems(plan) == [(3, "A 行标识（勿改）")]
    assert "另一个台账" in plan.problems[0].reason


def test_a_workbook_of_another_ledger_is_refused_as_a_whole(book, city):
    other = Ledger.objects.create(unit=city, year=2025, name="去年的")

    with pytest.raises(UnreadableFile, match="另一个台账"):
        uploads.of_this_ledger(read_edited(book.file()), other)


def test_a_new_row_that_says_what_a_task_says_is_told(book):
    book.add(title="清理占道经营", requirement="路口全覆盖")
    Task.objects.update(key=Task.key_of("清理占道经营", "路口全覆盖"))

    assert problems(book.plan()) == [(3, "E 任务")]


def test_two_new_rows_of_the_same_words_are_told(book):
    book.add(title="文明交通劝导").add(title="文明交通、劝导")

    plan = book.plan()

    assert problems(plan) == [(4, "E 任务")]
    assert plan.counts["new"] == 1


def test_a_new_row_needs_a_task(book):
    assert problems(book.add(lead="市城管局").plan()) == [(3, "E 任务")]


def test_a_unit_that_has_ended_stays_but_is_not_given_a_new_task(book, ledger, make_task, give, make_unit, city):
    ended = make_unit("市旅游局", parent=city)
    give(make_task("文明旅游"), ended)
    ended.valid_until = "2026-01-01"
    ended.save(update_fields=["valid_until"])
    book = Book(ledger)
    label = book.cell(3, "responsible").value

    plan = book.write(2, supporting=label).plan()

    assert label == f"市旅游局#{ended.pk}"
    assert problems(plan) == [(2, "L 配合单位")]


def test_a_number_that_belongs_to_another_name_is_told(book, other_bureau):
    assert problems(book.write(2, supporting=f"市城管局#{other_bureau.pk}").plan()) == [(2, "L 配合单位")]


def test_a_unit_that_has_reported_is_not_taken_out(book, task, staff):
    task.assignments.get(part="lead").progress.create(by=staff, percent=10, narrative="已开始")

    plan = book.write(2, lead=None).plan()

    assert problems(plan) == [(2, "J 牵头单位")]
    assert "有填报" in plan.problems[0].reason


def test_a_task_that_comes_again_keeps_its_first_deadline(book, task):
    Task.objects.filter(pk=task.pk).update(repeats="monthly", deadline=date(2026, 1, 31))

    plan = Book(task.ledger).write(2, deadline=None).plan()

    assert problems(plan) == [(2, "M 完成时限")]
    assert "第一期" in str(plan.problems[0].reason)


def test_a_unit_below_to_which_the_task_was_handed_down_is_not_given_it_again(book, task, bureau, make_unit):
    section = make_unit("市容科", parent=bureau)
    Assignment.objects.create(task=task, unit=section, part="responsible", parent=task.assignments.get(part="lead"))

    assert problems(book.write(2, supporting="市容科").plan()) == [(2, "L 配合单位")]


def test_a_formula_for_the_units_of_a_new_task_is_told_once(book):
    assert problems(book.add(title="文明交通劝导", lead="=A1", responsible="市城管局(50%)").plan()) == [
        (3, "J 牵头单位")
    ]


def test_an_unknown_unit_is_told_without_counting_shares(book):
    assert problems(book.write(2, lead="没有的局(60%)", responsible="市教育局(40%)").plan()) == [(2, "J 牵头单位")]
    assert problems(book.add(title="劝导", lead="没有的局(60%)", responsible="市教育局(40%)").plan())[1:] == [
        (3, "J 牵头单位")
    ]


def test_merged_cells_are_told(book, make_task, ledger):
    make_task("公益广告")
    book = Book(ledger)
    book.page.merge_cells("D2:D3")

    assert problems(book.plan()) == [(2, "D 所属部分")]


def test_a_text_longer_than_a_cell_is_left_alone_and_not_changed_here(ledger, make_task):
    task = make_task("长", requirement="字" * 40_000)
    book = Book(ledger)
    assert book.plan().is_empty

    assert problems(book.write(2, requirement="短").plan()) == [(2, "F 具体要求")]
    task.refresh_from_db()
    assert len(task.requirement) == 40_000


FOREIGN = {
    "自己的表": workbook(("序号", "工作任务", "责任单位"), (1, "清理占道", "市城管局")),
    "只剩标识": workbook(("行标识（勿改）",), ("x",)),
    "同一表头两列": workbook(("行标识（勿改）", "任务", "任务"), ("", "甲", "乙")),
    "文本": io.BytesIO("任务,牵头单位\n清理占道,市城管局\n".encode()),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_no_exported_ledger_gets_a_sentence(name):
    with pytest.raises(UnreadableFile) as refused:
        read_edited(FOREIGN[name])

    assert str(refused.value).endswith("。")


def test_names_near_an_unknown_one_are_offered(book):
    (problem,) = book.write(2, responsible="市城教育局").plan().problems

    assert "市教育局" in problem.value.partition("→")[2]
