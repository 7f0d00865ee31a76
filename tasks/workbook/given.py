"""What units have already done with their tasks, and what therefore cannot be changed from a workbook any more."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.models import Assignment, Task
from tasks.workbook.labels import Labels


@dataclass
class Given:
    """Per task: the units that have begun (`reported`), and those `below` to which it was handed down.

    `patterns` are the tasks that come again, `repeated` those of them that have been made already.
    """

    labels: Labels
    reported: dict = field(default_factory=lambda: defaultdict(set))
    below: dict = field(default_factory=lambda: defaultdict(set))
    patterns: set = field(default_factory=set)
    repeated: set = field(default_factory=set)

    @classmethod
    def load(cls, ledger, names):
        found = cls(names.cells.units)
        rows = Assignment.objects.filter(task__ledger=ledger).order_by()
        for task, unit in rows.given_by_ledgers().begun().values_list("task", "unit"):
            found.reported[task].add(unit)
        for task, unit in rows.exclude(parent=None).values_list("task", "unit"):
            found.below[task].add(unit)
        tasks = Task.objects.filter(ledger=ledger).order_by().values_list("pk", flat=True)
        found.patterns = set(tasks.exclude(repeats=""))
        found.repeated = set(tasks.exclude(occurrences=None))
        return found

    def refusals(self, task, before, after):
        """(part, unit, reason) for each unit that cannot be taken out of the task, or put into it."""
        for pk in before.keys() - after.keys():
            if pk in self.reported[task]:
                yield before[pk][0], self.labels.label(pk), _("has reported on this task already, which stays.")
        for pk in after.keys() - before.keys():
            if pk in self.below[task]:
                reason = _("the task was handed down to it already by the unit above.")
                yield after[pk][0], self.labels.label(pk), reason

    def kept(self, tasks):
        """Task → why it cannot be removed, for those that cannot."""
        kept = {}
        for pk in tasks:
            if self.reported[pk]:
                units = "、".join(map(self.labels.label, self.labels.in_order(self.reported[pk])))
                kept[pk] = _("%(units)s: has reported on this task already, which stays.") % {"units": units}
            elif pk in self.repeated:
                kept[pk] = _("It is the pattern of tasks that repeat.")
        return kept
