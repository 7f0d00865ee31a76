"""What happens when a deadline has passed: the ladder of an office, and who was told of what by it."""

import pghistory
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from units.models import Unit
from units.trackers import every_change


class Tells(models.TextChoices):
    """Whom a rung tells, from the unit upwards. For what a unit handed down, the unit above is its office."""

    LEAD = "lead", _("the unit lead")
    HEAD = "head", _("the head of the unit")
    OFFICE = "office", _("who decides on it")
    LEADER = "leader", _("the leaders")


@pghistory.track(*every_change(), model_name="RungHistory")
class Rung(models.Model):
    """After so many working days late `tells` is told. Kept by the unit whose ledgers ask."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ladder", verbose_name=_("kept by"))
    tells = models.CharField(_("tells"), max_length=8, choices=Tells)
    days = models.PositiveSmallIntegerField(_("working days late"))

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("ladder of reminders")
        ordering = ["unit", "days"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "tells"], name="tasks_one_rung_for_each"),
            models.CheckConstraint(condition=Q(days__gte=1), name="tasks_a_rung_is_late"),
            models.CheckConstraint(condition=Q(tells__in=Tells.values), name="tasks_a_rung_tells_somebody"),
        ]

    def __str__(self):
        days = ngettext("%(n)s working day late", "%(n)s working days late", self.days) % {"n": self.days}
        return f"{days}: {self.get_tells_display()}"


class EscalationQuerySet(models.QuerySet):
    def with_readers(self):
        """Each with `heard`: the names of who was told."""
        name = Coalesce(NullIf("readers__name", Value("")), "readers__username")
        order, some = ["readers__name", "readers__pk"], Q(readers__isnull=False)
        return self.annotate(heard=ArrayAgg(name, filter=some, order_by=order, default=Value([])))


class Escalation(models.Model):
    """A rung that an assignment has reached. Once for each rung, whatever becomes of the deadline or of the ladder.

    `named` is the head as the unit's page named them then; without an account of their own the unit's leads are told,
    to tell them.
    """

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="escalations")
    tells = models.CharField(_("tells"), max_length=8, choices=Tells)
    days_late = models.PositiveSmallIntegerField(_("working days late"))
    due_on = models.DateField(_("due"))
    named = models.CharField(_("head"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="EscalationReader", related_name="+")

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "tells"], name="tasks_each_rung_once"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        """As the history of the assignment says it."""
        late = ngettext("%(n)s working day late", "%(n)s working days late", self.days_late) % {"n": self.days_late}
        return gettext("%(late)s, told: %(whom)s") % {"late": late, "whom": self.get_tells_display()}


class EscalationReader(models.Model):
    """A person who is to be told of an escalation; `digest` is the reminder that did."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="told")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.ForeignKey("tasks.Digest", models.SET_NULL, null=True, blank=True, related_name="escalated")

    class Meta:
        verbose_name = _("reader of an escalation")
        verbose_name_plural = _("readers of escalations")
        constraints = [models.UniqueConstraint(fields=["escalation", "user"], name="tasks_escalated_to_each_once")]
        indexes = [
            models.Index(fields=["user"], condition=Q(digest=None), name="tasks_not_told_yet"),
        ]

    def __str__(self):
        return f"{self.user}: {self.escalation}"
