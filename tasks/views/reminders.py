"""The reminder of a day, the ladder behind it, and what it says on an assignment's page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tasks.forms.ladder import LadderForm
from tasks.lights import Lights
from tasks.lists import columns
from tasks.models import Digest
from units.history import Entry
from units.markup import listed
from units.roles import UNIT_ROLES
from units.views.pages import form_page


@require_GET
def digest(request, pk):
    """One's reminder of a day: what it named, as it stands now."""
    shown = get_object_or_404(Digest.objects.filter(user=request.user), pk=pk)
    rows = shown.rows()
    columns.light_up(rows, Lights.load())
    brought = shown.escalated.filter(escalation__assignment__in=rows).select_related("escalation")
    why = {one.escalation.assignment_id: one.escalation for one in brought.order_by("escalation__at")}
    for row in rows:
        row.why = reason(why.get(row.pk), request.user)
    context = {"digest": shown, "rows": rows, "columns": columns.REMINDED, "works": request.user.holds(*UNIT_ROLES)}
    return render(request, "tasks/digest.html", context)


def reason(escalation, user):
    """Why a reminder names an assignment to `user`."""
    if escalation is None:
        return _("It lies in your hands.")
    if escalation.named and user.name not in escalation.named:
        return _("Please tell the head: %(name)s") % {"name": escalation.named}
    return _("The ladder tells %(whom)s.") % {"whom": escalation.get_tells_display()}


@require_http_methods(["GET", "POST"])
def ladder(request):
    """After how many working days late who is told, for the ledgers of the person's office."""
    unit = request.user.office_unit
    if unit is None:
        raise PermissionDenied
    form = LadderForm(request.POST or None, unit=unit)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. It counts from the next working morning."))
        return redirect("tasks:ladder")
    lead = _("When a deadline of your ledgers has passed, these people are told, each once for each assignment.")
    return form_page(request, form, title=_("Ladder of reminders"), back=reverse("tasks:ledgers"), lead=lead)


def with_escalations(history, assignment):
    """The timeline with the rungs of the ladder that the assignment has reached."""
    reached = [
        Entry(at=one.at, actor=None, text=one.text, note=listed(who_heard(one)))
        for one in assignment.escalations.with_readers()
    ]
    return sorted([*history, *reached], key=lambda entry: entry.at, reverse=True)


def who_heard(escalation):
    """The head as named then, and who was told, without the head said already."""
    told = [name for name in escalation.heard if name != escalation.named]
    return [escalation.named, *told] if escalation.named else told
