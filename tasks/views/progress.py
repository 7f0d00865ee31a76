"""One assignment: the report being written, handed in, read and decided, and the files that prove it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tasks import autosaved
from tasks.beside import beside
from tasks.forms.progress import ProgressForm, ReasonForm, ReturnForm, ReviewForm
from tasks.lights import Lights
from tasks.lists import columns
from tasks.models import Assignment, Evidence, HandOver, Material, Progress
from tasks.models.assignment import NO_DRAFT
from tasks.models.material import may_file
from tasks.models.progress import DraftChanged
from tasks.tree import in_tree
from tasks.views.reminders import with_escalations
from units.files import accept, stream
from units.markup import number_text
from units.workflow import NotInThisState

SAID = {
    "": gettext_lazy("The draft is kept."),
    "ready": gettext_lazy("The draft is kept, and your lead is asked to hand it in."),
}


def scoped(request, pk, step=""):
    """The assignment, for who sees it and may take `step` at all."""
    found = get_object_or_404(Assignment.objects.visible_to(request.user).with_everything(), pk=pk)
    if step and not Assignment.steps[step].allows(request.user, found):
        raise PermissionDenied
    return found


@require_GET
def assignment(request, pk):
    """One assignment: how it stands, the report being written or read, and its history."""
    return page(request, scoped(request, pk))


def page(request, shown, form=None, review=None, **forms):
    """The page of an assignment; with a bad form, the same page again. `forms` as in `beside`."""
    reports = reports_of(shown)
    writes, steps = shown.may_write(request.user), shown.steps_open_to(request.user)
    lights, draft = Lights.load(), next((report for report in reports if report.submitted_at is None), None)
    waiting = next((report for report in reports if report.submitted_at and not report.verdict), None)
    if form is None and writes and shown.state in Assignment.OPEN and not shown.task.repeats:
        form = ProgressForm(initial=first_words(draft, shown), asked=shown)
    if review is None and "approve" in steps and waiting:
        review = ReviewForm(initial={"seen": waiting.version})
    columns.light_up([shown], lights)
    parts = beside(shown, request.user, lights, **forms)
    context = {
        "assignment": shown,
        "approved": round(shown.percent),
        "steps": steps,
        "form": form,
        "draft": draft if writes else None,
        "waiting": waiting,
        "review": review,
        "returned": returned(shown, reports),
        "earlier": [report for report in reports if report.verdict],
        **parts,
        "days_left": shown.days_left,
        **material_of(shown, reports, request.user),
        "history": with_escalations(parts["history"], shown),
        **below(request.user, shown, lights),
    }
    bound = any(one is not None and one.is_bound for one in (form, review, *forms.values()))
    return render(request, "tasks/assignment.html", context, status=422 if bound else 200)


def reports_of(shown):
    """Its reports, the newest first, with people and files; kept on the assignment for its steps. Two queries."""
    people = ("by", "submitted_by", "reviewed_by", "hand_over__by")
    files = Prefetch("evidence", Evidence.objects.select_related("attachment"))
    rows = Progress.objects.select_related(*people).prefetch_related(files)
    prefetch_related_objects([shown], Prefetch("progress", rows))
    return list(shown.progress.all())


def material_of(shown, reports, user):
    """The files of the reports that the person sees, each with the material it was taken into, if it was."""
    seen = [report for report in reports if report.submitted_at or shown.may_write(user)]
    files = {one.attachment_id: one for report in seen for one in report.evidence.all()}
    filed = Material.objects.visible_to(user).by_attachment(files) if files else {}
    is_ours = may_file(user, shown.unit)
    handed_in = [one for report in reports if report.submitted_at for one in report.evidence.all()]
    rows = [{"evidence": one, "material": filed.get(pk), "may_file": is_ours} for pk, one in files.items()]
    return {"material": rows, "material_photos": is_ours and any(one.attachment.is_image for one in handed_in)}


def below(user, shown, lights):
    """What the unit has handed down, to any depth, and whether this person may hand down.

    Who sees the assignment sees those below it: they are of units below its own.
    """
    rows = shown.task.assignments.filter(unit__path__startswith=shown.unit.path)
    rows = list(rows.with_rolled_up().with_units_below().select_related("unit", "task"))
    found, [own] = in_tree(rows, shown.pk), [row for row in rows if row.pk == shown.pk]
    columns.light_up(found, lights)
    for row in found:
        row.is_seen = True
    handed = [row.quantity for row in found if row.parent_id == shown.pk and row.quantity_unit == shown.quantity_unit]
    return {
        "below": found,
        "below_columns": columns.SHARES,
        "together": own.rolled_up,
        "handed": sum(filter(None, handed)) if shown.quantity else None,
        "hands_down": shown.may_hand_down(user) and shown.can_be_handed_down and own.has_units_below,
    }


def first_words(draft, shown):
    """What the form begins with: the draft, or what was approved last."""
    if draft is None:
        reached = number_text(shown.quantity_done)
        return {"percent": int(shown.percent), "quantity": reached, "read": NO_DRAFT}
    said = {
        "percent": int(draft.percent),
        "quantity": None if draft.quantity is None else number_text(draft.quantity),
        "narrative": draft.narrative,
    }
    return {**said, "read": draft.draft_version}


def returned(shown, reports):
    """The report whose return has to be answered now, or None."""
    decided = next((report for report in reports if report.verdict), None)
    return decided if shown.state == Assignment.State.RETURNED and decided else None


@require_POST
def write(request, pk):
    """Keep the draft."""
    return keep(request, pk)


@require_POST
def ready(request, pk):
    """Keep the draft and ask the lead to hand it in."""
    return keep(request, pk, then="ready")


@require_POST
def submit(request, pk):
    """Keep the draft and hand it to the office."""
    return keep(request, pk, then="submit")


def keep(request, pk, then=""):
    shown, user = scoped(request, pk, "submit" if then == "submit" else ""), request.user
    if not shown.may_write(user):
        raise PermissionDenied
    form = ProgressForm(request.POST, request.FILES, asked=shown)
    if not form.is_valid():
        return page(request, shown, form=form)
    try:
        keep_words(shown, form.cleaned_data, by=user, then=then)
    except DraftChanged as changed:
        form.tell(changed)
        return page(request, shown, form=form)
    messages.success(request, handed_in_to(shown) if then == "submit" else SAID[then])
    return redirect(shown)


def handed_in_to(shown):
    if shown.parent_id:
        return _("Handed in. %(unit)s reviews it now.") % {"unit": shown.kept_by}
    return _("Handed in. The office reviews it now.")


@transaction.atomic
def keep_words(shown, words, *, by, then):
    """Store the files, keep the draft and hand it on, or nothing of it."""
    files = [accept(file, unit=shown.unit, by=by) for file in words["files"]]
    said = {name: words.get(name) for name in ("percent", "quantity", "narrative", "read")}
    shown.write(by=by, files=files, **said)
    if then == "submit":
        shown.submit(by=by)
    elif then == "ready":
        HandOver.objects.ask(shown, by=by)


@require_POST
def autosave(request, pk):
    """Keep the draft while somebody types; never over words that this page has not seen."""
    shown = scoped(request, pk)
    if not shown.may_write(request.user):
        raise PermissionDenied
    form = ProgressForm(request.POST, asked=shown)
    if not form.is_valid():
        return autosaved.refused(form)
    words = form.cleaned_data
    said = {name: words.get(name) for name in ("percent", "quantity", "narrative")}
    try:
        draft = shown.write(by=request.user, read=words["read"] or NO_DRAFT, **said)
    except DraftChanged as changed:
        return autosaved.stale(changed_words(changed.now), changed.now.narrative if changed.now else "")
    except NotInThisState:
        return autosaved.stale(_("Not saved: the report was handed in meanwhile. Your words stay on this page."))
    return autosaved.kept(draft.draft_version)


def changed_words(now):
    if now is None:
        return _("Not saved: the draft was handed in and returned meanwhile. Your words stay on this page.")
    at = f"{timezone.localtime(now.written_at):%H:%M}"
    words = _("Not saved: %(who)s has kept another draft at %(at)s. Your words stay on this page.")
    return words % {"who": now.by, "at": at}


@require_POST
def withdraw(request, pk):
    """Take the report back before it is decided."""
    shown = scoped(request, pk, "withdraw")
    shown.withdraw(by=request.user)
    messages.success(request, _("The report is a draft again."))
    return redirect(shown)


@require_POST
def approve(request, pk):
    """Accept the report that was read."""
    shown = scoped(request, pk, "approve")
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return page(request, shown, review=form)
    shown.approve(by=request.user, **form.cleaned_data)
    messages.success(request, _("Approved: %(unit)s.") % {"unit": shown.unit})
    return redirect(shown)


@require_POST
def send_back(request, pk):
    """Return the report that was read, with a reason."""
    shown = scoped(request, pk, "return")
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return page(request, shown, review=form)
    shown.send_back(by=request.user, **form.cleaned_data)
    messages.success(request, _("Returned to %(unit)s.") % {"unit": shown.unit})
    return redirect(shown)


@require_POST
def reopen(request, pk):
    """Take a completion back, with a reason."""
    shown = scoped(request, pk, "reopen")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, shown, review=form)
    shown.reopen(by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("Reopened."))
    return redirect(shown)


@require_GET
def evidence_file(request, pk):
    """A file of a report, for its unit and the offices above; a draft's for the unit alone. `?size=thumb|original`."""
    return stream(scoped_evidence(request, pk).attachment, request.GET.get("size", "shown"))


def scoped_evidence(request, pk):
    rows = Evidence.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("attachment", "progress__assignment__unit"), pk=pk)


@require_POST
def evidence_remove(request, pk):
    """Take a file out of the draft."""
    evidence = scoped_evidence(request, pk)
    shown = evidence.progress.assignment
    shown.drop(evidence, by=request.user)
    messages.success(request, _("The file was taken out of the draft."))
    return redirect(f"{reverse('tasks:assignment', args=[shown.pk])}#report")
