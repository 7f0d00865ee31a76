"""What became of a finding: the steps its rectification item went through until today, with the people who took them.

A course runs through the workflow table of `RectificationItem`; a step that the table does not know from the present
state is a mistake here and fails at once. Steps that would lie in the future are not taken, so that the newest items
stand in the middle of their way.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inspections.models import RectificationEvent, RectificationItem
from inspections.models.rectification import UNIT_SIDE, USUAL_DAYS
from reports.city.tables import lines, rows

State = RectificationItem.State
CLOCK = timedelta(minutes=5)  # the clock's job marks what is late a little after the deadline
HOURS_A_DAY = 7
FORGOTTEN = timedelta(days=60)


@dataclass
class Course:
    """One item on its way. `stop`: the state in which it was left lying, "" if it went as far as time allowed."""

    scene: object
    lots: object
    item: RectificationItem
    at: datetime
    stop: str = ""
    events: list = field(default_factory=list)
    is_over: bool = False

    def take(self, step, hours, by, note="", **changes):
        """The next step after `hours` of working time, unless today comes first."""
        if self.is_over:
            return
        at = self.scene.calendar.add_hours(self.at, hours)
        self.wait_until(at)
        if at >= self.scene.plan.now:
            self.is_over = True
            return
        rule = RectificationItem.steps[step]
        if self.item.state not in rule.sources:
            raise ValueError(f"cannot {step} while {self.item.state}")
        before, self.item.state, self.at = self.item.state, rule.target or self.item.state, at
        for name, value in changes.items():
            setattr(self.item, name, value)
        self.record(step, by, before, note)
        self.is_over = self.item.state == self.stop

    def wait_until(self, moment):
        """Let the clock mark the item when its deadline passes with the unit."""
        late = self.item.due_at + CLOCK
        passed = self.item.state in UNIT_SIDE and late < min(moment, self.scene.plan.now)
        if passed and self.item.overdue_at is None:
            self.item.overdue_at = late
            self.record("expire", None, self.item.state, "", late)

    def record(self, step, by, before, note, at=None):
        at = at or self.at
        event = RectificationEvent(item=self.item, actor=by, step=step, before=before, after=self.item.state, note=note)
        event.at = event.announced_at = at
        self.events.append(event)

    # Who acts, and how the steps go together.

    @property
    def lead(self):
        return self.scene.people.leads[self.item.unit_id]

    @property
    def clerk(self):
        return self.scene.people.clerks[self.item.unit_id]

    def office(self):
        return self.lots.choice(self.scene.people.office)

    def checker(self):
        """The office or an inspector; never the person who reported it as fixed."""
        checkers = [*self.scene.people.office, *self.scene.people.inspectors]
        return self.lots.choice([user for user in checkers if user != self.item.submitted_by])

    def say(self, name):
        return self.lots.choice(lines("texts")[name])

    def allowance(self):
        """About the working hours the item is given."""
        standard = self.item.finding.item
        if standard is None:
            return USUAL_DAYS * HOURS_A_DAY
        return standard.limit_hours or standard.limit_days * HOURS_A_DAY

    def sign(self):
        at = self.allowance() * self.lots.uniform(0.05, 0.25)
        self.take("sign", at, self.lots.choice((self.lead, self.clerk)))
        if self.item.state == State.SIGNED and self.item.signed_at is None:
            self.item.signed_at = self.at

    def submit(self, share, *, prepared=False):
        """Report as fixed after `share` of the time that was given."""
        measure = measure_for(self.item.finding, self.lots)
        hours = self.allowance() * share
        if prepared:
            self.take("prepare", hours / 2, self.clerk, measure, measure=measure)
            hours /= 2
        moment = self.at
        self.take("submit", hours, self.lead, measure, measure=measure, submitted_by=self.lead)
        if self.at > moment and self.item.state == State.SUBMITTED:
            self.item.submitted_at = self.at

    def verify(self):
        by = self.checker()
        self.take("verify", self.lots.uniform(0.5, 14), by, self.say("verified"), closed_by=by)
        if self.item.state == State.CLOSED:
            self.item.closed_at = self.at

    def send_back(self):
        self.take("return", self.lots.uniform(0.5, 10), self.checker(), self.say("return"))
        if self.item.state == State.RETURNED:
            self.item.due_at = max(self.item.due_at, self.scene.calendar.add_days(self.at, 1))

    def dispute(self):
        self.take("dispute", self.lots.uniform(0.5, 3), self.lead, self.say("dispute"))

    def decide(self, step, unit=None):
        """The office decides a dispute; the time runs anew."""
        before = len(self.events)
        unit = unit or self.item.unit
        again = {"overdue_at": None} if step == "reassign" else {}
        self.take(step, self.lots.uniform(2, 10), self.office(), self.say(step), unit=unit, signed_at=None, **again)
        if len(self.events) > before and self.events[-1].step == step:
            self.item.due_at = due(self.scene, self.item.finding.item, self.at)
            self.item.finding.unit = unit


def plain(course, spot):
    course.sign()
    course.submit(course.lots.uniform(0.2, 0.6))
    course.verify()


def prepared(course, spot):
    """The clerk drafts the answer, the lead hands it in."""
    course.sign()
    course.submit(course.lots.uniform(0.3, 0.6), prepared=True)
    course.verify()


def slow(course, spot):
    course.sign()
    course.submit(course.lots.uniform(1.3, 3))
    course.verify()


def sent_back(course, spot):
    course.sign()
    course.submit(course.lots.uniform(0.2, 0.5))
    course.send_back()
    course.submit(course.lots.uniform(0.2, 0.6))
    course.verify()


def upheld(course, spot):
    course.sign()
    course.dispute()
    course.decide("uphold")
    plain(course, spot)


def reassigned(course, spot):
    """To the next unit that answers for the place; a place with one unit keeps it."""
    if len(spot.units) == 1:
        upheld(course, spot)
        return
    course.dispute()
    course.decide("reassign", unit=spot.units[1])
    plain(course, spot)


def unanswered(course, spot):
    """Signed for, and then nothing."""
    course.sign()


# The course, how often it comes, and whether faults of the unit make it more frequent.
USUAL = [(plain, 62, False), (prepared, 12, False), (slow, 9, True), (sent_back, 9, True), (upheld, 2, False)]
USUAL += [(reassigned, 3, False), (unanswered, 1, True)]
# What lies about in each state: dealt out in turn to findings of the last weeks, so that no state is missing.
LEFT_LYING = [
    (plain, State.ISSUED),
    (unanswered, State.SIGNED),
    (plain, State.SUBMITTED),
    (sent_back, State.RETURNED),
    (upheld, State.DISPUTED),
    (unanswered, ""),
]


def run(scene, found, lots, left_lying=None):
    """The course of a finding until today. `left_lying` is one of the list of that name."""
    finding, spot = found.finding, found.spot
    now = finding.recorded_at
    item = RectificationItem(finding=finding, unit=finding.unit, issued_at=now)
    item.requirement, item.due_at = lots.choice(lines("texts")["requirement"]), due(scene, finding.item, now)
    course = Course(scene, lots, item, now)
    by = finding.found_by if finding.found_by not in scene.people.monitors else course.office()
    course.record("issue", by, "", item.requirement)
    fault = scene.faults[finding.unit.pk]
    script = lots.choices([s for s, _w, _f in USUAL], [w * (fault if f else 1) for _s, w, f in USUAL])[0]
    if script is unanswered and scene.plan.now - now > FORGOTTEN:
        script = slow  # after two months everything has been answered at last
    if left_lying:
        script, course.stop = left_lying
        course.is_over = course.stop == item.state
    script(course, spot)
    course.wait_until(scene.plan.now)
    return course


def due(scene, standard, moment):
    return standard.due(moment, scene.calendar) if standard else scene.calendar.add_days(moment, USUAL_DAYS)


def measure_for(finding, lots):
    """What was done about it, in words that fit the problem."""
    table = rows("measures")
    fitting = [row["text"] for row in table if row["words"] and any(w in finding.text for w in row["words"].split("|"))]
    return lots.choice(fitting or [row["text"] for row in table if not row["words"]])
