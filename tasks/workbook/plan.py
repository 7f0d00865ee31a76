"""What taking over an edited workbook would do, row by row and cell by cell. Made by `compare`; stores nothing."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from tasks.imports import clip
from tasks.models import Ledger
from tasks.models.assignment import PARTS
from tasks.reading.ledger_draft import Problem
from tasks.workbook.cells import TASKS
from tasks.workbook.edited_sheet import EditedSheet
from tasks.workbook.given_cells import UNITS
from tasks.workbook.labels import SEPARATOR, pieces
from tasks.workbook.rows import GivenNow, Names, RowNow

# `open`: something in the row is wrong or in conflict, and nothing in it changes by itself.
NEW, CHANGED, SAME, OPEN, GONE = "new", "changed", "same", "open", "gone"
LISTS, FEW_NAMES = frozenset({*PARTS, "criteria"}), 6
SHOWN, CONTEXT = 300, 30  # letters of a long text on the page, and how many of them before the difference


@dataclass(slots=True)
class Cell:
    """One cell: what stands here now, and what the file says."""

    column: str
    before: str
    after: str

    @property
    def heading(self):
        return (TASKS.by_name | UNITS.by_name)[self.column].heading

    @property
    def sides(self):
        """Both texts: of many names those that differ, of a long text the part in which it begins to differ."""
        if self.column in LISTS:
            return few_names(pieces(self.before), pieces(self.after))
        if max(len(self.before), len(self.after)) <= SHOWN:
            return self.before, self.after
        pairs = zip(self.before, self.after, strict=False)
        same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))
        start = max(0, same - CONTEXT)
        return tuple("…" * bool(start) + clip(side[start:], SHOWN) for side in (self.before, self.after))


def few_names(before, after):
    """Two lists of names as texts; where many names stand in both, `…` stands for those."""
    same = set(before) & set(after)
    if len(same) <= FEW_NAMES:
        return SEPARATOR.join(before), SEPARATOR.join(after)
    return tuple(SEPARATOR.join(["…", *(name for name in names if name not in same)]) for names in (before, after))


@dataclass
class PlannedRow:
    """One row of the file. `values` are the fields to be stored, `cells` how they are shown.

    `now` is None for a task that is not there (yet); `mark` names the task in a choice. `sheet` is the name of the
    sheet where it is that of the units.
    """

    number: int
    title: str
    fate: str
    now: RowNow | GivenNow | None = None
    values: dict = field(default_factory=dict)
    cells: list = field(default_factory=list)
    mark: str = ""
    key: str = ""
    sheet: str = ""


@dataclass
class Conflict:
    """A field that the file says otherwise and that was changed here since the export, or may have been.

    `refused` says why the file's value cannot be chosen.
    """

    row: PlannedRow
    field: str
    value: object
    cells: list
    refused: str = ""

    @property
    def mark(self):
        return f"{self.row.mark}:{self.field}"


@dataclass
class Missing:
    """A task that the file no longer has. `refused` says why it must stay."""

    now: RowNow
    refused: str

    @property
    def mark(self):
        return str(self.now.uid)

    @property
    def title(self):
        return self.now.values["title"]


@dataclass
class Plan:
    """The difference between an edited workbook and its ledger.

    `conflicts`, `missing` and rows whose task is `gone` wait for a choice; without one nothing happens to them. With
    `problems` nothing can be taken over; `remarks` are worth a word. `stale` cells were changed here only. `units` are
    the rows of the sheet of units that say something else, `targets` their tasks.
    """

    ledger: Ledger
    sheet: EditedSheet
    names: Names
    rows: list = field(default_factory=list)
    units: list = field(default_factory=list)
    targets: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    stale: int = 0

    def with_fate(self, fate):
        return [row for row in self.rows if row.fate == fate]

    @cached_property
    def counts(self):
        fates = Counter(row.fate for row in self.rows)
        counted = {name: fates[name] for name in (NEW, CHANGED, SAME)}
        counted["conflicts"] = len(self.conflicts) + fates[GONE]
        counted["units"] = sum(row.fate in (NEW, CHANGED) for row in self.units)
        return counted | {"missing": len(self.missing), "problems": len(self.problems)}

    @property
    def is_empty(self):
        """Whether the file says just what stands here."""
        return not any(self.counts[name] for name in (NEW, CHANGED, "units", "conflicts", "missing", "problems"))

    @property
    def has_work(self):
        """Whether there is anything to confirm or to choose."""
        is_removable = any(not one.refused for one in self.missing)
        return is_removable or any(self.counts[name] for name in (NEW, CHANGED, "units", "conflicts"))

    @cached_property
    def version(self):
        """Changes with everything that the page shows and that confirming would do."""
        shown = [
            [(row.number, row.fate, row.mark, as_said(row.cells)) for row in [*self.rows, *self.units]],
            [(one.mark, str(one.refused), as_said(one.cells)) for one in self.conflicts],
            [(one.mark, str(one.refused)) for one in self.missing],
            [(one.sheet, one.row, one.column, str(one.reason)) for one in self.problems],
        ]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:32]

    def problem(self, sheet, row, column, value, reason):
        """Note what is wrong in a cell; the sheet is named where it is not the first."""
        where = "" if sheet is self.sheet else sheet.name
        self.problems.append(Problem(row, sheet.column(column), value, reason, where))


def as_said(cells):
    return [(cell.column, cell.before, cell.after) for cell in cells]
