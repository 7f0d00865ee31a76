"""How much waits for a person behind the places of the navigation: one query each."""

from inspections.models import RectificationItem
from tasks.models import Assignment
from units.roles import UNIT_ROLES


def unread(user):
    return user.notices.unread().count()


def to_review(user):
    return Assignment.objects.reviewable_by(user).count()


def to_verify(user):
    return RectificationItem.objects.visible_to(user).verified_by(user).count()


def to_do(user):
    own = user.units_with_role(*UNIT_ROLES).values("pk")
    return Assignment.objects.filter(unit__in=own, state__in=Assignment.OPEN).count()


def to_put_right(user):
    """What lies with the person's own units; for all others the list is to be read, not to be worked off."""
    if not user.holds(*UNIT_ROLES):
        return 0
    own = user.units_with_role(*UNIT_ROLES).values("pk")
    return RectificationItem.objects.filter(unit__in=own).with_the_unit().count()


COUNTS = {
    "units:inbox": unread,
    "tasks:review-queue": to_review,
    "tasks:my-tasks": to_do,
    "inspections:verify-queue": to_verify,
    "inspections:items": to_put_right,
}
