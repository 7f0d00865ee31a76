"""A ledger out for editing and in again by page: download, upload, look, choose, confirm."""

import io
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import Reimport, Task
from tests.tasks.edited_books import Book
from tests.tasks.workbooks import workbook
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau):
    task = make_task("清理占道经营")
    give(task, bureau, part="lead")
    return task


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def book(ledger, task):
    return Book(ledger)


@pytest.fixture
def hand_in(desk, ledger):
    """Upload an edited workbook and return its re-import."""

    def hand_in(book):
        file = SimpleUploadedFile("修改.xlsx", book.file().getvalue())
        answer = desk.post(reverse("tasks:reimport", args=[ledger.pk]), {"file": file})
        assert answer.status_code == 302, answer.content.decode()
        return Reimport.objects.first()

    return hand_in


@pytest.fixture
def confirm(desk):
    """Look at the preview and confirm it."""

    def confirm(row, seen=None, **choices):
        seen = seen or desk.get(row.get_absolute_url()).context["plan"].version
        return desk.post(reverse("tasks:reimport-confirm", args=[row.pk]), {"seen": seen, **choices})

    return confirm


def test_the_page_of_the_ledger_leads_there(desk, client, ledger, task, lead):
    addresses = [reverse(f"tasks:{name}", args=[ledger.pk]) for name in ("ledger-workbook", "reimport")]

    assert all(address in desk.get(ledger.get_absolute_url()).content.decode() for address in addresses)
    client.force_login(lead)
    assert not any(address in client.get(ledger.get_absolute_url()).content.decode() for address in addresses)


def test_the_workbook_is_named_for_its_ledger(desk, ledger, task):
    answer = desk.get(reverse("tasks:ledger-workbook", args=[ledger.pk]))

    assert f"{ledger}（供修改）.xlsx" in unquote(answer.headers["Content-Disposition"])
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer))).sheetnames == ["台账", "各单位", "填写说明"]


def test_handing_in_changes_nothing_yet(hand_in, book, task):
    hand_in(book.write(2, title="清理占道"))

    task.refresh_from_db()
    assert task.title == "清理占道经营"


def test_the_preview_shows_old_and_new(hand_in, desk, book):
    page = desk.get(hand_in(book.write(2, title="清理占道").add(title="文明交通劝导")).get_absolute_url())

    words = page.content.decode()
    assert "<del>清理占道经营</del>" in words
    assert "<ins>清理占道</ins>" in words
    assert (page.context["plan"].counts["changed"], page.context["plan"].counts["new"]) == (1, 1)
    assert "文明交通劝导" in desk.get(page.request["PATH_INFO"] + "?show=new").content.decode()


def test_the_preview_begins_with_what_changes_for_single_units_where_nothing_else_does(hand_in, desk, book):
    page = desk.get(hand_in(book.give(2, own_deadline="9月底", own_requirement="校园周边")).get_absolute_url())

    words = page.content.decode()
    assert "各单位 第 2 行" in " ".join(words.split()).replace('<span class="num">', "")
    assert "市城管局 · 清理占道经营" in words
    assert "<ins>2026-09-30</ins>" in words
    assert (page.context["show"], page.context["plan"].counts["units"]) == ("units", 1)


def test_a_choice_on_the_sheet_of_units_reaches_the_assignment(hand_in, confirm, desk, book, task):
    task.assignments.update(requirement="主次干道")
    row = hand_in(book.give(2, own_requirement="校园周边", quantity=3, quantity_unit="所"))
    (one,) = desk.get(row.get_absolute_url()).context["plan"].conflicts

    confirm(row, take=[one.mark])

    row.refresh_from_db()
    given = task.assignments.get()
    assert (given.requirement, given.quantity, row.outcome["units"]) == ("校园周边", 3, 1)


def test_a_problem_on_the_sheet_of_units_names_the_sheet(hand_in, desk, book):
    words = desk.get(hand_in(book.give(2, share="很多")).get_absolute_url()).content.decode()

    assert "<li>各单位" in words
    assert "G 责任占比" in words


def test_confirming_takes_over_and_tells(hand_in, confirm, desk, book, task):
    row = hand_in(book.write(2, title="清理占道"))

    answer = confirm(row)

    task.refresh_from_db()
    row.refresh_from_db()
    assert (answer.status_code, task.title, row.state, row.outcome["changed"]) == (302, "清理占道", "confirmed", 1)
    assert "已导入" in desk.get(answer.url).content.decode()


def test_choices_reach_the_ledger(hand_in, confirm, desk, book, ledger, task, make_task):
    other = make_task("公益广告")
    book = Book(ledger)
    Task.objects.filter(pk=task.pk).update(title="清理店外经营")
    book.write(2, title="清理占道").page.delete_rows(3)
    row = hand_in(book)
    marks = {name: str(Task.objects.get(pk=one.pk).uid) for name, one in [("task", task), ("other", other)]}

    words = desk.get(row.get_absolute_url()).content.decode()
    assert f'name="take" value="{marks["task"]}:title"' in words
    assert f'name="remove" value="{marks["other"]}"' in words
    confirm(row, take=[f"{marks['task']}:title"], remove=[marks["other"]])

    assert list(ledger.tasks.values_list("title", flat=True)) == ["清理占道"]


def test_what_cannot_be_removed_offers_no_choice(hand_in, desk, book, task, staff):
    task.assignments.get().progress.create(by=staff, percent=10, narrative="已开始")
    book.page.delete_rows(2)

    words = desk.get(hand_in(book).get_absolute_url()).content.decode()

    assert 'name="remove"' not in words
    assert "不能删除" in words


def test_a_file_that_changes_nothing_says_so(hand_in, desk, book):
    words = desk.get(hand_in(book).get_absolute_url()).content.decode()

    assert "确认导入" not in words
    assert "没有需要导入的变化" in words


def test_problems_stand_with_row_and_column_and_forbid_to_confirm(hand_in, desk, confirm, book, task):
    row = hand_in(book.write(2, title="清理占道", lead="没有的局"))

    words = desk.get(row.get_absolute_url()).content.decode()

    assert "J 牵头单位" in words
    assert "确认导入" not in words
    assert confirm(row).status_code == 422
    task.refresh_from_db()
    assert task.title == "清理占道经营"


def test_who_looked_before_the_ledger_changed_looks_again(hand_in, confirm, desk, book, task):
    row = hand_in(book.write(2, title="清理占道"))
    seen = desk.get(row.get_absolute_url()).context["plan"].version
    Task.objects.update(title="清理店外经营")

    answer = confirm(row, seen=seen)

    task.refresh_from_db()
    assert (answer.status_code, task.title) == (409, "清理店外经营")
    assert "请重新核对" in answer.content.decode()


def test_a_second_confirmation_is_a_conflict(hand_in, confirm, book):
    row = hand_in(book.write(2, title="清理占道"))

    assert confirm(row).status_code == 302
    assert confirm(row, seen="x").status_code == 409


def test_a_discarded_import_is_not_confirmed(hand_in, confirm, desk, book, task):
    row = hand_in(book.write(2, title="清理占道"))
    desk.post(reverse("tasks:reimport-discard", args=[row.pk]))

    assert confirm(row, seen="x").status_code == 409
    assert desk.get(row.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("自己的表.xlsx", workbook(("序号", "任务"), (1, "清理占道")).getvalue(), "导出供修改"),
        ("文本.csv", "任务,牵头单位\n清理占道,市城管局\n".encode(), "导出供修改"),
        ("坏的.xlsx", b"PK\x03\x04 not a zip at all", ""),
    ],
)
def test_a_wrong_file_gets_a_sentence_and_leaves_nothing(desk, ledger, name, content, word):
    answer = desk.post(reverse("tasks:reimport", args=[ledger.pk]), {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert word in answer.content.decode()
    assert not Reimport.objects.exists()


def test_a_file_that_was_lost_is_told(hand_in, confirm, desk, book):
    row = hand_in(book.write(2, title="清理占道"))
    row.attachment.original.delete(save=False)

    assert desk.get(row.get_absolute_url()).status_code == 422
    assert confirm(row, seen="x").status_code == 422


def test_an_exported_workbook_is_not_taken_for_a_new_ledger(desk, book, ledger):
    file = SimpleUploadedFile("修改.xlsx", book.file().getvalue())

    answer = desk.post(reverse("tasks:import"), {"file": file, "becomes": "ledger"})

    assert answer.status_code == 422
    assert "导入修改后的表" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.LEADER, Role.INSPECTOR])
def test_only_the_office_edits_by_workbook(hand_in, client, make_member, city, book, ledger, role):
    row = hand_in(book)
    client.force_login(make_member(city, role))

    assert client.get(reverse("tasks:ledger-workbook", args=[ledger.pk])).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 403


def test_the_preview_costs_the_same_for_few_rows_and_for_many(hand_in, desk, ledger, make_task, give, bureau):
    def cost():
        book = Book(ledger)
        for number in range(2, book.page.max_row + 1):
            book.write(number, title=f"改{number}")
        address = hand_in(book).get_absolute_url()
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        return len(queries)

    give(make_task("一"), bureau)
    one = cost()
    for n in range(30):
        give(make_task(f"第{n}项"), bureau)

    assert cost() == one <= 20
