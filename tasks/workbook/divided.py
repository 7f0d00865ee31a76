"""Whether each task is divided as it may be, after both sheets of a workbook: by the rule of divisions."""

from dataclasses import dataclass, field

from tasks.models import Task
from tasks.models.assignment import PARTS
from tasks.models.division import Division, Given, divisions
from tasks.workbook.labels import SEPARATOR, share_text
from tasks.workbook.plan import Plan
from units.models import Unit

AT_ONCE = 100  # tasks: each is given to hundreds of units at most
SHARED = ("part", "share")  # what both sheets say of a unit


def check(plan, targets):
    """Note in the plan what cannot be: as it becomes if nothing is chosen, and of each conflict if it is chosen."""
    columns = {plan.sheet.column(part) for part in PARTS}
    unread = {one.row for one in plan.problems if not one.sheet and one.column in columns}
    touched = [one for one in targets if is_touched(one) and not (one.planned and one.planned.number in unread)]
    named = {pk for one in touched for pk in (*one.units_planned, *one.units_asked)}
    known = plan.names.matcher.units
    checked = Checked(plan, known | Unit.objects.select_related("parent").in_bulk(named - known.keys()))
    for start in range(0, len(touched), AT_ONCE):
        some = touched[start : start + AT_ONCE]
        tasks = Task.objects.filter(pk__in=[one.now.pk for one in some if one.now]).select_related("ledger__unit")
        now = {one.task.pk: one for one in divisions(list(tasks))}
        for target in some:
            checked.judge(target, now.get(target.now and target.now.pk) or Division(Task(ledger=plan.ledger)))


def is_touched(target):
    return target.conflict or target.units_planned != target.units_now or shared_rows(target)


def shared_rows(target):
    """The rows of the sheet of units that say another part or share."""
    return {unit: row for unit, row in target.rows.items() if any(name in row.values for name in SHARED)}


@dataclass
class Checked:
    plan: Plan
    units: dict = field(default_factory=dict)

    def wanted(self, target, shared):
        """unit → `Given`, of `shared` (unit → (part, share)) and what the sheet of units says otherwise."""
        rows, found = shared_rows(target), {}
        for pk, values in shared.items():
            said = dict(zip(SHARED, values, strict=True))
            said |= {name: rows[pk].values[name] for name in SHARED if pk in rows and name in rows[pk].values}
            found[self.units[pk]] = Given(**said)
        return found

    def judge(self, target, division):
        refusal = division.refusal(self.wanted(target, target.units_planned), self.plan.names.allowed)
        if refusal:
            self.tell(target, refusal)
        if target.conflict:
            refusal = division.refusal(self.wanted(target, target.units_asked), self.plan.names.allowed)
            target.conflict.refused = " ".join(refusal.messages) if refusal else ""

    def tell(self, target, refusal):
        """At the row and column that says so: of the sheet of units where that one changes it, else of the first."""
        rows, after = shared_rows(target), target.units_planned
        label = self.plan.names.cells.units.label
        words = SEPARATOR.join(label(pk) + share_text(share) for pk, (_part, share) in after.items())
        for name, reason in refusal.by_field.items():
            here = [row.number for row in rows.values() if name in row.values]
            if here:
                self.plan.problem(self.plan.sheet.units, min(here), name, words, reason)
            else:
                column = "lead" if name == "part" else next(part for part in PARTS if part in self.plan.sheet.places)
                self.first_sheet(target, column, words, reason)
        for pk, reason in refusal.by_unit.items():
            part, _share = after.get(pk) or target.units_now.get(pk) or (PARTS[0], None)
            self.first_sheet(target, part, label(pk), reason)

    def first_sheet(self, target, column, words, reason):
        number = target.planned.number if target.planned else 0
        self.plan.problem(self.plan.sheet, number, column, words, reason)
