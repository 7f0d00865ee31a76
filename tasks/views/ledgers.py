"""Ledgers and their tasks."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tasks import exports
from tasks.forms.ledgers import LedgerForm
from tasks.ledger_figures import figures_of
from tasks.lights import Lights
from tasks.lists import columns
from tasks.lists.filters import TaskFilter
from tasks.models import Assignment, AssignmentEvent, Criterion, Decision, Ledger, Task
from tasks.models.rollup import rolled_up
from tasks.tree import in_tree
from tasks.views.access import own_ledger, own_task
from units.events import told
from units.files import workbook_answer
from units.history import Entry, entries
from units.lists import Listing
from units.roles import Role
from units.twins import saved

SHOWN_EVENTS = 30


@require_GET
def ledgers(request):
    """The ledgers that ask something of the person's units, and how far they are."""
    asked = Assignment.objects.visible_to(request.user).asked_of(request.user)
    rows = Ledger.objects.visible_to(request.user).select_related("unit")
    listing = Listing(
        request,
        rows.with_counts(asked, timezone.localdate()),
        columns=columns.LEDGERS,
        default_sort="-year",
        empty=_("No ledger yet. Import one, or make one by hand."),
    )
    return listing.render("tasks/ledgers.html", {"may_add": request.user.holds(Role.OFFICE)})


def task_listing(request, ledger, **options):
    rows = ledger.tasks_of(request.user).with_lead()
    return Listing(
        request,
        rows,
        partial(TaskFilter, ledger=ledger),
        columns.TASKS,
        default_sort="order",
        export="tasks:ledger-export",
        export_args=(ledger.pk,),
        empty=_("This ledger has no tasks yet."),
        **options,
    )


@require_GET
def ledger(request, pk):
    """The tasks of one ledger."""
    rows = Ledger.objects.visible_to(request.user).select_related("unit", "standard", "carried_from")
    shown = get_object_or_404(rows, pk=pk)
    may_edit = request.user.has_role(Role.OFFICE, shown.unit)
    bulk = {"bulk": "tasks/_bulk_tasks.html", "bulk_url": reverse("tasks:bulk", args=[shown.pk])} if may_edit else {}
    lights, listing = Lights.load(), task_listing(request, shown, **bulk)
    columns.light_up_tasks(listing.rows, lights)
    figures = figures_of(shown, request.user, lights)
    rows = f"{reverse('tasks:assignments')}?ledger={shown.pk}&handed=asked"
    context = {"ledger": shown, "figures": figures, "rows": rows, "may_edit": may_edit}
    return listing.render("tasks/ledger.html", context)


@require_GET
def ledger_changes(request, pk):
    """What happened to the ledger itself."""
    shown = get_object_or_404(Ledger.objects.visible_to(request.user), pk=pk)
    return render(request, "components/changes_page.html", {"thing": shown, "history": entries(shown)})


@require_GET
def ledger_export(request, pk):
    """The tasks as the list shows them, as a workbook."""
    shown = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    file = exports.task_workbook(task_listing(request, shown).queryset.with_counts())
    return workbook_answer(file, shown)


@require_http_methods(["GET", "POST"])
def ledger_new(request):
    """Begin a ledger by hand."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    return edit(request, LedgerForm, Ledger(year=timezone.localdate().year, unit=request.user.home_unit))


@require_http_methods(["GET", "POST"])
def ledger_edit(request, pk):
    """Name, year and standard of a ledger."""
    return edit(request, LedgerForm, own_ledger(request, pk))


@transaction.atomic
def edit(request, form_class, instance):
    form = form_class(request.POST or None, instance=instance, user=request.user)
    if request.method == "POST" and form.is_valid() and (row := saved(form)):
        return redirect(row)
    status = 422 if form.is_bound else 200
    return render(request, "tasks/ledger_form.html", {"form": form, "ledger": instance}, status=status)


@require_GET
def task(request, pk):
    """Everything about one task: what is asked, by when, and how each unit stands, also those further down."""
    rows = Task.objects.visible_to(request.user).select_related("ledger__unit", "repeat_of")
    shown = get_object_or_404(rows.annotate(together=rolled_up(F("pk"))), pk=pk)
    own, lights = Assignment.objects.visible_to(request.user).filter(task=shown), Lights.load()
    seen = set(own.values_list("pk", flat=True))
    # What other units have handed down is theirs to know.
    rows = shown.assignments.filter(Q(parent=None) | Q(pk__in=seen))
    given = list(rows.with_rolled_up().select_related("unit", "task"))
    for one in given:
        one.is_seen = one.pk in seen
    given = in_tree(given)
    columns.light_up(given, lights)
    context = {
        "task": shown,
        "given": given,
        "criteria": criteria_of(shown, request.user),
        "columns": columns.SHARES,
        "history": task_history(shown, seen),
        "may_edit": request.user.has_role(Role.OFFICE, shown.ledger.unit),
        "decision": Decision.objects.visible_to(request.user).select_related("meeting").filter(task=shown).first(),
        "occurrences": list(shown.occurrences.with_lead().order_by("occurs_on")) if shown.repeats else [],
        "occurrence_columns": columns.TASKS,
    }
    columns.light_up_tasks(context["occurrences"], lights)
    return render(request, "tasks/task.html", context)


def criteria_of(shown, user):
    """The criteria that the task names; `is_seen` says whether the person may open their pages."""
    found = list(shown.criteria.select_related("indicator"))
    seen = set(Criterion.objects.visible_to(user).filter(tasks=shown).values_list("pk", flat=True))
    for one in found:
        one.is_seen = one.pk in seen
    return found


def task_history(shown, seen):
    """What happened to the task, and the steps of those assignments that the person sees; newest first."""
    steps = AssignmentEvent.objects.filter(assignment__in=seen).select_related("actor", "assignment__unit")
    said = [
        Entry(at=one.at, actor=one.actor, text=told(one.assignment.unit, one.text), note=one.note)
        for one in steps[:SHOWN_EVENTS]
    ]
    return sorted([*said, *entries(shown)], key=lambda entry: entry.at, reverse=True)


@require_http_methods(["GET", "POST"])
def task_delete(request, pk):
    """Delete a task on which nobody has reported yet."""
    shown, refused = own_task(request, pk), ""
    if request.method == "POST":
        try:
            shown.remove()
        except ValidationError as error:
            refused = error.messages[0]
        else:
            messages.success(request, _("The task was deleted."))
            return redirect(shown.ledger)
    status = 422 if refused else 200
    return render(request, "tasks/task_delete.html", {"task": shown, "refused": refused}, status=status)
