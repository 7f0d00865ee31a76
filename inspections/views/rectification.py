"""Rectification items: the list, the page of one, and the steps of the unit and of the office."""

from functools import partial

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.filters import ItemFilter
from inspections.forms.rectification import AnswerForm, NoteForm, ReasonForm, ReassignForm, ReturnForm, VerifyForm
from inspections.models import RectificationItem
from inspections.templatetags.rectification import item_deadline
from inspections.views.desk import sent
from units.files import accept
from units.history import entries
from units.lists import Column, Listing, Tab
from units.models import WorkCalendar

COLUMNS = [
    Column("finding.text", _("Problem"), sort="finding__text", link=True),
    Column("finding.place", _("Place"), sort="finding__place__name"),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("state", _("State"), sort="state", kind="state"),
    Column("due_at", _("Fix by"), sort="due_at", draw=item_deadline),
    Column("finding.deduction", _("Deduction"), sort="finding__deduction", kind="score", phone=False),
    Column("issued_at", _("Issued"), sort="issued_at", kind="date", phone=False),
]
QUEUE = [
    Column("finding.text", _("Problem"), sort="finding__text", link=True),
    Column("finding.place", _("Place"), sort="finding__place__name"),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("measure", _("Measure taken"), template="inspections/_measure_cell.html"),
    Column("submitted_at", _("Reported as fixed"), sort="submitted_at", kind="datetime"),
    Column("due_at", _("Fix by"), sort="due_at", draw=item_deadline, phone=False),
]


# The tabs of the list: what still runs comes first, a search for a state looks everywhere.
RUNNING, CLOSED, ALL = "", "closed", "all"
TABS = [(RUNNING, _("Running")), (CLOSED, _("Closed")), (ALL, _("All"))]

# What a step changes is said by its name; only these tell more.
TOLD = [RectificationItem._meta.get_field(name).verbose_name for name in ("due_at", "unit")]


def listed(items):
    return items.select_related("finding__place", "unit")


def reckon(rows, now):
    """Tell each row how many working days it has left: one calendar for all."""
    calendar, today = WorkCalendar.load(), timezone.localdate(now)
    for row in rows:
        row.left, row.is_late = row.days_left(calendar, today), row.is_late_at(now)


@require_GET
def items(request):
    rows = RectificationItem.objects.visible_to(request.user)
    chosen = request.GET.get("tab", ALL if request.GET.get("state") else RUNNING)
    running, closed = rows.unfinished(), rows.filter(state=RectificationItem.State.CLOSED)
    shown = {RUNNING: running, CLOSED: closed}.get(chosen, rows)
    sort = "-due_at" if chosen == CLOSED else "due_at"
    listing = Listing(request, listed(shown), ItemFilter, COLUMNS, default_sort=sort, empty=_("Nothing to put right."))
    reckon(listing.rows, timezone.now())
    waiting = {RUNNING: running.count()}
    tabs = [Tab(label, listing.url(tab=tab, page=None), tab == chosen, waiting.get(tab)) for tab, label in TABS]
    return listing.render("inspections/items.html", {"tabs": tabs})


@require_GET
def verify_queue(request):
    """What the person may verify now, the longest waiting first."""
    rows = listed(RectificationItem.objects.visible_to(request.user).verified_by(request.user))
    listing = Listing(request, rows, None, QUEUE, default_sort="submitted_at", empty=_("Nothing waits for a check."))
    reckon(listing.rows, timezone.now())
    return listing.render("inspections/verify_queue.html")


def item_of(request, pk):
    related = [
        "unit",
        "finding__place__place_type",
        "finding__item",
        "finding__found_by",
        "finding__visit__round__unit",
    ]
    rows = RectificationItem.objects.visible_to(request.user).select_related(*related, "submitted_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
def item(request, pk):
    row = item_of(request, pk)
    reckon([row], timezone.now())
    after = list(row.fix_photos.select_related("attachment", "item__finding", "event"))
    context = {
        "item": row,
        "before": row.finding.finding_photos.select_related("attachment", "finding"),
        "after": after,
        "history": history(row, after),
        "may_verify": "verify" in row.steps_open_to(request.user),
    }
    return render(request, "inspections/item.html", context)


def history(row, photos):
    """The timeline: what people did, with their photos and new deadlines, and what only the database saw."""
    words = {event.at: event.words() for event in row.events.all()}
    told = entries(row)
    for entry in told:
        if entry.at in words:
            entry.text = words[entry.at]
            entry.photos = [photo for photo in photos if photo.event.at == entry.at]
            entry.changes = [change for change in entry.changes if change[0] in TOLD and change[1]]
    return told


def answer(request, pk, step):
    """The page on which a unit says what was done: kept as a draft, or reported to the office."""
    row = item_of(request, pk)
    row.must_be_open(step, request.user)
    form = AnswerForm(sent(request), request.FILES or None, initial={"measure": row.measure})
    if form.is_valid():
        keep_answer(row, step, form.cleaned_data, by=request.user)
        return redirect(row)
    drafted = row.fix_photos.select_related("attachment", "item__finding")
    context = {"item": row, "form": form, "step": row.steps[step], "is_submit": step == "submit", "drafted": drafted}
    return render(request, "inspections/item_answer.html", context, status=422 if form.errors else 200)


@transaction.atomic
def keep_answer(row, step, data, *, by):
    """Store the photos and take the step, or neither."""
    photos = [accept(photo, unit=row.unit, by=by) for photo in data["photos"]]
    return getattr(row, step)(by=by, measure=data["measure"], photos=photos)


@require_http_methods(["GET", "POST"])
def item_prepare(request, pk):
    return answer(request, pk, "prepare")


@require_http_methods(["GET", "POST"])
def item_submit(request, pk):
    return answer(request, pk, "submit")


@require_http_methods(["GET", "POST"])
def item_reassign(request, pk):
    """To another unit of the own office, with its full time anew."""
    row = item_of(request, pk)
    row.must_be_open("reassign", request.user)
    form = ReassignForm(sent(request), item=row, user=request.user)
    if form.is_valid():
        row.reassign(by=request.user, calendar=WorkCalendar.load(), now=timezone.now(), **form.cleaned_data)
        return redirect(row)
    context = {"item": row, "form": form}
    return render(request, "inspections/item_reassign.html", context, status=422 if form.errors else 200)


def with_note(request, pk, step, take, onward=None):
    """Scope, right, form, one step, and on. A missing reason is 422 on a page that asks for it again."""
    row = item_of(request, pk)
    row.must_be_open(step, request.user)
    usual = ReasonForm if row.steps[step].reason else NoteForm
    form = {"verify": VerifyForm, "return": ReturnForm}.get(step, usual)(request.POST)
    if not form.is_valid():
        context = {"item": row, "form": form, "step": row.steps[step]}
        return render(request, "inspections/item_reason.html", context, status=422)
    take(row, by=request.user, **form.cleaned_data)
    return redirect(onward or row)


@require_POST
def item_sign(request, pk):
    return with_note(request, pk, "sign", RectificationItem.sign)


@require_POST
def item_dispute(request, pk):
    return with_note(request, pk, "dispute", RectificationItem.dispute)


@require_POST
def item_verify(request, pk):
    return with_note(request, pk, "verify", RectificationItem.verify, "inspections:verify-queue")


def clock():
    """What a step needs that sets a deadline."""
    return {"calendar": WorkCalendar.load(), "now": timezone.now()}


@require_POST
def item_return(request, pk):
    return with_note(request, pk, "return", partial(RectificationItem.send_back, **clock()), "inspections:verify-queue")


@require_POST
def item_uphold(request, pk):
    return with_note(request, pk, "uphold", partial(RectificationItem.uphold, **clock()))
