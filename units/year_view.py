"""A year of the work calendar, laid out as months and weeks for its page. Pure."""

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
    """`[(month's first day, weeks of seven Days or None)]`; `entries` maps a date to its CalendarDay."""

    def cell(day, month):
        if day.month != month:
            return None
        entry = entries.get(day)
        is_working = entry.is_working if entry else day.weekday() < 5
        return Day(day, is_working, entry.name if entry else "", entry is not None, day == today)

    return [
        (date(year, month, 1), [[cell(day, month) for day in week] for week in weeks(year, month)])
        for month in range(1, 13)
    ]


def weeks(year, month):
    return MONDAY_FIRST.monthdatescalendar(year, month)
