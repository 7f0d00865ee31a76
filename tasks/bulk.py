"""Many tasks changed at once: what would become of each is planned and shown, then done, all or nothing."""

from dataclasses import dataclass, field
from datetime import date

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.models import Ledger, Task
from tasks.models.division import carry_out, divisions, fingerprint, held

ADD, REPLACE, TAKE_OUT = "add", "replace", "take_out"
FIELDS = ("deadline", "is_key")


class PlanChanged(Exception):
    """What was looked at is not what would happen now, or something is refused by now. Nothing was done."""


@dataclass(frozen=True)
class Wish:
    """What is asked of each of the tasks: `words` are fields of the task, `do` what becomes of its `units`."""

    words: dict = field(default_factory=dict)
    do: str = ""
    units: tuple = ()
    part: str = ""

    def asked(self, task, division):
        """The units of the task as they shall be, unit → part or `Given`."""
        now = division.now
        if self.do == REPLACE:
            now = {unit: given for unit, given in now.items() if given.part != self.part}
        if self.do == TAKE_OUT:
            return {unit: given for unit, given in now.items() if unit not in self.units}
        return {**now, **dict.fromkeys(self.units, self.part)} if self.do else now


@dataclass
class PlannedTask:
    """One task: what becomes of its units (`changes`) and of its words (`words`: field → new value), or `refused`."""

    task: Task
    division: object
    changes: list
    words: dict
    refused: list

    @property
    def pk(self):
        return self.task.pk

    @property
    def version(self):
        """Changes whenever the task or what would become of it changes."""
        before = {name: getattr(self.task, name) for name in FIELDS}
        moves = sorted([one.unit.pk, str(one.before), str(one.after)] for one in self.changes)
        return fingerprint([self.division.version, before, self.words, moves, self.refused])

    @property
    def is_idle(self):
        return not (self.changes or self.words or self.refused)


class Plan:
    """What `wish` (anything with `words` and `asked`) makes of some of a ledger's tasks, row by row, in their order."""

    def __init__(self, ledger, tasks, wish, *, hold=False):
        tasks = list(tasks)
        for task in tasks:
            task.ledger = ledger
        self.ledger, self.allowed = ledger, set(ledger.units().values_list("pk", flat=True))
        self.rows = [self._row(one, wish) for one in (held if hold else divisions)(tasks)]

    def _row(self, division, wish):
        task = division.task
        asked = wish.asked(task, division)
        words = {name: value for name, value in wish.words.items() if getattr(task, name) != value}
        refusal = division.refusal(asked, self.allowed)
        refused = list(refusal.messages) if refusal else []
        if task.repeats and words.get("deadline", date.max) is None:
            refused.append(_("A task that comes again needs the deadline of the first one."))
        return PlannedTask(task, division, [] if refused else division.changes(asked), words, refused)

    @property
    def refused(self):
        return [row for row in self.rows if row.refused]

    @property
    def ready(self):
        return [row for row in self.rows if not row.refused and not row.is_idle]

    @property
    def idle(self):
        return [row for row in self.rows if row.is_idle]


@transaction.atomic
def carry(ledger, seen, wish):
    """Do it to the tasks of `seen` (pk → the version that was looked at), all or nothing. Returns the plan.

    It is planned once more under the locks; `PlanChanged` is raised when anything has changed since it was shown. All
    that changes is one group of the history.
    """
    Ledger.objects.select_for_update().get(pk=ledger.pk)  # imports and other plans wait
    plan = Plan(ledger, Task.objects.filter(ledger=ledger, pk__in=seen).order_by("order", "pk"), wish, hold=True)
    if {row.pk: row.version for row in plan.ready} != seen:
        raise PlanChanged
    with pghistory.context(note=ngettext("In bulk: %(n)s task", "In bulk: %(n)s tasks", len(seen)) % {"n": len(seen)}):
        for row in plan.ready:
            for name, value in row.words.items():
                setattr(row.task, name, value)
        Task.objects.bulk_update([row.task for row in plan.ready if row.words], FIELDS)
        carry_out([(row.division, row.changes) for row in plan.ready])
    return plan
