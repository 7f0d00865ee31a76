"""What an inspector found, written down in one transaction and, however often it is sent, once."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inspections.models import (
    Answer,
    ChecklistItem,
    Finding,
    FindingPhoto,
    RectificationItem,
    RoundPlace,
    Taken,
    Visit,
)
from inspections.models.finding import MOST_PHOTOS
from units.files import accept
from units.models import Unit, WorkCalendar
from units.workflow import NotInThisState


@dataclass(frozen=True)
class Entry:
    """One finding as the phone sends it. `uuid` names the finding, `visit_uuid` the visit it belongs to.

    `found_at` is the time on the phone's clock; None: a form without a script has none.
    """

    uuid: UUID
    visit_uuid: UUID
    stop: RoundPlace
    item: ChecklistItem
    unit: Unit
    text: str
    count: int
    found_at: datetime | None = None

    def digest(self):
        """What makes two sendings the same: everything but visit and time, which the server may know better."""
        said = [self.stop.round_id, self.stop.place_id, self.item.pk, self.unit.pk, self.text, self.count]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def record(entry, *, by, now):
    """Write the finding, the answer and the rectification item. Returns the finding.

    The same entry again returns the finding that was written the first time. Raises `Taken` when something else
    stands under its uuid. The lock on the visit makes the second of two sendings wait for the first; should they
    meet without it, the database keeps one of them.
    """
    try:
        with transaction.atomic():
            return written(entry, by=by) or write(entry, by=by, now=now)
    except IntegrityError:
        known = written(entry, by=by)
        if known is None:
            raise
        return known


def begin(stop, uuid, *, by, at, now):
    """The visit that is meant, locked, for what was done there at the moment `at`.

    Only within the round, and at most `LATE_ARRIVALS` after its last day: else `NotInThisState`.
    """
    if not stop.round.takes(at, now=now):
        words = _("The round ended on %(day)s. Only what was found by then is taken, until %(last)s.")
        raise NotInThisState(words % {"day": stop.round.ends_on, "last": stop.round.takes_until})
    return Visit.objects.begin(uuid=uuid, round=stop.round, place=stop.place, by=by, now=at)


def resume(stop, uuid, *, by, now):
    """The visit that goes on, locked: after the round's last day only one that was begun within it."""
    own = Visit.objects.filter(round=stop.round, place=stop.place, by=by)
    visit = own.filter(uuid=uuid).first() or own.unfinished().first()
    return begin(stop, uuid, by=by, at=visit.started_at if visit else now, now=now)


def write(entry, *, by, now):
    """The one transaction. The deadline counts from now, when the unit can learn of it."""
    found_at = entry.stop.round.moment(entry.found_at, now=now)
    visit = begin(entry.stop, entry.visit_uuid, by=by, at=found_at, now=now)
    known = written(entry, by=by)
    if known:
        return known
    finding = Finding.objects.create(
        uuid=entry.uuid,
        payload_sha256=entry.digest(),
        unit=entry.unit,
        place=entry.stop.place,
        visit=visit,
        item=entry.item,
        text=entry.text,
        count=entry.count,
        deduction=answer_fails(visit, entry),
        found_at=found_at,
        found_by=by,
    )
    due_at = entry.item.due(now, WorkCalendar.load())
    RectificationItem.objects.issue(finding, by=by, due_at=due_at, now=now)
    return finding


def written(entry, *, by):
    """The finding that this entry has become already; None on the first time."""
    finding = Finding.objects.filter(uuid=entry.uuid).first()
    if finding and (finding.payload_sha256, finding.found_by_id) != (entry.digest(), by.pk):
        raise Taken(finding)
    return finding


def answer_fails(visit, entry):
    """Count the occurrences into the visit's answer. Returns the points they cost, never more than the item's."""
    answer = visit.answers.filter(item=entry.item).first()
    if answer is None:
        answer = Answer(visit=visit, item=entry.item, unit=entry.unit)
    if answer.outcome != Answer.Outcome.FAIL:
        answer.outcome, answer.unit = Answer.Outcome.FAIL, entry.unit
    lost_before = entry.item.deduct(answer.count)
    answer.count += entry.count
    answer.save()
    return entry.item.deduct(answer.count) - lost_before


@transaction.atomic
def set_aside(stop, visit_uuid, item, *, applies, by, now):
    """Write that an item does not apply here, or take that back."""
    resume(stop, visit_uuid, by=by, now=now).set_aside(item, applies=applies)


@transaction.atomic
def finish(stop, visit_uuid, *, note, by, now):
    """End the visit: what was not found wrong has met the standard."""
    resume(stop, visit_uuid, by=by, now=now).finish(now=now, note=note)


@transaction.atomic
def add_photo(finding, upload, *, by, uuid=None):
    """Join one checked photo to the finding and return it. Sent again it stays one. Raises `Taken` as `record` does.

    Without a `uuid` (a plain form has none) the content names the photo. `NotInThisState` when the finding has
    `MOST_PHOTOS` already, or its item is closed: it was judged by what was there.
    """
    Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    uuid = uuid or uuid5(finding.uuid, upload.sha256)
    known = FindingPhoto.objects.filter(uuid=uuid).select_related("attachment").first()
    if known:
        if (known.finding_id, known.attachment.sha256) != (finding.pk, upload.sha256):
            raise Taken(finding)
        return known
    order = finding.finding_photos.count()
    if order >= MOST_PHOTOS:
        raise NotInThisState(_("A finding has at most %(n)s photos.") % {"n": MOST_PHOTOS})
    item = RectificationItem.objects.select_for_update(of=("self",)).filter(finding=finding).first()
    if item and item.state == RectificationItem.State.CLOSED:
        raise NotInThisState(_("The item is closed: its photos stay as they are."))
    attachment = accept(upload, unit=finding.unit, by=by)
    return finding.finding_photos.create(uuid=uuid, attachment=attachment, order=order)
