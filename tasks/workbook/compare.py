"""An edited workbook beside its ledger: which rows and cells differ, and by whose hand."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.models import Task
from tasks.reading.deadline_text import read_deadline
from tasks.workbook.cell_reading import text
from tasks.workbook.cells import EMPTY, FIELDS, TASKS
from tasks.workbook.compare_units import compare_units
from tasks.workbook.kept import Kept
from tasks.workbook.plan import GONE, NEW, SAME, Cell, Missing, Plan, PlannedRow
from tasks.workbook.rows import Names, RowNow, rows_now
from tasks.workbook.sides import Sides, rows_told
from tasks.workbook.targets import targets_of, uuid_of
from units.names import plain


def compare(sheet, ledger):
    """The `Plan` of taking `sheet` over into `ledger`; a fixed number of queries."""
    names = Names.load(ledger)
    plan = Plan(ledger, sheet, names, problems=list(sheet.problems), remarks=list(sheet.remarks))
    by_uid = {row.uid: row for row in rows_now(ledger)}
    Comparison(plan, sheet, names.cells, by_uid, Kept.load(ledger, names.cells.units)).run()
    compare_units(plan, targets_of(plan, by_uid))
    plan.problems.sort(key=lambda problem: (problem.sheet, problem.row))
    if plan.stale:
        words = _("Changed here since the export and not in the file, so they stay as they are here: %(n)s cells.")
        plan.remarks.append(words % {"n": plan.stale})
    return plan


@dataclass
class Comparison(Sides):
    """Fills a plan with the rows of the tasks.

    `taken` are the tasks that a row of the file means, `new_keys` the rows of new tasks.
    """

    by_uid: dict
    been: Kept
    taken: set = field(default_factory=set)
    new_keys: dict = field(default_factory=dict)
    titles: set = field(default_factory=set)
    renamed: list = field(default_factory=list)

    def run(self):
        plan, found = self.plan, self.keys()
        self.titles = {plain(row.values["title"]) for row in self.by_uid.values()}
        by_key = {row.key: row for row in self.by_uid.values()}
        self.taken.update(row.uid for row in found.values() if isinstance(row, RowNow))
        for row in self.sheet.rows:
            if not row.key:
                self.add_without_key(row, by_key)
            elif row.number in found:
                self.add_with_key(row, found[row.number])
        left = [row for row in self.by_uid.values() if row.uid not in self.taken]
        if self.renamed:
            self.remark_on_titles()
        kept = self.been.why([row.pk for row in left])
        plan.missing = [Missing(row, kept.get(row.pk, "")) for row in left]

    def keys(self):
        """Row number → the task it means, or its key where there is no such task; wrong keys become problems."""
        found, seen = {}, {}
        for row in self.sheet.rows:
            uid = uuid_of(row.key) if row.key else None
            if uid in seen:
                reason = _("The same row key as in row %(n)s: a row was copied. Please empty this cell for a new task.")
                self.problem(row.number, TASKS.key, row.key, reason % {"n": seen[uid]})
            elif uid:
                seen[uid] = row.number
                found[row.number] = self.by_uid.get(uid, uid)
            elif row.key:
                reason = _("This is no row key; please empty the cell for a new task.")
                self.problem(row.number, TASKS.key, row.key, reason)
        strange = [uid for uid in seen if uid not in self.by_uid]
        for uid in Task.objects.filter(uid__in=strange).values_list("uid", flat=True):
            self.problem(seen[uid], TASKS.key, str(uid), _("This row belongs to another ledger."))
            del found[seen[uid]]
        return found

    def add_with_key(self, file_row, now):
        if isinstance(now, RowNow):
            self.add_task(file_row, now, self.cells.layout.pieces_of(file_row.mark))
        else:  # deleted here since the export
            self.add_new(file_row, GONE, mark=str(now))

    def add_without_key(self, file_row, by_key):
        """A new task, or one that was made when the same file was handed in before."""
        title, requirement = (text(file_row.raws.get(name, "")) for name in ("title", "requirement"))
        key = Task.key_of(title, requirement)
        now = by_key.get(key)
        if now is None and key in self.new_keys:
            reason = _("The same task and requirement as in row %(n)s.") % {"n": self.new_keys[key]}
            self.problem(file_row.number, "title", title, reason)
        elif now is None:
            self.new_keys[key] = file_row.number
            self.add_new(file_row, NEW, key=key)
        elif now.uid in self.taken:
            reason = _("This ledger has a task with this title and requirement already.")
            self.problem(file_row.number, "title", title, reason)
        else:
            self.taken.add(now.uid)
            self.add_task(file_row, now, {})

    def add_new(self, file_row, fate, **own):
        """A task that is not there: all that its row says is new."""
        values, raws = dict(EMPTY), {"title": "", **file_row.raws}
        for name in FIELDS:
            if said := TASKS.raws_of(name, raws):
                values[name] = self.read(file_row, name, said).value
        texts = {column: text(raw) for column, raw in file_row.raws.items()}
        if all(value is not None for name, value in values.items() if name != "deadline"):
            texts = self.cells.texts(values)
        cells = [Cell(column, "", texts[column]) for column, raw in file_row.raws.items() if text(raw)]
        row = PlannedRow(file_row.number, texts.get("title", ""), fate, values=values, cells=cells, **own)
        self.plan.rows.append(row)

    def refusals_in(self, name, row, before, after):
        if name == "deadline" and after is None and row.now.pk in self.been.patterns:
            return [(name, str(before), _("A task that comes again needs the deadline of the first one."))]
        return []

    def add_task(self, file_row, now, base):
        """A task that is there."""
        row = PlannedRow(file_row.number, now.values["title"], SAME, now=now, mark=str(now.uid))
        self.add_known(file_row, row, base)
        if "deadline_text" in row.values and "deadline" not in row.values:
            self.remark_on_deadline(row)
        if "title" in row.values and plain(row.values["title"]) in self.titles:
            self.renamed.append(row.number)
        self.plan.rows.append(row)

    def remark_on_titles(self):
        """Rows that were sorted without their keys would make each task another one."""
        remark = _(
            "Rows %(rows)s now have the words of another task. Were the rows sorted without their hidden columns?"
        )
        self.plan.remarks.append(remark % {"rows": rows_told(self.renamed)})

    def remark_on_deadline(self, row):
        """Words that name another day than the deadline do not move it; somebody may have meant them to."""
        day, words = row.now.values["deadline"], row.values["deadline_text"]
        read = read_deadline(words, year=self.plan.ledger.year).day
        if read and read != day:
            said = {"n": row.number, "words": words, "read": read, "day": day or "—"}
            remark = _("Row %(n)s: “%(words)s” reads as %(read)s, but the column of deadlines says %(day)s.")
            self.plan.remarks.append(remark % said)
