"""A year of the work calendar, or a month of it, laid out in weeks for a page. Pure."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

MONDAY_FIRST = Calendar(firstweekday=0)


@dataclass(frozen=True)
class Day:
    """One cell: `tone` is `rest` (a holiday that a notice or the office named), `work` (a working weekend), `weekend`
    or nothing; `is_set` when it differs by an entry."""

    date: date
    is_working: bool
    name: str = ""
    is_set: bool = False
    is_today: bool = False

    @property
    def tone(self):
        if self.is_set:
            return "work" if self.is_working else "rest"
        return "" if self.is_working else "weekend"


def months_of(year, entries, today):
    """`[(month's first day, its weeks)]` of a year; `entries` maps a date to its CalendarDay."""
    return [(date(year, month, 1), month_of(year, month, entries, today)) for month in range(1, 13)]


def month_of(year, month, entries, today):
    """The weeks of one month, each of seven Days or None."""

    def cell(day):
        if day.month != month:
            return None
        entry = entries.get(day)
        is_working = entry.is_working if entry else day.weekday() < 5
        return Day(day, is_working, entry.name if entry else "", entry is not None, day == today)

    return [[cell(day) for day in week] for week in weeks(year, month)]


def weeks(year, month):
    return MONDAY_FIRST.monthdatescalendar(year, month)
