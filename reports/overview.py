"""What waits for a person and how things stand today: the figures of the home pages, each a link to its rows."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models import Finding, RectificationEvent, RectificationItem, RoundPlace
from inspections.models.rectification import UNIT_SIDE
from reports.models import Report, Score
from tasks.letters import ledgers_with_stale_letters
from tasks.lights import overdue_on
from tasks.lists.letter_list import STALE
from tasks.models import Assignment, AssignmentEvent, Coordination, Postponement, ResponsibilityLetter
from units.models import WorkCalendar
from units.roles import UNIT_ROLES, Role

SOON = timedelta(days=3)
SHOWN = 8
ASKED = "handed=asked"  # the list of assignments without what units handed down


@dataclass(frozen=True)
class Waiting:
    """One line of "what I must do now": how many, what, where; `tone` as in units/looks.py."""

    count: int
    label: str
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Number:
    label: str
    value: object
    url: str = ""
    hint: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Change:
    """One line of "what changed": who did what to which thing, and where to look."""

    at: object
    actor: object
    text: str
    note: str
    url: str


@dataclass(frozen=True)
class Overview:
    """`urgent` is None for whom no deadline runs, `board` the newest issued report for those who read the city."""

    waiting: list = field(default_factory=list)
    urgent: list | None = None
    board: Report | None = None
    numbers: list = field(default_factory=list)
    changes: list = field(default_factory=list)


def overview(user, now):
    """The home page of `user` at `now`: a fixed number of queries, whatever the size of the city."""
    items = RectificationItem.objects.visible_to(user)
    assignments = Assignment.objects.visible_to(user)
    waiting = []
    if user.holds(Role.OFFICE):
        waiting += office_waits(user, items, assignments, now)
    if user.holds(Role.INSPECTOR):
        waiting += inspector_waits(user, items, timezone.localdate(now))
    if user.holds(*UNIT_ROLES):
        waiting += unit_waits(user, items, now)
    if user.holds(Role.OFFICE, *UNIT_ROLES):
        waiting += asked_waits(user)
    if user.holds(Role.UNIT_LEAD):
        waiting.append(letters_wait(user))
    return Overview(
        waiting=list({line.label: line for line in waiting if line.count}.values()),  # who has both roles, once
        urgent=urgent_items(user, items, now),
        board=newest_board(user),
        numbers=standing(user, items, assignments, now),
        changes=latest_changes(user),
    )


def office_waits(user, items, assignments, now):
    """Reviews, verifications, disputes, and what is late."""
    found = items.aggregate(
        disputed=Count("pk", filter=Q(state="disputed")),
        late=Count("pk", filter=Q(state__in=UNIT_SIDE, due_at__lt=now)),
    )
    late = assignments.asked_of(user).overdue(timezone.localdate(now)).count()
    review, verify = Assignment.objects.reviewable_by(user).count(), items.verified_by(user).count()
    items_url, ledger_url = reverse("inspections:items"), reverse("tasks:assignments")
    return [
        Waiting(found["disputed"], _("disputed items to decide"), f"{items_url}?state=disputed", "red"),
        Waiting(review, _("progress reports to review"), reverse("tasks:review-queue"), "amber"),
        Waiting(verify, _("items to verify"), reverse("inspections:verify-queue"), "amber"),
        Waiting(found["late"], _("rectification items are late"), f"{items_url}?late=true", "red"),
        Waiting(late, _("assignments are late"), f"{ledger_url}?late=true&{ASKED}", "red"),
        *stale_letters(user),
    ]


def stale_letters(user):
    """The responsibility letters that are out of date: a line for each ledger that has such, named where several do."""
    found = list(ledgers_with_stale_letters(user))
    one, named = _("responsibility letters are out of date"), _("responsibility letters are out of date: %(ledger)s")
    return [
        Waiting(
            ledger.stale,
            named % {"ledger": ledger} if len(found) > 1 else one,
            f"{reverse('tasks:ledger-letters', args=[ledger.pk])}?letter={STALE}",
            "red",
        )
        for ledger in found
    ]


def inspector_waits(user, items, today):
    """What the person may verify, and the places of the running rounds that nobody has visited yet."""
    stops = RoundPlace.objects.visible_to(user).for_person(user).with_visits()
    left = stops.filter(round__starts_on__lte=today, round__ends_on__gte=today, visited=False).count()
    verify = items.verified_by(user).count()
    queue = Waiting(verify, _("items to verify"), reverse("inspections:verify-queue"), "amber")
    places = Waiting(left, _("places left in your round"), reverse("inspections:my-round"), "blue")
    return [places] if user.holds(Role.OFFICE) else [queue, places]


def unit_waits(user, items, now):
    """What the unit owes: returned and late first."""
    found = items.aggregate(
        returned=Count("pk", filter=Q(state="returned")),
        unsigned=Count("pk", filter=Q(state="issued")),
        late=Count("pk", filter=Q(state__in=UNIT_SIDE, due_at__lt=now)),
        soon=Count("pk", filter=Q(state__in=UNIT_SIDE, due_at__gte=now, due_at__lt=now + SOON)),
    )
    asked = Assignment.objects.of_people(user).aggregate(
        returned=Count("pk", filter=Q(state="returned")),
        late=Count("pk", filter=overdue_on(timezone.localdate(now))),
    )
    items_url, tasks_url = reverse("inspections:items"), reverse("tasks:my-tasks")
    return [
        Waiting(found["late"], _("rectification items are late"), f"{items_url}?late=true", "red"),
        Waiting(asked["late"], _("assignments are late"), f"{tasks_url}?late=true", "red"),
        Waiting(found["returned"], _("items were returned to you"), f"{items_url}?state=returned", "red"),
        Waiting(asked["returned"], _("progress reports were returned to you"), tasks_url, "red"),
        Waiting(found["soon"], _("rectification items are due within three days"), items_url, "amber"),
        Waiting(found["unsigned"], _("new items to sign for"), f"{items_url}?state=issued", "amber"),
    ]


def asked_waits(user):
    """What others have asked of the person: to hand in, to decide on, to do for another unit."""
    leads, office = user.holds(Role.UNIT_LEAD), user.holds(Role.OFFICE)
    later, needed = Postponement.objects.decidable_by(user), Coordination.objects
    queue, days, help_ = (reverse(f"tasks:{name}") for name in ("review-queue", "postponements", "coordinations"))
    asked = [
        (leads, Assignment.objects.ready_for(user), _("drafts to hand in"), f"{reverse('tasks:my-tasks')}?tab=ready"),
        (leads, Assignment.objects.reviewable_by(user), _("progress reports to review"), queue),
        (True, later, _("postponements to decide"), days),
        (office, needed.decidable_by(user), _("requests for co-operation to decide"), f"{help_}?tab=decide"),
        (user.holds(*UNIT_ROLES), needed.to_do_for(user), _("things to do for other units"), f"{help_}?tab=ours"),
    ]
    return [Waiting(rows.count(), label, url, "amber") for counts, rows, label, url in asked if counts]


def letters_wait(user):
    """The responsibility letters to sign, the one that has waited longest first."""
    waiting = list(ResponsibilityLetter.objects.to_sign(user).order_by("issued_at").defer("data"))
    address = waiting[0].get_absolute_url() if waiting else ""
    return Waiting(len(waiting), _("responsibility letters to sign"), address, "amber")


def urgent_items(user, items, now):
    """The rectification items that end first, for the people who answer or check them; each knows its days left."""
    if not user.holds(*UNIT_ROLES, Role.OFFICE):
        return None
    calendar, today = WorkCalendar.load(), timezone.localdate(now)
    rows = list(items.with_the_unit().select_related("finding__place", "unit").order_by("due_at", "pk")[:SHOWN])
    for row in rows:
        row.left, row.is_late = row.days_left(calendar, today), row.is_late_at(now)
    return rows


def newest_board(user):
    """The last issued scoreboard, for leaders: their first page is the quarter."""
    if not user.holds(Role.LEADER):
        return None
    return Report.objects.visible_to(user).issued().order_by("unit__depth", "-period__ends_on").first()


def standing(user, items, assignments, now):
    """Two to four numbers that open their rows."""
    asked = assignments.asked_of(user).aggregate(all=Count("pk"), done=Count("pk", filter=Q(state="completed")))
    found = items.aggregate(all=Count("pk"), closed=Count("pk", filter=Q(state="closed")))
    month = Finding.objects.visible_to(user).filter(found_at__gte=now - timedelta(days=30)).count()
    numbers = [
        Number(_("Tasks completed"), f"{asked['done']}/{asked['all']}", f"{reverse('tasks:assignments')}?{ASKED}"),
        Number(_("Items closed"), f"{found['closed']}/{found['all']}", reverse("inspections:items")),
        Number(_("Findings in 30 days"), month, reverse("inspections:findings")),
    ]
    return [*own_score(user), *numbers]


def own_score(user):
    """The last published score of the person's own unit, for those who work in one."""
    units = [pk for role, pk, _path in user.roles if role in UNIT_ROLES]
    score = (
        Score.objects.filter(unit__in=units, ranking__reports__state="issued")
        .select_related("unit", "peer_group", "ranking__period")
        .order_by("-ranking__period__starts_on", "-pk")
        .first()
    )
    if score is None or score.total is None:
        return []
    places = _("rank %(rank)s in %(group)s") % {"rank": score.rank, "group": score.peer_group}
    return [Number(str(score.ranking.period), f"{score.total:.2f}", score.get_absolute_url(), places)]


def latest_changes(user, shown=12):
    """The newest events in the person's scope, newest first."""
    units = user.units_in_scope().values("pk")
    found = RectificationEvent.objects.filter(item__unit__in=units).select_related(
        "actor", "item__finding__place", "item__unit"
    )
    asked = AssignmentEvent.objects.filter(assignment__unit__in=units).select_related(
        "actor", "assignment__task", "assignment__unit"
    )
    events = sorted([*found[:shown], *asked[:shown]], key=lambda event: event.at, reverse=True)[:shown]
    return [Change(one.at, one.actor, one.subject(), one.note, one.get_absolute_url()) for one in events]
