"""Meetings: the list, a page that opens with what became of earlier decisions, minutes, decisions and their tasks."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks.forms.meetings import DecisionForm, MakeTasksForm, MeetingForm
from tasks.lights import Lights
from tasks.lists import meeting_list
from tasks.models import Decision, DecisionUnit, Meeting
from units.files import accept, stream
from units.history import entries
from units.lists import Listing
from units.roles import Role
from units.twins import saved


@require_GET
def meetings(request):
    """The meetings that the person's units held or attended, and how far what they decided is."""
    rows = Meeting.objects.visible_to(request.user).with_counts(timezone.localdate()).select_related("unit")
    empty = _("No meeting has been written down yet.")
    options = {"default_sort": "-held_on", "empty": empty}
    listing = Listing(request, rows, meeting_list.MeetingFilter, meeting_list.MEETINGS, **options)
    return listing.render("tasks/meetings.html", {"may_add": request.user.holds(Role.OFFICE)})


def scoped(request, pk, *, edit=False):
    """The meeting, for who sees it; to `edit` it, for the office of the unit that held it."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("unit", "file"), pk=pk)
    if edit:
        found.must_edit(request.user)
    return found


@require_GET
def meeting(request, pk):
    return page(request, scoped(request, pk))


def page(request, shown, form=None):
    """What became of the last ones, what was said, what was decided."""
    user, lights, may_edit = request.user, Lights.load(), shown.may_edit(request.user)
    known = Decision.objects.visible_to(user).with_standing(lights.today)
    decided = known.filter(meeting=shown).order_by("number")
    decisions = meeting_list.prepare(decided, user, lights, may_edit=may_edit)
    if form is None and (waiting := [one for one in decisions if one.may_edit]):
        form = MakeTasksForm(decisions=waiting, user=user)
    shots = [model.pgh_event_model.objects for model in (Decision, DecisionUnit)]
    context = {
        "meeting": shown,
        "earlier": meeting_list.prepare(known.before(shown).by_lateness(), user, lights),
        "earlier_columns": meeting_list.EARLIER,
        "attending": shown.attending.in_tree_order(),
        "decisions": decisions,
        "columns": meeting_list.DECISIONS,
        "may_edit": may_edit,
        "form": form,
        "history": entries(shown, shots[0].filter(meeting=shown)),
    }
    return render(request, "tasks/meeting.html", context, status=422 if form and form.errors else 200)


@require_GET
def minutes(request, pk):
    """The minutes as they go on paper."""
    shown = scoped(request, pk)
    decisions = shown.decisions.prefetch_related("given__unit")
    context = {"meeting": shown, "decisions": decisions, "attending": shown.attending.in_tree_order()}
    return render(request, "tasks/meeting_minutes.html", context)


@require_GET
def minutes_file(request, pk):
    """The file with the minutes, for whoever reads them."""
    shown = scoped(request, pk)
    if shown.file is None:
        raise Http404
    return stream(shown.file)


@require_http_methods(["GET", "POST"])
def meeting_new(request):
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    return keep(request, Meeting(unit=request.user.home_unit, held_on=timezone.localdate()))


@require_http_methods(["GET", "POST"])
def meeting_edit(request, pk):
    return keep(request, scoped(request, pk, edit=True))


@transaction.atomic
def keep(request, instance):
    form = MeetingForm(request.POST or None, request.FILES or None, instance=instance, user=request.user)
    if form.is_valid() and (kept := saved(form, partial(keep_words, form, by=request.user))):
        return redirect(kept)
    status = 422 if form.is_bound else 200
    return render(request, "tasks/meeting_form.html", {"form": form, "meeting": instance}, status=status)


def keep_words(form, *, by):
    """Save the meeting and its file."""
    meeting = form.instance
    if paper := form.cleaned_data["paper"]:
        meeting.file = accept(paper[0], unit=meeting.unit, by=by)
    return form.save()


@require_http_methods(["GET", "POST"])
def meeting_delete(request, pk):
    """Delete a meeting none of whose decisions is a task."""
    shown, refused = scoped(request, pk, edit=True), ""
    if request.method == "POST":
        try:
            shown.drop(by=request.user)
        except ValidationError as error:
            refused = error.messages[0]
        else:
            messages.success(request, _("The meeting was deleted."))
            return redirect("tasks:meetings")
    context = {"meeting": shown, "refused": refused}
    return render(request, "tasks/meeting_delete.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
def decision_new(request, pk):
    """Add a decision, and another one if there is more."""
    shown = scoped(request, pk, edit=True)
    form = DecisionForm(request.POST or None, instance=Decision(meeting=shown))
    if form.is_valid():
        decision = shown.decide(by=request.user, **form.words)
        if "more" not in request.POST:
            return redirect(decision)
        messages.success(request, _("Item %(number)s is kept.") % {"number": decision.number})
        return redirect("tasks:decision-new", pk=shown.pk)
    return decision_page(request, form, shown)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def decision_edit(request, pk):
    """Say a decision otherwise, while it is no task."""
    decision = own_decision(request, pk)
    form = DecisionForm(request.POST or None, instance=decision)
    if form.is_valid():
        decision.change(by=request.user, **form.words)
        return redirect(decision)
    return decision_page(request, form, decision.meeting, decision)


def own_decision(request, pk):
    rows = Decision.objects.visible_to(request.user).select_related("meeting__unit")
    decision = get_object_or_404(rows, pk=pk)
    decision.meeting.must_edit(request.user)
    return decision


def decision_page(request, form, meeting, decision=None):
    context = {"form": form, "meeting": meeting, "decision": decision}
    return render(request, "tasks/decision_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def decision_delete(request, pk):
    decision = own_decision(request, pk)
    decision.drop(by=request.user)
    messages.success(request, _("The decision was deleted."))
    return redirect(decision.meeting)


@require_POST
def make_tasks(request, pk):
    """Make the chosen decisions tasks of a ledger: all of them or none."""
    shown = scoped(request, pk, edit=True)
    waiting = shown.decisions.filter(task=None).prefetch_related("given")
    form = MakeTasksForm(request.POST, decisions=waiting, user=request.user)
    if not form.is_valid():
        return page(request, shown, form=form)
    chosen = form.cleaned_data["decisions"]
    try:
        with transaction.atomic():
            for decision in chosen:
                decision.become_task(form.cleaned_data["ledger"], by=request.user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return page(request, shown, form=form)
    words = ngettext("%(n)s decision is a task now.", "%(n)s decisions are tasks now.", len(chosen))
    messages.success(request, words % {"n": len(chosen)})
    return redirect(shown)
