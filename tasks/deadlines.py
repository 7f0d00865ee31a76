"""Deadlines by the day: a month of them, counted by light."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q

from tasks.lights import Light
from units.filters import whole
from units.models import CalendarDay
from units.year_view import Day, month_of
from units.years import YEARS

# What is shown of a day besides its lights.
OTHERS = {"submitted": Q(state="submitted"), "completed": Q(state="completed")}


@dataclass(frozen=True)
class Month:
    """A month of the calendar; `weeks` of seven `DueDay` or None."""

    first: date
    weeks: list

    @property
    def before(self):
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self):
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def busy(self):
        """The days on which something is due."""
        return [day for week in self.weeks for day in week if day and day.counts]


@dataclass
class DueDay:
    """`day` says how the work calendar sees it, `counts` how many are due, by light or state, none that is zero.

    A page adds the address of its `rows` and the counts as they are `shown`.
    """

    day: Day
    counts: dict = field(default_factory=dict)
    rows: str = ""
    shown: str = ""

    @property
    def total(self):
        return sum(self.counts.values())


def month_asked(words, today):
    """The first day of the month that `2026-09` means; of this month for anything else."""
    year, month = map(whole, words.partition("-")[::2])
    return date(year, month, 1) if year in YEARS and month in range(1, 13) else today.replace(day=1)


def month_of_deadlines(rows, first, lights):
    """What of the assignments `rows` is due in the month that begins with `first`; two queries."""
    after = (first + timedelta(days=31)).replace(day=1)
    named = {light: Count("pk", filter=lights.which(light)) for light in Light.values}
    named |= {state: Count("pk", filter=which) for state, which in OTHERS.items()}
    due = rows.filter(due_on__gte=first, due_on__lt=after).order_by().values("due_on").annotate(**named)
    counts = {one.pop("due_on"): {name: n for name, n in one.items() if n} for one in due}
    entries = {day.date: day for day in CalendarDay.objects.filter(date__gte=first, date__lt=after)}
    weeks = month_of(first.year, first.month, entries, lights.today)
    return Month(first, [[day and DueDay(day, counts.get(day.date, {})) for day in week] for week in weeks])
