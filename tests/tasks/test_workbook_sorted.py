"""A workbook that was sorted: rows go with their keys; where they did not, the clerk is told before anything."""

import pytest

from tests.tasks.edited_books import COLUMNS, UNIT_COLUMNS, Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(ledger, make_task, give, bureau):
    for title in ("清理占道经营", "规范停车秩序"):
        give(make_task(title), bureau)
    return Book(ledger)


def swap(page, columns):
    """Change the places of rows 2 and 3 in these columns, as sorting them would."""
    for column in columns:
        one, other = page.cell(2, column), page.cell(3, column)
        one.value, other.value = other.value, one.value


def test_what_is_sorted_by_the_filter_takes_the_hidden_keys_along(book):
    assert [page.auto_filter.ref for page in (book.page, book.units)] == ["A1:O3", "A1:K3"]


def test_rows_that_were_sorted_with_their_keys_are_as_they_were(book):
    swap(book.page, COLUMNS.values())
    swap(book.units, UNIT_COLUMNS.values())

    plan = book.plan()

    assert (plan.counts["changed"], plan.counts["units"], plan.problems, plan.remarks) == (0, 0, [], [])


def test_tasks_that_have_changed_their_words_with_each_other_are_told(book):
    swap(book.page, [column for name, column in COLUMNS.items() if name not in ("key", "print")])

    plan = book.plan()

    assert any("2、3" in remark and "排序" in remark for remark in plan.remarks)


def test_units_are_not_given_what_the_row_of_another_task_says(book):
    book.give(2, own_deadline="2026-06-30")
    swap(book.units, [column for name, column in UNIT_COLUMNS.items() if name not in ("unit_key", "print")])

    problems = book.plan().problems

    assert [(one.row, "排序" in one.reason) for one in problems] == [(2, True), (3, True)]
