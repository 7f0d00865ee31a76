"""One step, taken by two people at once: the second sees what the first did. Shown on a rectification item."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections, models, transaction

from inspections.models import RectificationItem
from units.workflow import NotInThisState

STATE = RectificationItem.State


class Rival(threading.Thread):
    """Somebody else, on a connection of their own, with the row as it was before."""

    def __init__(self, item, person):
        super().__init__()
        self.item = RectificationItem.objects.get(pk=item.pk)
        self.person, self.error = person, None

    def run(self):
        try:
            self.item.take("sign", by=self.person)
        except NotInThisState as error:
            self.error = error
        finally:
            connections.close_all()


def race(item, lead, staff):
    """Ours takes the step and holds the lock, the rival starts, ours commits."""
    rival = Rival(item, staff)
    with transaction.atomic():
        item.take("sign", by=lead)
        rival.start()
        rival.join(0.5)
        was_waiting = rival.is_alive()
    rival.join(10)
    return was_waiting, rival.error


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_people_waits_and_is_refused(item, lead, staff):
    was_waiting, error = race(item, lead, staff)

    assert was_waiting
    assert isinstance(error, NotInThisState)
    assert item.events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_take_the_step(item, lead, staff, monkeypatch):
    def read_without_lock(self, from_queryset=None, **options):
        return models.Model.refresh_from_db(self, **options)

    monkeypatch.setattr(RectificationItem, "refresh_from_db", read_without_lock)

    _was_waiting, error = race(item, lead, staff)

    assert error is None
    assert item.events.count() == 2


def test_a_step_tells_who_took_it_from_where_to_where(item, lead):
    event = item.take("sign", by=lead, note="已收到")

    assert (event.actor, event.step, event.note) == (lead, "sign", "已收到")
    assert (event.before, event.after) == (STATE.ISSUED, STATE.SIGNED)


def test_a_step_out_of_its_state_is_a_conflict_and_changes_nothing(item, lead):
    item.take("sign", by=lead)

    with pytest.raises(NotInThisState):
        item.take("sign", by=lead)

    assert item.events.count() == 1


def test_a_step_of_another_role_is_refused_before_its_state_is_told(item, lead):
    with pytest.raises(PermissionDenied):
        item.take("verify", by=lead)


def test_the_role_must_be_held_in_this_unit_or_above(item, other_lead):
    with pytest.raises(PermissionDenied):
        item.take("sign", by=other_lead)


def test_what_only_the_clock_does_nobody_does(item, office):
    with pytest.raises(PermissionDenied):
        item.take("expire", by=office)


def test_the_clock_does_nothing_else(item):
    with pytest.raises(PermissionDenied):
        item.take("sign", by=None)


def test_a_step_that_needs_a_reason_is_not_taken_without(item, lead):
    with pytest.raises(ValueError, match="needs a reason"):
        item.take("dispute", by=lead, note="  ")

    item.refresh_from_db()
    assert item.state == STATE.ISSUED


@pytest.mark.parametrize(("who", "steps"), [("staff", {"sign", "prepare"}), ("other_lead", set()), ("leader", set())])
def test_the_buttons_are_the_steps_that_may_be_taken(item, request, who, steps):
    assert set(item.steps_open_to(request.getfixturevalue(who))) == steps


def test_the_conflict_page_leads_to_no_other_site(client, item, lead):
    item.take("sign", by=lead)
    client.force_login(lead)

    answer = client.post(f"/inspections/items/{item.pk}/sign/", headers={"referer": "https://elsewhere.example/x"})

    assert b"elsewhere.example" not in answer.content


def test_somebody_slower_sees_a_conflict_page(client, item, lead):
    item.take("sign", by=lead)
    client.force_login(lead)

    answer = client.post(f"/inspections/items/{item.pk}/sign/")

    assert answer.status_code == 409
