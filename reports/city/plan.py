"""What is asked for: how large, with which seed, on which day. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from django.utils import timezone

MEMBERS = 69


@dataclass(frozen=True)
class Quarter:
    """A quarter of the demonstration: `number` 1 to 4 of `year`, both days included."""

    year: int
    number: int

    @property
    def starts_on(self):
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self):
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self):
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self):
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


@dataclass(frozen=True)
class Plan:
    """Size, seed and day of a city. Everything that has happened lies before the first minute of `today`."""

    today: date
    units: int = MEMBERS
    findings: int = 1200
    answers: int = 0
    seed: int = 2026

    def lots(self, name):
        """The random numbers of one part: a part that draws more changes no other."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - a demonstration, no secret

    @cached_property
    def now(self):
        return timezone.make_aware(datetime.combine(self.today, time.min))

    @cached_property
    def quarters(self):
        """The two finished quarters and the running one, in order."""
        running = Quarter(self.today.year, (self.today.month + 2) // 3)
        return running.before.before, running.before, running

    @property
    def places(self):
        return max(300, self.findings // 10)


def at(day, hour, minute=0):
    """That moment of the day in the city's time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
