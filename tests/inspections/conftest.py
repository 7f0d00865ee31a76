"""What the tests of inspections begin with: a running round of the city, its team, and a place on its list."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from inspections.capture import Entry
from inspections.models import Place, Round


def jpeg(color="red", name="photo.jpg"):
    """A small real photo."""
    picture = BytesIO()
    Image.new("RGB", (64, 48), color).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


@pytest.fixture
def make_round(city, checklist, checklist_item):
    """A round of the city, running since a week for another week."""

    def make(name="三季度督查", **fields):
        today = timezone.localdate()
        week = timedelta(days=7)
        fields = {"unit": city, "checklist": checklist, "starts_on": today - week, "ends_on": today + week} | fields
        return Round.objects.create(name=name, **fields)

    return make


@pytest.fixture
def running(make_round, inspector):
    """A running round; `inspector` is in its only team."""
    round_ = make_round()
    round_.teams.create(name="一组").members.add(inspector)
    return round_


@pytest.fixture
def make_stop(running, make_place):
    """A place on the list of the running round, given to its team."""

    def make(place=None, **fields):
        place = place or make_place()
        stop = running.stops.create(place=place, **({"team": running.teams.first()} | fields))
        stop.place = Place.objects.with_units().get(pk=place.pk)
        return stop

    return make


@pytest.fixture
def stop(make_stop):
    return make_stop()


@pytest.fixture
def make_entry(stop, checklist_item, bureau):
    """What a phone sends: one finding at `stop`."""

    def make(**fields):
        said = {"uuid": uuid4(), "visit_uuid": uuid4(), "item": checklist_item, "unit": bureau, "text": "摊位外溢"}
        return Entry(**({"stop": stop, "count": 1} | said | fields))

    return make


@pytest.fixture
def form_of():
    """The form that sends `entry`."""

    def fields(entry, **more):
        said = {"uuid": entry.uuid, "visit": entry.visit_uuid, "item": entry.item.pk, "unit": entry.unit.pk}
        return said | {"text": entry.text, "count": entry.count} | more

    return fields


@pytest.fixture
def put_in(make_item, lead, office):
    """A rectification item in the state that is asked for, with what belongs to it."""
    now = timezone.now()
    submitted = {"submitted_at": now, "submitted_by": lead, "measure": "已清理"}
    needs = {
        "submitted": submitted,
        "returned": submitted,
        "closed": submitted | {"closed_at": now, "closed_by": office},
        "signed": {"signed_at": now},
    }
    return lambda state, **fields: make_item(state=state, **(needs.get(state, {}) | fields))
