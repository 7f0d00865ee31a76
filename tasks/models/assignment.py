"""A task given to a unit, what the unit reports on it, what proves it, and what the office says to it."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.ledger import Task
from units.events import Event
from units.models import Attachment, Unit, User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState, Step, Workflow

FULL = Decimal(100)


class State(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    DOING = "doing", _("in progress")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    COMPLETED = "completed", _("completed")


class AssignmentQuerySet(UnitScopedQuerySet):
    def unfinished(self):
        return self.exclude(state=State.COMPLETED)

    def overdue(self, on=None):
        """Unfinished on the day after the deadline."""
        return self.unfinished().filter(task__deadline__lt=on or timezone.localdate())

    def waiting_for_review(self):
        return self.filter(state=State.SUBMITTED)


@pghistory.track(model_name="AssignmentHistory")
class Assignment(Workflow):
    """The share of one unit in a task. `percent` (0 to 100, two decimals) is what the office has approved."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        RESPONSIBLE = "responsible", _("responsible")
        SUPPORTING = "supporting", _("supporting")

    State = State
    OPEN = frozenset({State.NOT_STARTED, State.DOING, State.RETURNED})
    steps = {
        "submit": Step(
            OPEN, State.SUBMITTED, frozenset({Role.UNIT_LEAD}), _("Submit for review")
        ),
        "withdraw": Step(
            frozenset({State.SUBMITTED}),
            State.DOING,
            frozenset({Role.UNIT_LEAD}),
            _("Take back"),
        ),
        "return": Step(
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            frozenset({Role.OFFICE}),
            _("Return"),
            reason=True,
        ),
        "approve": Step(
            frozenset({State.SUBMITTED}),
            State.DOING,
            frozenset({Role.OFFICE}),
            _("Approve"),
        ),
        "complete": Step(
            frozenset({State.SUBMITTED}),
            State.COMPLETED,
            frozenset({Role.OFFICE}),
            _("Approve"),
        ),
        "reopen": Step(
            frozenset({State.COMPLETED}),
            State.DOING,
            frozenset({Role.OFFICE}),
            _("Reopen"),
            reason=True,
        ),
    }

    task = models.ForeignKey(
        Task, models.CASCADE, related_name="assignments", verbose_name=_("task")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit")
    )
    part = models.CharField(_("part"), max_length=12, choices=Part)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.NOT_STARTED
    )
    percent = models.DecimalField(
        _("approved progress"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["task__order", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"], name="tasks_unit_once_in_a_task"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(part="lead"), name="tasks_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="tasks_percent_of_hundred",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="tasks_assignment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="completed", completed_at__isnull=False, percent=100)
                | (~Q(state="completed") & Q(completed_at=None)),
                name="tasks_completed_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="tasks_assignment_of_unit")
        ]

    def __str__(self):
        return f"{self.unit} · {self.task}"

    def get_absolute_url(self):
        return reverse("tasks:assignment", args=[self.pk])

    @property
    def draft(self):
        """The report being written: the one not yet submitted, or None."""
        return self.progress.filter(submitted_at=None).first()

    @property
    def under_review(self):
        """The report that lies with the office, or None."""
        return self.progress.filter(submitted_at__isnull=False, verdict="").first()

    @transaction.atomic
    def write(self, *, by, percent, narrative):
        """Keep the unit's draft report. Raises `PermissionDenied` and `NotInThisState` as a step would."""
        self.refresh_from_db(
            from_queryset=type(self).objects.select_for_update(of=("self",))
        )
        if not any(by.has_role(role, self.unit) for role in UNIT_ROLES):
            raise PermissionDenied
        if self.state not in self.OPEN:
            raise NotInThisState(f"cannot write while {self.state}")
        draft, _created = self.progress.update_or_create(
            submitted_at=None,
            defaults={"by": by, "percent": percent, "narrative": narrative},
        )
        return draft

    @transaction.atomic
    def submit(self, *, by, note=""):
        """Hand the draft to the office."""
        event = self.take("submit", by=by, note=note)
        draft = self.draft
        if draft is None:
            raise NotInThisState("nothing has been written to submit")
        draft.submitted_at, draft.submitted_by = timezone.now(), by
        draft.save(update_fields=["submitted_at", "submitted_by"])
        return event

    @transaction.atomic
    def withdraw(self, *, by, note=""):
        """Take the submitted report back into the draft before the office has decided."""
        event = self.take("withdraw", by=by, note=note)
        self.progress.filter(submitted_at__isnull=False, verdict="").update(
            submitted_at=None, submitted_by=None
        )
        return event

    @transaction.atomic
    def approve(self, *, by, note=""):
        """Accept the report under review; at 100 percent the assignment is completed."""
        report = self.under_review
        percent = report.percent if report else self.percent
        if percent == FULL:
            event = self.take(
                "complete",
                by=by,
                note=note,
                percent=percent,
                completed_at=timezone.now(),
            )
        else:
            event = self.take("approve", by=by, note=note, percent=percent)
        self._decide(Progress.Verdict.APPROVED, by=by, note=note)
        return event

    @transaction.atomic
    def send_back(self, *, by, note):
        """Return the report under review with a reason; the unit's text stays as a new draft."""
        event = self.take("return", by=by, note=note)
        report = self._decide(Progress.Verdict.RETURNED, by=by, note=note)
        if report:
            draft = self.progress.create(
                by=report.by, percent=report.percent, narrative=report.narrative
            )
            draft.evidence.bulk_create(
                Evidence(
                    progress=draft, attachment_id=e.attachment_id, caption=e.caption
                )
                for e in report.evidence.all()
            )
        return event

    def reopen(self, *, by, note):
        return self.take("reopen", by=by, note=note, completed_at=None)

    def _decide(self, verdict, *, by, note):
        report = self.under_review
        if report:
            (
                report.verdict,
                report.reviewed_by,
                report.reviewed_at,
                report.review_note,
            ) = verdict, by, timezone.now(), note
            report.save(
                update_fields=["verdict", "reviewed_by", "reviewed_at", "review_note"]
            )
        return report


class AssignmentEvent(Event):
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    def subject(self):
        verb = (
            Assignment.steps[self.step].verb
            if self.step in Assignment.steps
            else self.step
        )
        return f"{verb}: {self.assignment.task} ({self.assignment.unit})"

    def readers(self):
        """The office hears what was submitted; the unit hears what was decided."""
        unit = self.assignment.unit
        if self.step in {"submit", "withdraw"}:
            return User.objects.holding(Role.OFFICE, unit=unit)
        return User.objects.working_in(unit, *UNIT_ROLES)

    def get_absolute_url(self):
        return self.assignment.get_absolute_url()


class Progress(models.Model):
    """One report of a unit on its assignment: a draft until `submitted_at`, then with the office, then decided."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="progress")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    percent = models.DecimalField(
        _("progress in percent"), max_digits=5, decimal_places=2
    )
    narrative = models.TextField(_("what was done"))
    written_at = models.DateTimeField(_("written"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    review_note = models.TextField(_("reason"), blank=True)
    files = models.ManyToManyField(
        Attachment, through="Evidence", related_name="progress"
    )

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(submitted_at=None),
                name="tasks_one_draft_per_assignment",
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(submitted_at__isnull=False, verdict=""),
                name="tasks_one_report_under_review",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="tasks_progress_percent_of_hundred",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at=None)
                | (
                    ~Q(verdict="")
                    & Q(reviewed_at__isnull=False, submitted_at__isnull=False)
                ),
                name="tasks_verdict_has_a_date",
            ),
        ]

    def __str__(self):
        return f"{self.assignment} {self.percent} %"


class Evidence(models.Model):
    """A file that proves a report."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="evidence")
    caption = models.CharField(_("caption"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["progress", "attachment"], name="tasks_evidence_once"
            )
        ]

    def __str__(self):
        return self.caption or str(self.attachment)
