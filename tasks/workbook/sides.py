"""The three sides of a cell: as it was exported, as the file says, as it stands here. One rule for both sheets."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tasks.workbook.cell_reading import SheetCells, refused, text
from tasks.workbook.edited_sheet import EditedSheet
from tasks.workbook.layout import piece
from tasks.workbook.plan import CHANGED, OPEN, Cell, Conflict, Plan
from tasks.workbook.texts import fits, fitted
from units.forms.days import doubt
from units.markup import listed, said_of
from units.years import is_plausible

TOLD = 20  # row numbers in one remark


def rows_told(numbers):
    return listed(numbers[:TOLD]) + "…" * (len(numbers) > TOLD)


@dataclass
class Sides:
    """Compares the rows of one sheet with what stands here, and notes the differences in the plan."""

    plan: Plan
    sheet: EditedSheet
    cells: SheetCells

    def problem(self, number, column, words, reason):
        self.plan.problem(self.sheet, number, column, words, reason)

    def read(self, file_row, name, raws, now=None):
        """What the cells of a field say; what is wrong in them is noted in the plan.

        A day that nobody can mean is wrong where it is new; one that stands there already stays.
        """
        reading = self.cells.read(name, raws, now)
        if name == "deadline" and reading.value not in (None, now) and not is_plausible(reading.value):
            ((column, raw),) = raws.items()
            reading = refused(column, text(raw), doubt())
        for column, words, reason in reading.problems:
            self.problem(file_row.number, column, words, reason)
        return reading

    def refusals_in(self, name, row, before, after):
        """(column, words, reason) for each thing in a field of a row that cannot be as the file says."""
        return []

    def add_known(self, file_row, row, base):
        """A row that is there: each field that the file says otherwise is a change or a conflict.

        `base` holds the pieces of the fingerprint, by field: what was exported. Where there is none, nobody can tell
        who changed what, and every difference is a conflict.
        """
        texts = self.cells.texts(row.now.values)
        for name in self.cells.layout.fields:
            raws = self.cells.layout.raws_of(name, file_row.raws)
            said = ((column, text(raw)) for column, raw in raws.items())
            if any(words != fitted(texts[column]) for column, words in said):
                self.add_field(file_row, row, name, raws, base.get(name))
        if row.values:
            row.fate = CHANGED

    def add_field(self, file_row, row, name, raws, base):
        """A field whose cells say something else than now; `base` is the piece of what was exported, or None."""
        now = row.now.values[name]
        reading = self.read(file_row, name, raws, now)
        if reading.problems:
            row.fate = OPEN
        if reading.problems or reading.value == now:
            return
        cells = self.shown(row, name, reading.value)
        refusals = self.refusals_in(name, row, now, reading.value)
        if base == piece(reading.value):
            self.plan.stale += len(cells)
        elif not all(fits(cell.before) for cell in cells):
            reason = _("This text is longer than a cell can hold; please change it on the page of the task.")
            self.problem(file_row.number, cells[0].column, cells[0].after, reason)
            row.fate = OPEN
        elif base == piece(now):
            row.values[name] = reading.value
            row.cells += cells
            for column, words, reason in refusals:
                self.problem(file_row.number, column, words, reason)
        else:
            row.fate = OPEN
            told = " ".join(said_of(words, reason) for _column, words, reason in refusals)
            self.plan.conflicts.append(Conflict(row, name, reading.value, cells, told))

    def shown(self, row, name, value):
        """The cells of a field with what their words mean: `9月底` is a day, `各区` are units."""
        write, columns = self.cells.texts, self.cells.layout.of_field[name]
        before, after = write(row.now.values), write({**row.now.values, name: value})
        return [Cell(column, before[column], after[column]) for column in columns if before[column] != after[column]]
