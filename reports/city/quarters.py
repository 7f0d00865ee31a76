"""What is said: the finished quarters ranked and issued, a trial of the running one, and a few unread notices."""

from datetime import timedelta

from inspections.models import RectificationEvent
from reports import closing
from reports.city.plan import at
from reports.city.tables import date_back
from reports.models import Period, Report
from reports.seeds import default_scheme
from tasks.models import AssignmentEvent
from units.models import Notice

CLOSING = timedelta(days=6)  # from the end of a quarter to its board
TOLD = 12  # events of each kind that the demonstration accounts have not read yet


def make_quarters(scene):
    """A ranking and an issued report for each finished quarter, a trial for the running one."""
    root, by = scene.ground.root, scene.people.office[0]
    scheme, now = default_scheme(root), scene.plan.now
    periods = [Period.objects.quarter(root, quarter.year, quarter.number) for quarter in scene.plan.quarters]
    for period in periods[:-1]:
        moment = min(at(period.ends_on + CLOSING, 10), now)
        report = closing.draft(period, scheme, by=by, now=moment)
        event = closing.issue(report, by=by)
        said = min(moment + timedelta(hours=5), now)
        date_back(event, said)
        Report.objects.filter(pk=report.pk).update(issued_at=said)
    closing.trial(periods[-1], scheme, by=by, now=now)


def make_notices(scene):
    """What the last days brought to the people with a password; everybody else has read theirs."""
    shown = [user.pk for user in scene.people.shown]
    units = [unit.pk for unit in scene.ground.answering() if scene.people.leads[unit.pk].pk in shown]
    events = RectificationEvent.objects.filter(item__unit__in=units).select_related("item__finding__visit__round__unit")
    reported = AssignmentEvent.objects.filter(assignment__unit__in=units).select_related("assignment__task__ledger")
    for event in [*events.order_by("-at")[:TOLD], *reported.order_by("-at")[:TOLD]]:
        Notice.objects.tell(event)
        told = Notice.objects.filter(event_label=event._meta.label_lower, event_pk=event.pk)
        told.exclude(user__in=shown).delete()
        told.update(created_at=event.at)
