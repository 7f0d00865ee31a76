"""Closing a period: try the calculation, lay it down as a draft, say it in public."""

from django.db import transaction

from reports.jobs import ask
from reports.models import Report
from reports.scoring import compute, one_moment
from reports.snapshots import scoreboard


def trial(period, scheme, *, by, now=None):
    """Calculate as things stand, to be looked at. Nothing is laid down but the figures."""
    return compute(period, scheme, by, now=now, lines=False)


def draft(period, scheme, *, by, now=None):
    """Calculate afresh with the cause of every lost point, and lay the result down as a draft report."""
    with one_moment():
        ranking = compute(period, scheme, by, now=now)
        data = scoreboard(ranking)
        facts = {"title": data["title"], "data": data, "made_at": ranking.computed_at}
        return Report.objects.create(unit=period.unit, period=period, ranking=ranking, **facts)


@transaction.atomic
def issue(report, *, by, note=""):
    """Say it in public, and have its paper made at once, so that it lies ready when somebody asks for it."""
    event = report.issue(by=by, note=note)
    ask(report, by)
    return event
