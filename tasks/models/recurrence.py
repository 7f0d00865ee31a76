"""Tasks that come again: a pattern makes an occurrence for each month or quarter, once and only once.

- The first one is that of the month or quarter of the pattern's `deadline`; without one nothing is made. None lies
  outside its ledger's year or begins after `repeats_until`. Each is made on its first day, or later if nobody was
  there to make it.
- An occurrence is a task of its own, with the words, criteria and units of the pattern as they are when it is made;
  what is changed in the pattern later counts for those that are still to come. Its title names its month or quarter,
  in Chinese as all that ledgers say, because papers and tables show the title alone.
- Its deadlines are those of the pattern, moved by as many months; the 31st of a short month is its last day.
- A unit that has ended since, or stands elsewhere, is left out; its successor takes its place where it has one. Shares
  that are no longer a hundred then are left out too.
"""

import calendar
import hashlib
from dataclasses import replace
from datetime import date

from django.db import transaction

from tasks.models.division import FULL, divisions
from tasks.models.ledger import Task
from tasks.models.successors import Successors

MONTHS = {Task.Repeats.MONTHLY: 1, Task.Repeats.QUARTERLY: 3}
COPIED = (
    "ledger_id",
    "order",
    "number",
    "section",
    "requirement",
    "material",
    "persons",
    "methods",
    "deadline_text",
    "is_key",
)


def first_day(day, repeats):
    """The first day of the month or quarter in which `day` lies."""
    months = MONTHS[repeats]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def moved(day, months):
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def periods(pattern, today):
    """The first days of the months or quarters whose occurrence should exist on `today`, the earliest first."""
    year, step = pattern.ledger.year, MONTHS[pattern.repeats]
    last = min(filter(None, [today, pattern.repeats_until, date(year, 12, 31)]))
    day = max(first_day(pattern.deadline, pattern.repeats), date(year, 1, 1))
    while day <= last:
        yield day
        day = moved(day, step)


def period_name(day, repeats):
    if repeats == Task.Repeats.QUARTERLY:
        return f"{day.year}年第{(day.month + 2) // 3}季度"
    return f"{day.year}年{day.month}月"


def months_after(pattern, day):
    """How many months the period that begins on `day` lies after the pattern's own."""
    own = first_day(pattern.deadline, pattern.repeats)
    return (day.year - own.year) * 12 + day.month - own.month


def due_patterns(today):
    """The patterns that may have something to make on `today`."""
    return Task.objects.exclude(repeats="").filter(ledger__year__lte=today.year, deadline__isnull=False)


@transaction.atomic
def make_due(pk, today):
    """Make the occurrences of the pattern `pk` that are due on `today` and do not exist. Returns the new tasks.

    Whoever else makes them at this moment is waited for; called twice, it makes nothing the second time.
    """
    pattern = Task.objects.select_for_update(of=("self",)).select_related("ledger__unit").filter(pk=pk).first()
    if pattern is None or not pattern.repeats or pattern.deadline is None:
        return []
    made = set(pattern.occurrences.values_list("occurs_on", flat=True))
    owed = [day for day in periods(pattern, today) if day not in made]
    units = Successors(pattern.ledger) if owed else None
    return [make(pattern, units, day) for day in owed]


def make(pattern, units, day):
    """One occurrence, with its units as they are today; inside the transaction that holds the pattern."""
    later = months_after(pattern, day)
    occurrence = Task.objects.create(
        title=f"{pattern.title}（{period_name(day, pattern.repeats)}）",
        key=hashlib.sha256(f"{pattern.uid}\x1f{day}".encode()).hexdigest(),
        repeat_of=pattern,
        occurs_on=day,
        deadline=moved(pattern.deadline, later),
        **{name: getattr(pattern, name) for name in COPIED},
    )
    occurrence.criteria.set(pattern.criteria.all())
    occurrence.assign(units_today(pattern, units, later))
    return occurrence


def units_today(pattern, units, later):
    """Unit → `Given` for an occurrence `later` months after the pattern; `units` are the `Successors` of its ledger."""
    [division] = divisions([pattern])
    found = {}
    for had, given in division.now.items():
        unit = units.today(had)
        if unit is not None and unit not in found:
            found[unit] = replace(given, deadline=given.deadline and moved(given.deadline, later))
    shares = [given.share for given in found.values() if given.share is not None]
    if shares and sum(shares) != FULL:
        found = {unit: replace(given, share=None) for unit, given in found.items()}
    return found
