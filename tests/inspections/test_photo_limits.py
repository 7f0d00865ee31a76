"""A finding has at most nine photos, and none comes after its item was closed."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from inspections.capture import add_photo
from inspections.models import FindingPhoto, RectificationItem
from inspections.models.finding import MOST_PHOTOS
from tests.inspections.conftest import jpeg
from tests.inspections.rivals import race
from units.files import check
from units.filetypes import IMAGES
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def photo(n):
    return jpeg((n * 25, 100, 50))


@pytest.fixture
def finding(put_in, inspector):
    found = put_in("submitted").finding
    found.found_by = inspector
    found.save()
    return found


@pytest.fixture
def send(client, inspector, finding):
    """Send the photo `n` as the phone does; its uuid is the same each time."""
    client.force_login(inspector)
    url, names = reverse("inspections:finding-photo", args=[finding.pk]), [uuid4() for _ in range(12)]
    return lambda n: client.post(url, {"uuid": names[n], "photo": photo(n)}, **JSON)


def test_the_tenth_photo_is_refused_in_words(send, finding):
    statuses = [send(n).status_code for n in range(MOST_PHOTOS)]

    answer = send(MOST_PHOTOS)

    assert statuses == [201] * 9
    assert (answer.status_code, "9" in answer.json()["problems"][0]) == (409, True)
    assert finding.finding_photos.count() == 9


def test_one_of_the_nine_sent_again_gets_its_answer(send):
    first, *_rest = [send(n) for n in range(MOST_PHOTOS)]

    assert send(0).content == first.content


def test_no_photo_comes_after_the_item_was_closed(send, finding, office):
    send(0)
    finding.rectification.verify(by=office)

    assert (send(1).status_code, send(0).status_code) == (409, 201)
    assert finding.finding_photos.count() == 1


def test_a_plain_form_with_ten_photos_is_refused(client, inspector, stop, make_entry, form_of):
    client.force_login(inspector)
    sent = form_of(make_entry(), photos=[photo(n) for n in range(10)])

    answer = client.post(reverse("inspections:finding-save", args=[stop.pk]), sent)

    assert (answer.status_code, FindingPhoto.objects.count()) == (422, 0)


def test_the_database_counts_them_too(finding, inspector):
    add_photo(finding, checked(0), by=inspector)
    first = FindingPhoto.objects.get()

    with pytest.raises(IntegrityError, match="inspections_nine_photos_at_most"), transaction.atomic():
        FindingPhoto.objects.filter(pk=first.pk).update(order=9)
    with pytest.raises(IntegrityError, match="inspections_photos_in_order"), transaction.atomic():
        finding.finding_photos.create(attachment=first.attachment, order=0)


def checked(n):
    upload = photo(n)
    return check(SimpleUploadedFile(upload.name, upload.read(), "image/jpeg"), kinds=IMAGES)


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_comes_while_the_item_is_closed_waits_and_is_refused(finding, office, inspector, monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    item = finding.rectification

    has_waited, rival = race(lambda: item.verify(by=office), lambda: add_photo(finding, checked(0), by=inspector))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_item_the_photo_would_come_in(finding, office, inspector, monkeypatch):
    """The counter-proof."""
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    item = RectificationItem.objects.get(finding=finding)
    monkeypatch.setattr(RectificationItem.objects, "select_for_update", lambda **_how: RectificationItem.objects.all())

    _has_waited, rival = race(lambda: item.verify(by=office), lambda: add_photo(finding, checked(0), by=inspector))

    assert rival.error is None
