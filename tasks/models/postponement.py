"""A later day for an assignment: asked by the unit, decided by who asks for the work (延期)."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from units.events import Event, told
from units.models import User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState, Step, Workflow


class State(models.TextChoices):
    ASKED = "asked", _("to be decided")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PostponementQuerySet(UnitScopedQuerySet):
    unit_path = "assignment__unit"

    def granted(self):
        return self.filter(state=State.GRANTED)

    def decidable_by(self, user):
        """Those that wait for a decision of `user`, who did not ask: of the office, or of the unit that handed down."""
        offices = user.units_with_role(Role.OFFICE).values("pk")
        leading = user.units_with_role(Role.UNIT_LEAD).values("pk")
        asked = Q(assignment__parent=None, assignment__task__ledger__unit__in=offices)
        below = Q(assignment__parent__unit__in=leading)
        waiting = self.filter(asked | below, state=State.ASKED).exclude(asked_by=user)
        return waiting.exclude(assignment__state="completed")

    def with_everything(self):
        """With what the steps and the addresses of a row ask for."""
        return self.select_related(
            "asked_by", "decided_by", "assignment__unit", "assignment__task__ledger__unit", "assignment__parent__unit"
        )

    def counts_of(self, assignments):
        """How often each of `assignments` was postponed, by primary key; those that never were are left out."""
        found = self.granted().filter(assignment__in=[one.pk for one in assignments]).order_by()
        return dict(found.values_list("assignment").annotate(Count("pk")))

    @transaction.atomic
    def ask(self, assignment, *, by, until, reason):
        """Ask for a later day. Nothing changes by asking: the present day counts until a later one is granted.

        Raises `PermissionDenied` for whom is not the unit's lead, `NotInThisState` where the work is done or a
        request is open already, `ValidationError` for a day that is no later one.
        """
        assignment.lock()
        if not by.has_role(Role.UNIT_LEAD, assignment.unit):
            raise PermissionDenied
        if assignment.completed_at or self.filter(assignment=assignment, state=State.ASKED).exists():
            raise NotInThisState("done, or asked already")
        check_later(assignment, until)
        asked = self.create(
            assignment=assignment, before=assignment.due_on, until=until, reason=reason.strip(), asked_by=by
        )
        asked.record("ask", by=by, note=reason)
        return asked


def check_later(assignment, until):
    """A day that can be granted: after the present one, not over yet, and not after that of the work it is part of."""
    if assignment.due_on is None:
        raise ValidationError(_("This assignment has no deadline that could be postponed."))
    if until <= assignment.due_on:
        raise ValidationError(_("The new day must be later than %(day)s.") % {"day": assignment.due_on})
    if until < timezone.localdate():
        raise ValidationError(_("This day has passed."))
    above = assignment.parent.due_on if assignment.parent_id else None
    if above and until > above:
        raise ValidationError(
            _("It was handed down by %(unit)s, whose own deadline is %(day)s; that unit must ask first.")
            % {"unit": assignment.parent.unit, "day": above}
        )


class Postponement(Workflow):
    """One request for a later day. `before` is the day that counted when it was asked; `until` the day asked for."""

    State = State
    OPEN = frozenset({State.ASKED})
    # Who decides on the reports decides on their day, and not the person who asked.
    DECIDE = {
        "sources": OPEN,
        "roles": frozenset({Role.OFFICE}),
        "at": "kept_by",
        "roles_of": "deciding_roles",
        "not_by": "asked_by",
    }
    steps = {
        "grant": Step(target=State.GRANTED, verb=_("Grant"), **DECIDE),
        "refuse": Step(target=State.REFUSED, verb=_("Refuse"), reason=True, **DECIDE),
        "withdraw": Step(OPEN, State.WITHDRAWN, frozenset({Role.UNIT_LEAD}), _("Take back")),
    }

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="postponements")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED)
    before = models.DateField(_("present deadline"))
    until = models.DateField(_("new deadline"))
    reason = models.TextField(_("reason"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = PostponementQuerySet.as_manager()

    class Meta:
        verbose_name = _("postponement")
        verbose_name_plural = _("postponements")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state="asked"), name="tasks_one_open_postponement"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("before")), name="tasks_postponed_to_a_later_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="tasks_postponement_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                | Q(state__in=["asked", "withdrawn"], decided_at=None, decided_by=None),
                name="tasks_postponement_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="tasks_postponed_by_a_second_person",
            ),
        ]

    def __str__(self):
        return f"{self.assignment} → {self.until}"

    def get_absolute_url(self):
        return reverse("tasks:postponement", args=[self.pk])

    @property
    def unit(self):
        return self.assignment.unit

    @property
    def kept_by(self):
        return self.assignment.kept_by

    @property
    def deciding_roles(self):
        return self.assignment.deciding_roles

    @transaction.atomic
    def grant(self, *, by, note=""):
        """The new day counts from now on, also for those to whom the work was handed down without a day of their own.

        Raises `NotInThisState` when the work is done or its day has moved so far that there is nothing to grant.
        """
        event = self.take("grant", by=by, note=note, decided_by=by, decided_at=timezone.now())
        given = self.assignment
        given.lock()
        if given.completed_at or given.due_on is None or given.due_on >= self.until:
            raise NotInThisState("the deadline has moved meanwhile")
        given.deadline = self.until
        given.save(update_fields=["deadline"])
        given.refresh_from_db(fields=["due_on"])  # kept by the database
        return event

    def refuse(self, *, by, note):
        return self.take("refuse", by=by, note=note, decided_by=by, decided_at=timezone.now())

    def withdraw(self, *, by, note=""):
        return self.take("withdraw", by=by, note=note)


DONE = {
    "ask": _("Postponement asked for"),
    "grant": _("Postponement granted"),
    "refuse": _("Postponement refused"),
    "withdraw": _("Request for postponement taken back"),
}


class PostponementEvent(Event):
    postponement = models.ForeignKey(Postponement, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        return DONE.get(self.step, self.step)

    def subject(self):
        row = self.postponement
        words = gettext("%(task)s (%(unit)s) to %(day)s")
        return told(self.text, words % {"task": row.assignment.task, "unit": row.unit, "day": row.until})

    def readers(self):
        """Who decides hears what is asked; the unit hears what was decided."""
        row = self.postponement
        if self.step in {"ask", "withdraw"}:
            return User.objects.holding(*row.deciding_roles, unit=row.kept_by)
        return User.objects.working_in(row.unit, *UNIT_ROLES)

    def get_absolute_url(self):
        return self.postponement.get_absolute_url()
