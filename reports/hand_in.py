"""What goes into a package or on a photo sheet, as a frozen list: filed material in, a plain dict out.

As all facts of papers they are Chinese and carry the `version` that names their template.
"""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from reports.models import HandInPackage, PhotoSheet
from reports.package_names import CATALOGUE, SUMS, Names
from reports.snapshots import fingerprint
from tasks.lists.material_lists import ranked
from tasks.models import CatalogueNumber, Evidence, Material, MaterialRevision
from units.filters import keys
from units.models import Attachment, Unit

VERSION = 1
CHINESE = "zh-hans"
MOST_PHOTOS = 60
HEADING = "创建文明城市工作图片资料"


@transaction.atomic
def make_package(*, unit, standard, by):
    """Freeze what `unit` and the units below it have filed, and return the package.

    Raises `ValidationError` when nothing of it has a catalogue number.
    """
    with translation.override(CHINESE):
        entries = listed(unit, standard, by)
        title = f"{unit.name}《{standard}》资料目录" if standard else f"{unit.name}创建文明城市资料目录"
    if not entries:
        raise ValidationError(_("Nothing with a catalogue number is filed here."))
    now = timezone.now()
    files = [entry for entry in entries if not entry["see"]]
    facts = {
        "version": VERSION,
        "kind": HandInPackage.kind,
        "title": title,
        "unit": {"id": unit.pk, "name": unit.name},
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "made_by": str(by),
        "entries": entries,
        "totals": {"entries": len(entries), "files": len(files), "size": sum(entry["size"] for entry in files)},
    }
    data = facts | {"sha256": fingerprint(facts)}
    return HandInPackage.objects.create(
        unit=unit, standard=standard, title=title[:200], data=data, made_by=by, made_at=now
    )


def listed(unit, standard, by):
    """Every number in the order of the catalogue. A file lies under its first one; the others say where (`see`)."""
    numbers = CatalogueNumber.objects.visible_to(by).filter(material__unit__path__startswith=unit.path)
    if standard:
        numbers = numbers.filter(criterion__indicator__standard=standard)
    related = ("material__unit", "criterion__indicator__standard", "piece")
    numbers = list(numbers.in_order().select_related(*related))
    newest = MaterialRevision.objects.newest().filter(material__in={one.material_id for one in numbers})
    revisions = {one.material_id: one for one in newest.select_related("attachment")}
    several = len({one.criterion.indicator.standard_id for one in numbers}) > 1
    names, first = Names(CATALOGUE, SUMS), {}
    return [entry_of(one, revisions[one.material_id], names, first, several=several) for one in numbers]


def entry_of(number, revision, names, first, *, several):
    """One line. `first` remembers by material the entry where its file lies."""
    criterion, attachment = number.criterion, revision.attachment
    there = first.get(number.material_id)
    folders = [str(criterion.indicator.standard)] * several + [criterion.code]
    title = number.material.title
    extension = PurePath(attachment.name).suffix.lower()
    path = there["path"] if there else names.give(folders, f"{number.number} {title}", extension)
    entry = {
        "number": number.number,
        "title": title,
        "piece": number.piece.name if number.piece else "",
        "unit": str(number.material.unit),
        "standard": str(criterion.indicator.standard) if several else "",
        "code": criterion.code,
        "criterion": criterion.text,
        "revision": revision.number,
        "see": there["number"] if there else "",
        "path": path,
        "attachment": str(attachment.pk),
        "content_type": attachment.content_type,
        "at": timezone.localtime(revision.at).isoformat(timespec="seconds"),
        "size": attachment.size,
        "sha256": attachment.sha256,
    }
    first.setdefault(number.material_id, entry)
    return entry


@dataclass(frozen=True)
class Photo:
    """A photo that may go on a sheet, and what is known of it."""

    attachment: Any
    unit: Any
    theme: str
    heading: str
    number: str = ""
    url: str = ""

    def said(self, *, theme, place):
        return {"theme": theme, "place": place, "unit": self.unit.name, "number": self.number}


def chosen_photos(user, materials, assignments):
    """The photos among the entries of the catalogue and the reports of the assignments with these keys, as far as
    `user` sees them, in the order of the catalogue; at most `MOST_PHOTOS`."""
    rows = Material.objects.visible_to(user).with_photos().filter(pk__in=keys(materials)).with_everything()
    in_order = ranked(rows).order_by(F("rank").asc(nulls_last=True), "pk")
    photos = [photo_of_material(one) for one in in_order]
    evidence = Evidence.objects.uses_seen_by(user).filter(
        progress__assignment__in=keys(assignments), attachment__family=Attachment.Family.IMAGE
    )
    photos += [photo_of_evidence(one) for one in evidence]
    return list({one.attachment.pk: one for one in photos}.values())[:MOST_PHOTOS]


def photo_of_material(material):
    revision, numbers = material.newest, list(material.numbers.all())
    number = numbers[0].number if numbers else ""
    return Photo(revision.attachment, material.unit, material.title, HEADING, number, revision.url)


def photo_of_evidence(evidence):
    assignment = evidence.progress.assignment
    theme = evidence.caption or assignment.task.title[:120]
    return Photo(evidence.attachment, assignment.unit, theme, HEADING, "", evidence.url)


def common_unit(units):
    """The lowest unit that all of `units` stand on or below; None when there is none."""
    if not units:
        return None
    steps = [unit.path.strip("/").split("/") for unit in units]
    shared = [step[0] for step in zip(*steps, strict=False) if len(set(step)) == 1]
    return Unit.objects.get(pk=shared[-1]) if shared else None


@transaction.atomic
def make_sheet(photos, *, title, unit, by):
    """Freeze `photos`: pairs of an attachment and what is said of it (`theme`, `place`, `unit`)."""
    now = timezone.now()
    facts = {
        "version": VERSION,
        "kind": PhotoSheet.kind,
        "title": title,
        "unit": {"id": unit.pk, "name": unit.name},
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "photos": [photo_facts(attachment, said) for attachment, said in photos],
    }
    return PhotoSheet.objects.create(
        unit=unit, title=title, data=facts | {"sha256": fingerprint(facts)}, made_by=by, made_at=now
    )


def photo_facts(attachment, said):
    """When it was taken, or when it was handed in if the camera did not say."""
    moment = timezone.localtime(attachment.taken_at or attachment.uploaded_at)
    return {
        "attachment": str(attachment.pk),
        "sha256": attachment.sha256,
        "at": moment.isoformat(timespec="minutes"),
        "is_taken": attachment.taken_at is not None,
        **said,
    }
