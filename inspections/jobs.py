"""Background work: the clock of the rectification items."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from inspections.models import RectificationItem
from units.workflow import NotInThisState

BATCH = 1000


@shared_task
def expire_items():
    """Each minute: mark what has passed its deadline with the unit, each once and with one event.

    Each item is a transaction of its own. An item that somebody holds at this moment is left for the next minute.
    Returns how many were marked.
    """
    now = timezone.now()
    late = RectificationItem.objects.past_due(now).filter(overdue_at=None).order_by("due_at")
    return sum(expire(pk, now) for pk in late.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def expire(pk, now):
    free = RectificationItem.objects.select_for_update(of=("self",), skip_locked=True)
    item = free.filter(pk=pk).first()
    if item is None:
        return False
    try:
        item.expire(now=now)
    except NotInThisState:
        return False
    return True
