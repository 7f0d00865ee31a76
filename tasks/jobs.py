"""Background work of this floor: the reminders of the morning."""

from celery import shared_task
from django.utils import timezone

from tasks.lights import Lights
from tasks.reminders import remind
from units.models import WorkCalendar


@shared_task
def remind_of_the_day():
    """On working days: climb the ladder, and put one digest into the inbox of each whom something presses.

    Beat rings several times a morning; whoever has a digest of the day gets no second one.
    """
    now, calendar = timezone.now(), WorkCalendar.load()
    if calendar.is_working(timezone.localdate(now)):
        remind(Lights.on(now, calendar), now)
