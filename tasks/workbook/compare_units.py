"""The sheet of units of an edited workbook beside its ledger."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tasks.workbook.cell_reading import text
from tasks.workbook.divided import SHARED, check
from tasks.workbook.given_cells import EMPTY, UNITS, key_of, values_of
from tasks.workbook.layout import piece
from tasks.workbook.plan import NEW, SAME, Cell, PlannedRow
from tasks.workbook.rows import GivenNow, own_now
from tasks.workbook.sides import Sides, rows_told
from tasks.workbook.targets import Finder, Unclear
from units.markup import said_of


def compare_units(plan, targets):
    """Add to the plan what the sheet of units says, once the tasks are compared, and what is wrong with the whole."""
    sheet = plan.sheet.units
    if sheet:
        plan.problems += sheet.problems
        plan.remarks += [said_of(sheet.name, remark) for remark in sheet.remarks]
        names = plan.names
        finder = Finder.load(names.given.units, targets, sheet.rows)
        UnitRows(plan, sheet, names.given, finder, own_now(plan.ledger)).run()
    plan.targets = [one for one in targets if one.rows]
    check(plan, targets)


@dataclass
class UnitRows(Sides):
    """Fills a plan with the rows of units. `own`: (task, unit) → what that unit is given of its own."""

    finder: Finder
    own: dict

    def run(self):
        reworded = []
        for row in self.sheet.rows:
            try:
                target, unit = self.finder.find(row)
            except Unclear as unclear:
                self.problem(row.number, unclear.column, unclear.words, unclear.reason)
                continue
            if target and self.is_first(row, target, unit):
                self.add(row, target, unit)
                if self.is_reworded(row):
                    reworded.append(row.number)
                    self.refuse_words_of_another(row, target)
        if reworded:
            words = _("“%(sheet)s”, rows %(rows)s: the number and the words of the task are only for reading there.")
            self.plan.remarks.append(words % {"sheet": self.sheet.name, "rows": rows_told(reworded)})

    def is_first(self, row, target, unit):
        if unit in target.seen:
            reason = _("The same unit of the same task as in row %(n)s.") % {"n": target.seen[unit]}
            self.problem(row.number, "unit", text(row.raws.get("unit", "")), reason)
            return False
        target.seen[unit] = row.number
        return True

    @staticmethod
    def is_reworded(row):
        base = UNITS.pieces_of(row.mark) if row.key else {}
        said = {name: text(row.raws[name]) for name in ("number", "title") if name in row.raws}
        return bool(base) and any(piece(words) != base[name] for name, words in said.items())

    def refuse_words_of_another(self, row, target):
        """Rows that were sorted without their keys would give everybody what another one has."""
        title = text(row.raws.get("title", ""))
        if title and self.finder.is_of_another(target, title):
            reason = _("These are the words of another task. Were the rows sorted without their hidden columns?")
            self.problem(row.number, "title", title, reason)

    def add(self, row, target, unit):
        base = UNITS.pieces_of(row.mark) if row.key else {}
        if unit in target.units_now and unit in target.units_planned:
            self.add_unit(row, target, unit, base)
        elif unit in target.units_asked and unit not in target.units_now:
            self.add_new(row, target, unit)
        elif self.is_edited(row, base):
            reason = _("This unit does not have the task (any longer). Add it on the first sheet, or delete this row.")
            self.problem(row.number, "unit", self.cells.units.label(unit), reason)

    def is_edited(self, row, base):
        """Whether the row says something else than was exported, or may do so."""
        if not base:
            return True
        said = {name: UNITS.raws_of(name, row.raws) for name in UNITS.fields}
        readings = {name: self.cells.read(name, raws) for name, raws in said.items() if raws}
        return any(one.problems or piece(one.value) != base[name] for name, one in readings.items())

    def named(self, row, target, unit, fate, **own):
        title = f"{self.cells.units.label(unit)} · {target.title}"
        return PlannedRow(row.number, title, fate, sheet=self.sheet.name, **own)

    def add_unit(self, row, target, unit, base):
        """A unit that has the task and keeps it."""
        own = self.own.get((target.now.pk, unit), EMPTY)
        now = GivenNow(values_of(*target.units_now[unit], own))
        found = self.named(row, target, unit, SAME, now=now, mark=key_of(target.now.uid, unit))
        self.add_known(row if row.key else written_cells(row), found, base)
        changed = {name: found.values[name] for name in SHARED if name in found.values}
        told = dict(zip(SHARED, target.units_planned[unit], strict=True))
        # Where the first sheet says the same as here, only this one was edited.
        self.agree(row, changed, {name: value for name, value in told.items() if value != now.values[name]})
        self.keep(found, target, unit)

    def agree(self, row, said, told):
        """Whatever the first sheet says too (`told`), it must say as this one does."""
        for name, value in said.items():
            if name in told and told[name] != value:
                texts = self.cells.texts({**EMPTY, "part": "", **told})
                reason = _("The first sheet says “%(words)s” for this unit; please let both say the same.")
                words = text(row.raws.get(name, ""))
                self.problem(row.number, name, words, reason % {"words": texts[name] or "—"})

    def add_new(self, row, target, unit):
        """A unit that the first sheet gives the task to: what else it is given comes with it."""
        values = {}
        for name in UNITS.fields:
            raws = UNITS.raws_of(name, row.raws)
            if any(text(raw) for raw in raws.values()):
                reading = self.read(row, name, raws)
                values |= {} if reading.problems else {name: reading.value}
        part, share = target.units_asked[unit]
        self.agree(row, values, {"part": part} | ({} if share is None else {"share": share}))
        values.pop("part", None)
        texts = self.cells.texts({**EMPTY, "part": "", **values})
        columns = [column.name for column in UNITS.columns if column.field in values]
        cells = [Cell(column, "", texts[column]) for column in columns]
        self.keep(self.named(row, target, unit, NEW, values=values, cells=cells), target, unit)

    def keep(self, row, target, unit):
        if row.fate != SAME and (row.now or row.values):
            target.rows[unit] = row
            self.plan.units.append(row)


def written_cells(row):
    """A row that somebody wrote by hand: where it is empty, it says nothing."""
    return replace(row, raws={column: raw for column, raw in row.raws.items() if text(raw)})
