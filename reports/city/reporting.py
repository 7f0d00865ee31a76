"""How far the units have come with their tasks: their reports, and what the office said to them until today.

As in `courses`, every step goes through the workflow table, and what would lie in the future has not happened.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from reports.city.plan import at
from reports.city.tables import backdated, lines
from tasks.models import Assignment, AssignmentEvent, Progress

State = Assignment.State
BATCH = 2000
FULL = Decimal(100)
# Of a hundred assignments of an ordinary unit.
QUIET = timedelta(days=20)
ON_THE_WAY = 0.15
SENT_BACK, LATE, NEVER, UNTOUCHED = 12, 12, 5, 3


@dataclass
class Work:
    """One assignment, its reports and its history."""

    scene: object
    lots: object
    assignment: Assignment
    reports: list = field(default_factory=list)
    events: list = field(default_factory=list)
    is_over: bool = False

    def last_heard(self):
        return self.events[-1].at if self.events else at(self.assignment.task.ledger.created_at.date(), 12)

    def has_draft(self):
        return bool(self.reports) and self.reports[-1].submitted_at is None

    @property
    def people(self):
        """The lead and the clerk of the unit."""
        return self.scene.people.of(self.assignment.unit)

    def happens(self, percent):
        """Whether something comes to pass that happens to `percent` of a hundred, more often to units with faults."""
        return self.lots.random() * 100 < percent * self.scene.faults[self.assignment.unit_id]

    def moment(self, day):
        """In the working hours of `day`, or of the next working day."""
        while not self.scene.calendar.is_working(day):
            day += timedelta(days=1)
        return at(day, self.lots.choice((9, 10, 11, 15, 16, 17)), self.lots.randrange(60))

    def report(self, day, percent):
        """Write, hand in, have decided; as far as today allows."""
        if self.is_over:
            return
        lead, clerk = self.people
        written = self.moment(day)
        if written >= self.scene.plan.now:
            self.is_over = True
            return
        by = self.lots.choice((lead, clerk))
        report = Progress(assignment=self.assignment, by=by, percent=percent, narrative=self.narrative(percent))
        report.written_at = written
        self.reports.append(report)
        returned = self.happens(SENT_BACK)
        self.hand_in(report, written + timedelta(minutes=self.lots.randint(5, 90)), returned=returned)

    def left(self, day, percent, state):
        """Leave a report of `day` lying: as a draft, with the office, or returned."""
        while not self.scene.calendar.is_working(day):
            day -= timedelta(days=1)
        lead, clerk = self.people
        report = Progress(assignment=self.assignment, by=clerk, percent=percent, narrative=self.narrative(percent))
        report.written_at = at(day, 9, self.lots.randrange(60))
        self.reports.append(report)
        if state == "draft":
            return
        report.submitted_at, report.submitted_by = report.written_at + timedelta(minutes=30), lead
        self.take("submit", report.submitted_at, lead)
        if state == State.RETURNED:
            report.reviewed_at = report.submitted_at + timedelta(hours=self.lots.randint(1, 5))
            report.reviewed_by = self.lots.choice(self.scene.people.office)
            self.send_back(report, again=False)

    def hand_in(self, report, moment, *, returned):
        if moment >= self.scene.plan.now:
            self.is_over = True
            return
        lead, _clerk = self.people
        report.submitted_at, report.submitted_by = moment, lead
        self.take("submit", moment, lead)
        decided = self.moment((moment + timedelta(days=self.lots.randint(1, 6))).date())
        if decided >= self.scene.plan.now:
            self.is_over = True
            return
        report.reviewed_at, report.reviewed_by = decided, self.lots.choice(self.scene.people.office)
        if returned:
            self.send_back(report)
        else:
            self.approve(report)

    def send_back(self, report, *, again=True):
        """The unit's text stays as a draft, which it hands in `again` some days later."""
        report.verdict, report.review_note = Progress.Verdict.RETURNED, self.lots.choice(lines("narratives")["return"])
        self.take("return", report.reviewed_at, report.reviewed_by, report.review_note)
        draft = Progress(assignment=self.assignment, by=report.by, percent=report.percent, narrative=report.narrative)
        draft.written_at = report.reviewed_at
        self.reports.append(draft)
        if again:
            later = self.moment((report.reviewed_at + timedelta(days=self.lots.randint(2, 9))).date())
            self.hand_in(draft, later, returned=False)

    def approve(self, report):
        report.verdict, report.review_note = Progress.Verdict.APPROVED, ""
        self.assignment.percent = report.percent
        if report.percent == FULL:
            self.assignment.completed_at, self.is_over = report.reviewed_at, True
        self.take("complete" if report.percent == FULL else "approve", report.reviewed_at, report.reviewed_by)

    def take(self, step, moment, by, note=""):
        rule = Assignment.steps[step]
        if self.assignment.state not in rule.sources:
            raise ValueError(f"cannot {step} while {self.assignment.state}")
        before, self.assignment.state = self.assignment.state, rule.target
        event = AssignmentEvent(assignment=self.assignment, actor=by, step=step, before=before, after=rule.target)
        event.note, event.at, event.announced_at = note, moment, moment
        self.events.append(event)

    def narrative(self, percent):
        """Two sentences of a unit's report: what was done, and how far it has come."""
        words = lines("narratives")
        stage = "begun" if percent < 40 else "done" if percent == FULL else "going"
        numbers = {"n": self.lots.randint(2, 12), "m": self.lots.randint(3, 40) * 10}
        return f"{self.lots.choice(words[stage])}。{self.lots.choice(words['figures']).format(**numbers)}。"


def make_reports(scene, assignments):
    """Let every assignment run its year until today, and write it all down."""
    lots = scene.plan.lots("reports")
    works = [Work(scene, lots, assignment) for assignment in assignments]
    for work in works:
        for day, percent in schedule(work):
            work.report(day, percent)
    leave_lying(scene, works, lots)
    write_down(works)
    return works


def write_down(works):
    """Store the assignments with their reports and their history."""
    Assignment.objects.bulk_create([work.assignment for work in works], batch_size=BATCH)
    with backdated(Progress, "written_at"):
        Progress.objects.bulk_create([report for work in works for report in work.reports], batch_size=BATCH)
    events = sorted((event for work in works for event in work.events), key=lambda event: event.at)
    AssignmentEvent.objects.bulk_create(events, batch_size=BATCH)


def leave_lying(scene, works, lots):
    """Some reports are on their way today: as drafts, with the office, returned."""
    since, turn = scene.plan.now - QUIET, cycle(("draft", State.SUBMITTED, State.RETURNED))
    open_states = {State.NOT_STARTED, State.DOING}
    quiet = [
        work
        for work in works
        if work.assignment.state in open_states and work.last_heard() < since and not work.has_draft()
    ]
    for work in lots.sample(quiet, round(len(quiet) * ON_THE_WAY)):
        day = scene.plan.today - timedelta(days=lots.randint(4, 8))
        work.left(day, min(work.assignment.percent + 15, Decimal(95)), next(turn))


def schedule(work):
    """`(day, percent)` of each report that the unit means to write in the year."""
    task, lots = work.assignment.task, work.lots
    year = task.ledger.year
    if work.happens(UNTOUCHED):
        return []
    if task.deadline is None:
        ends = [date(year, month, 20) for month in (3, 6, 9, 12)]
        days = [day + timedelta(days=lots.randint(-6, 6)) for day in ends]
        return list(zip(days, (Decimal(25), Decimal(50), Decimal(75), FULL), strict=True))
    first = date(year, 1, 20) + timedelta(days=lots.randint(0, 25))
    last = task.deadline - timedelta(days=lots.randint(3, 25))
    if work.happens(LATE):
        last = task.deadline + timedelta(days=lots.randint(3, 30))
    count = max(1, min(4, (last - first).days // 60))
    steps = [(first + n * (last - first) / count, Decimal(round(20 * n / count) * 5)) for n in range(1, count)]
    return steps if work.happens(NEVER) else [*steps, (max(last, first), FULL)]
