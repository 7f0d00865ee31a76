"""What was read from a ledger file, before anything is stored: tasks, problems, names of units nobody knows."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from tasks.reading.cell_text import folded


def solid(text):
    """The text without white space, in half width."""
    return "".join(folded(text).split())


@dataclass(slots=True)
class CriterionDraft:
    """One numbered standard of a row, with the methods that count for it."""

    number: str
    text: str
    methods: list[str]


@dataclass(slots=True)
class TaskDraft:
    """One row of the ledger; `row` is the sheet's own number, `title` the cell on one line, unnumbered.

    `code`, `content` and `path` take the title apart where it carries codes of the standard: the last code, the words
    that belong to it, and the indicators above as (code, name) from the outermost inwards.
    """

    row: int
    title: str
    sheet: str = ""
    lead: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    deadline: datetime.date | None = None
    deadline_text: str = ""
    number: str = ""
    section: str = ""
    code: str = ""
    content: str = ""
    path: list[tuple[str, str]] = field(default_factory=list)
    requirement: str = ""
    criteria: list[CriterionDraft] = field(default_factory=list)
    material: str = ""
    persons: list[str] = field(default_factory=list)
    headings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def said(self):
        """The row as it stands in the file: (heading, text) of the filled cells."""
        return [(name, text) for name, text in zip(self.headings, self.cells, strict=True) if text]

    def units(self):
        return [*self.lead, *self.responsible, *self.supporting]

    def likeness(self):
        """Rows with the same likeness say the same; where they stand and how they are numbered does not count.

        Nor do white space and width: 清扫 道路 is 清扫道路.
        """
        return (
            self.section, tuple(self.path), solid(self.title), solid(self.requirement), solid(self.material),
            tuple(self.lead), tuple(self.responsible), tuple(self.supporting), tuple(self.methods),
            solid(self.deadline_text),
        )  # fmt: skip

    def as_json(self):
        return {
            "row": self.row,
            "title": self.title,
            "lead": self.lead,
            "responsible": self.responsible,
            "supporting": self.supporting,
            "methods": self.methods,
            "deadline": self.deadline and self.deadline.isoformat(),
            "deadline_text": self.deadline_text,
        }


@dataclass(slots=True)
class Problem:
    """Something to look at. `column` is the heading as the sheet has it, `reason` is translated when shown."""

    row: int
    column: str
    value: str
    reason: str | Promise
    sheet: str = ""

    def as_json(self):
        return {"row": self.row, "column": self.column, "value": self.value, "reason": str(self.reason)}


@dataclass(slots=True)
class UnknownUnit:
    """A name in a unit's place that the tree of units does not know."""

    row: int
    text: str
    sheet: str = ""


@dataclass
class LedgerDraft:
    """The whole file. Nothing is in it twice; what could not be taken is in `problems`."""

    known: Callable[[str], bool]
    title: str = ""
    year: int | None = None
    tasks: list[TaskDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown_units: list[UnknownUnit] = field(default_factory=list)
    rows_seen: dict[int, int] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)

    def earlier_row(self, task):
        """The row that said the same before, or None; the first time the row is remembered."""
        likeness = hash(task.likeness())
        earlier = self.rows_seen.get(likeness)
        if earlier is None:
            self.rows_seen[likeness] = task.row
        return earlier

    def add(self, task):
        self.tasks.append(task)
        for name in task.units():
            if name not in self.answers:
                self.answers[name] = bool(self.known(name))
            if not self.answers[name]:
                self.unknown_units.append(UnknownUnit(task.row, name, task.sheet))

    def as_json(self):
        """The object that `import_ledger --json` prints."""
        return {
            "tasks": len(self.tasks),
            "items": [task.as_json() for task in self.tasks],
            "unknown_units": [{"row": unit.row, "text": unit.text} for unit in self.unknown_units],
            "problems": [problem.as_json() for problem in self.problems],
        }
