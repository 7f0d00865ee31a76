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
from tasks.workbook.cells import BY_NAME
from tasks.workbook.labels import SEPARATOR, pieces
from tasks.workbook.reading import EditedSheet
from tasks.workbook.rows import Names, RowNow

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
        return BY_NAME[self.column].heading

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

    `now` is None for a task that is not there (yet); `mark` names the task in a choice.
    """

    number: int
    title: str
    fate: str
    now: RowNow | None = None
    values: dict = field(default_factory=dict)
    cells: list = field(default_factory=list)
    mark: str = ""
    key: str = ""


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
    `problems` nothing can be taken over; `remarks` are worth a word. `stale` cells were changed here only.
    """

    ledger: Ledger
    sheet: EditedSheet
    names: Names
    rows: list = field(default_factory=list)
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
        return counted | {"missing": len(self.missing), "problems": len(self.problems)}

    @property
    def is_empty(self):
        """Whether the file says just what stands here."""
        return not any(self.counts[name] for name in (NEW, CHANGED, "conflicts", "missing", "problems"))

    @property
    def has_work(self):
        """Whether there is anything to confirm or to choose."""
        is_removable = any(not one.refused for one in self.missing)
        return is_removable or any(self.counts[name] for name in (NEW, CHANGED, "conflicts"))

    @cached_property
    def version(self):
        """Changes with everything that the page shows and that confirming would do."""
        shown = [
            [(row.number, row.fate, row.mark, as_said(row.cells)) for row in self.rows],
            [(one.mark, str(one.refused), as_said(one.cells)) for one in self.conflicts],
            [(one.mark, str(one.refused)) for one in self.missing],
            [(one.row, one.column, str(one.reason)) for one in self.problems],
        ]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:32]

    def problem(self, row, column, value, reason):
        self.problems.append(Problem(row, self.sheet.column(column), value, reason))


def as_said(cells):
    return [(cell.column, cell.before, cell.after) for cell in cells]
