"""What was laid down and said: drafts, issued reports, their papers, and the scoreboard that leaders open."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.boards import on_screen
from reports.closing import issue
from reports.forms import WithdrawForm
from reports.models import Report
from reports.views.access import must_read, must_see, must_work, reads
from reports.views.papers import ask_again, file_facts, handed_out
from units.lists import Column, Listing, Tab

DOOR = "reports:report"
COLUMNS = [
    Column("title", _("Report"), sort="title", link=True),
    Column("unit", _("Issued by"), sort="unit__path", phone=False),
    Column("state", _("State"), sort="state", kind="state"),
    Column("made_at", _("Made"), sort="made_at", kind="datetime"),
    Column("issued_at", pgettext_lazy("report", "Issued"), sort="issued_at", kind="datetime", empty_last=True),
]
QUARTERS_BACK = 6


def tabs(here):
    """The two kinds of what is said."""
    kinds = [("reports", _("Reports")), ("disclosures", _("Public disclosure"))]
    return [Tab(label, reverse(f"reports:{name}"), active=name == here) for name, label in kinds]


@require_GET
def reports(request):
    rows = Report.objects.visible_to(request.user).select_related("unit").defer("data")
    listing = Listing(request, rows, None, COLUMNS, default_sort="-made_at", empty=_("Nothing has been reported yet."))
    return listing.render("reports/reports.html", {"tabs": tabs("reports")})


def report_of(request, pk):
    return get_object_or_404(Report.objects.visible_to(request.user).select_related("unit", "period"), pk=pk)


def facts(report, user):
    """What a page shows of a snapshot."""
    return {
        "report": report,
        "board": report.data,
        "groups": on_screen(report.data, user),
        "reads": reads(user, report.unit),
        **file_facts(report, DOOR, may_ask=reads(user, report.unit)),
    }


@require_GET
def report(request, pk):
    report = report_of(request, pk)
    return render(request, "reports/report.html", facts(report, request.user) | {"events": report.events.all()})


@require_http_methods(["GET", "POST"])
def report_issue(request, pk):
    report = report_of(request, pk)
    must_work(request.user, report.unit)
    if request.method == "GET":
        return render(request, "reports/report_issue.html", {"report": report})
    issue(report, by=request.user)
    return redirect(report)


@require_POST
def report_withdraw(request, pk):
    report = report_of(request, pk)
    must_work(request.user, report.unit)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(request, "422.html", status=422)
    report.withdraw(by=request.user, note=form.cleaned_data["note"])
    return redirect(report)


@require_POST
def report_make_file(request, pk):
    """Ask for the paper, or have a failed one tried again."""
    report = report_of(request, pk)
    must_read(request.user, report.unit)
    ask_again(report, request.user)
    return redirect(report)


@require_GET
def report_progress(request, pk):
    """How far the paper is: the piece of the page that asks for itself again while it is under way."""
    report = report_of(request, pk)
    must_see(request.user, report, report.unit)
    facts = file_facts(report, DOOR, may_ask=reads(request.user, report.unit))
    return render(request, "reports/_paper.html", facts)


@require_GET
def report_file(request, pk):
    report = report_of(request, pk)
    must_see(request.user, report, report.unit)
    return handed_out(report)


@require_GET
def scoreboard(request):
    """The newest issued board of the highest level the person belongs to; older ones are a tab away."""
    issued = Report.objects.visible_to(request.user).issued().select_related("unit", "period")
    latest = list(issued.order_by("unit__depth", "-period__ends_on").defer("data")[:QUARTERS_BACK])
    chosen = next((one for one in latest if str(one.pk) == request.GET.get("report")), latest[0] if latest else None)
    if chosen is None:
        return render(request, "reports/scoreboard.html")
    quarters = [Tab(str(one.period), f"?report={one.pk}", active=one == chosen) for one in latest]
    return render(request, "reports/scoreboard.html", facts(chosen, request.user) | {"quarters": quarters})
