"""The ladder of the office, the reminders of the last working morning, and a filter that the office shares."""

from datetime import timedelta

from django.urls import reverse

from reports.city.plan import at
from tasks.lights import Lights
from tasks.models import Rung
from tasks.models.ladder import Tells
from tasks.reminders import Hands, climb, make_digest, units_by_person
from units.models import Notice, SavedFilter

LADDER = {Tells.LEAD: 1, Tells.HEAD: 3, Tells.OFFICE: 5, Tells.LEADER: 10}
SHARED = {"逾期的重点任务": "key=true&late=true", "五个工作日内到期": "late=soon"}


def make_reminders(scene):
    """As if the job of the morning had run on the last working day; only those with a password still have it unread."""
    day = scene.plan.today - timedelta(days=1)
    while not scene.calendar.is_working(day):
        day -= timedelta(days=1)
    now, root = at(day, 8), scene.ground.root
    lights, hands = Lights.on(now, scene.calendar), Hands(day)
    for tells, days in LADDER.items():
        climb(Rung.objects.create(unit=root, tells=tells, days=days).pk, hands, lights, now)
    units = units_by_person(hands, lights)
    for user in scene.people.shown:
        make_digest(user, units.get(user.pk, set()), lights, now)
    Notice.objects.filter(event_label="tasks.digest").update(created_at=now)
    SavedFilter.objects.bulk_create(
        SavedFilter(
            user=scene.people.office[0], page=reverse("tasks:assignments"), name=name, query=query, shared_by=root
        )
        for name, query in SHARED.items()
    )
