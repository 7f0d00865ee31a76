"""What a unit has handed down to its sections, a task that comes again each month, and the office's rules of duty.

As in `reporting`, every step goes through the workflow table, and what would lie in the future has not happened.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from reports.city.plan import at
from reports.city.reporting import FULL
from reports.city.tables import backdated
from tasks import duty_rules
from tasks.models import Assignment, AssignmentEvent, Progress, Task, recurrence
from tasks.models.division import Given

State = Assignment.State
BUREAU, SECTION = "市城管局", "市城管局/市容管理科"
SHARES = {SECTION: 50, "市城管局/环境卫生科": 30, "市城管局/督查考核科": 20}
HANDED_DOWN, RULES = 6, 12
WHOLE, PIECES = Decimal(120), "处"
TIMES = Decimal(4)  # a month
AGAIN = "开展“周五大扫除”，清理背街小巷、老旧小区卫生死角"


@dataclass
class Book:
    """What is written at the end: reports and events, in the order in which they happened."""

    now: object
    reports: list = field(default_factory=list)
    events: list = field(default_factory=list)

    def report(self, assignment, *, by, days_ago, percent, reviewer=None, quantity=None):
        """One report that is handed in, and decided two days later where there is a reviewer."""
        handed_in = at((self.now - timedelta(days=days_ago)).date(), 10, 20)
        report = Progress(assignment=assignment, by=by, percent=percent, quantity=quantity)
        report.narrative, report.written_at = "已按要求完成，资料已归档。", handed_in
        report.submitted_at, report.submitted_by = handed_in, by
        self.reports.append(report)
        self.take(assignment, "submit", handed_in, by)
        if reviewer is None:
            return
        decided = handed_in + timedelta(days=2, hours=5)
        report.verdict, report.reviewed_by, report.reviewed_at = Progress.Verdict.APPROVED, reviewer, decided
        assignment.percent, assignment.quantity_done = percent, quantity or 0
        assignment.completed_at = decided if percent == FULL else None
        self.take(assignment, "complete" if percent == FULL else "approve", decided, reviewer)

    def take(self, assignment, step, moment, by):
        before, assignment.state = assignment.state, Assignment.steps[step].target
        event = AssignmentEvent(assignment=assignment, actor=by, step=step, before=before, after=assignment.state)
        event.at = event.announced_at = moment
        self.events.append(event)

    def write(self, assignments):
        """Keep how the assignments stand, and all that led there."""
        Assignment.objects.bulk_update(assignments, ["state", "percent", "quantity_done", "completed_at"])
        # The events tell it, each at its time: no second line "changed today".
        Assignment.pgh_event_model.objects.filter(pgh_label="update", pgh_obj__in=assignments).delete()
        with backdated(Progress, "written_at"):
            Progress.objects.bulk_create(self.reports)
        AssignmentEvent.objects.bulk_create(self.events)


def make_divisions(scene):
    """All of it, for the newest ledger."""
    ledger = scene.ledger
    book = Book(scene.plan.now)
    book.write([*hand_down(scene, ledger, book), *come_again(scene, ledger, book)])
    duty_rules.keep(ledger, duty_rules.propose(ledger)[:RULES])


def hand_down(scene, ledger, book):
    """Some of what the bureau has to do lies with three of its sections; one of them has reported."""
    bureau, units = scene.ground.units[BUREAU], scene.ground.units
    lead, writer = scene.people.leads[bureau.pk], scene.people.leads[units[SECTION].pk]
    open_ones = Assignment.objects.filter(task__ledger=ledger, unit=bureau, state__in=[State.NOT_STARTED, State.DOING])
    below = []
    for n, above in enumerate(open_ones.order_by("task__order")[:HANDED_DOWN]):
        rows = [
            Assignment(task_id=above.task_id, parent=above, unit=units[name], part="responsible", **what(n, share))
            for name, share in SHARES.items()
        ]
        if rows[0].quantity:
            above.quantity, above.quantity_unit = WHOLE, PIECES
            above.quantity_done = WHOLE * above.percent / FULL
            above.save(update_fields=["quantity", "quantity_unit", "quantity_done"])
        below += Assignment.objects.bulk_create(rows)
        percents = [(n, Decimal(60)), (n + 3, FULL)][: n % 3]
        for when, percent in percents:
            done = rows[0].quantity and rows[0].quantity * percent / FULL
            book.report(rows[0], by=writer, days_ago=20 - 2 * when, percent=percent, reviewer=lead, quantity=done)
        if n % 3 == 0:
            book.report(rows[0], by=writer, days_ago=3, percent=Decimal(50))
    return below


def what(n, share):
    """Every third is handed down by quantities, the others by shares."""
    if n % 3 == 1:
        return {"quantity": WHOLE * share / FULL, "quantity_unit": PIECES}
    return {"share": share}


def come_again(scene, ledger, book):
    """Each month the districts and the bureau clean up four times; what lies behind is done."""
    parts = {unit: given("responsible") for unit in scene.ground.members("区县组")}
    parts[scene.ground.units[BUREAU]] = given("supporting")
    pattern = Task.objects.create(
        ledger=ledger,
        key=Task.key_of(AGAIN, ""),
        order=ledger.tasks.count() + 1,
        title=AGAIN,
        repeats=Task.Repeats.MONTHLY,
        deadline=max(scene.plan.quarters[1].starts_on, date(ledger.year, 1, 1)).replace(day=28),
    )
    pattern.assign(parts)
    recurrence.make_due(pattern.pk, scene.plan.today - timedelta(days=1))
    done = Assignment.objects.filter(task__repeat_of=pattern, due_on__lt=scene.plan.today - timedelta(days=2))
    done = list(done.select_related("unit", "task__ledger").order_by("task__occurs_on", "pk"))
    for one in done:
        lead, _clerk = scene.people.of(one.unit)
        days_ago = (scene.plan.today - one.due_on).days + 3
        reviewer = scene.people.office[0]
        book.report(one, by=lead, days_ago=days_ago, percent=FULL, reviewer=reviewer, quantity=TIMES)
    return done


def given(part):
    return Given(part, quantity=TIMES, quantity_unit="次")
