"""Two people at once over one workbook, or one at the workbook and one at the task. Each with its counter-proof."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import Assignment, Reimport, Task
from tasks.models.division import Given
from tasks.workbook import store, uploads
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.store import take_over
from tests.inspections.rivals import race
from tests.tasks.edited_books import Book
from units.files import check
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(ledger, make_task, give, bureau, office):
    """An edited workbook that waits for confirmation, and what was seen of it."""
    give(make_task("清理占道经营"), bureau, part="lead")
    book = Book(ledger).write(2, title="清理占道").add(title="文明交通劝导")
    file = check(SimpleUploadedFile("修改.xlsx", book.file().getvalue()))
    row = uploads.begin(file, by=office, ledger=ledger)
    return row, uploads.Preview(row).plan.version


def both_confirm(row, seen):
    return race(lambda: uploads.confirm(row, {}, seen=seen), lambda: uploads.confirm(row, {}, seen=seen))


def test_a_workbook_confirmed_twice_at_once_is_taken_over_once(waiting):
    has_waited, rival = both_confirm(*waiting)

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Task.objects.count() == 2


def test_without_the_lock_both_would_take_it_over(waiting, monkeypatch):
    """The counter-proof: without the row lock the second begins too, and only the ledger's own lock makes it wait."""
    plain = Reimport.objects.select_related
    monkeypatch.setattr(Reimport.objects, "select_for_update", lambda **_how: plain())

    _has_waited, rival = both_confirm(*waiting)

    assert not isinstance(rival.error, NotInThisState) or isinstance(rival.error, store.LedgerChanged)


@pytest.fixture
def without_unit(ledger, make_task, give, bureau):
    """An assignment, and the workbook that takes its unit out."""
    (one,) = give(make_task("清理占道经营"), bureau, part="lead")
    return one, Book(ledger).write(2, lead=None)


def test_nobody_reports_on_a_task_while_a_workbook_takes_the_unit_out(without_unit, staff):
    one, book = without_unit
    sheet = read_edited(book.file())
    theirs = Assignment.objects.get(pk=one.pk)

    has_waited, rival = race(
        lambda: take_over(sheet, book.ledger), lambda: theirs.write(by=staff, percent=90, narrative="更多")
    )

    assert has_waited
    assert isinstance(rival.error, Assignment.DoesNotExist)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("is_locked", [True, False])
def test_without_the_lock_the_report_would_begin_meanwhile(without_unit, staff, monkeypatch, is_locked):
    """The counter-proof: before anything is stored, only the lock makes the writer wait."""
    one, book = without_unit
    sheet = read_edited(book.file())
    theirs = Assignment.objects.get(pk=one.pk)
    monkeypatch.setattr(store, "carry_out", lambda _plan, _chosen: {})
    if not is_locked:
        monkeypatch.setattr(store, "lock", lambda _ledger: None)

    has_waited, rival = race(
        lambda: take_over(sheet, book.ledger), lambda: theirs.write(by=staff, percent=90, narrative="更多")
    )

    assert (has_waited, rival.error) == (is_locked, None)


@pytest.fixture
def given_more(ledger, make_task, give, bureau):
    """A task, and the workbook that gives its unit another deadline."""
    (one,) = give(make_task("清理占道经营"), bureau, part="lead")
    return one, Book(ledger).give(2, own_deadline="9月底")


def assign(one):
    """Somebody at the form of the task, who asks something of the unit."""
    return Task.objects.get(pk=one.task_id).assign({one.unit: Given("lead", requirement="校园周边")})


def test_who_divides_a_task_waits_for_the_workbook_that_says_what_its_units_are_given(given_more):
    one, book = given_more
    sheet = read_edited(book.file())

    has_waited, rival = race(lambda: take_over(sheet, book.ledger), lambda: assign(one))

    one.refresh_from_db()
    assert (has_waited, rival.error, one.requirement) == (True, None, "校园周边")


@pytest.mark.parametrize("is_locked", [True, False])
def test_without_the_lock_the_task_would_be_divided_meanwhile(given_more, monkeypatch, is_locked):
    """The counter-proof: before anything is stored, only the lock makes the other wait."""
    one, book = given_more
    sheet = read_edited(book.file())
    monkeypatch.setattr(store, "carry_out", lambda _plan, _chosen: {})
    if not is_locked:
        monkeypatch.setattr(store, "lock", lambda _ledger: None)

    has_waited, rival = race(lambda: take_over(sheet, book.ledger), lambda: assign(one))

    assert (has_waited, rival.error) == (is_locked, None)
