"""An uploaded ledger on its way: begun, looked at, decided about, confirmed or discarded."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks import name_choices
from tasks.imports import NEW, SAME, ledger_name, plan, store
from tasks.models import Ledger, LedgerImport, Standard
from tasks.placing import Placing
from tasks.reading.ledger_file import read_ledger
from tasks.reading.sheet_row import NO_UNIT
from tasks.standards import standard_import
from tasks.workbook.edited_sheet import was_exported
from units.files import accept
from units.matching import Matcher
from units.spreadsheets import UnreadableFile
from units.workflow import NotInThisState

OWN = _(
    "This is a ledger that was exported here for editing. Please open that ledger and choose "
    "“Import the edited workbook” there."
)


@transaction.atomic
def begin(upload, *, by, becomes, ledger, unit, name, year):
    """Keep the file and what it shall become. Raises `UnreadableFile`, and keeps nothing, if it is no ledger."""
    today = timezone.localdate()
    draft = read_ledger(upload.file, today=today)
    if was_exported(draft):
        raise UnreadableFile(OWN)
    return LedgerImport.objects.create(
        attachment=accept(upload, unit=unit, by=by),
        by=by,
        becomes=becomes,
        ledger=ledger,
        unit=unit,
        name=ledger.name if ledger else name or ledger_name(draft.title) or PurePath(upload.name).stem[:150],
        year=ledger.year if ledger else year or draft.year or today.year,
    )


@dataclass
class Preview:
    """What is in the file of an import, and what confirming it would do. Nothing is stored."""

    upload: LedgerImport
    matcher: Matcher = field(init=False)
    placing: Placing = field(init=False)

    def __post_init__(self):
        self.matcher = Matcher(self.upload.unit)
        self.placing = Placing(self.matcher, name_choices.meanings(self.upload.choices))

    @cached_property
    def draft(self):
        with self.upload.attachment.original.open("rb") as file:
            return read_ledger(file, today=timezone.localdate(self.upload.at), known=self.tree_knows)

    def tree_knows(self, name):
        """Without what was decided in this preview, so that a decision can be changed."""
        return bool(self.matcher.expand(self.matcher.match(name)))

    @cached_property
    def rows(self):
        rows = plan(self.draft, self.placing, self.target)
        if self.is_standard:
            for row in rows:
                row.fate = NEW if (row.draft.sheet, row.draft.row) in self.edition.new_rows else SAME
        return rows

    @property
    def is_standard(self):
        return self.upload.becomes == LedgerImport.Becomes.STANDARD

    @cached_property
    def edition(self):
        """What would be added to which assessment system."""
        found = Standard.objects.filter(**standard_import.edition_of(**self.named)).first()
        return standard_import.plan(self.draft, found)

    @property
    def target(self):
        """The ledger it goes into, if there is one yet."""
        if self.upload.ledger or self.is_standard:
            return self.upload.ledger
        return Ledger.objects.filter(**self.named).first()

    @property
    def named(self):
        return {"unit": self.upload.unit, "year": self.upload.year, "name": self.upload.name}

    @cached_property
    def unknown(self):
        """Names that the tree does not know: name → the rows they stand in."""
        found = {}
        for one in self.draft.unknown_units:
            found.setdefault(one.text, []).append(one.row)
        return found

    @cached_property
    def groups(self):
        """Names that mean several units: `(name, units)`."""
        meanings = self.placing.meanings
        return [(name, meant.units) for name, meant in meanings.items() if self.rows and meant.is_group]

    @cached_property
    def has_sheets(self):
        """Whether rows stand in more than one sheet, so that a number alone does not say where."""
        said = [*self.draft.tasks, *self.draft.problems]
        return len({one.sheet for one in said}) > 1

    def sheet_of(self, one):
        """The sheet of a row or problem as far as it must be said."""
        return one.sheet if self.has_sheets else ""

    @cached_property
    def problems(self):
        """Every problem by `(sheet, row)`: those of the file, then those of placing its units."""
        found = {}
        for one in [*self.draft.problems, *(problem for row in self.rows for problem in row.problems)]:
            if not (self.is_standard and one.reason is NO_UNIT):  # an assessment system asks nobody in particular
                found.setdefault((one.sheet, one.row), []).append(one)
        return found

    def counts(self):
        fates = [row.fate for row in self.rows]
        return {
            "tasks": len(fates),
            "new": fates.count(NEW),
            "changed": fates.count("changed"),
            "same": fates.count("same"),
            "problems": sum(map(len, self.problems.values())),
            "unknown": len(self.unknown.keys() - self.upload.choices.keys()),
            "without_units": sum(not row.shares for row in self.rows),
        }


def locked(upload):
    """The import, held until the transaction ends; `NotInThisState` if somebody has confirmed or discarded it."""
    held = LedgerImport.objects.select_for_update(of=("self",)).select_related("unit", "attachment").get(pk=upload.pk)
    if held.state != LedgerImport.State.PREVIEW:
        raise NotInThisState(f"the import is {held.state}")
    return held


@transaction.atomic
def choose(upload, choices):
    """Keep what was decided about unknown names."""
    held = locked(upload)
    held.choices = choices
    held.save(update_fields=["choices"])


@transaction.atomic
def confirm(upload, choices):
    """Import the file with these choices, all or nothing; a second confirmation finds it done and is refused."""
    held = locked(upload)
    held.choices = choices
    preview = Preview(held)
    if held.becomes == LedgerImport.Becomes.STANDARD:
        held.standard, held.outcome = standard_import.store(preview.draft, **preview.named)
    else:
        preview.placing.chosen = name_choices.carry_out(choices, preview.matcher)
        held.ledger = held.ledger or Ledger.objects.get_or_create(**preview.named)[0]
        held.outcome = store(preview.draft, preview.placing, held.ledger).as_json()
    held.state = LedgerImport.State.CONFIRMED
    held.save(update_fields=["choices", "ledger", "standard", "outcome", "state"])
    return held


@transaction.atomic
def discard(upload):
    """Give the import up; the file stays as a record."""
    held = locked(upload)
    held.state = LedgerImport.State.DISCARDED
    held.save(update_fields=["state"])
