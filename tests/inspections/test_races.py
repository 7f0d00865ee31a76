"""Two people at once: the second waits and is refused, or gets the answer of the first. Each with its counter-proof."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inspections import capture
from inspections.capture import record
from inspections.models import Answer, Finding, RectificationItem
from inspections.models.visit import VisitQuerySet
from tests.inspections.rivals import race
from tests.inspections.test_workflow import PEOPLE_STEPS, STEPS, take
from units.roles import Role
from units.workflow import NotInThisState, Workflow

pytestmark = pytest.mark.django_db(transaction=True)
# A draft may be kept twice: the later one stands, and both are in the history.
RACED = [name for name in PEOPLE_STEPS if name != "prepare"]


@pytest.fixture
def two_people(make_member, city, bureau):
    """Two who may take the step, each on their own; the answer was given by a third."""

    def make(step):
        role = next(iter(STEPS[step].roles))
        at = bureau if role in {Role.UNIT_LEAD, Role.UNIT_STAFF} else city
        return make_member(at, role), make_member(at, role)

    return make


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


def both_take(step, put_in, people):
    item = put_in(next(iter(STEPS[step].sources)))
    first, second = (RectificationItem.objects.get(pk=item.pk) for _ in range(2))
    return item, race(lambda: take(first, step, people[0]), lambda: take(second, step, people[1]))


@pytest.mark.parametrize("step", RACED)
def test_the_second_of_two_waits_and_is_refused(put_in, two_people, step):
    item, (has_waited, rival) = both_take(step, put_in, two_people(step))

    assert has_waited
    # An item issued anew can be reassigned or submitted again; what cannot is refused.
    if STEPS[step].target in STEPS[step].sources:
        assert rival.error is None
    else:
        assert isinstance(rival.error, NotInThisState)
        assert item.events.count() == 1


def test_without_the_lock_both_would_have_their_way(put_in, two_people, monkeypatch):
    """The counter-proof: the race above is one that a missing lock loses."""
    plain = Workflow.refresh_from_db
    monkeypatch.setattr(Workflow, "refresh_from_db", lambda self, from_queryset=None, **more: plain(self, **more))

    item, (_has_waited, rival) = both_take("verify", put_in, two_people("verify"))

    assert rival.error is None
    assert item.events.count() == 2


def test_the_clock_does_not_mark_what_is_being_submitted(make_item, lead):
    now = timezone.now()
    item = make_item(due_at=now - timedelta(minutes=1), issued_at=now - timedelta(days=2))
    ours, theirs = (RectificationItem.objects.get(pk=item.pk) for _ in range(2))

    _has_waited, rival = race(lambda: ours.submit(by=lead, measure="已清理"), lambda: theirs.expire(now=now))

    item.refresh_from_db()
    assert isinstance(rival.error, NotInThisState)
    assert item.overdue_at is None


def sent_twice(entry, inspector):
    now = timezone.now()
    return race(lambda: record(entry, by=inspector, now=now), lambda: record(entry, by=inspector, now=now))


def test_a_finding_sent_twice_at_once_is_one_finding(make_entry, inspector):
    has_waited, rival = sent_twice(make_entry(), inspector)

    assert has_waited
    assert rival.result == Finding.objects.get()
    assert Answer.objects.get().count == 1


def test_without_the_lock_the_database_still_keeps_one(make_entry, inspector, monkeypatch):
    monkeypatch.setattr(VisitQuerySet, "select_for_update", lambda self, **_how: self)

    _has_waited, rival = sent_twice(make_entry(), inspector)

    assert rival.result == Finding.objects.get()


def test_without_lock_or_constraint_it_would_be_two(make_entry, inspector, monkeypatch):
    """The counter-proof: nothing else than the uuid's constraint and the lock on the visit keeps it at one."""
    monkeypatch.setattr(VisitQuerySet, "select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(capture, "written", lambda _entry, by: None)
    record(make_entry(), by=inspector, now=timezone.now())  # the visit is open before, so that nobody waits for it
    with without_unique_uuid():
        sent_twice(make_entry(), inspector)

        assert Finding.objects.count() == 3


@contextmanager
def without_unique_uuid():
    field = Finding._meta.get_field("uuid")
    loose = field.clone()
    loose._unique = False
    loose.set_attributes_from_name("uuid")
    loose.model = Finding
    with connection.schema_editor() as editor:
        editor.alter_field(Finding, field, loose)
    try:
        yield
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE inspections_finding CASCADE")
        with connection.schema_editor() as editor:
            editor.alter_field(Finding, loose, field)
