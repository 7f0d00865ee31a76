"""Red, yellow, green: how a deadline stands on a day, in working days."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from units.models import WorkCalendar
from units.working_time import WorkingTime

SOON = 5  # working days


@dataclass(frozen=True)
class Lights:
    """One day's view of deadlines. `soon` is the last deadline that counts as due soon on `today`."""

    today: date
    soon: date
    calendar: WorkingTime
    known: dict = field(default_factory=dict)

    @classmethod
    def load(cls, now=None):
        """The lights of now; two queries."""
        now, calendar = now or timezone.now(), WorkCalendar.load()
        soon = timezone.localdate(calendar.add_days(now, SOON))
        return cls(today=timezone.localdate(now), soon=soon, calendar=calendar)

    def days_left(self, deadline):
        """Working days until the end of `deadline`, negative when it has passed; None without one."""
        if deadline is None:
            return None
        if deadline not in self.known:
            left = self.calendar.days_between(self.today, deadline)
            # The first day off after a deadline is late too, although no working day has passed.
            self.known[deadline] = min(left, -1) if deadline < self.today else left
        return self.known[deadline]

    def of(self, deadline):
        """`overdue`, `due_soon` or `on_track`; empty without a deadline."""
        if deadline is None:
            return ""
        return "overdue" if deadline < self.today else "due_soon" if deadline <= self.soon else "on_track"
