"""The closing desk: periods, trial calculations, and the draft that comes out of them."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from reports.boards import moved, on_screen
from reports.closing import draft, trial
from reports.forms import CalculateForm
from reports.models import Period, Ranking, Scheme
from reports.models.ranking import READERS
from reports.readiness import readiness
from reports.snapshots import scoreboard
from reports.views.access import must_read, must_work, works
from units.history import entries
from units.lists import Column, Listing
from units.roles import Role

COLUMNS = [
    Column("pk", _("Period"), sort="starts_on", link=True, template="reports/_period_cell.html"),
    Column("unit", _("Kept by"), sort="unit__path", phone=False),
    Column("starts_on", _("From"), sort="starts_on", kind="date"),
    Column("ends_on", _("Until"), sort="ends_on", kind="date"),
    Column("calculated_at", _("Last calculated"), sort="calculated_at", kind="datetime", empty_last=True),
    Column("issued", _("State"), template="reports/_period_state_cell.html"),
]
LATEST = 8


@require_GET
def periods(request):
    if not (request.user.is_superuser or request.user.holds(*READERS)):
        raise PermissionDenied
    rows = Period.objects.visible_to(request.user).select_related("unit").with_standing()
    listing = Listing(request, rows, None, COLUMNS, default_sort="-starts_on", empty=_("No period has been begun."))
    unit = own_level(request.user)
    may_open = unit is not None and not unit.periods.quarter_of(timezone.localdate()).exists()
    return listing.render("reports/periods.html", {"may_open": may_open})


def own_level(user):
    """The topmost unit whose office the person works in, or None."""
    return user.units_with_role(Role.OFFICE).order_by("depth", "path").first()


@require_POST
def period_open(request):
    """Begin the current quarter at the person's own level."""
    unit = own_level(request.user)
    if unit is None:
        raise PermissionDenied
    return redirect(Period.objects.current_quarter(unit, timezone.localdate()))


def period_of(request, pk):
    return get_object_or_404(Period.objects.visible_to(request.user).select_related("unit"), pk=pk)


@require_GET
def period(request, pk):
    period = period_of(request, pk)
    must_read(request.user, period.unit)
    rankings = list(period.rankings.select_related("by", "scheme", "period__unit")[:LATEST])
    schemes = list(Scheme.objects.for_level(period.unit))
    context = {
        "period": period,
        "form": CalculateForm(schemes=schemes, initial={"scheme": rankings[0].scheme_id if rankings else None}),
        "checks": readiness(period, timezone.now()),
        "rankings": rankings,
        "reports": list(period.reports.defer("data")),
        "works": works(request.user, period.unit),
        "has_scheme": bool(schemes),
        "history": entries(period),
    }
    if rankings:
        context |= compared(rankings[0], rankings[1] if rankings[1:] else None)
    return render(request, "reports/period.html", context)


def compared(ranking, earlier):
    """What the desk shows of a calculation, next to an earlier one."""
    board = scoreboard(ranking)
    groups = on_screen(board, earlier=earlier)
    return {"ranking": ranking, "earlier": earlier, "board": board, "groups": groups, "moved": moved(groups)}


def calculated(request, pk, calculate):
    """Calculate the period by the scheme that was chosen, and go to what came of it."""
    period = period_of(request, pk)
    must_work(request.user, period.unit)
    form = CalculateForm(request.POST, schemes=Scheme.objects.for_level(period.unit))
    if not form.is_valid():
        return render(request, "422.html", status=422)
    return redirect(calculate(period, form.cleaned_data["scheme"], by=request.user))


@require_POST
def period_compute(request, pk):
    return calculated(request, pk, lambda *args, **kwargs: trial(*args, **kwargs).period)


@require_POST
def period_draft(request, pk):
    return calculated(request, pk, draft)


@require_GET
def ranking(request, pk):
    rows = Ranking.objects.visible_to(request.user).select_related("period__unit", "scheme", "by")
    ranking = get_object_or_404(rows, pk=pk)
    must_read(request.user, ranking.period.unit)
    earlier = ranking.period.rankings.filter(computed_at__lt=ranking.computed_at).first()
    return render(request, "reports/ranking.html", compared(ranking, earlier))
