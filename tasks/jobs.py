"""Background work of the tasks: the occurrences of tasks that come again."""

import logging

from celery import shared_task
from django.utils import timezone

from tasks.models import recurrence

logger = logging.getLogger(__name__)


@shared_task
def make_occurrences():
    """Daily: make what the patterns owe today. Returns how many tasks were made.

    Each pattern is a transaction of its own, and one that cannot be made does not keep the others waiting; tomorrow
    it is tried again. Two workers at once make each occurrence once.
    """
    today, made = timezone.localdate(), 0
    for pk in recurrence.due_patterns(today).values_list("pk", flat=True):
        try:
            made += len(recurrence.make_due(pk, today))
        except Exception:
            logger.exception("cannot make the occurrences of task %s", pk)
    return made
