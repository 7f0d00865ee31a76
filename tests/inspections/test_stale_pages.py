"""Pages that were opened before somebody else went on: nobody decides on what was not read."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.capture import finish, set_aside
from inspections.models import RectificationItem, Visit
from units.models import WorkCalendar
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered_anew(office, lead):
    """Return the item and let the unit answer again, as others do while a page lies open."""

    def answer(item):
        other = RectificationItem.objects.get(pk=item.pk)
        other.send_back(by=office, note="照片不清", calendar=WorkCalendar.load(), now=timezone.now())
        other.submit(by=lead, measure="拟于下月清理")

    return answer


@pytest.mark.parametrize("step", ["verify", "return"])
def test_an_answer_that_nobody_has_read_is_not_decided(client, office, put_in, answered_anew, step):
    item = put_in("submitted")
    client.force_login(office)
    seen = re.search(r'name="seen" value="(\d+)"', client.get(item.get_absolute_url()).content.decode())[1]
    answered_anew(item)

    answer = client.post(reverse(f"inspections:item-{step}", args=[item.pk]), {"note": "同意", "seen": seen})

    item.refresh_from_db()
    assert (answer.status_code, item.state, item.measure) == (409, "submitted", "拟于下月清理")


def test_the_answer_that_was_read_is_verified(client, office, put_in):
    item = put_in("submitted")
    client.force_login(office)

    client.post(reverse("inspections:item-verify", args=[item.pk]), {"seen": item.version})

    item.refresh_from_db()
    assert item.state == "closed"


def test_a_unit_does_not_begin_with_the_words_of_the_one_before(put_in, lead, office, other_bureau):
    item = put_in("signed")
    item.prepare(by=lead, measure="城管局内部拟稿")

    item.reassign(by=office, unit=other_bureau, note="职责所在", calendar=WorkCalendar.load(), now=timezone.now())

    assert item.measure == ""


def test_after_a_visit_no_item_changes_whether_it_applies(stop, checklist_item, inspector):
    now, uuid = timezone.now(), "00000000-0000-4000-8000-000000000001"
    set_aside(stop, uuid, checklist_item, applies=False, by=inspector, now=now)
    finish(stop, uuid, note="", by=inspector, now=now)

    with pytest.raises(NotInThisState):
        set_aside(stop, uuid, checklist_item, applies=True, by=inspector, now=now)

    assert Visit.objects.get().answers.count() == 1
