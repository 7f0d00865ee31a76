"""Lists of assignments: all, one's own, and those that wait for a verdict."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tasks import columns, exports
from tasks.filters import AssignmentFilter, MyTasksFilter, ReviewFilter
from tasks.lights import Lights
from tasks.models import Assignment
from units.lists import Listing, Tab
from units.roles import Role

TABS = [
    ("", gettext_lazy("To do"), Q(state__in=Assignment.OPEN)),
    ("submitted", gettext_lazy("With the office"), Q(state="submitted")),
    ("completed", gettext_lazy("Completed"), Q(state="completed")),
]


def assignment_listing(request, rows, filters=AssignmentFilter, shown=columns.ASSIGNMENTS, **options):
    return Listing(request, rows.with_everything(), filters, shown, **options)


@require_GET
def assignments(request):
    """Every assignment in the person's scope."""
    rows = Assignment.objects.visible_to(request.user)
    listing = assignment_listing(request, rows, default_sort="due_on", export="tasks:assignments-export")
    columns.light_up(listing.rows, Lights.load())
    return listing.render("tasks/assignments.html")


@require_GET
def assignments_export(request):
    """The assignments as the list shows them, as a workbook."""
    listing = assignment_listing(request, Assignment.objects.visible_to(request.user), default_sort="due_on")
    return workbook(exports.assignment_workbook(listing.queryset), _("Assignments"))


def workbook(file, name):
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=exports.XLSX)


def my_listing(request, lights):
    """What the person's units must do, as the tab and the filters ask for it."""
    rows = Assignment.objects.of_people(request.user)
    which = next((which for tab, _label, which in TABS if tab == request.GET.get("tab", "")), TABS[0][2])
    options = {"default_sort": "urgency", "export": "tasks:my-tasks-export", "empty": _("Nothing waits for you here.")}
    return assignment_listing(
        request, rows.filter(which).by_urgency(lights), MyTasksFilter, columns.MY_TASKS, **options
    )


@require_GET
def my_tasks(request):
    """What the person's units must do, the most urgent first."""
    lights, chosen = Lights.load(), request.GET.get("tab", "")
    rows = Assignment.objects.of_people(request.user)
    counts = rows.aggregate(**{f"n{n}": Count("pk", filter=which) for n, (_tab, _label, which) in enumerate(TABS)})
    listing = my_listing(request, lights)
    columns.light_up(listing.rows, lights)
    tabs = [
        Tab(label, listing.url(tab=tab or None, page=None), tab == chosen, counts[f"n{n}"])
        for n, (tab, label, _which) in enumerate(TABS)
    ]
    return listing.render("tasks/my_tasks.html", {"tabs": tabs})


@require_GET
def my_tasks_export(request):
    """The same rows as a workbook."""
    return workbook(exports.assignment_workbook(my_listing(request, Lights.load()).queryset), _("My tasks"))


def review_listing(request):
    """What waits for the person's verdict; for the office only."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    rows = Assignment.objects.reviewable_by(request.user).with_submitted_at()
    options = {"default_sort": "submitted_at", "export": "tasks:review-queue-export"}
    return assignment_listing(
        request, rows, ReviewFilter, columns.REVIEWS, empty=_("No report waits for you."), **options
    )


@require_GET
def review_queue(request):
    """Reports that wait for this person's verdict, the longest waiting first."""
    listing = review_listing(request)
    columns.light_up(listing.rows, Lights.load())
    return listing.render("tasks/review_queue.html")


@require_GET
def review_queue_export(request):
    """The same rows as a workbook."""
    return workbook(exports.review_workbook(review_listing(request).queryset), _("Review"))
