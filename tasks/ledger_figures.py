"""The five figures above the tasks of a ledger."""

from contextlib import suppress

from django.core.cache import cache
from django.db.models import Count
from redis.exceptions import RedisError

from tasks.lights import Light

LARGE, KEPT_SECONDS = 10_000, 30  # assignments; how long the figures of a ledger that large are kept
WORDS = {"done": "completed", "waiting": "submitted", "returned": "returned"}


def figures_of(ledger, user, lights):
    """How many of what the person sees of the ledger are `asked`, `done`, `waiting`, `returned` and `overdue`.

    Counted anew each time, but for a ledger of more than `LARGE` assignments and those who see all of it: there the
    figures of everybody are up to `KEPT_SECONDS` old, as those of the navigation are.
    """
    if not user.sees(ledger.unit):
        return counted(ledger.asked_of(user), lights)
    key = f"ledger-figures:{ledger.pk}:{lights.today}"
    with suppress(RedisError):  # without Redis the page still comes
        if found := cache.get(key):
            return found
    found = counted(ledger.asked_of(user), lights)
    if found["asked"] > LARGE:
        with suppress(RedisError):
            cache.set(key, found, KEPT_SECONDS)
    return found


def counted(assignments, lights):
    """One pass, state by state."""
    overdue = Count("pk", filter=lights.which(Light.OVERDUE))
    states = list(assignments.order_by().values("state").annotate(n=Count("pk"), overdue=overdue))
    count = {one["state"]: one["n"] for one in states}
    sums = {"asked": sum(count.values()), "overdue": sum(one["overdue"] for one in states)}
    return sums | {name: count.get(state, 0) for name, state in WORDS.items()}
