"""Three meetings of the last months: what they decided has become tasks, some carried out, some late."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from reports.city.reporting import Work, write_down
from reports.city.tables import backdated, rows, split
from tasks.models import Assignment, Decision, DecisionUnit, Ledger, Meeting, Task
from tasks.models.assignment import PARTS

LEDGER = "会议议定事项台账（示例）"


@dataclass(frozen=True)
class Decided:
    """One decision, and the line of the list it was made from."""

    decision: Decision
    line: dict


def make_meetings(scene):
    """The meetings with their decisions; each but the newest few is a task, and its units have reported on it."""
    with backdated(Ledger, "created_at"):
        ledger = Ledger.objects.create(
            unit=scene.ground.root,
            name=LEDGER,
            year=scene.plan.today.year,
            created_at=scene.plan.now - timedelta(days=90),
        )
    lots, works = scene.plan.lots("meetings"), []
    for order, one in enumerate(map_decisions(scene), start=1):
        if one.line["task"]:
            works += begin(scene, lots, ledger, order, one)
    write_down(works)


def map_decisions(scene):
    """Each line of the list as a decision of its meeting."""
    held = {}
    for line in rows("meetings"):
        day = scene.plan.today - timedelta(days=int(line["days_ago"]))
        if line["title"] not in held:
            held[line["title"]] = hold(scene, line, day)
        meeting = held[line["title"]]
        deadline = day + timedelta(days=int(line["days"])) if line["days"] else None
        number = meeting.decisions.count() + 1
        decision = Decision.objects.create(meeting=meeting, number=number, text=line["decision"], deadline=deadline)
        DecisionUnit.objects.bulk_create(
            DecisionUnit(decision=decision, unit=unit, part=part)
            for part in PARTS
            for unit in scene.ground.meant(split(line[part]))
        )
        yield Decided(decision, line)


def hold(scene, line, day):
    meeting = Meeting.objects.create(
        unit=scene.ground.root,
        kind=line["kind"],
        title=line["title"],
        held_on=day,
        place=line["place"],
        chair=line["chair"],
        minutes=line["minutes"],
    )
    meeting.attending.set(scene.ground.meant(split(line["attending"])))
    return meeting


def begin(scene, lots, ledger, order, one):
    """Make it a task and let its units report: `course` says after how many days how far they were."""
    decision = one.decision
    decision.task = Task.objects.create(
        ledger=ledger,
        key=Task.key_of(decision.text, decision.origin),
        order=order,
        title=decision.text,
        requirement=decision.origin,
        section=decision.meeting.title,
        deadline=decision.deadline,
    )
    decision.save(update_fields=["task"])
    works = [
        Work(scene, lots, Assignment(task=decision.task, unit=scene.ground.by_pk[given.unit_id], part=given.part))
        for given in decision.given.all()
    ]
    for work in works:
        for step in split(one.line["course"].replace(" ", ",")):
            days, percent = step.split(":")
            work.report(decision.meeting.held_on + timedelta(days=int(days)), Decimal(percent))
    return works
