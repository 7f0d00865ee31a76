"""Co-operation between units (协调处理): one says what it needs of another, the office decides, the other does it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from units.events import Event, told
from units.models import Unit, User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState, Step, Workflow


class State(models.TextChoices):
    OPEN = "open", _("to be decided")
    DECIDED = "decided", _("being done")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CoordinationQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """Those of the units in scope; and what the office has decided that these units do for others."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        return self.filter(Q(assignment__unit__in=scope) | Q(of__in=scope, decided_at__isnull=False))

    def decidable_by(self, user):
        """Those that wait for a decision of `user`, who did not ask."""
        offices = user.units_with_role(Role.OFFICE).values("pk")
        waiting = self.filter(state=State.OPEN, assignment__task__ledger__unit__in=offices)
        return waiting.exclude(asked_by=user)

    def to_do_for(self, user):
        """What the office has decided that the units in which `user` works do for others."""
        return self.filter(state=State.DECIDED, of__in=user.units_with_role(*UNIT_ROLES).values("pk"))

    def with_everything(self):
        """With what the steps and the addresses of a row ask for."""
        return self.select_related("of", "asked_by", "decided_by", "assignment__unit", "assignment__task__ledger__unit")

    @transaction.atomic
    def ask(self, assignment, *, by, what, of=None, needed_by=None):
        """Say what the unit needs, of which unit (None: it does not know), and by when.

        Raises `PermissionDenied` for whom may not write for the unit, `NotInThisState` where the work is done,
        `ValidationError` for a unit that is none of the ledger's or the unit itself.
        """
        assignment.lock()
        if not assignment.may_write(by):
            raise PermissionDenied
        if assignment.completed_at:
            raise NotInThisState("the work is done")
        check_other(assignment, of)
        row = self.create(assignment=assignment, what=what.strip(), of=of, needed_by=needed_by, asked_by=by)
        row.record("ask", by=by, note=what)
        return row


def check_other(assignment, of):
    """Another unit of the ledger's level, on and below its keeper."""
    if of is None:
        return
    if of == assignment.unit:
        raise ValidationError(_("That is the unit itself."))
    if not assignment.task.ledger.units().filter(pk=of.pk).exists():
        raise ValidationError(_("%(unit)s has ended, or has no part in this ledger.") % {"unit": of})


class Coordination(Workflow):
    """One request. `of` is the unit that was named by who asks, and from the decision on the one that does it.

    The office of the ledger decides, also on what was handed down: the other unit need not stand below the one above.
    """

    State = State
    steps = {
        "decide": Step(
            frozenset({State.OPEN}),
            State.DECIDED,
            frozenset({Role.OFFICE}),
            _("Decide"),
            not_by="asked_by",
            at="office",
        ),
        "finish": Step(frozenset({State.DECIDED}), State.DONE, UNIT_ROLES, _("Done"), at="doer"),
        "withdraw": Step(
            frozenset({State.OPEN, State.DECIDED}), State.WITHDRAWN, frozenset({Role.UNIT_LEAD}), _("Take back")
        ),
    }

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="coordinations")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    what = models.TextField(_("what is needed"), max_length=2000)
    of = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="asked_to_help", verbose_name=_("of which unit")
    )
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decision = models.TextField(_("decision"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)

    objects = CoordinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for co-operation")
        verbose_name_plural = _("requests for co-operation")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="tasks_coordination_says_what"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision="", due_on=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, of__isnull=False) & ~Q(decision=""),
                name="tasks_coordination_decided_for_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn")
                | Q(state="open", decided_at=None)
                | Q(state__in=["decided", "done"], decided_at__isnull=False),
                name="tasks_coordination_done_after_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="tasks_coordination_decided_by_another",
            ),
        ]
        indexes = [models.Index(fields=["of", "state"], name="tasks_coordination_of_unit")]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("tasks:coordination", args=[self.pk])

    @property
    def unit(self):
        """The unit that asks."""
        return self.assignment.unit

    @property
    def office(self):
        """The unit whose office decides."""
        return self.assignment.task.ledger.unit

    @property
    def doer(self):
        """The unit that does it; before the decision nobody but the one that asks."""
        return self.of or self.unit

    @transaction.atomic
    def decide(self, *, by, decision, of, due_on=None):
        """Write the decision: which unit does what, and by when."""
        if of is None or not decision.strip():
            raise ValueError("a decision says what is done and who does it")
        check_other(self.assignment, of)
        changes = {"decision": decision.strip(), "of": of, "due_on": due_on}
        return self.take("decide", by=by, note=decision, decided_by=by, decided_at=timezone.now(), **changes)

    def finish(self, *, by, note=""):
        return self.take("finish", by=by, note=note)

    def withdraw(self, *, by, note=""):
        return self.take("withdraw", by=by, note=note)


DONE = {
    "ask": _("Co-operation asked for"),
    "decide": _("Co-operation decided"),
    "finish": _("Co-operation done"),
    "withdraw": _("Request for co-operation taken back"),
}


class CoordinationEvent(Event):
    coordination = models.ForeignKey(Coordination, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        return DONE.get(self.step, self.step)

    def subject(self):
        row = self.coordination
        return told(self.text, gettext("%(what)s (asked by %(unit)s)") % {"what": row.what, "unit": row.unit})

    def readers(self):
        """The office hears what is asked and done; who asked hears all; the unit that does it what concerns it."""
        row = self.coordination
        asking = User.objects.working_in(row.unit, *UNIT_ROLES)
        office = User.objects.holding(Role.OFFICE, unit=row.office)
        doing = User.objects.working_in(row.of, *UNIT_ROLES) if row.of and row.decided_at else User.objects.none()
        told = {"ask": [office], "decide": [asking, doing], "finish": [asking, office], "withdraw": [office, doing]}
        return User.objects.filter(pk__in={person.pk for people in told[self.step] for person in people})

    def get_absolute_url(self):
        return self.coordination.get_absolute_url()
