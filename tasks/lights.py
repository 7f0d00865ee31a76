"""Red, yellow, green: how a deadline stands on a day, in working days.

The one rule: **an assignment has a light while it has a deadline and lies with its unit.** It is red (`overdue`) from
the day after the deadline, yellow (`due_soon`) when at most five working days are left, green (`on_track`) before.

What is handed in waits for the office: no light, for its unit can do nothing about it and nobody is to be chased for
what lies on another's desk; when it comes back, the light is that of the day. What is completed has no light either:
its state says so, and a list full of green lamps would hide those that burn.

A task stands as the worst of the assignments that its ledger asks for.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.models import WorkCalendar
from units.working_time import WorkingTime

SOON = 5  # working days
WITH_THE_UNIT = frozenset({"not_started", "doing", "returned"})


class Light(models.TextChoices):
    """The worst first."""

    OVERDUE = "overdue", _("overdue")
    DUE_SOON = "due_soon", _("due soon")
    ON_TRACK = "on_track", _("on track")


def overdue_on(day):
    """The condition of a red light on `day`, for a filter of assignments."""
    return Q(state__in=WITH_THE_UNIT, due_on__lt=day)


@dataclass(frozen=True)
class Lights:
    """One day's view of deadlines. `soon` is the last deadline that counts as due soon on `today`."""

    today: date
    soon: date
    calendar: WorkingTime
    known: dict = field(default_factory=dict)

    @classmethod
    def load(cls, now=None):
        """The lights of now; one query."""
        return cls.on(now or timezone.now(), WorkCalendar.load())

    @classmethod
    def on(cls, now, calendar):
        """The lights of the moment `now` by `calendar`; no query."""
        today = timezone.localdate(now)
        return cls(today=today, soon=calendar.later_day(today, SOON), calendar=calendar)

    def days_left(self, deadline):
        """Working days until the end of `deadline`, negative when it has passed; None without one."""
        if deadline is None:
            return None
        if deadline not in self.known:
            left = self.calendar.days_between(self.today, deadline)
            # The first day off after a deadline is late too, although no working day has passed.
            self.known[deadline] = min(left, -1) if deadline < self.today else left
        return self.known[deadline]

    def of(self, deadline, state="doing"):
        """The light of an assignment in `state`, empty for none."""
        if deadline is None or state not in WITH_THE_UNIT:
            return ""
        if deadline < self.today:
            return Light.OVERDUE
        return Light.DUE_SOON if deadline <= self.soon else Light.ON_TRACK

    def which(self, light):
        """The same rule as a condition: the assignments in `light`."""
        return {
            Light.OVERDUE: overdue_on(self.today),
            Light.DUE_SOON: Q(state__in=WITH_THE_UNIT, due_on__gte=self.today, due_on__lte=self.soon),
            Light.ON_TRACK: Q(state__in=WITH_THE_UNIT, due_on__gt=self.soon),
        }[light]

    def last_deadline_missed_by(self, days):
        """The latest deadline that today has passed by at least so many working days."""
        day, left = self.today, days
        while left:
            left -= self.calendar.is_working(day)
            day -= timedelta(days=1)
        return day
