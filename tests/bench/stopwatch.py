"""Two pieces of work timed in turn, and one row of the table."""

import gc
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. `limit` bounds `ratio` from above, or from below when `at_least`."""

    what: str
    ours: str
    bare: str
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def holds(self):
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def __str__(self):
        sign = "≥" if self.at_least else "≤"
        mark = "holds" if self.holds else "**MISSED**"
        return f"| {self.what} | {self.ours} | {self.bare} | {self.ratio:.2f} | {sign} {self.limit} | {mark} |"


def seconds(work):
    """How long it takes from a clean start: what the work before has left is cleared away first."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours, bare, *, runs, warmup=1):
    """Medians of `ours` and `bare` in seconds, run A B B A A B …, and the median of the pairs' ratios."""
    for _ in range(warmup):
        ours()
        bare()
    pairs = []
    for number in range(runs):
        first, second = (ours, bare) if number % 2 == 0 else (bare, ours)
        times = seconds(first), seconds(second)
        pairs.append(times if number % 2 == 0 else times[::-1])
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def milliseconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
