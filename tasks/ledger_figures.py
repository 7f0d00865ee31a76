"""The five figures above the tasks of a ledger."""

from django.db.models import Count

from tasks.lights import Light
from units.remembered import keep, recall

LARGE = 10_000  # assignments: the figures of a ledger that has more are kept for a moment
WORDS = {"done": "completed", "waiting": "submitted", "returned": "returned"}


def figures_of(ledger, user, lights):
    """How many of what the person sees of the ledger are `asked`, `done`, `waiting`, `returned` and `overdue`.

    Counted anew each time, but for a ledger of more than `LARGE` assignments and those who see all of it: there the
    figures of everybody are up to half a minute old, as those of the navigation are.
    """
    if not user.sees(ledger.unit):
        return counted(ledger.asked_of(user), lights)
    key = f"ledger-figures:{ledger.pk}:{lights.today}"
    if found := recall(key):
        return found
    found = counted(ledger.asked_of(user), lights)
    if found["asked"] > LARGE:
        keep(key, found)
    return found


def counted(assignments, lights):
    """One pass, state by state."""
    overdue = Count("pk", filter=lights.which(Light.OVERDUE))
    states = list(assignments.order_by().values("state").annotate(n=Count("pk"), overdue=overdue))
    count = {one["state"]: one["n"] for one in states}
    sums = {"asked": sum(count.values()), "overdue": sum(one["overdue"] for one in states)}
    return sums | {name: count.get(state, 0) for name, state in WORDS.items()}
