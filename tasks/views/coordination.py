"""Co-operation between units (协调处理): asked on the page of the assignment, decided by the office, done by a unit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tasks.forms.beside import CoordinationDecisionForm, CoordinationForm, NoteForm
from tasks.lists import columns
from tasks.models import Assignment, Coordination
from tasks.views.progress import page, scoped
from units.history import entries
from units.lists import Listing, Tab
from units.roles import UNIT_ROLES, Role


def scoped_row(request, pk, step=""):
    """The request, for who sees it and may take `step` at all."""
    found = get_object_or_404(Coordination.objects.visible_to(request.user).with_everything(), pk=pk)
    if step and not Coordination.steps[step].allows(request.user, found):
        raise PermissionDenied
    return found


@require_POST
def ask(request, pk):
    """Say what the assignment needs of another unit."""
    shown = scoped(request, pk)
    if not shown.may_write(request.user):
        raise PermissionDenied
    form = CoordinationForm(request.POST, assignment=shown)
    if not form.is_valid():
        return page(request, shown, coordinate=form)
    try:
        Coordination.objects.ask(shown, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error("of", refused)
        return page(request, shown, coordinate=form)
    messages.success(request, _("The office was told and will decide."))
    return redirect(f"{shown.get_absolute_url()}#coordinations")


def tabs_of(user, rows):
    """The name, label and rows of each tab: what waits for the person first."""
    own = user.units_with_role(*UNIT_ROLES).values("pk")
    found = []
    if user.holds(Role.OFFICE):
        found.append(("decide", _("To decide"), Coordination.objects.decidable_by(user)))
    if user.holds(*UNIT_ROLES):
        found.append(("ours", _("Asked of us"), Coordination.objects.to_do_for(user)))
        found.append(("asked", _("We asked"), rows.filter(assignment__unit__in=own)))
    return [*found, ("all", _("All"), rows)]


@require_GET
def coordinations(request):
    """What units need of each other: to decide, to do, asked, all."""
    found = tabs_of(request.user, Coordination.objects.visible_to(request.user))
    asked = request.GET.get("tab", "")
    chosen, _label, rows = next((tab for tab in found if tab[0] == asked), found[0])
    empty = _("Nothing like that.")
    options = {"columns": columns.COORDINATIONS, "default_sort": "-asked_at", "empty": empty}
    listing = Listing(request, rows.with_everything(), **options)
    tabs = [Tab(label, f"{request.path}?tab={name}", name == chosen, part.count()) for name, label, part in found]
    return listing.render("tasks/coordinations.html", {"tabs": tabs})


@require_GET
def coordination(request, pk):
    """One request and its course."""
    return coordination_page(request, scoped_row(request, pk))


def coordination_page(request, shown, form=None):
    if form is None and "decide" in shown.steps_open_to(request.user):
        form = CoordinationDecisionForm(
            assignment=shown.assignment, initial={"of": shown.of, "due_on": shown.needed_by}
        )
    context = {
        "coordination": shown,
        "form": form,
        "sees_assignment": Assignment.objects.visible_to(request.user).filter(pk=shown.assignment_id).exists(),
        "history": entries(shown),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "tasks/coordination.html", context, status=status)


@require_POST
def decide(request, pk):
    """Write the decision: who does what, and by when."""
    shown = scoped_row(request, pk, "decide")
    form = CoordinationDecisionForm(request.POST, assignment=shown.assignment)
    if not form.is_valid():
        return coordination_page(request, shown, form)
    shown.decide(by=request.user, **form.cleaned_data)
    messages.success(request, _("Decided. Both units were told."))
    following = Coordination.objects.decidable_by(request.user).order_by("asked_at", "pk").first()
    return redirect(following or "tasks:coordinations")


@require_POST
def finish(request, pk):
    """Say that it was done."""
    shown = scoped_row(request, pk, "finish")
    return taken(request, shown, shown.finish, _("Done. Who asked was told."))


@require_POST
def withdraw(request, pk):
    """Take the request back."""
    shown = scoped_row(request, pk, "withdraw")
    return taken(request, shown, shown.withdraw, _("The request was taken back."))


def taken(request, shown, step, words):
    form = NoteForm(request.POST)
    step(by=request.user, note=form.cleaned_data["note"] if form.is_valid() else "")
    messages.success(request, words)
    return redirect(shown)
