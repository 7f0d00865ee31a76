"""The sheet of the tasks: its columns, and each value of a task on its way into a cell and back."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from tasks.imports import METHODS
from tasks.models import Method, Task
from tasks.models.assignment import PARTS
from tasks.models.division import FULL
from tasks.reading.method_cells import PLAIN
from tasks.workbook.cell_reading import Reading, SheetCells, read_day, read_text, refused, text
from tasks.workbook.labels import SEPARATOR, Labels, pieces, share_text, with_share
from tasks.workbook.layout import Column, Layout
from tasks.workbook.texts import in_every_language
from units.names import plain

YES, NO = _("yes"), _("no")
TEXTS = ("number", "section", "title", "requirement", "material", "deadline_text")
# What is compared, changed and fingerprinted as one thing: the units of a task and their shares belong together.
FIELDS = (*TEXTS, "methods", "is_key", "deadline", "units", "criteria")
EMPTY = {
    **dict.fromkeys(TEXTS, ""), "methods": (), "is_key": False, "deadline": None, "units": {}, "criteria": frozenset(),
}  # fmt: skip


COLUMNS = (
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
)
TASKS = Layout("key", _("Row key (do not change)"), COLUMNS, FIELDS)
LONGEST = {name: Task._meta.get_field(name).max_length for name in ("number", "section", "deadline_text")}


@lru_cache(maxsize=1)
def words():
    """The methods and the yes and no that a cell may say, in every language: ({word: method}, {word: bool})."""
    methods = {plain(spelling): METHODS[name].value for spelling, name in PLAIN.items()}
    answers = {"": False, "√": True, "✓": True, "y": True, "n": False, "1": True, "0": False}
    methods |= in_every_language([(method.label, method.value) for method in Method])
    answers |= in_every_language([(YES, True), (NO, False)])
    return methods, answers


@dataclass
class Cells(SheetCells):
    """Writes values into cells and reads them, with the names of one ledger's units and criteria."""

    units: Labels
    criteria: Labels
    year: int
    layout = TASKS

    def texts(self, values):
        found = {name: values[name] for name in TEXTS}
        found["methods"] = SEPARATOR.join(str(Method(code).label) for code in values["methods"])
        found["is_key"] = str(YES if values["is_key"] else NO)
        found["deadline"] = values["deadline"].isoformat() if values["deadline"] else ""
        found["criteria"] = SEPARATOR.join(map(self.criteria.label, self.criteria.in_order(values["criteria"])))
        given = values["units"]
        for part in PARTS:
            pks = self.units.in_order(pk for pk, (own, _share) in given.items() if own == part)
            found[part] = SEPARATOR.join(self.units.label(pk) + share_text(given[pk][1]) for pk in pks)
        return found

    def meaning(self, name, raws, now):
        if name == "units":
            return self._units({column: text(raw) for column, raw in raws.items()}, now)
        ((column, raw),) = raws.items()
        if name in TEXTS:
            return self._text(column, text(raw))
        return getattr(self, f"_{name}")(column, raw)

    def _text(self, column, words):
        if column == "title" and not words:
            return refused(column, "", _("A task needs words; to take the row out, delete it."))
        return read_text(column, words, LONGEST.get(column))

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
        reading = read_day(column, raw, self.year)
        if reading.problems:
            reason = _("This is no date such as 2026-09-30; other words belong under “Deadline as written”.")
            return refused(column, text(raw), reason)
        return reading

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
