"""Lists of assignments: all, one's own, and those that wait for a verdict."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tasks import exports
from tasks.lights import Lights
from tasks.lists import columns
from tasks.lists.filters import AssignmentFilter, MyTasksFilter
from tasks.models import Assignment, Ledger
from tasks.models.assigned import is_ready
from units.files import workbook_answer
from units.lists import Listing, Tab

SHEETS = 3  # the newest ledgers, to whose self-check "my tasks" leads


def my_tabs():
    """The name, label and rows of each tab of "my tasks"."""
    return [
        ("", _("To do"), Q(state__in=Assignment.OPEN)),
        ("ready", _("For the lead to hand in"), is_ready()),
        ("submitted", _("Handed in"), Q(state="submitted")),
        ("completed", _("Completed"), Q(state="completed")),
    ]


def assignment_listing(request, rows, filters=AssignmentFilter, shown=columns.ASSIGNMENTS, **options):
    return Listing(request, rows.with_everything(), filters, shown, **options)


@require_GET
def assignments(request):
    """Every assignment in the person's scope."""
    rows = Assignment.objects.visible_to(request.user).without_patterns()
    listing = assignment_listing(request, rows, default_sort="due_on", export="tasks:assignments-export")
    columns.light_up(listing.rows, Lights.load())
    columns.count_postponed(listing.rows)
    return listing.render("tasks/assignments.html")


@require_GET
def assignments_export(request):
    """The assignments as the list shows them, as a workbook."""
    rows = Assignment.objects.visible_to(request.user).without_patterns()
    listing = assignment_listing(request, rows, default_sort="due_on")
    return workbook_answer(exports.assignment_workbook(listing.queryset), _("Assignments"))


def my_listing(request, lights):
    """What the person's units must do, as the tab and the filters ask for it."""
    rows = Assignment.objects.of_people(request.user)
    all_tabs = my_tabs()
    which = next((which for tab, _label, which in all_tabs if tab == request.GET.get("tab", "")), all_tabs[0][2])
    options = {"default_sort": "urgency", "export": "tasks:my-tasks-export", "empty": _("Nothing waits for you here.")}
    return assignment_listing(
        request, rows.filter(which).by_urgency(lights), MyTasksFilter, columns.MY_TASKS, **options
    )


@require_GET
def my_tasks(request):
    """What the person's units must do, the most urgent first."""
    lights, chosen, all_tabs = Lights.load(), request.GET.get("tab", ""), my_tabs()
    rows = Assignment.objects.of_people(request.user)
    counts = rows.aggregate(**{f"n{n}": Count("pk", filter=which) for n, (_tab, _label, which) in enumerate(all_tabs)})
    listing = my_listing(request, lights)
    columns.light_up(listing.rows, lights)
    columns.count_postponed(listing.rows)
    columns.mark_ready(listing.rows)
    tabs = [
        Tab(label, listing.url(tab=tab or None, page=None), tab == chosen, counts[f"n{n}"])
        for n, (tab, label, _which) in enumerate(all_tabs)
    ]
    asked = Ledger.objects.filter(pk__in=rows.order_by().values("task__ledger")).order_by("-year", "-pk")
    return listing.render("tasks/my_tasks.html", {"tabs": tabs, "ledgers": asked[:SHEETS]})


@require_GET
def my_tasks_export(request):
    """The same rows as a workbook."""
    return workbook_answer(exports.assignment_workbook(my_listing(request, Lights.load()).queryset), _("My tasks"))
