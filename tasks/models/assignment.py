"""A task given to a unit, and the way of each report from the unit to the office and back."""

from decimal import ROUND_HALF_UP, Decimal

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.lights import WITH_THE_UNIT
from tasks.models.assigned import AssignmentQuerySet, State
from tasks.models.division import FULL, divide
from tasks.models.drafts import HandOver, set_aside
from tasks.models.due import ASSIGNMENT_TRIGGERS
from tasks.models.ledger import Task
from tasks.models.progress import DraftChanged, Evidence, Progress
from units.events import Event, told
from units.models import Membership, Unit, User
from units.roles import UNIT_ROLES, Role
from units.trackers import every_change, plain_links
from units.workflow import NotInThisState, Step, Workflow

CENT = Decimal("0.01")
NO_DRAFT = "none"
HAND_DOWN, TAKE_BACK = "hand_down", "take_back"


# By statement: an import adds thousands at once.
@pghistory.track(
    *every_change(),
    model_name="AssignmentHistory",
    level=pghistory.Statement,
    attrs=plain_links(task=Task, unit=Unit, parent="tasks.Assignment"),
)
class Assignment(Workflow):
    """The share of one unit in a task. `percent` (0 to 100, two decimals) is what has been approved.

    The unit's staff write, its lead hands in; the office that keeps the ledger decides, and not by the person who
    handed in: an office is a unit with tasks of its own. A unit may hand its assignment down to units below it, to any
    depth (`parent`); there its own lead decides.

    `deadline` is the assignment's own, if it has one; `due_on` the day that counts, kept by the database. `share` is
    its part of the responsibility in percent of all that have the same parent; `quantity` what is to be reached, in
    `quantity_unit` (个, 份, 棵), and `quantity_done` what has been approved of it.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        RESPONSIBLE = "responsible", _("responsible")
        SUPPORTING = "supporting", _("supporting")

    State = State
    OPEN = WITH_THE_UNIT
    UNIT_STEP = {"roles": frozenset({Role.UNIT_LEAD})}
    # The office of the ledger, not that of the unit: a district's own office does not review its district.
    OFFICE_STEP = {"roles": frozenset({Role.OFFICE}), "at": "kept_by", "roles_of": "deciding_roles"}
    REVIEW_STEP = {**OFFICE_STEP, "sources": frozenset({State.SUBMITTED}), "not_by": "submitted_by"}
    steps = {
        "submit": Step(OPEN, State.SUBMITTED, verb=_("Submit for review"), **UNIT_STEP),
        "withdraw": Step(frozenset({State.SUBMITTED}), State.DOING, verb=_("Take back"), **UNIT_STEP),
        "approve": Step(target=State.DOING, verb=_("Approve"), **REVIEW_STEP),
        "complete": Step(target=State.COMPLETED, verb=_("Approve as completed"), **REVIEW_STEP),
        "return": Step(target=State.RETURNED, verb=_("Return"), reason=True, **REVIEW_STEP),
        "reopen": Step(frozenset({State.COMPLETED}), State.DOING, verb=_("Reopen"), reason=True, **OFFICE_STEP),
    }

    # Indexes of the constraint and of the list below begin with them.
    task = models.ForeignKey(Task, models.CASCADE, db_index=False, related_name="assignments", verbose_name=_("task"))
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="assignments", verbose_name=_("unit"))
    part = models.CharField(_("part"), max_length=12, choices=Part)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NOT_STARTED)
    percent = models.DecimalField(_("approved progress"), max_digits=5, decimal_places=2, default=Decimal(0))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    # Few are handed down, and imports add tens of thousands that are not: the index below is of those few.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="handed_down",
        verbose_name=_("handed down from"),
    )
    requirement = models.TextField(_("requirement of its own"), blank=True, db_default="")
    deadline = models.DateField(_("deadline of its own"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True, editable=False)
    share = models.DecimalField(_("share of responsibility"), max_digits=5, decimal_places=2, null=True, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2, null=True, blank=True)
    quantity_unit = models.CharField(_("unit of the quantity"), max_length=16, blank=True, db_default="")
    quantity_done = models.DecimalField(
        _("approved quantity"), max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["task__order", "part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="tasks_unit_once_in_a_task"),
            models.UniqueConstraint(fields=["task"], condition=Q(part="lead", parent=None), name="tasks_one_lead"),
            models.UniqueConstraint(
                fields=["parent"], condition=Q(part="lead", parent__isnull=False), name="tasks_one_lead_below"
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=100), name="tasks_share_of_hundred"),
            models.CheckConstraint(
                condition=Q(quantity=None, quantity_unit="") | Q(quantity__gt=0) & ~Q(quantity_unit=""),
                name="tasks_quantity_has_a_unit",
            ),
            models.CheckConstraint(condition=Q(quantity_done__gte=0), name="tasks_quantity_done_counts_up"),
            models.CheckConstraint(
                condition=Q(part__in=["lead", "responsible", "supporting"]), name="tasks_part_is_known"
            ),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tasks_percent_of_hundred"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="tasks_assignment_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="completed", completed_at__isnull=False, percent=100)
                | (~Q(state="completed") & Q(completed_at=None)),
                name="tasks_completed_has_a_date",
            ),
        ]
        triggers = ASSIGNMENT_TRIGGERS
        indexes = [
            models.Index(fields=["unit", "state"], name="tasks_assignment_of_unit"),
            models.Index(fields=["due_on", "id"], name="tasks_assignment_by_day"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="tasks_handed_down"),
            models.Index(fields=["task"], condition=Q(state="submitted"), name="tasks_waiting_for_review"),
        ]

    def __str__(self):
        return f"{self.unit} · {self.task}"

    def get_absolute_url(self):
        return reverse("tasks:assignment", args=[self.pk])

    @property
    def kept_by(self):
        """The unit that asks for it and decides on it: the keeper of the ledger, or the unit that handed it down."""
        return self.parent.unit if self.parent_id else self.task.ledger.unit

    @property
    def deciding_roles(self):
        """Who decides there: the office on what a ledger asks, the lead of a unit on what was handed down."""
        return frozenset({Role.UNIT_LEAD if self.parent_id else Role.OFFICE})

    @property
    def draft(self):
        """The report being written: the one not yet submitted, or None."""
        return self.progress.filter(submitted_at=None).first()

    @property
    def under_review(self):
        """The report that lies with the office, or None."""
        return self.progress.filter(submitted_at__isnull=False, verdict="").first()

    @property
    def submitted_by_id(self):
        """Who handed in the report under review, or None. Each step asks: a page prefetches `progress`."""
        waiting = (report for report in self.progress.all() if report.submitted_at and not report.verdict)
        return getattr(next(waiting, None), "submitted_by_id", None)

    def steps_open_to(self, user):
        """The buttons. One of them approves; the report itself says whether that completes the assignment."""
        steps = ((name, step) for name, step in self.steps.items() if name != "complete")
        return [name for name, step in steps if self.state in step.sources and step.allows(user, self)]

    def may_write(self, user):
        """Whether `user` writes reports of this unit, whatever the state."""
        return any(user.has_role(role, self.unit) for role in UNIT_ROLES)

    def may_hand_down(self, user):
        """Whether `user` hands work of this unit down to units below it, whatever the state."""
        return user.has_role(Role.UNIT_LEAD, self.unit)

    @property
    def can_be_handed_down(self):
        return self.state != State.COMPLETED and not self.task.repeats

    def hold_division(self):
        """Hold what decides how it is divided until the transaction ends: the task first, as everybody does."""
        self.task = Task.objects.select_for_update(of=("self",)).select_related("ledger__unit").get(pk=self.task_id)
        self.lock()

    @transaction.atomic
    def hand_down(self, parts, *, by):
        """Hand it down to exactly the units of `parts` (unit → `division.Given` or part), all below this one.

        All or nothing; what has not begun there can be changed and taken back. Returns the changes. Raises
        `PermissionDenied`, `NotInThisState` when it is completed, and `division.Refused` as `Task.assign` does.
        """
        if not self.may_hand_down(by):
            raise PermissionDenied
        self.hold_division()
        if not self.can_be_handed_down:
            raise NotInThisState("what is completed, or only a pattern, is not handed down")
        changes = divide(self.task, parts, self)
        for step, units in said_of(changes).items():
            self.record(step, by=by, before=self.state, note="、".join(map(str, units)))
        return changes

    def lock(self):
        """Hold the row until the transaction ends, and know its newest state."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))

    def percent_of(self, quantity):
        """How far `quantity` is of what is to be reached: two decimals, and 100 when it is reached, never before."""
        if quantity >= self.quantity:
            return FULL
        return min(FULL - CENT, (FULL * quantity / self.quantity).quantize(CENT, ROUND_HALF_UP))

    @transaction.atomic
    def write(self, *, by, narrative, percent=None, quantity=None, files=(), read=""):
        """Keep the unit's draft report and add `files` (attachments) to its evidence. Returns the draft.

        Where a quantity is asked, the unit says the `quantity` reached and the percent follows; else it says `percent`.
        Raises `PermissionDenied` and `NotInThisState` as a step would. `read` is the `draft_version` that the writer
        began with (`NO_DRAFT`: there was none): `DraftChanged` is raised when another text stands there by now.
        """
        self.lock()
        if not self.may_write(by):
            raise PermissionDenied
        if self.state not in self.OPEN:
            raise NotInThisState(f"cannot write while {self.state}")
        if self.task.repeats:
            raise NotInThisState("a pattern is not reported on, its occurrences are")
        if (quantity is None) != (self.quantity is None):
            raise NotInThisState("whether a quantity is asked has changed meanwhile")
        percent = percent if quantity is None else self.percent_of(quantity)
        now = self.draft
        same = now and now.says(percent, narrative, quantity)
        if read and read != (now.draft_version if now else NO_DRAFT) and not same:
            raise DraftChanged(now)
        set_aside(now, by=by, percent=percent, narrative=narrative, quantity=quantity)
        draft, _created = self.progress.update_or_create(
            submitted_at=None,
            defaults={"by": by, "percent": percent, "quantity": quantity, "narrative": narrative},
        )
        Evidence.objects.bulk_create(Evidence(progress=draft, attachment=file) for file in files)
        return draft

    @transaction.atomic
    def drop(self, evidence, *, by):
        """Take a file out of the draft again. What was handed in stays as it was."""
        self.lock()
        if not self.may_write(by):
            raise PermissionDenied
        # Under the lock: the report may have been handed in and returned since the file was read.
        evidence.progress.refresh_from_db(fields=["submitted_at"])
        if self.state not in self.OPEN or evidence.progress.submitted_at:
            raise NotInThisState("only a draft can be changed")
        evidence.delete()

    @transaction.atomic
    def submit(self, *, by, note=""):
        """Hand the draft to the office."""
        event = self.take("submit", by=by, note=note)
        draft = self.draft
        if draft is None:
            raise NotInThisState("nothing has been written to submit")
        draft.submitted_at, draft.submitted_by = timezone.now(), by
        draft.save(update_fields=["submitted_at", "submitted_by"])
        HandOver.objects.filter(progress=draft).delete()
        return event

    @transaction.atomic
    def withdraw(self, *, by, note=""):
        """Take the submitted report back into the draft before the office has decided."""
        event = self.take("withdraw", by=by, note=note)
        self.progress.filter(submitted_at__isnull=False, verdict="").update(submitted_at=None, submitted_by=None)
        return event

    @transaction.atomic
    def approve(self, *, by, note="", seen=""):
        """Accept the report under review; at 100 percent the assignment is completed.

        `seen` is the `version` of the report that was read: if the unit has handed in another text since, nobody
        has read that, and `NotInThisState` is raised.
        """
        self.lock()
        report = self.under_review
        done = {} if report is None or report.quantity is None else {"quantity_done": report.quantity}
        if report and report.percent == FULL:
            event = self.take("complete", by=by, note=note, percent=FULL, completed_at=timezone.now(), **done)
        else:
            event = self.take("approve", by=by, note=note, percent=report.percent if report else self.percent, **done)
        self._decide(report, Progress.Verdict.APPROVED, by=by, note=note, seen=seen)
        return event

    @transaction.atomic
    def send_back(self, *, by, note, seen=""):
        """Return the report under review with a reason; its text stays as a new draft. `seen` as in `approve`."""
        self.lock()
        report = self.under_review
        event = self.take("return", by=by, note=note)
        self._decide(report, Progress.Verdict.RETURNED, by=by, note=note, seen=seen)
        said = {name: getattr(report, name) for name in ("by", "percent", "quantity", "narrative")}
        draft = self.progress.create(**said)
        Evidence.objects.bulk_create(
            Evidence(progress=draft, attachment_id=kept.attachment_id, caption=kept.caption)
            for kept in report.evidence.all()
        )
        return event

    @transaction.atomic
    def reopen(self, *, by, note):
        """Take a completion back: what was approved before it counts again."""
        self.lock()
        earlier = self.progress.filter(verdict=Progress.Verdict.APPROVED, percent__lt=FULL).first()
        before = {"percent": earlier.percent, "quantity_done": earlier.quantity or 0} if earlier else {"percent": 0}
        return self.take("reopen", by=by, note=note, completed_at=None, **{"quantity_done": 0} | before)

    def _decide(self, report, verdict, *, by, note, seen):
        if report is None or (seen and seen != report.version):
            raise NotInThisState("the report that was read is no longer under review")
        report.verdict, report.review_note = verdict, note
        report.reviewed_by, report.reviewed_at = by, timezone.now()
        report.save(update_fields=["verdict", "review_note", "reviewed_by", "reviewed_at"])


def said_of(changes):
    """The events of a division: to whom it was handed down and from whom it was taken back, if anybody."""
    new = [change.unit for change in changes if change.before is None]
    gone = [change.unit for change in changes if change.after is None]
    return {step: units for step, units in ((HAND_DOWN, new), (TAKE_BACK, gone)) if units}


# What is told of an assignment and is no step of it.
SAID = {
    "ready": _("Please hand it in"),
    HAND_DOWN: _("Handed down"),
    TAKE_BACK: _("Taken back from units below"),
}


PARTS = tuple(Assignment.Part.values)  # the strongest first


class AssignmentEvent(Event):
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        """What was done, as the page of the assignment says it."""
        step = Assignment.steps.get(self.step)
        return step.verb if step else SAID.get(self.step, self.step)

    def subject(self):
        task = gettext("%(task)s (%(unit)s)") % {"task": self.assignment.task, "unit": self.assignment.unit}
        return told(self.text, task)

    def readers(self):
        """Who decides hears what was submitted, the unit what was decided, the units below what came down to them.

        The lead hears what is ready to be handed in.
        """
        if self.step == TAKE_BACK:
            return []
        if self.step == "ready":
            return User.objects.working_in(self.assignment.unit, Role.UNIT_LEAD)
        if self.step == HAND_DOWN:
            new = self.assignment.handed_down.filter(state=State.NOT_STARTED).values("unit")
            held = Membership.objects.current().filter(unit__in=new, role__in=UNIT_ROLES)
            return User.objects.filter(is_active=True, pk__in=held.values("user"))
        if self.step in {"submit", "withdraw"}:
            return User.objects.holding(*self.assignment.deciding_roles, unit=self.assignment.kept_by)
        return User.objects.working_in(self.assignment.unit, *UNIT_ROLES)

    def get_absolute_url(self):
        """Where its readers look: the units below see the task, not the assignment of the unit above."""
        return (self.assignment.task if self.step == HAND_DOWN else self.assignment).get_absolute_url()
