"""The form of a task: its words, and who gets it."""

from functools import partial

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasks.forms.division import MoreUnits, UnitRowSet
from tasks.forms.ledgers import TaskForm
from tasks.lists import division_columns
from tasks.models import Assignment, Task
from tasks.models.division import Refused, divisions, units_for, units_known
from tasks.views.access import own_ledger, own_task
from units import twins
from units.history import last_hand


class Outdated(Exception):
    """Somebody else has saved the task since its form was opened."""


@require_http_methods(["GET", "POST"])
def task_new(request, pk):
    """Add a task to the ledger `pk` by hand."""
    return edit(request, Task(ledger=own_ledger(request, pk)))


@require_http_methods(["GET", "POST"])
def task_edit(request, pk):
    """Change a task and the units it is given to."""
    return edit(request, own_task(request, pk))


def edit(request, task):
    more = MoreUnits(request.POST or None, units=units_for(task))
    if request.method != "POST":
        now = divisions([task])[0].now if task.pk else {}
        return page(request, TaskForm(instance=task), UnitRowSet.of(now), more)
    form = TaskForm(request.POST, instance=task)
    rows = UnitRowSet(request.POST, within=units_known(task))
    if more.is_asked:
        return page(request, typed(form), rows.with_more(*more.picked()), MoreUnits(units=units_for(task)))
    if all([form.is_valid(), rows.is_valid(), more.is_valid()]):
        try:
            if saved := twins.saved(form, partial(keep, form, rows)):
                return redirect(saved)
        except Refused as refused:
            rows.refuse(refused)
        except Outdated:
            tell(form, rows)
    return page(request, form, rows, more, status=422)


def page(request, form, rows, more, status=200):
    task = form.instance
    context = {"form": form, "task": task, "rows": rows, "more": more, "columns": division_columns.UNIT_ROWS}
    return render(request, "tasks/task_form.html", context, status=status)


def typed(form):
    """The form as it was typed, not judged yet."""
    return TaskForm(instance=form.instance, initial={name: form[name].value() for name in form.fields})


@transaction.atomic
def keep(form, rows):
    """Save the words and the units, or nothing of it."""
    task, is_new = form.instance, form.instance.pk is None
    if not is_new and form.is_outdated_by(Task.objects.select_for_update().get(pk=task.pk), rows.parts):
        raise Outdated
    saved = form.save()
    try:
        saved.assign(rows.parts)
    except Refused:
        if is_new:  # the row goes with the transaction
            task.pk, task._state.adding = None, True
        raise
    return saved


def tell(form, rows):
    """Show what somebody else has kept meanwhile beside what was typed."""
    now = Task.objects.get(pk=form.instance.pk)
    given = Assignment.pgh_event_model.objects.filter(task=now.pk)
    who = last_hand(now.history, given) or _("Somebody")
    rows.tell(divisions([now])[0].now)
    form.tell(now, who)
