"""An edited workbook on its way: begun, looked at, confirmed or discarded."""

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Ledger, Reimport, Task
from tasks.workbook.compare import compare
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.store import take_over
from tasks.workbook.targets import uuid_of
from units.files import accept
from units.spreadsheets import UnreadableFile
from units.workflow import NotInThisState


@transaction.atomic
def begin(upload, *, by, ledger):
    """Keep the file. Raises `UnreadableFile`, and keeps nothing, if it is no workbook of this ledger."""
    of_this_ledger(read_edited(upload.file), ledger)
    return Reimport.objects.create(ledger=ledger, attachment=accept(upload, unit=ledger.unit, by=by), by=by)


def ledgers_of(sheet):
    """The primary keys of the ledgers to which the rows of a workbook belong."""
    keys = {uuid_of(row.key) for row in sheet.rows if row.key} - {None}
    return set(Task.objects.filter(uid__in=keys).order_by().values_list("ledger", flat=True))


def of_this_ledger(sheet, ledger):
    """Refuse a workbook of which all rows belong to other ledgers."""
    found = ledgers_of(sheet)
    if found and ledger.pk not in found:
        words = _("This workbook was exported from another ledger. Please import it on that ledger's page.")
        raise UnreadableFile(words)


def ledger_of(sheet):
    """The ledger from which a workbook was exported. Raises `UnreadableFile` where its rows do not say one."""
    found = ledgers_of(sheet)
    if len(found) != 1:
        raise UnreadableFile(_("The row keys of this workbook do not name one ledger; please say which one is meant."))
    return Ledger.objects.select_related("unit", "standard").get(pk=found.pop())


@dataclass
class Preview:
    """What confirming a re-import would do. Nothing is stored."""

    reimport: Reimport

    @cached_property
    def sheet(self):
        with self.reimport.attachment.original.open("rb") as file:
            return read_edited(file)

    @cached_property
    def plan(self):
        return compare(self.sheet, self.reimport.ledger)


def locked(reimport):
    """The re-import, held until the transaction ends; `NotInThisState` if it was confirmed or discarded meanwhile."""
    rows = Reimport.objects.select_for_update(of=("self",)).select_related("ledger__unit", "attachment")
    held = rows.get(pk=reimport.pk)
    if held.state != Reimport.State.PREVIEW:
        raise NotInThisState(f"the re-import is {held.state}")
    return held


@transaction.atomic
def confirm(reimport, choices, *, seen):
    """Take the file over with these choices, as `take_over` does; a second confirmation is refused."""
    held = locked(reimport)
    held.outcome = take_over(Preview(held).sheet, held.ledger, choices, seen=seen)
    held.state = Reimport.State.CONFIRMED
    held.save(update_fields=["outcome", "state"])
    return held


@transaction.atomic
def discard(reimport):
    """Give it up; the file stays as a record."""
    held = locked(reimport)
    held.state = Reimport.State.DISCARDED
    held.save(update_fields=["state"])
