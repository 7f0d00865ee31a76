"""What has come of tasks already, so that they cannot be removed, or lose their deadline, by a workbook any more."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.models import Task
from tasks.workbook.labels import Labels
from tasks.workbook.rows import given_of
from units.markup import listed


@dataclass
class Kept:
    """Per task: the units that have begun (`begun`).

    `patterns` are the tasks that come again, `repeated` those of them that have been made already.
    """

    labels: Labels
    begun: dict = field(default_factory=lambda: defaultdict(set))
    patterns: set = field(default_factory=set)
    repeated: set = field(default_factory=set)

    @classmethod
    def load(cls, ledger, labels):
        found = cls(labels)
        for task, unit in given_of(ledger).order_by().begun().values_list("task", "unit"):
            found.begun[task].add(unit)
        tasks = Task.objects.filter(ledger=ledger).order_by().values_list("pk", flat=True)
        found.patterns = set(tasks.exclude(repeats=""))
        found.repeated = set(tasks.exclude(occurrences=None))
        return found

    def why(self, tasks):
        """Task → why it cannot be removed, for those that cannot."""
        kept = {}
        for pk in tasks:
            if self.begun[pk]:
                units = listed(map(self.labels.label, self.labels.in_order(self.begun[pk])))
                words = _("%(units)s: has worked on this task already (reported, checked itself or handed it down).")
                kept[pk] = words % {"units": units}
            elif pk in self.repeated:
                kept[pk] = _("It is the pattern of tasks that repeat.")
        return kept
