"""Background work of this floor: the reminders of the morning, and the occurrences of tasks that come again."""

import logging

from celery import shared_task
from django.utils import timezone

from tasks.lights import Lights
from tasks.models import recurrence
from tasks.reminders import remind
from units.models import WorkCalendar

logger = logging.getLogger(__name__)


@shared_task
def remind_of_the_day():
    """On working days: climb the ladder, and put one digest into the inbox of each whom something presses.

    Beat rings several times a morning; whoever has a digest of the day gets no second one.
    """
    now, calendar = timezone.now(), WorkCalendar.load()
    if calendar.is_working(timezone.localdate(now)):
        remind(Lights.on(now, calendar), now)


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
