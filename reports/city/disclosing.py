"""What the city has disclosed of the running year's ledger: two editions, so that there is something to compare."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from reports.city.tables import date_back
from reports.disclosure import facts, kept, publish
from reports.models import Disclosure
from tasks.models import Assignment, AssignmentEvent, Progress

AGO = (timedelta(days=63), timedelta(days=21))
LATER = timedelta(hours=3)  # from the facts to their publication


def make_disclosures(scene):
    """An edition of each of the days that the ledger has already seen, published as of then."""
    ledger, by = scene.ledger, scene.people.office[0]
    for ago in AGO:
        moment = scene.plan.now - ago
        if moment < ledger.created_at:
            continue
        row = kept(ledger, facts_of(ledger, moment), by=by)
        date_back(publish(row, by=by), moment + LATER)
        Disclosure.objects.filter(pk=row.pk).update(published_at=moment + LATER)


def facts_of(ledger, moment):
    """The facts as they stood at that moment: what was reported and decided since is put back, read, and undone."""
    with transaction.atomic():
        put_back(ledger, moment)
        found = facts(ledger, now=moment)
        transaction.set_rollback(True)
    return found


def put_back(ledger, moment):
    approved = Progress.objects.filter(
        assignment=OuterRef("pk"), verdict=Progress.Verdict.APPROVED, reviewed_at__lte=moment
    )
    begun = Exists(AssignmentEvent.objects.filter(assignment=OuterRef("pk"), at__lte=moment))
    percent = Subquery(approved.order_by("-reviewed_at").values("percent")[:1])
    unfinished = Assignment.objects.filter(task__ledger=ledger).exclude(completed_at__lte=moment)
    unfinished.update(
        state=Case(When(begun, then=Value(Assignment.State.DOING)), default=Value(Assignment.State.NOT_STARTED)),
        percent=Coalesce(percent, Value(0)),
        completed_at=None,
    )
