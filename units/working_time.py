"""Deadlines in working time: pure reckoning over given days and hours. No database, no clock."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, islice

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DEFAULT_HOURS = ((time(8, 30), time(12)), (time(14, 30), time(18)))
FAR = 4000  # days looked ahead before a calendar without any working day is called broken


def words_left(days):
    """How many working days are left, or how late it is."""
    if days < 0:
        return ngettext("%(n)s working day late", "%(n)s working days late", -days) % {"n": -days}
    if days == 0:
        return _("due today")
    return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}


def official_day(day):
    """A day as official papers say it, whatever the language of the page: 2026年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class WorkingTime:
    """`days` maps a date to "is a working day" where it differs from its weekday; `hours` are the stretches of a day.

    All datetimes are aware; the reckoning is in the current time zone (Asia/Shanghai has no summer time).
    """

    days: dict = field(default_factory=dict)
    hours: tuple = DEFAULT_HOURS

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def working_days_after(self, day):
        """The working days after `day`, in order."""
        for n in range(1, FAR):
            later = day + timedelta(days=n)
            if self.is_working(later):
                yield later
        raise ValueError("the work calendar has no working days")

    def later_day(self, day: date, n: int) -> date:
        """The n-th working day after `day`."""
        if n < 1:
            raise ValueError("a deadline is at least one working day")
        return next(islice(self.working_days_after(day), n - 1, None))

    def add_days(self, start: datetime, n: int) -> datetime:
        """The end of the n-th working day after the day of `start` (工作日): the day itself does not count."""
        return self._at(self.later_day(timezone.localdate(start), n), self.hours[-1][1])

    def add_hours(self, start: datetime, hours) -> datetime:
        """`hours` (a number, may be a fraction) of working time after `start` (工作时)."""
        left = timedelta(seconds=float(hours) * 3600)
        if left <= timedelta(0):
            raise ValueError("a deadline lies ahead")
        for begins, ends in self._stretches_from(start):
            begins = max(begins, start)
            if begins + left <= ends:
                return begins + left
            left -= max(ends - begins, timedelta(0))
        raise ValueError("the work calendar has no working hours")

    def hours_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative when `end` lies before."""
        if end < start:
            return -self.hours_between(end, start)
        total = timedelta(0)
        for begins, ends in self._stretches_from(start):
            if begins >= end:
                break
            total += max(min(ends, end) - max(begins, start), timedelta(0))
        return total

    def days_between(self, start: date, end: date) -> int:
        """The working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.days_between(end, start)
        return self._days_until(end) - self._days_until(start)

    def _days_until(self, day):
        """The working days from the beginning of the calendar, a Monday, up to and including `day`.

        Added up, not counted: a list says for hundreds of rows how long ago their deadline was.
        """
        weeks, rest = divmod(day.toordinal(), 7)
        days, more = self._exceptions
        return weeks * 5 + min(rest, 5) + more[bisect_right(days, day)]

    @cached_property
    def _exceptions(self):
        """The days that differ from their weekday, in order; and how many working days the first n of them add."""
        days = sorted(day for day, is_working in self.days.items() if is_working != (day.weekday() < 5))
        return days, [0, *accumulate(1 if self.days[day] else -1 for day in days)]

    def _stretches_from(self, start):
        first = timezone.localdate(start)
        for n in range(FAR):
            day = first + timedelta(days=n)
            if self.is_working(day):
                for begins, ends in self.hours:
                    yield self._at(day, begins), self._at(day, ends)

    @staticmethod
    def _at(day, moment):
        return timezone.make_aware(datetime.combine(day, moment))
