"""An edited workbook taken over into its ledger, in one transaction."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from tasks.models import Assignment, Ledger, Task
from tasks.workbook.cells import TEXTS
from tasks.workbook.compare import compare
from tasks.workbook.giving import Own, Wish, give
from tasks.workbook.plan import CHANGED, GONE, NEW
from units.markup import listed
from units.workflow import NotInThisState

BATCH = 2000
TASK_COLUMNS = (*TEXTS, "methods", "is_key", "deadline")  # fields that are columns of the task
CHOICES = frozenset({"take", "remove", "again"})


class LedgerChanged(NotInThisState):
    """The ledger is not any more as it was when the differences were shown."""


@transaction.atomic
def take_over(sheet, ledger, choices=None, *, seen=""):
    """Carry out what `compare(sheet, ledger)` says, all or nothing; returns what was done, in numbers.

    `choices`: lists of marks; `take` conflicts in which the file wins, `remove` missing tasks, add `again` those that
    were deleted. `seen` is the version of the plan that was looked at: `LedgerChanged` is raised where another stands
    there by now. Raises `ValidationError` where the file has problems, or something else needs a row to be removed.
    """
    lock(ledger)
    plan = compare(sheet, ledger)
    if plan.problems:
        raise ValidationError(_("Nothing was taken over: the file has problems."))
    if seen and seen != plan.version:
        raise LedgerChanged("the ledger has changed since the differences were shown")
    return carry_out(plan, {name: set((choices or {}).get(name, ())) for name in CHOICES})


def lock(ledger):
    """Nobody changes, gives or reports on a task of the ledger until the transaction ends; one import at a time."""
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    for rows in (Task.objects.filter(ledger=ledger), Assignment.objects.filter(task__ledger=ledger)):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def carry_out(plan, chosen):
    taken = [one for one in plan.conflicts if one.mark in chosen["take"] and not one.refused]
    changes = {row.now.pk: dict(row.values) for row in plan.with_fate(CHANGED)}
    for one in taken:
        if not one.row.sheet:
            changes.setdefault(one.row.now.pk, {})[one.field] = one.value
    own = Own(plan, [one for one in taken if one.row.sheet])
    removed = [one.now.pk for one in plan.missing if one.mark in chosen["remove"] and not one.refused]
    new = [row for row in plan.rows if row.fate == NEW or (row.fate == GONE and row.mark in chosen["again"])]
    remove(removed)
    change(changes)
    wishes = {pk: Wish(said.get("units"), own.of_task(pk)) for pk, said in changes.items() if "units" in said}
    wishes |= {pk: Wish(None, said) for pk, said in own.by_task.items() if pk not in wishes and pk not in removed}
    wishes |= {task.pk: Wish(row.values["units"], own.of_row(row)) for task, row in add(new, plan.ledger)}
    units = give(wishes, plan.names.allowed)
    counts = plan.counts
    return {
        "new": len(new),
        "changed": len(changes),
        "units": units,
        "removed": len(removed),
        "same": counts["same"],
        "kept": counts["conflicts"] - len(taken) - sum(row.fate == GONE for row in new),
        "missing": counts["missing"] - len(removed),
    }


def remove(tasks):
    """Delete the tasks with their assignments; what else needs one of them keeps all."""
    try:
        Assignment.objects.filter(task__in=tasks).delete()
        Task.objects.filter(pk__in=tasks).delete()
    except ProtectedError as error:
        words = _("Nothing was taken over: something still needs a task that was to be removed: %(what)s.")
        what = listed(sorted({str(one) for one in error.protected_objects})[:3])
        raise ValidationError(words % {"what": what}) from error


def change(changes):
    """Store what `changes` says: task → {field: value}."""
    tasks = Task.objects.in_bulk(list(changes))
    fields = [name for name in TASK_COLUMNS if any(name in own for own in changes.values())]
    for pk, task in tasks.items():
        for name in fields:
            if name in changes[pk]:
                setattr(task, name, column_value(name, changes[pk][name]))
    if fields:
        Task.objects.bulk_update(tasks.values(), fields, batch_size=BATCH)
    prove({pk: own["criteria"] for pk, own in changes.items() if "criteria" in own})


def column_value(name, value):
    return list(value) if name == "methods" else value


def prove(criteria):
    """Tie each task to exactly these criteria: task → set of primary keys."""
    link = Task.criteria.through
    rows = link.objects.filter(task__in=criteria).values_list("task", "criterion", "pk")
    now = {(task, one): pk for task, one, pk in rows}
    wanted = {(task, one) for task, ones in criteria.items() for one in ones}
    link.objects.filter(pk__in=[pk for pair, pk in now.items() if pair not in wanted]).delete()
    added = (link(task_id=task, criterion_id=one) for task, one in sorted(wanted - now.keys()))
    link.objects.bulk_create(added, batch_size=BATCH)


def add(rows, ledger):
    """Add new tasks at the end of the ledger, in the order of the file: [(task, row)], not given to units yet."""
    known = set(ledger.tasks.values_list("key", flat=True))
    tasks = []
    for place, row in enumerate(rows, start=ledger.next_order()):
        key = row.key or Task.key_of(row.values["title"], row.values["requirement"])
        if key in known:  # added again although another says the same by now
            key = hashlib.sha256(f"{key}\x1f{row.mark}".encode()).hexdigest()
        known.add(key)
        own = {name: column_value(name, row.values[name]) for name in TASK_COLUMNS}
        tasks.append(Task(ledger=ledger, key=key, order=place, source_row=row.number, **own))
    Task.objects.bulk_create(tasks, batch_size=BATCH)
    made = list(zip(tasks, rows, strict=True))
    prove({task.pk: row.values["criteria"] for task, row in made})
    return made
