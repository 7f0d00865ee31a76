"""How much waits for a person behind the places of the navigation.

Every page shows these numbers, so they are kept for half a minute: what others do shows that much later, what the
person does shows at once (`ForgetCounts`). Messages are counted anew each time, they are read by opening a page.
"""

from django.db.models import F, Func, Subquery

from inspections.models import RectificationItem
from tasks.models import Assignment
from units.models import User
from units.remembered import forget, keep, recall
from units.roles import UNIT_ROLES

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def to_review(user):
    return Assignment.objects.reviewable_by(user)


def to_verify(user):
    return RectificationItem.objects.visible_to(user).verified_by(user)


def to_do(user):
    return Assignment.objects.of_people(user).filter(state__in=Assignment.OPEN)


def to_put_right(user):
    """What lies with the person's own units; for all others the list is to be read, not to be worked off."""
    if not user.holds(*UNIT_ROLES):
        return RectificationItem.objects.none()
    own = user.units_with_role(*UNIT_ROLES).values("pk")
    return RectificationItem.objects.filter(unit__in=own).with_the_unit()


COUNTS = {
    "tasks:review-queue": to_review,
    "tasks:my-tasks": to_do,
    "inspections:verify-queue": to_verify,
    "inspections:items": to_put_right,
}


def key_of(user):
    return f"counts:{user.pk}"


def counts(user, names):
    """How much waits at those of the places `names` that count: a dict by name. One query, whatever is asked."""
    asked, waiting = [name for name in names if name in COUNTS], {"units:inbox": user.notices.unread()}
    kept = recall(key_of(user)) or {}
    if kept.keys() >= set(asked):
        return {**kept, **counted(user, waiting)}
    found = counted(user, {**{name: COUNTS[name](user) for name in asked}, **waiting})
    keep(key_of(user), {name: found[name] for name in asked})
    return found


def counted(user, rows):
    """How many rows each of these querysets has: a dict by the same names."""
    numbers = [
        Subquery(some.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")) for some in rows.values()
    ]
    found = User.objects.filter(pk=user.pk).values_list(*numbers).get()
    return {name: n or 0 for name, n in zip(rows, found, strict=True)}


class ForgetCounts:
    """Whatever a person does may change what waits for them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in READING and request.user.is_authenticated:
            forget(key_of(request.user))
        return response
