"""The clock: what has passed its deadline with the unit is marked once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inspections.jobs import expire_items
from inspections.models import RectificationEvent, RectificationItem
from tests.inspections.rivals import Rival

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(put_in):
    """An item whose deadline was an hour ago."""
    now = timezone.now()
    return lambda state="issued": put_in(state, issued_at=now - timedelta(days=5), due_at=now - timedelta(hours=1))


@pytest.mark.parametrize("state", ["issued", "signed", "returned"])
def test_what_lies_with_the_unit_is_marked(late, state):
    item = late(state)

    assert expire_items() == 1

    item.refresh_from_db()
    assert (item.overdue_at, item.state) == (item.due_at, state)


@pytest.mark.parametrize("state", ["submitted", "disputed", "closed"])
def test_what_lies_with_the_office_is_not_late(late, state):
    late(state)

    assert expire_items() == 0


def test_what_has_time_left_is_not_marked(item):
    assert expire_items() == 0


def test_running_twice_marks_once(late):
    late()

    assert [expire_items(), expire_items()] == [1, 0]
    assert RectificationEvent.objects.filter(step="expire").count() == 1


def test_the_unit_is_told_that_it_is_late(late, lead):
    late()
    expire_items()

    assert list(RectificationEvent.objects.get().readers()) == [lead]


def test_an_item_marked_once_stays_marked_when_it_is_returned_and_late_again(late, lead, office):
    item = late()
    expire_items()
    item.refresh_from_db()
    first = item.overdue_at

    RectificationItem.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    assert expire_items() == 0
    item.refresh_from_db()
    assert item.overdue_at == first


@pytest.mark.django_db(transaction=True)
def test_an_item_that_somebody_holds_waits_for_the_next_minute(late, monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    item = late()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT 1 FROM inspections_rectificationitem WHERE id = %s FOR UPDATE", [item.pk])
        clock = Rival(expire_items)
        clock.start()
        clock.join(20)
        cursor.execute("ROLLBACK")

    assert (clock.result, expire_items()) == (0, 1)
