"""Who is reminded of what: the ladder is climbed, then everybody concerned gets one digest of the day.

An assignment lies in the hands of those who work in its very unit; where nobody does, in those of the nearest unit
above. Each rung and each digest is its own transaction under a constraint: the work may be begun twice, at once or
after a crash, and is done once.
"""

import logging

from django.db import transaction
from django.db.models import Count

from tasks.lights import Light
from tasks.models import Assignment, Digest, Escalation, EscalationReader, Rung, Tells
from tasks.models.digest import MOST
from units.models import Membership, Notice, Unit, UnitPerson, User
from units.roles import UNIT_ROLES, Role

logger = logging.getLogger(__name__)


class Hands:
    """Who works where on a day; one query."""

    def __init__(self, on):
        held = Membership.objects.current(on).filter(role__in=UNIT_ROLES, user__is_active=True)
        self.held = {}
        for unit, user, role in held.values_list("unit", "user", "role"):
            self.held.setdefault(unit, []).append((user, role))

    def of(self, path, roles=UNIT_ROLES):
        """The primary keys of those in whose hands the unit at `path` is."""
        for unit in reversed(path.strip("/").split("/")):
            if found := {user for user, role in self.held.get(int(unit), ()) if role in roles}:
                return found
        return set()


def pressing(lights):
    """What is overdue or due soon, and lies with its unit."""
    lit = lights.which(Light.OVERDUE) | lights.which(Light.DUE_SOON)
    return Assignment.objects.without_patterns().filter(lit)


def remind(lights, now):
    """Climb the ladder, then make the digests of the day. What fails for one is left for the next run."""
    hands = Hands(lights.today)
    for pk in Rung.objects.order_by("days", "pk").values_list("pk", flat=True):
        attempt(climb, pk, hands, lights, now)
    units = units_by_person(hands, lights)
    told = Digest.objects.filter(day=lights.today).values("user")
    waiting = EscalationReader.objects.filter(digest=None, user__is_active=True).values_list("user", flat=True)
    asked = User.objects.filter(pk__in={*units, *waiting}).exclude(pk__in=told)
    for user in asked.order_by("pk"):
        attempt(make_digest, user, units.get(user.pk, set()), lights, now)


def attempt(work, *given):
    """Do it; one that fails must not keep the others waiting."""
    try:
        work(*given)
    except Exception:
        logger.exception("cannot remind: %s %s", work.__name__, given[0])


def units_by_person(hands, lights):
    """The units with something pressing that lie in each person's hands: a dict of sets of primary keys."""
    found = {}
    busy = Unit.objects.filter(pk__in=pressing(lights).order_by().values("unit"))
    for pk, path in busy.values_list("pk", "path"):
        for user in hands.of(path):
            found.setdefault(user, set()).add(pk)
    return found


@transaction.atomic
def make_digest(user, units, lights, now):
    """The reminder of the day for one person, put into the inbox. Returns it; None if there is one already."""
    own = pressing(lights).filter(unit__in=units).order_by("due_on", "pk")
    counts = own.aggregate(**{light.value: Count("pk", filter=lights.which(light)) for light in Light})
    waiting = EscalationReader.objects.filter(user=user, digest=None)
    brought = Assignment.objects.filter(escalations__told__in=waiting).exclude(pk__in=own.values("pk"))
    brought = brought.in_light(Light.OVERDUE, lights).distinct().order_by("due_on", "pk")
    raised = brought.count()
    first = [*own.values_list("pk", flat=True)[:MOST], *brought.values_list("pk", flat=True)[:MOST]][:MOST]
    facts = {"overdue": counts[Light.OVERDUE], "due_soon": counts[Light.DUE_SOON], "raised": raised}
    if not first:
        return None
    # A rival waits here until ours is through, and finds it.
    digest, is_new = Digest.objects.get_or_create(
        user=user, day=lights.today, defaults={**facts, "most_urgent": first, "made_at": now}
    )
    if not is_new:
        return None
    waiting.update(digest=digest)
    Notice.objects.tell(digest)
    return digest


@transaction.atomic
def climb(pk, hands, lights, now):
    """Let all assignments that have come to the rung `pk` reach it. Returns how many."""
    # Who comes second waits here, and finds nothing left to do.
    rung = Rung.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=pk).first()
    if rung is None:
        return 0
    late = Assignment.objects.without_patterns().in_light(Light.OVERDUE, lights)
    late = late.filter(task__ledger__unit=rung.unit)
    late = late.filter(due_on__lte=lights.last_deadline_missed_by(rung.days)).exclude(escalations__tells=rung.tells)
    if rung.tells == Tells.LEADER:
        late = late.asked_by_ledgers()
    audience = Audience(rung.tells, hands, lights.today)
    reached, readers = [], []
    for assignment in late.with_everything():
        people, named = audience.of(assignment)
        days = -lights.days_left(assignment.due_on)
        reached.append(
            Escalation(
                assignment=assignment, tells=rung.tells, days_late=days, due_on=assignment.due_on, named=named, at=now
            )
        )
        readers.append(people)
    Escalation.objects.bulk_create(reached)
    EscalationReader.objects.bulk_create(
        EscalationReader(escalation=one, user_id=user)
        for one, people in zip(reached, readers, strict=True)
        for user in sorted(people)
    )
    return len(reached)


class Audience:
    """Whom a rung tells; each unit is asked once."""

    def __init__(self, tells, hands, on):
        self.tells, self.hands, self.on, self.known = tells, hands, on, {}

    def of(self, assignment):
        """`(primary keys of the people, the head's name)`."""
        unit = assignment.kept_by if self.tells == Tells.OFFICE else assignment.unit
        if self.tells == Tells.LEADER:
            unit = assignment.task.ledger.unit
        key = unit.pk, assignment.parent_id is None
        if key not in self.known:
            self.known[key] = getattr(self, self.tells)(unit, assignment)
        return self.known[key]

    def lead(self, unit, _assignment):
        return self.hands.of(unit.path, {Role.UNIT_LEAD}), ""

    def head(self, unit, _assignment):
        """The head, by the account of that name in the unit; without one, the leads, who tell the head."""
        heads = UnitPerson.objects.filter(unit=unit, position=UnitPerson.Position.HEAD, since__lte=self.on)
        names = [one.name for one in heads if one.until is None or one.until >= self.on]
        accounts = User.objects.working_in(unit, *Role.values).filter(name__in=names)
        people = set(accounts.values_list("pk", flat=True)) or self.hands.of(unit.path, {Role.UNIT_LEAD})
        return people, "、".join(names)[:200]

    def office(self, unit, assignment):
        return people_of(User.objects.holding(*assignment.deciding_roles, unit=unit)), ""

    def leader(self, unit, _assignment):
        return people_of(User.objects.holding(Role.LEADER, unit=unit)), ""


def people_of(users):
    return set(users.values_list("pk", flat=True))
