"""What should be settled before a period is closed: each a number that opens its rows."""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from inspections.models import RectificationItem, Round, RoundPlace, Visit
from inspections.models.rectification import UNIT_SIDE
from reports.models import Period
from tasks.models import Assignment
from units.models import CalendarDay


@dataclass(frozen=True)
class Check:
    """One line: how many are `left` (of `total`, where there is one), what they are, and the `page` that lists them."""

    label: str
    left: int
    page: str
    query: str = ""
    total: int | None = None

    @property
    def is_settled(self):
        return not self.left


def readiness(period, now):
    """The checks of the closing desk, in one query."""
    found = Period.objects.annotate(**undecided(period, now), **visits(period), **holidays(period)).get(pk=period.pk)
    items = "inspections:items"
    return [
        Check(_("progress reports to review"), found.unreviewed, "tasks:review-queue"),
        Check(_("items to verify"), found.to_verify, "inspections:verify-queue"),
        Check(_("disputed items to decide"), found.disputed, items, "?state=disputed"),
        Check(_("items of the period not yet due"), found.running, items),
        Check(
            _("places of the rounds not yet visited"),
            found.stops - found.visited,
            "inspections:rounds",
            total=found.stops,
        ),
        Check(_("year without its holidays in the work calendar"), int(not found.has_holidays), "units:calendar"),
    ]


def number(rows, what="pk"):
    """How many of `rows` there are, as part of another query."""
    counted = rows.order_by().values(all=Value(1)).annotate(n=Count(what)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def undecided(period, now):
    """Progress of the year's ledgers and items due in the period that somebody must still decide or put right."""
    first, last = period.bounds()
    below = Q(unit__path__startswith=period.unit.path)
    due = RectificationItem.objects.filter(below, due_at__gte=first, due_at__lt=last)
    waiting = Assignment.objects.waiting_for_review().filter(below, task__ledger__year=period.year)
    return {
        "unreviewed": number(waiting),
        "to_verify": number(due.to_verify()),
        "disputed": number(due.filter(state="disputed")),
        "running": number(due.filter(state__in=UNIT_SIDE, due_at__gte=now)),
    }


def visits(period):
    """The places on the lists of the level's own rounds in the period, and how many of them were visited."""
    rounds = Round.objects.filter(unit=period.unit_id, starts_on__lte=period.ends_on, ends_on__gte=period.starts_on)
    stops = RoundPlace.objects.filter(round__in=rounds)
    finished = Visit.objects.filter(round=OuterRef("round"), place=OuterRef("place"), finished_at__isnull=False)
    return {"stops": number(stops), "visited": number(stops.filter(Exists(finished)))}


def holidays(period):
    """Deadlines reckoned without the year's holidays are provisional."""
    return {"has_holidays": Exists(CalendarDay.objects.filter(date__year=period.year))}
