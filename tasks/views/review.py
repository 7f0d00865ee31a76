"""The office at its reviews: one report after another, by key or by thumb, or several at once."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tasks import exports
from tasks.beside import lines_of
from tasks.compare import marked
from tasks.forms.progress import ReturnForm, ReviewForm
from tasks.lights import Lights
from tasks.lists import columns
from tasks.lists.filters import ReviewFilter
from tasks.models import Assignment, Progress, ReviewBatch
from tasks.views.access import deciders_only
from tasks.views.assignments import assignment_listing
from tasks.views.progress import reports_of, scoped
from units.files import workbook_answer
from units.filters import keys, whole
from units.workflow import NotInThisState

Verdict = Progress.Verdict


def queue_of(user):
    """The assignments whose report waits for `user`, the longest waiting first."""
    return Assignment.objects.reviewable_by(user).with_submitted_at().order_by("submitted_at", "pk")


@require_GET
def review_queue(request):
    """Reports that wait for this person's verdict, the longest waiting first."""
    deciders_only(request.user)
    return queue_page(request)


def review_listing(request):
    """What waits for the person's verdict."""
    rows = Assignment.objects.reviewable_by(request.user).with_submitted_at()
    options = {"default_sort": "submitted_at", "empty": _("No report waits for you.")}
    options |= {"bulk": "tasks/_review_bulk.html", "bulk_url": reverse("tasks:review-bulk")}
    return assignment_listing(
        request, rows, ReviewFilter, columns.REVIEWS, export="tasks:review-queue-export", **options
    )


@require_GET
def review_queue_export(request):
    """The same rows as a workbook."""
    deciders_only(request.user)
    return workbook_answer(exports.review_workbook(review_listing(request).queryset), _("Review"))


def queue_page(request, refused=""):
    """The list; `refused` says why a joint verdict was not given."""
    listing = review_listing(request)
    columns.light_up(listing.rows, Lights.load())
    reports = Progress.objects.filter(assignment__in=[one.pk for one in listing.rows], verdict="")
    seen = {one.assignment_id: one.version for one in reports.exclude(submitted_at=None)}
    for row in listing.rows:
        row.seen = seen.get(row.pk, "")
    response = listing.render("tasks/review_queue.html", {"refused": refused})
    response.status_code = 422 if refused else response.status_code
    return response


@require_GET
def review(request, pk):
    """One report of the queue: large evidence, and what was approved before it beside."""
    shown = scoped(request, pk, "approve")
    report = shown.under_review
    if report is None:
        messages.info(request, _("This report does not wait any more."))
        return redirect(next_of(request.user))
    return review_page(request, shown, report, ReviewForm(initial={"seen": report.version}))


def review_page(request, shown, report, form):
    rows = queue_of(request.user)
    before, after = neighbours(rows, report)
    reports, lights = reports_of(shown), Lights.load()
    earlier = next((one for one in reports if one.verdict == Verdict.APPROVED), None)
    evidence = [file for one in reports if one.pk == report.pk for file in one.evidence.all()]
    newer = reports[: reports.index(earlier)] if earlier else reports
    known = {one.attachment.sha256 for one in earlier.evidence.all()} if earlier else set()
    for one in evidence:
        one.is_new = one.attachment.sha256 not in known
    context = {
        "assignment": shown,
        "report": report,
        "form": form,
        "sentences": marked(report.narrative, earlier.narrative if earlier else ""),
        "earlier": earlier,
        "evidence": evidence,
        "lines": lines_of([shown], lights.today, writer=False),
        "days_left": lights.days_left(shown.due_on),
        "before": before.order_by("-submitted_at", "-pk").first(),
        "after": after.first(),
        "place": before.count() + 1,
        "waiting": rows.count(),
        "returned": next((one for one in newer if one.verdict == Verdict.RETURNED), None),
    }
    return render(request, "tasks/review.html", context, status=422 if form.is_bound else 200)


def neighbours(rows, report):
    """Those of the queue that wait longer than `report`, and those that wait less long."""
    at, pk = report.submitted_at, report.assignment_id
    before = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    return before, rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))


def next_of(user, report=None):
    """The address of what comes after `report` in the queue, else of its first, else of the empty queue."""
    rows = queue_of(user)
    later = neighbours(rows, report)[1].first() if report and report.submitted_at else None
    following = later or rows.first()
    return reverse("tasks:review", args=[following.pk]) if following else reverse("tasks:review-queue")


@require_POST
def review_approve(request, pk):
    """Accept the report that was read, and go on to the next."""
    return decide(request, pk, ReviewForm, Assignment.approve, _("Approved: %(unit)s."))


@require_POST
def review_return(request, pk):
    """Return the report that was read, with a reason, and go on to the next."""
    return decide(request, pk, ReturnForm, Assignment.send_back, _("Returned to %(unit)s."))


def decide(request, pk, form_class, act, words):
    shown = scoped(request, pk, "approve")
    form, report = form_class(request.POST), shown.under_review
    if not form.is_valid() and report:
        return review_page(request, shown, report, form)
    try:
        if not form.is_valid():
            raise NotInThisState("no report waits")
        act(shown, by=request.user, **form.cleaned_data)
    except NotInThisState:
        return overtaken(request, shown)
    messages.success(request, words % {"unit": shown.unit})
    return redirect(next_of(request.user, report))


def overtaken(request, shown):
    """409: what became of the report meanwhile, and the way on."""
    pk = whole(request.POST.get("seen", "").partition("-")[0])
    read = shown.progress.select_related("reviewed_by").filter(pk=pk).first()
    context = {"assignment": shown, "read": read, "next": next_of(request.user, read), "note": request.POST.get("note")}
    return render(request, "tasks/review_overtaken.html", context, status=409)


@require_POST
def review_bulk(request):
    """One verdict on the selected reports, each as it was listed."""
    deciders_only(request.user)
    verdict, note = request.POST.get("verdict"), request.POST.get("note", "").strip()
    if verdict not in Verdict.values:
        return queue_page(request, _("Please choose whether to approve or to return."))
    if verdict == Verdict.RETURNED and not note:
        return queue_page(request, _("Say why: the unit has to know what is missing."))
    listed = listed_versions(request)
    if not listed:
        return queue_page(request, _("No report was selected."))
    return redirect(ReviewBatch.objects.decide(listed, by=request.user, verdict=verdict, note=note))


def listed_versions(request):
    """The selected assignments, each with the version of its report that the list showed."""
    seen = dict(pair.partition(":")[::2] for pair in request.POST.getlist("seen"))
    chosen = keys(request.POST.getlist("selected"))
    rows = Assignment.objects.visible_to(request.user).with_everything().filter(pk__in=chosen)
    return {one: seen.get(str(one.pk), "") for one in rows}


@require_GET
def review_batch(request, pk):
    """What came of a joint verdict: the reports that were decided, and those that were left out."""
    rows = ReviewBatch.objects.visible_to(request.user).select_related("by")
    batch = get_object_or_404(rows, pk=pk)
    seen = Assignment.objects.visible_to(request.user)
    decided = batch.reports.filter(assignment__in=seen).select_related("assignment__task", "assignment__unit")
    context = {"batch": batch, "decided": decided, "left_out": batch.left_out_rows(request.user)}
    return render(request, "tasks/review_batch.html", context)
