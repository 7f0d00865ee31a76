"""The self-check (自查): one criterion, the sheet of a unit, and how the units of a ledger see themselves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tasks import autosaved
from tasks.beside import Line, lines_of
from tasks.forms.beside import SelfCheckForm
from tasks.lights import Lights
from tasks.lists import columns
from tasks.models import Assignment, Criterion, Ledger, SelfCheck
from tasks.models.selfcheck import CheckChanged, by_unit
from tasks.views.progress import page, scoped
from units.filters import whole
from units.lists import Listing, Tab
from units.models import Unit
from units.roles import UNIT_ROLES

SHORT, UNCHECKED = "unmet", "unchecked"


@require_POST
def check(request, pk):
    """Keep what the unit says of one criterion: by the page itself, or by a press of the button."""
    shown = scoped(request, pk)
    if not shown.may_write(request.user):
        raise PermissionDenied
    line = Line(shown, asked_criterion(request, shown))
    form = SelfCheckForm(request.POST, auto_id=f"id_{line.key}_%s")
    by_itself = autosaved.asked_by(request)
    if not form.is_valid():
        form.line = line.key
        return autosaved.refused(form) if by_itself else page(request, shown, check=form)
    words = dict(form.cleaned_data)
    try:
        said = SelfCheck.objects.say(shown, line.criterion, by=request.user, **words)
    except CheckChanged as changed:
        return tell(request, shown, form, line, changed.now)
    if by_itself:
        return autosaved.kept(said.version)
    messages.success(request, _("The self-check is kept."))
    back = request.POST.get("sheet", "")
    return redirect(f"{sheet_of(shown)}#check-{line.key}" if back else f"{shown.get_absolute_url()}#check-{line.key}")


def tell(request, shown, form, line, now):
    """What another has said meanwhile; said once more, it is meant."""
    words = _("Not saved: %(who)s has said “%(verdict)s” meanwhile.")
    said = words % {"who": now.by, "verdict": now.get_verdict_display()} if now else _("Not saved: it was taken back.")
    if autosaved.asked_by(request):
        return autosaved.stale(said, now.measure if now else "")
    form.add_error("verdict", said)
    form.data = form.data.copy()
    form.data["seen"], form.line = (now.version if now else ""), line.key
    return page(request, shown, check=form)


def asked_criterion(request, shown):
    """The criterion of the task that the form is about; None where the task has none."""
    asked = request.POST.get("criterion", "")
    criteria = {str(one.pk): one for one in shown.task.criteria.all()}
    if (asked in criteria) if criteria else (asked in {"", "0"}):
        return criteria.get(asked)
    raise Http404


def sheet_of(assignment):
    address = reverse("tasks:self-check-sheet", args=[assignment.task.ledger_id])
    return f"{address}?unit={assignment.unit_id}"


@require_GET
def sheet(request, pk):
    """All criteria that a ledger asks of one unit (`?unit=`, else one's own), item by item."""
    ledger = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    unit = asked_unit(request, ledger)
    if unit is None:
        return redirect("tasks:self-checks", ledger.pk)
    criteria = Prefetch("task__criteria", Criterion.objects.select_related("indicator"))
    rows = Assignment.objects.visible_to(request.user).without_patterns().with_everything()
    rows = rows.filter(task__ledger=ledger, unit=unit)
    assignments = list(rows.prefetch_related(criteria).order_by("task__order", "pk"))
    writer = any(request.user.has_role(role, unit) for role in UNIT_ROLES)
    lines = lines_of(assignments, Lights.load().today, writer=writer)
    chosen = request.GET.get("show", "")
    context = {
        "ledger": ledger,
        "unit": unit,
        "lines": [line for line in lines if is_shown(line, chosen)],
        "tabs": sheet_tabs(lines, chosen, f"{request.path}?unit={unit.pk}"),
        "writer": writer,
    }
    return render(request, "tasks/self_check_sheet.html", context)


def asked_unit(request, ledger):
    """The unit of the sheet: the one named, else the first of the person's own that the ledger asks."""
    units = Unit.objects.visible_to(request.user).filter(assignments__task__ledger=ledger).distinct()
    asked = request.GET.get("unit", "")
    if asked:
        return get_object_or_404(units, pk=whole(asked))
    own = request.user.units_with_role(*UNIT_ROLES).values("pk")
    return units.filter(pk__in=own).order_by("path").first()


def is_shown(line, chosen):
    if chosen == UNCHECKED:
        return line.check is None
    return chosen != SHORT or (line.check and line.check.verdict != SelfCheck.Verdict.MET)


def sheet_tabs(lines, chosen, address):
    found = [("", _("All criteria")), (UNCHECKED, _("Not checked")), (SHORT, _("Not fully met"))]
    return [
        Tab(label, f"{address}&show={name}", name == chosen, sum(bool(is_shown(line, name)) for line in lines))
        for name, label in found
    ]


@require_GET
def overview(request, pk):
    """How the units see themselves: verdicts counted by unit, or what is not met with its measure and date."""
    ledger = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    asked = Assignment.objects.visible_to(request.user).without_patterns().filter(task__ledger=ledger)
    checks = SelfCheck.objects.visible_to(request.user).that_count().filter(assignment__task__ledger=ledger)
    short, lights = checks.short_of(), Lights.load()
    by_units = request.GET.get("tab") != SHORT
    listing = units_listing(request, ledger, asked, lights) if by_units else short_listing(request, short, lights)
    tabs = [
        Tab(_("By unit"), request.path, by_units),
        Tab(_("Not fully met"), f"{request.path}?tab={SHORT}", not by_units, short.count()),
    ]
    context = {"ledger": ledger, "tabs": tabs, "overdue": checks.overdue(lights.today).count()}
    return listing.render("tasks/self_checks.html", context)


def units_listing(request, ledger, asked, lights):
    units = Unit.objects.filter(pk__in=asked.order_by().values("unit"))
    rows = by_unit(units, asked, lights.today)
    listing = Listing(request, rows, columns=columns.CHECKS_BY_UNIT, default_sort="path", per_page=100)
    address = reverse("tasks:self-check-sheet", args=[ledger.pk])
    for unit in listing.rows:
        unit.sheet_url = f"{address}?unit={unit.pk}"
    return listing


def short_listing(request, short, lights):
    rows = short.select_related("criterion", "assignment__unit", "assignment__task")
    empty = _("Nothing is short of its criterion.")
    listing = Listing(request, rows, columns=columns.CHECKS_SHORT, default_sort="until", empty=empty)
    for one in listing.rows:
        one.days_left = lights.days_left(one.until)
    return listing
