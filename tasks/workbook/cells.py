"""The columns of the workbook, and each value of a task on its way into a cell and back."""

import datetime
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tasks.imports import METHODS
from tasks.models import Method, Task
from tasks.models.assignment import PARTS
from tasks.models.division import FULL
from tasks.reading.cell_text import text_of
from tasks.reading.deadline_text import read_deadline
from tasks.reading.method_cells import PLAIN
from tasks.workbook.labels import SEPARATOR, Labels, pieces, share_text, with_share
from tasks.workbook.texts import fitted, said
from units.names import plain
from units.spreadsheets import CellError, Formula

TEXTS = ("number", "section", "title", "requirement", "material", "deadline_text")
# What is compared, changed and fingerprinted as one thing: the units of a task and their shares belong together.
FIELDS = (*TEXTS, "methods", "is_key", "deadline", "units", "criteria")
VERSION, PIECE = "1", 8
EMPTY = {
    **dict.fromkeys(TEXTS, ""), "methods": (), "is_key": False, "deadline": None, "units": {}, "criteria": frozenset(),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One visible column: the heading that is written, the field it belongs to, its width."""

    name: str
    heading: Promise
    field: str
    width: int


COLUMNS = [
    Column("number", _("No."), "number", 10),
    Column("section", _("Section"), "section", 20),
    Column("title", _("Task"), "title", 44),
    Column("requirement", _("Requirement"), "requirement", 44),
    Column("material", _("Material"), "material", 32),
    Column("methods", _("Method"), "methods", 18),
    Column("is_key", _("Key task"), "is_key", 10),
    Column("lead", _("Lead"), "units", 20),
    Column("responsible", _("Responsible"), "units", 36),
    Column("supporting", _("Supporting"), "units", 36),
    Column("deadline", _("Deadline"), "deadline", 12),
    Column("deadline_text", _("Deadline as written"), "deadline_text", 16),
    Column("criteria", _("Criteria"), "criteria", 16),
]
BY_NAME = {column.name: column for column in COLUMNS}
OF_FIELD = {name: [column.name for column in COLUMNS if column.field == name] for name in FIELDS}
KEY, PRINT = "key", "print"
HIDDEN = {KEY: _("Row key (do not change)"), PRINT: _("Row as exported (do not change)")}
LONGEST = {name: Task._meta.get_field(name).max_length for name in ("number", "section", "deadline_text")}


@lru_cache(maxsize=1)
def headings():
    """What each heading means, in every language of the interface: a file may come from somebody else's."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {plain(str(column.heading)): column.name for column in COLUMNS}
            found |= {plain(str(heading)): name for name, heading in HIDDEN.items()}
    return found


@lru_cache(maxsize=1)
def words():
    """The methods and the yes and no that a cell may say, in every language: ({word: method}, {word: bool})."""
    methods = {plain(spelling): METHODS[name].value for spelling, name in PLAIN.items()}
    answers = {"": False, "√": True, "✓": True, "y": True, "n": False, "1": True, "0": False}
    for language, _name in settings.LANGUAGES:
        with override(language):
            methods |= {plain(str(method.label)): method.value for method in Method}
            answers |= {plain(say("yes")): True, plain(say("no")): False}
    return methods, answers


def fingerprint(values):
    """What a row said when it was exported, field by field: so each cell can tell whether it was edited."""
    return VERSION + "".join(piece(values[name]) for name in FIELDS)


def pieces_of(mark):
    """field → piece of a fingerprint; nothing for one that is not whole."""
    mark = mark.strip()
    if not mark.startswith(VERSION) or len(mark) != len(VERSION) + PIECE * len(FIELDS):
        return {}
    return {name: mark[1 + n * PIECE : 1 + (n + 1) * PIECE] for n, name in enumerate(FIELDS)}


def piece(value):
    """Eight letters for one value. Equal values have equal pieces, whatever their order in the cell."""
    if isinstance(value, str):
        plain_value = fitted(value)
    elif isinstance(value, dict):
        plain_value = ";".join(f"{pk}:{part}:{share_text(share)}" for pk, (part, share) in sorted(value.items()))
    elif isinstance(value, frozenset):
        plain_value = ";".join(map(str, sorted(value)))
    else:
        plain_value = str(value)
    return urlsafe_b64encode(blake2b(plain_value.encode(), digest_size=6).digest()).decode()


@dataclass
class Reading:
    """What cells say: `value` of a field, or the problems as (column, what the cell says, reason)."""

    value: Any = None
    problems: list = field(default_factory=list)


@dataclass
class Cells:
    """Writes values into cells and reads them, with the names of one ledger's units and criteria."""

    units: Labels
    criteria: Labels
    year: int

    def texts(self, values):
        """column → what stands in its cell for these values, as text, at full length."""
        found = {name: values[name] for name in TEXTS}
        found["methods"] = SEPARATOR.join(str(Method(code).label) for code in values["methods"])
        found["is_key"] = say("yes") if values["is_key"] else say("no")
        found["deadline"] = values["deadline"].isoformat() if values["deadline"] else ""
        found["criteria"] = SEPARATOR.join(map(self.criteria.label, self.criteria.in_order(values["criteria"])))
        given = values["units"]
        for part in PARTS:
            pks = self.units.in_order(pk for pk, (own, _share) in given.items() if own == part)
            found[part] = SEPARATOR.join(self.units.label(pk) + share_text(given[pk][1]) for pk in pks)
        return found

    def read(self, name, raws, now=None):
        """The `Reading` of the field `name` from `raws`: column → value of its cell, of the columns there are.

        A column that the file lacks says what it says `now`.
        """
        wrong = [(column, raw) for column, raw in raws.items() if isinstance(raw, Formula | CellError)]
        if wrong:
            words = _("Formulas and errors are not read; please write the value itself.")
            return Reading(problems=[(column, str(raw), words) for column, raw in wrong])
        if name == "units":
            return self._units({column: text(raw) for column, raw in raws.items()}, now)
        ((column, raw),) = raws.items()
        if name in TEXTS:
            return self._text(column, text(raw))
        return getattr(self, f"_{name}")(column, raw)

    def _text(self, column, words):
        most = LONGEST.get(column)
        if column == "title" and not words:
            return refused(column, "", _("A task needs words; to take the row out, delete it."))
        if most and len(words) > most:
            return refused(column, words, _("At most %(n)s letters stand here.") % {"n": most})
        return Reading(words)

    def _methods(self, column, raw):
        known, _answers = words()
        names = [
            name for piece in pieces(text(raw)) for name in (piece.split() if plain(piece) not in known else [piece])
        ]
        if unknown := [name for name in names if plain(name) not in known]:
            labels = SEPARATOR.join(str(label) for label in Method.labels)
            reason = _("No such method is known. There are: %(methods)s.") % {"methods": labels}
            return refused(column, SEPARATOR.join(unknown), reason)
        meant = {known[plain(name)] for name in names}
        return Reading(tuple(code for code in Method.values if code in meant))

    def _is_key(self, column, raw):
        _methods, answers = words()
        said_here = text(raw)
        if plain(said_here) not in answers and said_here not in answers:
            return refused(column, said_here, _("Please say yes or no."))
        return Reading(answers.get(plain(said_here), answers.get(said_here, False)))

    def _deadline(self, column, raw):
        said_here = text(raw)
        try:
            day = datetime.date.fromisoformat(said_here)
        except ValueError:
            day = read_deadline(raw if not isinstance(raw, str) else said_here, year=self.year).day
        if said_here and day is None:
            reason = _("This is no date such as 2026-09-30; other words belong under “Deadline as written”.")
            return refused(column, said_here, reason)
        return Reading(day)

    def _criteria(self, column, raw):
        found, unknown = set(), []
        for name in pieces(text(raw)):
            meant = self.criteria.find(name)
            found.update(meant)
            unknown += [] if meant else [name]
        if unknown:
            return refused(column, SEPARATOR.join(unknown), _("The ledger's assessment system has no such criterion."))
        return Reading(frozenset(found))

    def _units(self, texts, now):
        reading = Reading({pk: given for pk, given in (now or {}).items() if given[0] not in texts})
        for part in PARTS:
            for name in pieces(texts.get(part, "")):
                self._place(reading, part, name)
        leads = [pk for pk, (part, _share) in reading.value.items() if part == "lead"]
        if len(leads) > 1:
            reading.problems.append(("lead", texts.get("lead", ""), _("A task has one leading unit.")))
        shares = [share for _part, share in reading.value.values() if share is not None]
        if shares and sum(shares) != FULL and not reading.problems:
            column = next(part for part in PARTS if part in texts)
            reason = _("The shares of responsibility add up to %(sum)s %%, not to 100 %%.") % {"sum": sum(shares)}
            reading.problems.append((column, " ".join(filter(None, texts.values())), reason))
        return reading

    def _place(self, reading, part, name):
        """Put the unit or group that a name means in its part, or say why not."""
        bare, share = with_share(name)
        meant = self.units.find(bare)
        reason = None
        if not meant:
            reason = _("No unit of this ledger has this name.")
        elif len(meant) > 1 and part == "lead":
            reason = _("A group of units cannot lead.")
        elif len(meant) > 1 and share is not None:
            reason = _("A share belongs to one unit; please name the units of the group one by one.")
        elif share is not None and share > FULL:
            reason = _("A share is at most 100 %.")
        elif len(meant) == 1 and meant[0] in reading.value:
            reason = _("Named twice; a unit has one part.")
        if reason:
            guesses = "" if meant else self.units.guesses(bare)
            reading.problems.append((part, f"{name} → {guesses}?" if guesses else name, reason))
            return
        for pk in meant:
            reading.value.setdefault(pk, (part, share))


def text(raw):
    """What a cell says, as it is compared."""
    return said(raw) if isinstance(raw, str) else text_of(raw)


def refused(column, words, reason):
    return Reading(problems=[(column, words, reason)])
