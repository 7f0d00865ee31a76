"""What units say and ask besides their reports: self-checks, drafts ready for the lead, later days, co-operation."""

from datetime import timedelta
from itertools import cycle

from reports.city.tables import backdated, lines
from tasks.models import Assignment, Coordination, HandOver, Postponement, Progress, SelfCheck

CHECKED = 0.8
OF_ALL = ("met", "mostly", "unmet")
DONE, ON_THE_WAY = (80, 15, 5), (35, 35, 30)  # of a hundred, in the order of the verdicts
LATER_DAYS, REQUESTS = 10, 12
NEAR = timedelta(days=120)
OPEN = [Assignment.State.NOT_STARTED, Assignment.State.DOING]
COURSES = {  # how far a request has come, and the steps that led there
    "asked": (),
    "granted": ("grant",),
    "refused": ("refuse",),
    "withdrawn": ("withdraw",),
    "open": (),
    "decided": ("decide",),
    "done": ("decide", "finish"),
}


def make_asking(scene, works):
    """All of it, for the ledger of the running year."""
    lots, year = scene.plan.lots("asking"), scene.plan.today.year
    given = Assignment.objects.asked_by_ledgers().filter(task__ledger__year=year).select_related("unit", "task__ledger")
    given = list(given.prefetch_related("task__criteria").order_by("pk"))
    make_checks(scene, lots, given)
    make_hand_overs(scene, works, lots)
    shown = {user.pk for user in scene.people.shown}
    # The people with a password meet some of everything.
    given = sorted(given, key=lambda one: (scene.people.leads[one.unit_id].pk not in shown, lots.random()))
    make_postponements(scene, lots, [one for one in given if one.state in OPEN and is_near(one, scene)])
    make_coordinations(scene, lots, [one for one in given if one.state in OPEN])


def is_near(given, scene):
    return given.due_on is not None and abs(given.due_on - scene.plan.today) < NEAR


def moment(scene, lots, days):
    """Some moment of the working hours, so many days ago."""
    return scene.plan.now - timedelta(days=days, hours=-lots.randint(9, 17), minutes=lots.randint(0, 59))


def make_checks(scene, lots, given):
    """Most units have looked at most of their criteria in the last two months."""
    rows = []
    for one in given:
        for criterion in one.task.criteria.all():
            at = moment(scene, lots, lots.randint(2, 60))
            if one.part == Assignment.Part.SUPPORTING or lots.random() > CHECKED or at < one.task.ledger.created_at:
                continue
            verdict = lots.choices(OF_ALL, DONE if one.completed_at else ON_THE_WAY)[0]
            row = SelfCheck(assignment=one, criterion=criterion, verdict=verdict, at=at)
            row.by = lots.choice(scene.people.of(one.unit))
            if verdict == SelfCheck.Verdict.UNMET:
                row.measure = lots.choice(lines("asking")["measure"])
                row.until = scene.plan.today + timedelta(days=lots.randint(-15, 60))
            rows.append(row)
    SelfCheck.objects.bulk_create(rows)


def make_hand_overs(scene, works, lots):
    """Half of the clerks' drafts wait for the lead, and one for each lead with a password."""
    drafts = [work.reports[-1] for work in works if work.has_draft() and work.assignment.state != "returned"]
    waiting = [one for one in drafts if lots.choice((True, False))]
    shown = {user.pk for user in scene.people.shown}
    for work in works:
        lead, clerk = work.people
        if lead.pk in shown and lead != clerk and work.assignment.state in OPEN and not work.has_draft():
            shown.remove(lead.pk)
            waiting.append(draft_of(work, clerk, moment(scene, lots, 2)))
    HandOver.objects.bulk_create(
        HandOver(progress=one, by=one.by, at=one.written_at + timedelta(minutes=5)) for one in waiting
    )


def draft_of(work, clerk, at):
    given = work.assignment
    percent = min(given.percent + 10, 95)
    with backdated(Progress, "written_at"):
        words = work.narrative(percent)
        return Progress.objects.create(assignment=given, by=clerk, percent=percent, narrative=words, written_at=at)


def make_postponements(scene, lots, given):
    """Requests in every state; where one was granted, its day counts."""
    rows = []
    for one, state in zip(given[:REQUESTS], cycle(["asked", "granted", "refused", "asked", "withdrawn"])):
        lead, _clerk = scene.people.of(one.unit)
        until = scene.calendar.later_day(max(one.due_on, scene.plan.today), LATER_DAYS)
        row = Postponement(assignment=one, state=state, before=one.due_on, until=until, asked_by=lead)
        row.reason, row.asked_at = lots.choice(lines("asking")["reason"]), moment(scene, lots, lots.randint(4, 9))
        if state in {"granted", "refused"}:
            row.decided_by, row.decided_at = lots.choice(scene.people.office), moment(scene, lots, 2)
        rows.append(row)
    for row in Postponement.objects.bulk_create(rows):
        if row.state == "granted":
            Assignment.objects.filter(pk=row.assignment_id).update(deadline=row.until)
        people = {"withdraw": row.asked_by, "grant": row.decided_by, "refuse": row.decided_by}
        notes = {"ask": row.reason, "refuse": lines("asking")["refusal"][0]}
        tell(scene, row, people, notes)


def make_coordinations(scene, lots, given):
    """What units need of each other: some to be decided, some being done, some done."""
    words = list(zip(lines("asking")["need"], lines("asking")["decision"], strict=True))
    shown = [scene.ground.units[name] for name in ("市教育局", "市城管局")]
    states, rows = cycle(["open", "decided", "done", "decided"]), []
    # Those with a password ask, and are asked by others.
    asking = [one for pair in zip(given[: len(words)], reversed(given), strict=False) for one in pair]
    for (need, decision), one, state, of in zip(words, asking, states, cycle(shown)):
        other = of if of.pk != one.unit_id else shown[of is shown[0]]
        row = Coordination(assignment=one, state=state, what=need, of=other, asked_by=scene.people.of(one.unit)[0])
        row.asked_at = moment(scene, lots, lots.randint(6, 12))
        row.needed_by = scene.calendar.later_day(scene.plan.today, LATER_DAYS)
        if state != "open":
            row.decision, row.due_on = decision, row.needed_by
            row.decided_by, row.decided_at = lots.choice(scene.people.office), moment(scene, lots, 4)
        rows.append(row)
    for row in Coordination.objects.bulk_create(rows):
        people = {"decide": row.decided_by, "finish": scene.people.of(row.of)[0]}
        tell(scene, row, people, {"ask": row.what, "decide": row.decision})


def tell(scene, row, people, notes):
    """The events that led the request where it is, none of them still to be announced."""
    first = next(iter(type(row).State))
    moments = [row.asked_at, row.decided_at or scene.plan.now - timedelta(days=1), scene.plan.now - timedelta(hours=9)]
    before = ""
    for at, step in zip(moments, ("ask", *COURSES[row.state]), strict=False):
        after = row.steps[step].target if step in row.steps else first
        said = {"actor": people.get(step, row.asked_by), "note": notes.get(step, "")}
        row.events.create(step=step, before=before, after=after, at=at, announced_at=at, **said)
        before = after
