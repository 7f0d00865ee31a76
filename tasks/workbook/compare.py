"""An edited workbook beside its ledger: which rows and cells differ, and by whose hand."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from tasks.models import Task
from tasks.reading.deadline_text import read_deadline
from tasks.workbook.cells import EMPTY, FIELDS, KEY, OF_FIELD, piece, pieces_of, refused, text
from tasks.workbook.given import Given
from tasks.workbook.plan import CHANGED, GONE, NEW, OPEN, SAME, Cell, Conflict, Missing, Plan, PlannedRow
from tasks.workbook.rows import Names, RowNow, rows_now
from tasks.workbook.texts import fits, fitted
from units.forms.days import doubt
from units.years import is_plausible


def compare(sheet, ledger):
    """The `Plan` of taking `sheet` over into `ledger`; a fixed number of queries."""
    names = Names.load(ledger)
    plan = Plan(ledger, sheet, names, problems=list(sheet.problems), remarks=list(sheet.remarks))
    Comparison(plan, {row.uid: row for row in rows_now(ledger)}, Given.load(ledger, names)).run()
    return plan


def uuid_of(words):
    try:
        return UUID(words)
    except ValueError:
        return None


@dataclass
class Comparison:
    """Fills a plan. `taken` are the tasks that a row of the file means, `new_keys` the rows of new tasks."""

    plan: Plan
    by_uid: dict
    given: Given
    taken: set = field(default_factory=set)
    new_keys: dict = field(default_factory=dict)

    def run(self):
        plan, found = self.plan, self.keys()
        by_key = {row.key: row for row in self.by_uid.values()}
        self.taken.update(row.uid for row in found.values() if isinstance(row, RowNow))
        for row in plan.sheet.rows:
            if not row.key:
                self.add_without_key(row, by_key)
            elif row.number in found:
                self.add_with_key(row, found[row.number])
        left = [row for row in self.by_uid.values() if row.uid not in self.taken]
        kept = self.given.kept([row.pk for row in left])
        plan.missing = [Missing(row, kept.get(row.pk, "")) for row in left]
        plan.problems.sort(key=lambda problem: problem.row)
        if plan.stale:
            words = _("Changed here since the export and not in the file, so they stay as they are here: %(n)s cells.")
            plan.remarks.append(words % {"n": plan.stale})

    def keys(self):
        """Row number → the task it means, or its key where there is no such task; wrong keys become problems."""
        found, seen = {}, {}
        for row in self.plan.sheet.rows:
            uid = uuid_of(row.key) if row.key else None
            if uid in seen:
                reason = _("The same row key as in row %(n)s: a row was copied. Please empty this cell for a new task.")
                self.plan.problem(row.number, KEY, row.key, reason % {"n": seen[uid]})
            elif uid:
                seen[uid] = row.number
                found[row.number] = self.by_uid.get(uid, uid)
            elif row.key:
                reason = _("This is no row key; please empty the cell for a new task.")
                self.plan.problem(row.number, KEY, row.key, reason)
        strange = [uid for uid in seen if uid not in self.by_uid]
        for uid in Task.objects.filter(uid__in=strange).values_list("uid", flat=True):
            self.plan.problem(seen[uid], KEY, str(uid), _("This row belongs to another ledger."))
            del found[seen[uid]]
        return found

    def add_with_key(self, file_row, now):
        if isinstance(now, RowNow):
            self.add_known(file_row, now, pieces_of(file_row.mark))
        else:  # deleted here since the export
            self.add_new(file_row, GONE, mark=str(now))

    def add_without_key(self, file_row, by_key):
        """A new task, or one that was made when the same file was handed in before."""
        title, requirement = (text(file_row.raws.get(name, "")) for name in ("title", "requirement"))
        key = Task.key_of(title, requirement)
        now = by_key.get(key)
        if now is None and key in self.new_keys:
            reason = _("The same task and requirement as in row %(n)s.") % {"n": self.new_keys[key]}
            self.plan.problem(file_row.number, "title", title, reason)
        elif now is None:
            self.new_keys[key] = file_row.number
            self.add_new(file_row, NEW, key=key)
        elif now.uid in self.taken:
            reason = _("This ledger has a task with this title and requirement already.")
            self.plan.problem(file_row.number, "title", title, reason)
        else:
            self.taken.add(now.uid)
            self.add_known(file_row, now, {})

    def add_new(self, file_row, fate, **own):
        """A task that is not there: all that its row says is new."""
        values, raws = dict(EMPTY), {"title": "", **file_row.raws}
        for name in FIELDS:
            said = {column: raws[column] for column in OF_FIELD[name] if column in raws}
            if said:
                values[name] = self.read(file_row, name, said).value
        for part, unit, reason in self.refusals(None, {}, values["units"] or {}):
            self.plan.problem(file_row.number, part, unit, reason)
        texts = {column: text(raw) for column, raw in file_row.raws.items()}
        if all(value is not None for name, value in values.items() if name != "deadline"):
            texts = self.plan.names.cells.texts(values)
        cells = [Cell(column, "", texts[column]) for column, raw in file_row.raws.items() if text(raw)]
        row = PlannedRow(file_row.number, texts.get("title", ""), fate, values=values, cells=cells, **own)
        self.plan.rows.append(row)

    def read(self, file_row, name, raws, now=None):
        """What the cells of a field say; what is wrong in them is noted in the plan.

        A day that nobody can mean is wrong where it is new; one that stands there already stays.
        """
        reading = self.plan.names.cells.read(name, raws, now)
        if name == "deadline" and reading.value not in (None, now) and not is_plausible(reading.value):
            reading = refused(name, text(raws[name]), doubt())
        for column, words, reason in reading.problems:
            self.plan.problem(file_row.number, column, words, reason)
        return reading

    def refusals(self, task, before, after):
        """(part, unit, reason) for each unit that cannot be taken out of a task, or put into it."""
        for pk in after.keys() - before.keys() - self.plan.names.allowed:
            reason = _("has ended, or does not stand below the unit that keeps the ledger.")
            yield after[pk][0], self.plan.names.cells.units.label(pk), reason
        yield from self.given.refusals(task, before, after)

    def refusals_in(self, name, task, before, after):
        """(column, words, reason) for each thing in a field of a task that cannot be as the file says."""
        if name == "units":
            return list(self.refusals(task, before, after))
        if name == "deadline" and after is None and task in self.given.patterns:
            return [(name, str(before), _("A task that comes again needs the deadline of the first one."))]
        return []

    def add_known(self, file_row, now, base):
        """A task that is there: each field that the file says otherwise is a change or a conflict.

        `base` holds the pieces of the fingerprint, by field: what was exported. Where there is none, nobody can tell
        who changed what, and every difference is a conflict.
        """
        row = PlannedRow(file_row.number, now.values["title"], SAME, now=now, mark=str(now.uid))
        texts = self.plan.names.cells.texts(now.values)
        for name in FIELDS:
            raws = {column: file_row.raws[column] for column in OF_FIELD[name] if column in file_row.raws}
            said = ((column, text(raw)) for column, raw in raws.items())
            if any(words != fitted(texts[column]) for column, words in said):
                self.add_field(file_row, row, name, raws, base.get(name))
        if row.values:
            row.fate = CHANGED
        if "deadline_text" in row.values and "deadline" not in row.values:
            self.remark_on_deadline(row)
        self.plan.rows.append(row)

    def add_field(self, file_row, row, name, raws, base):
        """A field whose cells say something else than now; `base` is the piece of what was exported, or None."""
        now = row.now.values[name]
        reading = self.read(file_row, name, raws, now)
        if reading.problems:
            row.fate = OPEN
        if reading.problems or reading.value == now:
            return
        cells = self.shown(row, name, reading.value)
        refusals = self.refusals_in(name, row.now.pk, now, reading.value)
        if base == piece(reading.value):
            self.plan.stale += len(cells)
        elif not all(fits(cell.before) for cell in cells):
            reason = _("This text is longer than a cell can hold; please change it on the page of the task.")
            self.plan.problem(file_row.number, cells[0].column, cells[0].after, reason)
            row.fate = OPEN
        elif base == piece(now):
            row.values[name] = reading.value
            row.cells += cells
            for part, unit, reason in refusals:
                self.plan.problem(file_row.number, part, unit, reason)
        else:
            row.fate = OPEN
            refused = " ".join(f"{unit}: {reason}" for _part, unit, reason in refusals)
            self.plan.conflicts.append(Conflict(row, name, reading.value, cells, refused))

    def shown(self, row, name, value):
        """The cells of a field with what their words mean: `9月底` is a day, `各区` are units."""
        write = self.plan.names.cells.texts
        before, after = write(row.now.values), write({**row.now.values, name: value})
        return [
            Cell(column, before[column], after[column]) for column in OF_FIELD[name] if before[column] != after[column]
        ]

    def remark_on_deadline(self, row):
        """Words that name another day than the deadline do not move it; somebody may have meant them to."""
        day, words = row.now.values["deadline"], row.values["deadline_text"]
        read = read_deadline(words, year=self.plan.ledger.year).day
        if read and read != day:
            said = {"n": row.number, "words": words, "read": read, "day": day or "—"}
            remark = _("Row %(n)s: “%(words)s” reads as %(read)s, but the column of deadlines says %(day)s.")
            self.plan.remarks.append(remark % said)
