"""Which unit of which task a row of the sheet of units means."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from tasks.models import Task
from tasks.workbook.cell_reading import text
from tasks.workbook.given_cells import UNITS
from tasks.workbook.labels import Labels
from tasks.workbook.layout import piece
from tasks.workbook.plan import Conflict, PlannedRow
from tasks.workbook.rows import RowNow
from units.names import plain


class Unclear(Exception):
    """A row means no unit, or nobody can tell which one: the column, what it says and why not."""

    def __init__(self, column, words, reason):
        super().__init__(reason)
        self.column, self.words, self.reason = column, words, reason


@dataclass(eq=False)
class Target:
    """A task as it stands here (`now`) and as the first sheet would make it (`planned`): one of them or both.

    `conflict` is that over its units, `rows` what the sheet of units says otherwise: unit → row. `seen` is where it
    speaks of a unit: unit → row number.
    """

    now: RowNow | None = None
    planned: PlannedRow | None = None
    conflict: Conflict | None = None
    rows: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)

    @property
    def title(self):
        return self.now.values["title"] if self.now else self.planned.title

    @property
    def units_now(self):
        """unit → (part, share), as it stands here."""
        return self.now.values["units"] if self.now else {}

    @property
    def units_planned(self):
        """The same as it will be without any choice."""
        said = self.planned.values.get("units", self.units_now) if self.planned else self.units_now
        return said or {}  # None: its cells cannot be read

    @property
    def units_asked(self):
        """The same as the file wants it, whatever was chosen."""
        return self.conflict.value if self.conflict else self.units_planned

    def names(self):
        """(number, title) as a row may call it: as it is called here, and in the file."""
        now = self.now.values if self.now else {}
        for values in (now, {**now, **self.planned.values} if self.planned else {}):
            if values:
                yield plain(values["number"] or ""), plain(values["title"] or "")


def targets_of(plan, by_uid):
    """Every task that a row may mean."""
    found, new = {row.pk: Target(row) for row in by_uid.values()}, []
    for row in plan.rows:
        if row.now:
            found[row.now.pk].planned = row
        else:
            new.append(Target(planned=row))
    for one in plan.conflicts:
        if one.field == "units":
            found[one.row.now.pk].conflict = one
    return [*found.values(), *new]


@dataclass
class Finder:
    """Finds the targets of rows, by key or by words. `strangers` are the keys of other ledgers' tasks."""

    units: Labels
    by_uid: dict = field(default_factory=dict)
    by_title: dict = field(default_factory=lambda: defaultdict(dict))
    by_number: dict = field(default_factory=lambda: defaultdict(dict))
    strangers: set = field(default_factory=set)
    keys: dict = field(default_factory=dict)

    @classmethod
    def load(cls, units, targets, rows):
        found = cls(units)
        for one in targets:
            mark = str(one.now.uid) if one.now else one.planned.mark
            found.by_uid |= {mark: one} if mark else {}
            for number, title in one.names():
                found.by_title[title][id(one)] = (one, number)
                found.by_number[number][id(one)] = (one, number)
        uids = {uid for row in rows if row.key and (uid := parted(row.key)[0]) and uid not in found.by_uid}
        strange = Task.objects.filter(uid__in=uids).values_list("uid", flat=True) if uids else ()
        found.strangers = set(map(str, strange))
        return found

    def find(self, row):
        """(target, unit) of a row; None for the target where the task was deleted. Raises `Unclear`."""
        return self._by_key(row) if row.key else (self._by_words(row), self._unit(row))

    def is_of_another(self, target, title):
        """Whether other tasks are called so, and this one is not."""
        called = self.by_title.get(plain(title), {})
        return bool(called) and id(target) not in called

    def _by_key(self, row):
        uid, unit = parted(row.key)
        reason = None
        if not uid:
            reason = _("This is no row key. Please unhide its column and empty the cell.")
        elif uid in self.strangers:
            reason = _("This row belongs to another ledger.")
        elif (uid, unit) in self.keys:
            reason = _(
                "The same row key as in row %(n)s: a row was copied. Please unhide its column and empty the cell, or"
                " delete the row."
            )
            reason %= {"n": self.keys[uid, unit]}
        if reason:
            raise Unclear(UNITS.key, row.key, reason)
        self.keys[uid, unit] = row.number
        words = text(row.raws.get("unit", ""))
        is_same = piece(words) == UNITS.pieces_of(row.mark).get("unit") or self.units.find(words) == [unit]
        if words and not is_same:
            reason = _("The unit of a row is not changed here. Units are added and taken out on the first sheet.")
            raise Unclear("unit", words, reason)
        return self.by_uid.get(uid), unit

    def _by_words(self, row):
        number, title = (text(row.raws.get(name, "")) for name in ("number", "title"))
        found = self.by_title.get(plain(title), {}) if title else self.by_number.get(plain(number), {})
        if len(found) > 1 and title and number:
            found = {one: named for one, named in found.items() if named[1] == plain(number)}
        if not (title or number) or not found:
            reason = _("Please write which task is meant, with its words as on the first sheet.")
            raise Unclear("title", title or number, reason)
        if len(found) > 1:
            raise Unclear("title", title or number, _("Several tasks are called so; please write words and number."))
        ((target, _number),) = found.values()
        return target

    def _unit(self, row):
        name = text(row.raws.get("unit", ""))
        found = self.units.find(name) if name else []
        if len(found) > 1:
            raise Unclear("unit", name, _("This is a group; a row is for one unit."))
        if not found:
            guesses = self.units.guesses(name) if name else ""
            raise Unclear(
                "unit", f"{name} → {guesses}?" if guesses else name, _("No unit of this ledger has this name.")
            )
        return found[0]


def parted(key):
    """The uid and the unit of a row key; None where it is none."""
    uid, _mark, unit = key.partition("/")
    uid = uuid_of(uid)
    is_key = uid and unit.isascii() and unit.isdecimal() and len(unit) <= 18
    return (str(uid), int(unit)) if is_key else (None, None)


def uuid_of(words):
    try:
        return UUID(words)
    except ValueError:
        return None
