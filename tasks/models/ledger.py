"""The ledger: what is asked, row by row."""

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.standard import Criterion, Standard, methods_field
from units.models import Unit
from units.scoping import UnitScopedQuerySet


class LedgerQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The ledgers of the user's level and of the levels above whose tasks reach into the user's scope."""
        if user.is_superuser:
            return self
        asked = Q(tasks__assignments__unit__in=user.units_in_scope().values("pk"))
        own = Q(unit__in=user.units_in_scope().values("pk"))
        return self.filter(
            pk__in=self.model._base_manager.filter(own | asked).values("pk")
        )


@pghistory.track(model_name="LedgerHistory")
class Ledger(models.Model):
    """A year's set of tasks, kept by the unit that runs the campaign at its level."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="ledgers", verbose_name=_("kept by")
    )
    name = models.CharField(_("name"), max_length=150)
    year = models.PositiveSmallIntegerField(_("year"))
    standard = models.ForeignKey(
        Standard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledgers",
        verbose_name=_("assessment system"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "name"], name="tasks_ledger_once"
            )
        ]

    def __str__(self):
        return f"{self.year} {self.name}"

    def get_absolute_url(self):
        return reverse("tasks:ledger", args=[self.pk])


class TaskQuerySet(UnitScopedQuerySet):
    unit_path = "ledger__unit"

    def visible_to(self, user):
        """The tasks of the user's own ledgers and those given to a unit in the user's scope."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        given = self.model._base_manager.filter(assignments__unit__in=scope).values(
            "pk"
        )
        return self.filter(Q(ledger__unit__in=scope) | Q(pk__in=given))


@pghistory.track(model_name="TaskHistory")
class Task(models.Model):
    """One row of a ledger. `key` says that a row imported again is the same row."""

    ledger = models.ForeignKey(
        Ledger, models.CASCADE, related_name="tasks", verbose_name=_("ledger")
    )
    key = models.CharField(max_length=64, editable=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    number = models.CharField(_("number"), max_length=32, blank=True)
    section = models.CharField(_("section"), max_length=200, blank=True)
    title = models.TextField(_("task"))
    requirement = models.TextField(_("requirement"), blank=True)
    material = models.TextField(_("material"), blank=True)
    persons = models.CharField(_("persons named"), max_length=200, blank=True)
    methods = methods_field()
    criteria = models.ManyToManyField(
        Criterion, related_name="tasks", blank=True, verbose_name=_("criteria")
    )
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    deadline_text = models.CharField(
        _("deadline as written"), max_length=100, blank=True
    )
    is_key = models.BooleanField(_("key task"), default=False)
    source_row = models.PositiveIntegerField(
        _("row in the file"), null=True, blank=True
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "key"], name="tasks_row_once_in_a_ledger"
            )
        ]
        indexes = [
            models.Index(fields=["ledger", "order"], name="tasks_in_ledger_order")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("tasks:task", args=[self.pk])

    def days_left(self, on=None):
        """Calendar days to the deadline (negative: past it); None without one."""
        return (
            (self.deadline - (on or timezone.localdate())).days
            if self.deadline
            else None
        )
