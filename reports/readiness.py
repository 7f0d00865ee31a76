"""What should be settled before a period is closed: each a number that opens its rows."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from inspections.models import RectificationItem, Round
from inspections.models.rectification import UNIT_SIDE
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
    """The checks of the closing desk: one query each."""
    return [unreviewed(period), *undecided(period, now), unvisited(period), holidays(period)]


def unreviewed(period):
    below = Q(unit__path__startswith=period.unit.path, task__ledger__year=period.year)
    return Check(
        _("progress reports to review"),
        Assignment.objects.waiting_for_review().filter(below).count(),
        "tasks:review-queue",
    )


def undecided(period, now):
    """Items due in the period that somebody must still decide or put right."""
    first, last = period.bounds()
    due = RectificationItem.objects.filter(due_at__gte=first, due_at__lt=last, unit__path__startswith=period.unit.path)
    found = due.aggregate(
        verify=Count("pk", filter=Q(state="submitted")),
        disputed=Count("pk", filter=Q(state="disputed")),
        running=Count("pk", filter=Q(state__in=UNIT_SIDE, due_at__gte=now)),
    )
    return [
        Check(_("items to verify"), found["verify"], "inspections:verify-queue"),
        Check(_("disputed items to decide"), found["disputed"], "inspections:items", "?state=disputed"),
        Check(_("items of the period not yet due"), found["running"], "inspections:items"),
    ]


def unvisited(period):
    rounds = Round.objects.filter(unit=period.unit_id, starts_on__lte=period.ends_on, ends_on__gte=period.starts_on)
    places = rounds.with_progress().aggregate(all=Sum("places_total"), done=Sum("places_done"))
    total, done = places["all"] or 0, places["done"] or 0
    return Check(_("places of the rounds not yet visited"), total - done, "inspections:rounds", total=total)


def holidays(period):
    """Deadlines reckoned without the year's holidays are provisional."""
    known = CalendarDay.objects.filter(date__year=period.year).exists()
    return Check(_("year without its holidays in the work calendar"), int(not known), "units:calendar")
