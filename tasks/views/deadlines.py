"""The calendar of deadlines, and one's own as a file."""

from datetime import UTC

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tasks import ics
from tasks.deadlines import month_asked, month_of_deadlines
from tasks.lights import Lights
from tasks.lists.filters import LIGHTS, DeadlineFilter
from tasks.lists.markup import due_counts
from tasks.models import Assignment
from units.filters import essence
from units.roles import UNIT_ROLES
from units.views.calendar import WEEKDAYS

# How the list of assignments is asked for a light or a state.
ASKED = {light.value: f"late={value}" for value, light in LIGHTS.items()}
ASKED |= {"submitted": "state=submitted", "completed": "state=completed"}


@require_GET
def deadlines(request):
    """A month, with what is due on each day by light."""
    lights = Lights.load()
    rows = Assignment.objects.visible_to(request.user).without_patterns()
    rows = DeadlineFilter(request.GET, queryset=rows, request=request)
    month = month_of_deadlines(rows.qs, month_asked(request.GET.get("month", ""), lights.today), lights)
    filters = filters_of(request)
    for day in month.busy:
        day.rows = f"{reverse('tasks:assignments')}?due_after={day.day.date}&due_before={day.day.date}&{filters}"
        day.shown = due_counts(day.counts, {name: f"{day.rows}&{asked}" for name, asked in ASKED.items()})
    context = {
        "month": month,
        "weekdays": WEEKDAYS,
        "form": rows.form,
        "filters": filters,
        "has_own": request.user.holds(*UNIT_ROLES),
        "total": sum(day.total for day in month.busy),
    }
    return render(request, "tasks/deadlines.html", context)


def filters_of(request):
    """What the address asks besides the month."""
    asked = request.GET.copy()
    asked.pop("month", None)
    return essence(asked)


@require_GET
def deadlines_file(request):
    """The person's own open deadlines, for another calendar."""
    rows = Assignment.objects.of_people(request.user).with_the_unit().exclude(due_on=None).with_everything()
    now = timezone.now().astimezone(UTC)
    events = [
        ics.event(
            f"assignment-{one.pk}@{request.get_host()}",
            one.due_on,
            _("Due: %(task)s") % {"task": one.task.title},
            f"{one.unit} · {one.get_part_display()}\n{one.requirement or one.task.requirement}",
            request.build_absolute_uri(one.get_absolute_url()),
            now,
        )
        for one in rows.order_by("due_on", "pk")
    ]
    answer = HttpResponse(ics.calendar(_("Deadlines"), events), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return answer
