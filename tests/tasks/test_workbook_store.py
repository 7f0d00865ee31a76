"""Taking an edited workbook over: what is stored, what stays, and that a second time changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tasks.models import Assignment, Criterion, Indicator, Standard, Task
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.store import LedgerChanged, take_over
from tests.tasks.edited_books import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau, other_bureau):
    task = make_task("清理占道经营", methods=["site"])
    give(task, bureau, part="lead")
    give(task, other_bureau)
    return task


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


def parts(task):
    return {one.unit.name: (one.part, one.share) for one in task.assignments.select_related("unit")}


def test_words_methods_and_days_are_taken_over(book, task):
    edit = {"title": "清理占道", "number": "3", "material": "台账\n照片", "deadline_text": "三季度末"}
    book.write(2, **edit, methods="问卷调查、材料审核", is_key="是", deadline=date(2026, 9, 30))

    outcome = book.take_over()

    task.refresh_from_db()
    assert {name: getattr(task, name) for name in edit} == edit
    assert (task.methods, task.is_key, task.deadline) == (["material", "survey"], True, date(2026, 9, 30))
    assert (outcome["changed"], outcome["new"], outcome["same"]) == (1, 0, 0)
    assert set(task.assignments.values_list("due_on", flat=True)) == {date(2026, 9, 30)}


def test_units_change_hands_and_shares(book, task, make_unit, city):
    make_unit("市公安局", parent=city)

    book.write(2, lead="市教育局(50%)", responsible="市公安局(50%)", supporting=None).take_over()

    assert parts(task) == {"市教育局": ("lead", Decimal(50)), "市公安局": ("responsible", Decimal(50))}


def test_a_unit_that_stays_keeps_its_report(book, task, staff, bureau):
    one = task.assignments.get(unit=bureau)
    one.progress.create(by=staff, percent=10, narrative="已开始")

    book.write(2, lead="市教育局", responsible="市城管局").take_over()

    one.refresh_from_db()
    assert (one.part, one.progress.count()) == ("responsible", 1)


def test_a_new_row_becomes_a_task_at_the_end(book, ledger):
    book.add(title="文明交通劝导", lead="市城管局(70%)", supporting="市教育局(30%)", deadline="9月底")

    outcome = book.take_over()

    added = ledger.tasks.order_by("order").last()
    assert (added.title, added.deadline, outcome["new"]) == ("文明交通劝导", date(2026, 9, 30), 1)
    assert parts(added) == {"市城管局": ("lead", Decimal(70)), "市教育局": ("supporting", Decimal(30))}


def test_criteria_are_tied(book, ledger, task, city):
    standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
    top = Indicator.objects.create(standard=standard, level=1, code="Ⅰ-1", name="环境")
    first, second = (Criterion.objects.create(indicator=top, number=f"{n})", text="标准", order=n) for n in (1, 2))
    ledger.standard = standard
    ledger.save(update_fields=["standard"])
    task.criteria.add(first)

    Book(ledger).write(2, criteria="Ⅰ-1-2").take_over()

    assert list(task.criteria.all()) == [second]


def test_the_same_file_twice_changes_nothing(book, ledger):
    book.write(2, title="清理占道", lead="市教育局", responsible="市城管局")
    book.add(title="文明交通劝导", lead="市城管局")
    book.take_over()
    before = list(Task.objects.order_by("pk").values()) + list(Assignment.objects.order_by("pk").values())

    outcome = book.take_over()

    assert outcome == {"new": 0, "changed": 0, "removed": 0, "same": 2, "units": 0, "kept": 0, "missing": 0}
    assert list(Task.objects.order_by("pk").values()) + list(Assignment.objects.order_by("pk").values()) == before


def test_what_is_missing_stays_unless_it_is_chosen(book, ledger, task, make_task):
    other = make_task("公益广告")
    book = Book(ledger)
    book.page.delete_rows(2, 2)
    assert book.take_over()["missing"] == 2

    outcome = book.take_over(remove=[str(Task.objects.get(pk=task.pk).uid)])

    assert (outcome["removed"], list(ledger.tasks.all())) == (1, [other])


def test_a_task_on_which_a_unit_reported_is_not_removed_by_any_choice(book, task, staff):
    task.assignments.get(part="lead").progress.create(by=staff, percent=10, narrative="已开始")
    book.page.delete_rows(2)

    outcome = book.take_over(remove=[str(Task.objects.get().uid)])

    assert (outcome["removed"], Task.objects.count()) == (0, 1)


def test_a_conflict_is_decided_by_choice(book, task):
    uid = Task.objects.get().uid
    Task.objects.update(title="清理店外经营")
    book.write(2, title="清理占道", number="7")

    kept = book.take_over()
    task.refresh_from_db()
    assert (task.title, task.number, kept["kept"]) == ("清理店外经营", "7", 1)

    book.take_over(take=[f"{uid}:title"])
    task.refresh_from_db()
    assert task.title == "清理占道"


def test_a_conflict_over_a_unit_that_has_reported_cannot_be_chosen(book, task, staff, make_unit, city):
    uid = Task.objects.get().uid
    task.assignments.filter(part="responsible").update(unit=make_unit("市公安局", parent=city))
    task.assignments.get(part="lead").progress.create(by=staff, percent=10, narrative="已开始")
    book.write(2, lead=None)

    assert book.plan().conflicts[0].refused
    book.take_over(take=[f"{uid}:units"])

    assert set(parts(task)) == {"市城管局", "市公安局"}


def test_a_task_deleted_meanwhile_is_added_again_by_choice(book, task):
    uid = Task.objects.get().uid
    task.remove()
    assert book.take_over()["kept"] == 1
    assert not Task.objects.exists()

    book.take_over(again=[str(uid)])

    assert parts(Task.objects.get()) == {"市城管局": ("lead", None), "市教育局": ("responsible", None)}


def test_who_looked_at_an_older_ledger_looks_again(book, task):
    book.write(2, title="清理占道")
    seen = book.plan().version
    Task.objects.update(material="照片")
    Task.objects.update(title="清理店外经营")

    with pytest.raises(LedgerChanged):
        take_over(read_edited(book.file()), task.ledger, seen=seen)


def test_problems_leave_everything_as_it_was(book, task):
    book.write(2, title="清理占道", responsible="没有的局").add(title="文明交通劝导")

    with pytest.raises(ValidationError):
        book.take_over()

    assert list(Task.objects.values_list("title", flat=True)) == ["清理占道经营"]
