"""What was found within a round arrives after its last day: taken for three days, dated when it was found."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.capture import finish, record, set_aside
from inspections.models import Answer, Finding, Visit
from tests.makers import at
from units.models import WorkCalendar
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
LAST_EVENING = at("2026-09-30 23:40")
AFTER_MIDNIGHT = at("2026-10-01 00:10")


@pytest.fixture
def entry(make_entry, stop):
    """Found on the round's last evening, 30 September."""
    stop.round.starts_on, stop.round.ends_on = at("2026-09-21 00:00").date(), at("2026-09-30 00:00").date()
    stop.round.save()
    return make_entry(found_at=LAST_EVENING)


@pytest.fixture
def save(inspector):
    return lambda entry, now=AFTER_MIDNIGHT: record(entry, by=inspector, now=now)


def test_what_was_found_on_the_last_day_is_taken_after_midnight(save, entry):
    finding = save(entry)

    assert (finding.found_at, finding.visit.started_at) == (LAST_EVENING, LAST_EVENING)


def test_the_deadline_of_the_unit_counts_from_the_arrival(save, entry, checklist_item):
    finding = save(entry)

    expected = WorkCalendar.load().add_days(AFTER_MIDNIGHT, checklist_item.limit_days)
    assert (finding.rectification.issued_at, finding.rectification.due_at) == (AFTER_MIDNIGHT, expected)


@pytest.mark.parametrize(("now", "is_taken"), [("2026-10-03 23:59", True), ("2026-10-04 00:00", False)])
def test_it_is_taken_for_three_days(save, entry, now, is_taken):
    if is_taken:
        assert save(entry, at(now)).found_at == LAST_EVENING
    else:
        with pytest.raises(NotInThisState):
            save(entry, at(now))


@pytest.mark.parametrize("found_at", [None, AFTER_MIDNIGHT - timedelta(minutes=1)], ids=["no time", "new"])
def test_what_was_not_found_within_the_round_is_not_taken_after_it(save, entry, found_at):
    with pytest.raises(NotInThisState):
        save(replace(entry, found_at=found_at))

    assert not Finding.objects.exists() and not Visit.objects.exists()


@pytest.mark.parametrize(
    "said",
    [at("2026-09-20 23:59"), at("2026-09-25 10:01"), at("2031-01-01 00:00"), None],
    ids=["before the round", "in the future", "years ahead", "nothing"],
)
def test_a_clock_that_cannot_be_right_gives_way_to_the_servers(save, entry, said):
    now = at("2026-09-25 10:00")

    assert save(replace(entry, found_at=said), now).found_at == now


def test_sent_again_with_another_time_it_is_the_same_finding(save, entry):
    first = save(entry)

    again = save(replace(entry, found_at=LAST_EVENING - timedelta(hours=1)))

    assert (again, again.found_at) == (first, LAST_EVENING)


def test_the_visit_began_with_what_was_found_first_though_it_came_last(save, entry):
    save(entry)

    save(replace(entry, uuid=uuid4(), found_at=LAST_EVENING - timedelta(hours=2)))

    assert Visit.objects.get().started_at == LAST_EVENING - timedelta(hours=2)


def test_a_visit_begun_within_the_round_is_finished_after_it(save, entry, stop, inspector):
    save(entry)

    finish(stop, entry.visit_uuid, note="", by=inspector, now=AFTER_MIDNIGHT)

    assert Visit.objects.get().finished_at == AFTER_MIDNIGHT


def test_no_visit_is_begun_after_the_round(entry, stop, inspector, checklist_item):
    with pytest.raises(NotInThisState):
        finish(stop, uuid4(), note="", by=inspector, now=AFTER_MIDNIGHT)
    with pytest.raises(NotInThisState):
        set_aside(stop, uuid4(), checklist_item, applies=False, by=inspector, now=AFTER_MIDNIGHT)

    assert not Visit.objects.exists()


def test_an_item_is_set_aside_in_a_visit_that_goes_on(save, entry, stop, inspector, make_item, checklist_item):
    save(entry)
    other = stop.place.place_type.items.create(
        checklist_id=stop.round.checklist.copy().pk, category="秩序", text="另一项"
    )

    set_aside(stop, entry.visit_uuid, other, applies=False, by=inspector, now=AFTER_MIDNIGHT)

    assert Answer.objects.get(item=other).outcome == "na"


@pytest.fixture
def over(stop):
    """The round has ended yesterday, on the clock of this machine."""
    stop.round.ends_on = timezone.localdate() - timedelta(days=1)
    stop.round.save()
    return stop


@pytest.fixture
def phone(client, inspector):
    client.force_login(inspector)
    return client


def test_the_phone_sends_its_own_time(phone, over, make_entry, form_of):
    said = timezone.now() - timedelta(days=1)

    sent = form_of(make_entry(), found_at=said.isoformat())
    answer = phone.post(reverse("inspections:finding-save", args=[over.pk]), sent, HTTP_ACCEPT="application/json")

    assert (answer.status_code, Finding.objects.get().found_at) == (201, said)


def test_the_phone_is_told_why_it_is_too_late(phone, over, make_entry, form_of):
    sent = form_of(make_entry())

    answer = phone.post(reverse("inspections:finding-save", args=[over.pk]), sent, HTTP_ACCEPT="application/json")

    assert answer.status_code == 409
    assert str(over.round.takes_until) in answer.json()["problems"][0]


@pytest.mark.parametrize("said", ["gestern", "2026-02-30T10:00:00Z", "2026-09-30T10:00:00", "12"])
def test_words_that_are_no_moment_are_none(phone, stop, make_entry, form_of, said):
    before = timezone.now()

    phone.post(reverse("inspections:finding-save", args=[stop.pk]), form_of(make_entry(), found_at=said))

    assert Finding.objects.get().found_at >= before


def test_the_sheet_stays_open_for_what_still_arrives_and_says_so(phone, over):
    address = reverse("inspections:capture", args=[over.pk])
    page = phone.get(address)
    over.round.ends_on -= timedelta(days=3)
    over.round.save()

    assert (page.status_code, "不再接收" in page.content.decode()) == (200, True)
    assert phone.get(address).status_code == 409
