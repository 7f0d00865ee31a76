"""Who gets which task in the end, and with what, after both sheets of a workbook: by the rule of divisions."""

from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tasks.models import Task
from tasks.models.division import Given, carry_out, divisions
from tasks.workbook.divided import AT_ONCE
from units.models import Unit


@dataclass
class Wish:
    """What becomes of one task: `units` (unit → (part, share)) are all that it is given to, None for those it has.

    `own` is what single units are given otherwise: unit → field → value. Of a unit that does not get the task in the
    end, because nobody chose so, it means nothing.
    """

    units: dict | None
    own: dict = field(default_factory=dict)

    def given(self, now, units):
        """unit → `Given`, beginning with the division as it is `now`."""
        before = {unit.pk: given for unit, given in now.items()}
        shared = {pk: (given.part, given.share) for pk, given in before.items()} if self.units is None else self.units
        return {
            units[pk]: replace(before.get(pk) or Given(part), **{"part": part, "share": share} | self.own.get(pk, {}))
            for pk, (part, share) in shared.items()
        }


class Own:
    """What the sheet of units says otherwise, with the conflicts `taken` there."""

    def __init__(self, plan, taken):
        chosen = {}
        for one in taken:
            chosen.setdefault(one.row.mark, {})[one.field] = one.value
        self.by_task, self.by_row = {}, {}
        for target in plan.targets:
            said = {unit: as_given({**row.values, **chosen.get(row.mark, {})}) for unit, row in target.rows.items()}
            said = {unit: values for unit, values in said.items() if values}
            if target.now and said:
                self.by_task[target.now.pk] = said
            elif said:
                self.by_row[target.planned.number] = said

    def of_task(self, pk):
        return self.by_task.get(pk, {})

    def of_row(self, row):
        """The same for a task that the row `row` of the first sheet makes."""
        return self.by_row.get(row.number, {})


def as_given(values):
    """The values of a row by the names of `Given`."""
    found = dict(values)
    if quantity := found.pop("quantity", None):
        found |= {"quantity": quantity.number, "quantity_unit": quantity.unit}
    return found


def give(wishes, allowed):
    """Give each task as wished (task → `Wish`), all or nothing. Returns how many units are given something otherwise.

    `allowed` are the units that may be given a task anew. Raises `ValidationError` where a division cannot be.
    """
    tasks = list(Task.objects.filter(pk__in=wishes).select_related("ledger__unit"))
    named = {pk for wish in wishes.values() for pk in wish.units or ()}
    named = Unit.objects.select_related("parent").in_bulk(named)
    changed = 0
    for start in range(0, len(tasks), AT_ONCE):
        planned = []
        for one in divisions(tasks[start : start + AT_ONCE]):
            units = named | {row.unit_id: row.unit for row in one.rows.values()}
            wish = wishes[one.task.pk]
            wanted = wish.given(one.now, units)
            if refusal := one.refusal(wanted, allowed):
                words = _("Nothing was taken over. “%(task)s”: %(why)s Please choose otherwise and confirm again.")
                raise ValidationError(words % {"task": one.task, "why": " ".join(refusal.messages)})
            changed += len(wish.own.keys() & {unit.pk for unit in wanted})
            planned.append((one, one.changes(wanted)))
        carry_out(planned)
    return changed
