"""Lists of assignments: all, one's own, and those that wait for a verdict."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tasks import columns, exports
from tasks.filters import AssignmentFilter, MyTasksFilter
from tasks.lights import Lights
from tasks.models import Assignment
from units.lists import Listing, Tab
from units.roles import Role

TABS = [
    ("", gettext_lazy("To do"), Q(state__in=Assignment.OPEN)),
    ("submitted", gettext_lazy("Handed in"), Q(state="submitted")),
    ("completed", gettext_lazy("Completed"), Q(state="completed")),
]


def assignment_listing(request, rows, filters=AssignmentFilter, shown=columns.ASSIGNMENTS, **options):
    return Listing(request, rows.with_everything(), filters, shown, **options)


@require_GET
def assignments(request):
    """Every assignment in the person's scope."""
    rows = Assignment.objects.visible_to(request.user).without_patterns()
    listing = assignment_listing(request, rows, default_sort="due_on", export="tasks:assignments-export")
    columns.light_up(listing.rows, Lights.load())
    return listing.render("tasks/assignments.html")


@require_GET
def assignments_export(request):
    """The assignments as the list shows them, as a workbook."""
    rows = Assignment.objects.visible_to(request.user).without_patterns()
    listing = assignment_listing(request, rows, default_sort="due_on")
    file = exports.assignment_workbook(listing.queryset)
    return FileResponse(file, as_attachment=True, filename=f"{_('Assignments')}.xlsx", content_type=exports.XLSX)


@require_GET
def my_tasks(request):
    """What the person's units must do, the most urgent first."""
    lights, chosen = Lights.load(), request.GET.get("tab", "")
    rows = Assignment.objects.of_people(request.user)
    counts = rows.aggregate(**{f"n{n}": Count("pk", filter=which) for n, (_tab, _label, which) in enumerate(TABS)})
    which = next((which for tab, _label, which in TABS if tab == chosen), TABS[0][2])
    empty = _("Nothing waits for you here.")
    shown = rows.filter(which).by_urgency(lights)
    listing = assignment_listing(request, shown, MyTasksFilter, columns.MY_TASKS, default_sort="urgency", empty=empty)
    columns.light_up(listing.rows, lights)
    tabs = [
        Tab(label, listing.url(tab=tab or None, page=None), tab == chosen, counts[f"n{n}"])
        for n, (tab, label, _which) in enumerate(TABS)
    ]
    return listing.render("tasks/my_tasks.html", {"tabs": tabs})


@require_GET
def review_queue(request):
    """Reports that wait for this person's verdict, the longest waiting first: as the office, or as the unit above."""
    if not request.user.holds(Role.OFFICE, Role.UNIT_LEAD):
        raise PermissionDenied
    rows = Assignment.objects.reviewable_by(request.user).with_submitted_at()
    options = {"default_sort": "submitted_at", "empty": _("No report waits for you.")}
    listing = assignment_listing(request, rows, shown=columns.REVIEWS, **options)
    columns.light_up(listing.rows, Lights.load())
    return listing.render("tasks/review_queue.html")
