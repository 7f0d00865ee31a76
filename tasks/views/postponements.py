"""Postponements (延期): asked on the page of the assignment, decided one after the other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tasks.forms.beside import NoteForm, PostponementForm
from tasks.forms.progress import ReasonForm
from tasks.lights import Lights
from tasks.lists import columns
from tasks.models import Postponement
from tasks.views.progress import page, scoped
from units.history import entries
from units.lists import Listing, Tab
from units.roles import Role
from units.workflow import NotInThisState


def scoped_row(request, pk, step=""):
    """The request, for who sees it and may take `step` at all."""
    found = get_object_or_404(Postponement.objects.visible_to(request.user).with_everything(), pk=pk)
    if step and not Postponement.steps[step].allows(request.user, found):
        raise PermissionDenied
    return found


@require_POST
def ask(request, pk):
    """Ask for a later day of the assignment."""
    shown = scoped(request, pk)
    if not request.user.has_role(Role.UNIT_LEAD, shown.unit):
        raise PermissionDenied
    if shown.due_on is None:
        raise NotInThisState("no deadline")
    form = PostponementForm(request.POST, due=shown.due_on, calendar=Lights.load().calendar)
    if not form.is_valid():
        return page(request, shown, postpone=form)
    try:
        Postponement.objects.ask(shown, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error("until", refused)
        return page(request, shown, postpone=form)
    messages.success(request, _("Asked. Until it is decided, the present deadline counts."))
    return redirect(f"{shown.get_absolute_url()}#postponements")


@require_GET
def postponements(request):
    """Those that wait for this person's decision, and all that the person sees."""
    rows, mine = Postponement.objects.visible_to(request.user), Postponement.objects.decidable_by(request.user)
    shows_all = request.GET.get("tab") == "all" or not request.user.holds(Role.OFFICE, Role.UNIT_LEAD)
    empty = _("No postponement was asked for.") if shows_all else _("No request waits for you.")
    options = {"default_sort": "-asked_at" if shows_all else "asked_at", "empty": empty}
    shown = rows if shows_all else mine
    listing = Listing(request, shown.with_everything(), columns=columns.POSTPONEMENTS, **options)
    calendar = Lights.load().calendar
    for row in listing.rows:
        row.days_more = calendar.days_between(row.before, row.until)
    here = request.path
    tabs = [Tab(_("To decide"), here, not shows_all, mine.count()), Tab(_("All"), f"{here}?tab=all", shows_all)]
    return listing.render("tasks/postponements.html", {"tabs": tabs})


@require_GET
def postponement(request, pk):
    """One request: from which day to which, why, and what became of it."""
    shown, lights = scoped_row(request, pk), Lights.load()
    before = Postponement.objects.granted().filter(assignment=shown.assignment).exclude(pk=shown.pk)
    context = {
        "postponement": shown,
        "days_more": lights.calendar.days_between(shown.before, shown.until),
        "days_left": lights.days_left(shown.assignment.due_on),
        "earlier": before.count(),
        "history": entries(shown),
    }
    return render(request, "tasks/postponement.html", context)


@require_POST
def grant(request, pk):
    """Let the new day count."""
    return decide(request, pk, "grant", NoteForm, _("Granted: %(unit)s, %(day)s."))


@require_POST
def refuse(request, pk):
    """Let the present day stand, with a reason."""
    return decide(request, pk, "refuse", ReasonForm, _("Refused: the deadline of %(unit)s stays."))


def decide(request, pk, step, form_class, words):
    shown = scoped_row(request, pk, step)
    form = form_class(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect(shown)
    getattr(shown, step)(by=request.user, note=form.cleaned_data["note"])
    messages.success(request, words % {"unit": shown.unit, "day": shown.until})
    following = Postponement.objects.decidable_by(request.user).order_by("asked_at", "pk").first()
    return redirect(following or reverse("tasks:postponements"))


@require_POST
def withdraw(request, pk):
    """Take the request back before it is decided."""
    shown = scoped_row(request, pk, "withdraw")
    shown.withdraw(by=request.user)
    messages.success(request, _("The request was taken back."))
    return redirect(f"{shown.assignment.get_absolute_url()}#postponements")
