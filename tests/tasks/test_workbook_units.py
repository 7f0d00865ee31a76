"""The sheet of units: what single units are given, edited in the workbook and taken over."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Assignment, Task
from tasks.models.division import Given
from tasks.workbook import rows
from tests.tasks.edited_books import UNIT_COLUMNS, Book, said, said_of_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau, other_bureau):
    """Rows 2 and 3 of the sheet of units."""
    task = make_task("清理占道经营", number="Ⅱ-1")
    give(
        task, bureau, part="lead", share=60, deadline=date(2026, 5, 31), quantity=120, quantity_unit="个",
        requirement="主次干道",
    )  # fmt: skip
    give(task, other_bureau, share=40)
    return task


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


def given(task):
    """unit → what it is given, as it stands now."""
    return {one.unit.name: Given.of(one) for one in task.assignments.filter(parent=None).select_related("unit")}


def test_each_unit_of_a_task_has_a_row(book):
    values = [[cell.value for cell in row][2:] for row in book.units.iter_rows(min_row=2)]

    lead, other = values
    assert (lead[:4], lead[5].date()) == (["Ⅱ-1", "清理占道经营", "市城管局", "牵头"], date(2026, 5, 31))
    assert (lead[4], lead[6:]) == (60, [120, "个", "主次干道"])
    assert other == ["Ⅱ-1", "清理占道经营", "市教育局", "责任", 40, None, None, None, None]
    assert (book.units.title, book.units.auto_filter.ref, book.units.freeze_panes) == ("各单位", "A1:K3", "A2")


def test_what_units_handed_down_has_no_row(task, ledger, bureau, make_unit):
    section = make_unit("市容科", parent=bureau)
    Assignment.objects.create(task=task, unit=section, part="responsible", parent=task.assignments.get(part="lead"))

    assert Book(ledger).units.max_row == 3


def test_an_unedited_workbook_changes_nothing(book):
    assert (book.plan().is_empty, book.plan().remarks) == (True, [])


def test_each_edited_cell_is_told_with_its_unit(book):
    book.give(2, share=70, own_deadline="6月底", quantity="1,200").give(3, share="30%", own_requirement="校园周边")

    plan = book.plan()

    assert said_of_units(plan) == [
        (2, "share", "60", "70"),
        (2, "own_deadline", "2026-05-31", "2026-06-30"),
        (2, "quantity", "120", "1200"),
        (3, "share", "40", "30"),
        (3, "own_requirement", "", "校园周边"),
    ]
    assert [row.title for row in plan.units] == ["市城管局 · 清理占道经营", "市教育局 · 清理占道经营"]
    assert (plan.problems, plan.counts["units"], plan.counts["changed"]) == ([], 2, 0)


def test_what_units_are_given_is_taken_over(book, task):
    book.give(2, share=70.5, own_deadline=None, quantity=None, quantity_unit=None, own_requirement="=1+1 之外\n@全部")
    book.give(3, share="29.5", own_deadline=date(2026, 9, 30), quantity=3, quantity_unit="所", part="配合")
    book.units["K2"].data_type = "s"

    outcome = book.take_over()

    assert given(task) == {
        "市城管局": Given("lead", Decimal("70.5"), requirement="=1+1 之外\n@全部"),
        "市教育局": Given("supporting", Decimal("29.5"), date(2026, 9, 30), Decimal(3), "所"),
    }
    assert (outcome["units"], outcome["changed"], outcome["same"]) == (2, 0, 1)
    assert task.assignments.get(part="supporting").due_on == date(2026, 9, 30)


def test_the_lead_changes_hands_on_the_sheet_of_units(book, task):
    book.give(2, part="责任").give(3, part="牵头").take_over()

    assert {name: one.part for name, one in given(task).items()} == {"市城管局": "responsible", "市教育局": "lead"}


def test_the_same_file_twice_changes_nothing(book, task):
    book.give(2, share=70, own_requirement="主干道").give(3, share=30)
    book.take_over()
    before = list(Assignment.objects.order_by("pk").values())

    outcome = book.take_over()

    assert (outcome["units"], outcome["kept"], outcome["same"]) == (0, 0, 1)
    assert list(Assignment.objects.order_by("pk").values()) == before


def test_both_sheets_together_make_one_division(book, task, make_unit, city):
    make_unit("市公安局", parent=city)
    book.write(2, supporting="市公安局").give(2, share=50).give(3, share=30)
    book.give_also(title="清理占道经营", unit="市公安局", share=20, own_deadline="9月底")

    book.take_over()

    assert given(task)["市公安局"] == Given("supporting", Decimal(20), date(2026, 9, 30))
    assert given(task)["市城管局"].requirement == "主次干道"
    assert {name: one.share for name, one in given(task).items()} == {"市城管局": 50, "市教育局": 30, "市公安局": 20}
    assert book.take_over()["units"] == 0


def test_a_new_task_comes_with_what_its_units_are_given(book, ledger):
    book.add(number="9", title="文明交通劝导", lead="市城管局")
    book.give_also(number="9", title="文明交通劝导", unit="市城管局", quantity=40, quantity_unit="处", part="牵头")

    outcome = book.take_over()

    added = ledger.tasks.get(title="文明交通劝导")
    assert given(added) == {"市城管局": Given("lead", quantity=Decimal(40), quantity_unit="处")}
    assert (outcome["new"], outcome["units"]) == (1, 1)
    assert book.take_over()["units"] == 0


def test_a_row_without_a_key_means_a_unit_that_has_the_task_and_is_a_conflict(book, task):
    book.units.delete_rows(3)
    book.give_also(number="Ⅱ-1", unit="市教育局", own_requirement="校园周边")

    plan = book.plan()

    assert (said_of_units(plan), [one.field for one in plan.conflicts]) == ([], ["requirement"])


def test_a_task_is_found_by_the_words_it_gets_in_the_file_too(book, task, other_bureau):
    book.write(2, title="清理店外经营").units.delete_rows(3)
    book.give_also(title="清理店外经营", unit="市教育局", share=40, own_deadline="9月底")

    assert [one.field for one in book.plan().conflicts] == ["deadline"]


def test_rows_and_columns_and_the_whole_sheet_may_be_deleted(book, task):
    book.units.delete_rows(3)
    assert book.plan().is_empty

    book.units.delete_cols(UNIT_COLUMNS["quantity"])
    plan = book.plan()
    assert (plan.is_empty, "数量" in plan.remarks[0], "各单位" in plan.remarks[0]) == (True, True, True)

    book.book.remove(book.units)
    assert (book.plan().is_empty, book.plan().remarks) == (True, [])


def test_a_unit_that_leaves_on_the_first_sheet_takes_its_row_along(book, task):
    book.write(2, lead="市城管局(100%)", responsible=None).give(2, share=100).take_over()

    assert given(task).keys() == {"市城管局"}


def test_what_others_changed_meanwhile_stays(book, task):
    task.assignments.filter(part="lead").update(requirement="背街小巷")

    plan = book.give(2, quantity=130).plan()

    assert (said_of_units(plan), plan.conflicts) == ([(2, "quantity", "120", "130")], [])
    assert (plan.stale, len(plan.remarks)) == (1, 1)


def test_what_both_have_changed_is_decided_by_choice(book, task):
    uid = Task.objects.get().uid
    lead = task.assignments.get(part="lead")
    Assignment.objects.filter(pk=lead.pk).update(quantity=110)
    book.give(2, quantity=130, own_requirement="主干道")
    (one,) = book.plan().conflicts
    assert (one.mark, one.cells[0].before, one.cells[0].after) == (f"{uid}/{lead.unit_id}:quantity", "110", "130")

    assert book.take_over()["kept"] == 1
    assert (given(task)["市城管局"].quantity, given(task)["市城管局"].requirement) == (110, "主干道")

    outcome = book.take_over(take=[one.mark])
    assert (given(task)["市城管局"].quantity, outcome["units"], outcome["kept"]) == (130, 1, 0)


def test_without_fingerprints_every_difference_is_a_conflict(book):
    book.give(2, quantity=130).units.delete_cols(UNIT_COLUMNS["print"])

    plan = book.plan()

    assert (said_of_units(plan), [one.field for one in plan.conflicts]) == ([], ["quantity"])


def test_a_unit_that_left_here_meanwhile_does_no_harm(book, task):
    task.assignments.filter(part="responsible").delete()
    task.assignments.update(share=None)

    assert book.plan().conflicts == book.plan().problems == []


def test_a_task_added_again_has_what_its_units_were_given(book, task):
    uid = Task.objects.get().uid
    task.remove()

    assert book.take_over()["units"] == 0
    assert book.take_over(again=[str(uid)])["units"] == 2

    again = Task.objects.get()
    assert given(again)["市城管局"] == Given("lead", Decimal(60), date(2026, 5, 31), Decimal(120), "个", "主次干道")


def test_what_a_unit_would_be_given_goes_with_the_conflict_that_gives_it_the_task(book, task, make_unit, city):
    make_unit("市公安局", parent=city)
    fire = make_unit("消防救援支队", parent=city)
    Assignment.objects.create(task=task, unit=fire, part="supporting")
    book.write(2, supporting="市公安局").give_also(title="清理占道经营", unit="市公安局", own_requirement="路口")
    (one,) = book.plan().conflicts

    assert book.take_over()["units"] == 0
    assert "市公安局" not in given(task)

    book.take_over(take=[one.mark])
    assert given(task)["市公安局"] == Given("supporting", requirement="路口")


def test_shares_that_a_choice_breaks_are_refused_as_a_whole(book, task):
    task.assignments.filter(part="lead").update(share=50)
    task.assignments.filter(part="responsible").update(share=50)
    (one,) = book.give(2, share=70, own_requirement="主干道").plan().conflicts

    with pytest.raises(Exception, match="合计为 120"):
        book.take_over(take=[one.mark])

    assert given(task)["市城管局"].requirement == "主次干道"


def test_a_conflict_over_units_whose_shares_would_not_add_up_cannot_be_chosen(book, task, make_unit, city):
    Assignment.objects.create(task=task, unit=make_unit("市公安局", parent=city), part="supporting")
    book.write(2, lead="市城管局(50%)").give(3, own_requirement="校园周边")

    plan = book.plan()

    assert (plan.problems, ["90" in one.refused for one in plan.conflicts]) == ([], [True])
    assert book.take_over(take=[plan.conflicts[0].mark])["units"] == 1


def test_reading_columns_that_were_edited_are_pointed_out(book):
    plan = book.give(2, title="清理店外经营").plan()

    assert (plan.is_empty, said(plan)) == (True, [])
    assert "第 2 行" in plan.remarks[0]


def test_a_large_ledger_lists_units_with_something_of_their_own(ledger, task, make_task, give, bureau, monkeypatch):
    monkeypatch.setattr(rows, "MOST_UNITS", 2)
    give(make_task("公益广告"), bureau)

    book = Book(ledger)

    assert [book.units.cell(row, 4).value for row in (2, 3)] == ["清理占道经营", "清理占道经营"]
    assert (book.units.max_row, len(list(book.book.worksheets[2].values))) == (3, 14)
    book.give_also(title="公益广告", unit="市城管局", own_deadline="9月底")
    assert len(book.plan().conflicts) == 1


def test_the_workbook_and_the_comparison_cost_the_same_for_few_rows_and_for_many(ledger, make_task, give, bureau):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            book = Book(ledger)
        for row in range(2, book.units.max_row + 1):
            book.give(row, own_requirement="路口")
        with CaptureQueriesContext(connection) as more:
            book.plan()
        return len(queries), len(more)

    give(make_task("一"), bureau)
    one = cost()
    for n in range(12):
        give(make_task(f"第{n}项"), bureau)

    assert cost() == one
    assert max(one) <= 20
