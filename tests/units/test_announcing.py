"""Who is told, once, and also when the doorbell was lost; the inbox."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from inspections.models import RectificationEvent
from units.jobs import announce, announce_waiting, clear_sessions, event_models
from units.models import Notice

LABEL = "inspections.RectificationEvent"


@pytest.fixture
def event(item, office):
    """Something that happened just now and concerns the unit; nobody has been told yet."""
    return item.record("issue", by=office, note="请三日内整改")


@pytest.fixture
def lost(event):
    """The same with its bell lost two minutes ago."""
    late = timezone.now() - timedelta(minutes=2)
    return RectificationEvent.objects.create(item=event.item, actor=event.actor, step="issue", at=late)


def told(user):
    return user.notices.count()


def test_those_whom_an_event_concerns_are_told(event, lead, staff, other_lead):
    announce(LABEL, event.pk)

    assert [told(user) for user in (lead, staff, other_lead)] == [1, 1, 0]
    assert lead.notices.get().note == "请三日内整改"


def test_an_event_is_announced_once(event, lead):
    announce(LABEL, event.pk)
    announce(LABEL, event.pk)

    assert told(lead) == 1


def test_without_its_mark_an_event_is_still_told_once(event, lead):
    """The database holds it even if the mark were lost: one notice per event and person."""
    announce(LABEL, event.pk)
    RectificationEvent.objects.filter(pk=event.pk).update(announced_at=None)

    announce(LABEL, event.pk)

    assert told(lead) == 1


def test_people_are_not_told_what_they_did_themselves(item, lead, staff):
    event = item.record("issue", by=lead)

    announce(LABEL, event.pk)

    assert [told(lead), told(staff)] == [0, 1]


def test_everybody_is_told_in_their_own_language(event, lead, staff):
    type(staff).objects.filter(pk=staff.pk).update(language="en")

    announce(LABEL, event.pk)

    assert lead.notices.get().subject != staff.notices.get().subject


def test_a_lost_announcement_is_sent_later(lost, lead):
    announce_waiting()

    assert told(lead) == 1


def test_an_announcement_whose_bell_still_rings_is_left_to_it(event, lead):
    announce_waiting()

    assert told(lead) == 0


def test_without_the_sweeper_a_lost_announcement_stays_lost(lost, lead):
    """What the sweeper is for: nothing else looks at the table."""
    clear_sessions()

    assert told(lead) == 0


def test_one_event_that_cannot_be_told_does_not_stop_the_others(lost, lead, monkeypatch, caplog):
    broken = RectificationEvent.objects.create(item=lost.item, step="broken", at=lost.at - timedelta(minutes=1))
    readers = RectificationEvent.readers

    def fail_for_one(self):
        if self.pk == broken.pk:
            raise ZeroDivisionError
        return readers(self)

    monkeypatch.setattr(RectificationEvent, "readers", fail_for_one)

    announce_waiting()

    assert told(lead) == 1
    assert f"cannot announce {LABEL} {broken.pk}" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_step_is_taken_also_without_a_queue(item, lead, monkeypatch):
    def no_queue(*_args):
        raise ConnectionError

    monkeypatch.setattr(announce, "delay", no_queue)

    item.sign(by=lead)

    item.refresh_from_db()
    assert item.state == "signed"
    assert item.events.get().announced_at is None


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_and_not_before(item, office, monkeypatch):
    rung = []
    monkeypatch.setattr(announce, "delay", lambda *args: rung.append(args))

    with transaction.atomic():
        event = item.record("issue", by=office)
        assert rung == []

    assert rung == [(LABEL, event.pk)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_of_what_did_not_happen(item, office, monkeypatch):
    rung = []
    monkeypatch.setattr(announce, "delay", lambda *args: rung.append(args))

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        item.record("issue", by=office)
        raise ZeroDivisionError

    assert rung == []


def test_every_event_table_of_the_house_is_swept():
    assert {model.__name__ for model in event_models()} >= {"UnitEvent", "AssignmentEvent", "RectificationEvent"}


@pytest.fixture
def notice(lead):
    return Notice.objects.create(
        user=lead, event_label="a", event_pk=1, subject="交办整改事项", link="/account/profile/"
    )


def test_the_inbox_shows_what_is_unread_and_how_much(client, lead, notice):
    client.force_login(lead)

    assert "交办整改事项" in client.get("/units/inbox/").content.decode()
    assert client.get("/").context["navigation"]["inbox"]["count"] == 1


def test_a_notice_that_was_opened_is_read(client, lead, notice):
    client.force_login(lead)

    assert client.get(f"/units/inbox/{notice.pk}/").url == "/account/profile/"
    assert "交办整改事项" not in client.get("/units/inbox/").content.decode()
    assert "交办整改事项" in client.get("/units/inbox/?tab=all").content.decode()


def test_everything_is_marked_as_read(client, lead, notice):
    client.force_login(lead)

    client.post("/units/inbox/read/")

    assert not lead.notices.unread().exists()


def test_nobody_reads_the_inbox_of_somebody_else(client, office, notice):
    client.force_login(office)

    assert client.get(f"/units/inbox/{notice.pk}/").status_code == 404
    client.post("/units/inbox/read/")
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("link", ["", "https://evil.example/", "//evil.example/"])
def test_a_notice_leads_to_no_other_site(client, lead, notice, link):
    Notice.objects.update(link=link)
    client.force_login(lead)

    assert client.get(f"/units/inbox/{notice.pk}/").url == "/units/inbox/"


def test_the_inbox_costs_the_same_for_few_notices_and_for_many(client, lead, notice, count_queries):
    few = count_queries(client, lead, "/units/inbox/")
    many = [Notice(user=lead, event_label="b", event_pk=n, subject="s", link="/") for n in range(60)]
    Notice.objects.bulk_create(many)

    assert count_queries(client, lead, "/units/inbox/") == few <= 20
