"""How a task is divided: among the units that a ledger asks, and by a unit among those below it (二次分解).

One rule for the form of a task, for many tasks at once, for the rules of duty and for handing down.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from units.markup import listed, number_text, said_of
from units.models import Unit

LEAD, RESPONSIBLE = "lead", "responsible"
BATCH, UPDATES = 2000, 500  # rows in one statement; each row of an update is looked for among all of its rows
FULL = Decimal(100)
LONGEST_REQUIREMENT = 2000  # letters that people write for one unit


@dataclass(frozen=True)
class Given:
    """What one unit is given of a task."""

    part: str
    share: Decimal | None = None
    deadline: date | None = None
    quantity: Decimal | None = None
    quantity_unit: str = ""
    requirement: str = ""

    @classmethod
    def of(cls, row):
        return cls(**{name: getattr(row, name) for name in FIELDS})


FIELDS = [one.name for one in fields(Given)]


@dataclass(frozen=True)
class Change:
    """What becomes of one unit: new (`before` None), taken out (`after` None) or given something else."""

    unit: Unit
    before: Given | None
    after: Given | None


class Refused(ValidationError):
    """A division that cannot be. `general`: what is wrong with the whole, `by_field` the same with the field that says
    so; `by_unit`: unit pk → what is wrong there.
    """

    def __init__(self, by_field, by_unit):
        self.general, self.by_field = list(by_field.values()), by_field
        super().__init__([*self.general, *(said_of(unit.placed(), words) for unit, words in by_unit.items())])
        self.by_unit = {unit.pk: words for unit, words in by_unit.items()}


@dataclass
class Division:
    """The units of one task (`parent` None) or of one assignment, as they stand.

    `rows`: unit pk → assignment; `bound`: the unit pks that have begun, so that they stay; `elsewhere`: unit pk → the
    assignment by which a unit has the same task at another place of the tree.
    """

    task: object
    parent: object = None
    rows: dict = field(default_factory=dict)
    bound: set = field(default_factory=set)
    elsewhere: dict = field(default_factory=dict)

    @property
    def now(self):
        return {row.unit: Given.of(row) for row in self.rows.values()}

    @property
    def version(self):
        """Changes whenever the units or what they are given change."""
        return version_of(self.now)

    def completed(self, asked):
        """`asked` (unit → `Given`, or a part alone: the rest stays) as unit → `Given`."""
        now = self.now
        return {
            unit: wish if isinstance(wish, Given) else replace(now.get(unit) or Given(wish), part=wish)
            for unit, wish in asked.items()
        }

    def changes(self, asked):
        """What giving the task to exactly the units of `asked` would change, unit by unit."""
        now, wanted = self.now, self.completed(asked)
        return [
            Change(unit, now.get(unit), wanted.get(unit))
            for unit in {**now, **wanted}
            if now.get(unit) != wanted.get(unit)
        ]

    def refusal(self, asked, allowed):
        """Why that cannot be, as a `Refused`, or None. `allowed`: the pks of the units that may be given it anew."""
        wanted = self.completed(asked)
        by_field = wrong_with_all(wanted)
        by_unit = {unit: words for unit in wanted if (words := self._refuses(unit, wanted[unit], allowed))}
        by_unit |= {
            row.unit: _("has worked on this task already (reported, checked itself or handed it down); it stays")
            for pk, row in self.rows.items()
            if pk in self.bound and row.unit not in wanted
        }
        return Refused(by_field, by_unit) if by_field or by_unit else None

    def _refuses(self, unit, given, allowed):
        if unit.pk not in self.rows:
            if unit.pk in self.elsewhere:
                return self._has_it(self.elsewhere[unit.pk])
            if unit.pk not in allowed:
                return self._not_allowed(unit)
        if self.parent and given.deadline and self.parent.due_on and given.deadline > self.parent.due_on:
            return _("the deadline is later than that of the unit itself (%(day)s)") % {"day": self.parent.due_on}
        return ""

    def _not_allowed(self, unit):
        above = self.parent.unit if self.parent else self.task.ledger.unit
        if unit.path.startswith(above.path) and unit != above:
            return _("has ended; choose the unit that took over")
        return _("does not stand below %(unit)s") % {"unit": above}

    @staticmethod
    def _has_it(other):
        if other.parent_id is None:
            return _("has this task from the ledger already")
        return _("has this task already, handed down by %(unit)s") % {"unit": other.parent.unit.placed()}


def wrong_with_all(wanted):
    """What is wrong with giving a task to all of `wanted` (unit → `Given`): field → words."""
    leads = [unit for unit, given in wanted.items() if given.part == LEAD]
    shares = [given.share for given in wanted.values() if given.share is not None]
    found = {}
    if len(leads) > 1:
        words = _("A task has one leading unit, not %(n)s: %(units)s.")
        found["part"] = words % {"n": len(leads), "units": listed(map(Unit.placed, leads))}
    if shares and sum(shares) != FULL:
        found["share"] = _("The shares of responsibility add up to %(sum)s, not to 100.") % {"sum": sum(shares)}
    return found


def version_of(parts):
    """A name for just these units with what they are given (unit → `Given`)."""
    return fingerprint(sorted([unit.pk, asdict(given)] for unit, given in parts.items()))


def fingerprint(value):
    """A name for just this value; 60 and 60.00 are the same number."""
    said = json.dumps(value, ensure_ascii=False, default=plainly, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def plainly(value):
    return number_text(value) if isinstance(value, Decimal) else str(value)


def divisions(tasks, parent=None):
    """How each of `tasks` is divided, in their order; three queries, whatever their number."""
    assignments = tasks[0].assignments.model._default_manager if tasks else None
    found = {task.pk: Division(task, parent) for task in tasks}
    if not found:
        return []
    rows = assignments.filter(task__in=found).select_related("unit__parent", "parent__unit__parent")
    for row in rows:
        one = found[row.task_id]
        (one.rows if row.parent_id == (parent and parent.pk) else one.elsewhere)[row.unit_id] = row
    here = [row.pk for one in found.values() for row in one.rows.values()]
    for task_id, unit_id in assignments.filter(pk__in=here).begun().values_list("task_id", "unit_id"):
        found[task_id].bound.add(unit_id)
    return list(found.values())


def held(tasks, parent=None):
    """The same, held until the transaction ends: nobody else divides them, and nobody writes a report meanwhile."""
    if tasks:
        ours = type(tasks[0])._default_manager.filter(pk__in=[task.pk for task in tasks])
        theirs = tasks[0].assignments.model._default_manager.filter(task__in=ours.values("pk"), parent=parent)
        for rows in (ours, theirs):
            list(rows.order_by("pk").select_for_update(of=("self",)))
    return divisions(tasks, parent)


def units_for(task, parent=None):
    """The units that the task may be given to, or handed down to."""
    if parent is None:
        return task.ledger.units()
    return parent.unit.subtree().current().exclude(pk=parent.unit_id)


def units_known(task):
    """The units of which a form about the task may speak: all below the ledger's, ended ones too, and who has it."""
    given = Unit.objects.filter(assignments__task=task.pk) if task.pk else Unit.objects.none()
    return Unit.objects.filter(Q(pk__in=task.ledger.unit.subtree().values("pk")) | Q(pk__in=given.values("pk")))


@transaction.atomic
def divide(task, asked, parent=None):
    """Give the task to exactly the units of `asked` (unit → `Given` or part), all or nothing. Returns the changes.

    A unit that stays keeps its reports, also under a new part. Raises `Refused`.
    """
    [one] = held([task], parent)
    allowed = set(units_for(task, parent).filter(pk__in=[unit.pk for unit in asked]).values_list("pk", flat=True))
    if refusal := one.refusal(asked, allowed):
        raise refusal
    changes = one.changes(asked)
    carry_out([(one, changes)])
    return changes


def carry_out(planned):
    """Write the changes of `[(division, changes)]`, which were found good under their locks; few statements."""
    if not any(changes for _division, changes in planned):
        return
    model = planned[0][0].task.assignments.model
    gone, moved, leading, new, touched = [], [], [], [], set()
    for division, changes in planned:
        for change in changes:
            row = division.rows.get(change.unit.pk)
            if change.after is None:
                gone.append(row.pk)
                continue
            given = {name: getattr(change.after, name) for name in FIELDS}
            if row is None:
                new.append(model(task=division.task, parent=division.parent, unit=change.unit, **given))
                continue
            for name, value in given.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
                    touched.add(name)
            # Who stops to lead goes first: there is one lead at every moment.
            (leading if change.after.part == LEAD else moved).append(row)
    model._default_manager.filter(pk__in=gone).delete()
    for rows in filter(None, (moved, leading)):
        model._default_manager.bulk_update(rows, sorted(touched), batch_size=UPDATES)
    model._default_manager.bulk_create(new, batch_size=BATCH)
