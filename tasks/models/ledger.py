"""The ledger: what is asked, row by row."""

import hashlib

import pghistory
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.models.division import divide
from tasks.models.due import TASK_TRIGGERS
from tasks.models.standard import Criterion, Method, Standard, methods_field
from units.models import Unit
from units.names import plain
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change


def counted(rows, by):
    """How many of `rows` there are for each row of the outer query, 0 for none."""
    counts = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


class LedgerQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The ledgers of the user's level and of the levels above whose tasks reach into the user's scope."""
        if user.is_superuser:
            return self
        asked = Q(tasks__assignments__unit__in=user.units_in_scope().values("pk"))
        own = Q(unit__in=user.units_in_scope().values("pk"))
        return self.filter(pk__in=self.model._base_manager.filter(own | asked).values("pk"))

    def with_counts(self, assignments, on):
        """Annotated with how many of `assignments` are `asked`, `done` and on the day `on` `overdue`."""
        rows = assignments.filter(task__ledger=OuterRef("pk"))
        return self.annotate(
            asked=counted(rows, "task__ledger"),
            done=counted(rows.filter(state="completed"), "task__ledger"),
            overdue=counted(rows.overdue(on), "task__ledger"),
        )


@pghistory.track(model_name="LedgerHistory")
class Ledger(models.Model):
    """A year's set of tasks, kept by the unit that runs the campaign at its level."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ledgers", verbose_name=_("kept by"))
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
        constraints = [models.UniqueConstraint(fields=["unit", "year", "name"], name="tasks_ledger_once")]

    def __str__(self):
        if str(self.year) in self.name:
            return self.name
        return gettext("%(year)s %(name)s") % {"year": self.year, "name": self.name}

    def get_absolute_url(self):
        return reverse("tasks:ledger", args=[self.pk])

    def units(self):
        """The units that its tasks may be given to: those on and below the keeper that exist today."""
        return self.unit.subtree().current()


class TaskQuerySet(UnitScopedQuerySet):
    unit_path = "ledger__unit"

    def visible_to(self, user):
        """The tasks of the user's own ledgers and those given to a unit in the user's scope."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        given = self.model._base_manager.filter(assignments__unit__in=scope).values("pk")
        return self.filter(Q(ledger__unit__in=scope) | Q(pk__in=given))

    def with_counts(self):
        """Annotated with how many units are `asked`, `done`, `waiting` (for review), `returned`, and who is `lead`."""
        rows = self.model.assignments.rel.related_model.objects.asked_by_ledgers().filter(task=OuterRef("pk"))
        lead = rows.filter(part="lead").values(
            shown=Coalesce(NullIf("unit__short_name", models.Value("")), "unit__name")
        )
        return self.annotate(
            asked=counted(rows, "task"),
            done=counted(rows.filter(state="completed"), "task"),
            waiting=counted(rows.filter(state="submitted"), "task"),
            returned=counted(rows.filter(state="returned"), "task"),
            lead=Subquery(lead[:1]),
        )


@pghistory.track(*every_change(), model_name="TaskHistory", exclude=["fingerprint", "uid"], level=pghistory.Statement)
class Task(models.Model):
    """One row of a ledger.

    `key` says that a row imported again is the same row; `fingerprint` what the file said in it the last time. `uid`
    is the row's name for good: an exported workbook carries it, so that words may be changed there.

    A task that `repeats` is the pattern of its occurrences: tasks of their own, one for each month or quarter, until
    the day `repeats_until`. See `tasks.models.recurrence`.
    """

    class Repeats(models.TextChoices):
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="tasks", verbose_name=_("ledger"))
    key = models.CharField(max_length=64, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    number = models.CharField(_("number"), max_length=32, blank=True)
    section = models.CharField(_("section"), max_length=200, blank=True)
    title = models.TextField(_("task"))
    requirement = models.TextField(_("requirement"), blank=True)
    material = models.TextField(_("material"), blank=True)
    persons = models.CharField(_("persons named"), max_length=200, blank=True)
    methods = methods_field()
    criteria = models.ManyToManyField(Criterion, related_name="tasks", blank=True, verbose_name=_("criteria"))
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    deadline_text = models.CharField(_("deadline as written"), max_length=100, blank=True)
    is_key = models.BooleanField(_("key task"), default=False)
    source_row = models.PositiveIntegerField(_("row in the file"), null=True, blank=True)
    uid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    repeats = models.CharField(_("repeats"), max_length=9, choices=Repeats, blank=True, db_default="")
    repeats_until = models.DateField(_("repeats until"), null=True, blank=True)
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="occurrences", verbose_name=_("occurrence of")
    )
    occurs_on = models.DateField(_("first day of its month or quarter"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "key"], name="tasks_row_once_in_a_ledger"),
            models.CheckConstraint(condition=~Q(title=""), name="tasks_task_has_a_title"),
            models.CheckConstraint(
                condition=Q(repeat_of=None, occurs_on=None)
                | Q(repeat_of__isnull=False, occurs_on__isnull=False, repeats=""),
                name="tasks_an_occurrence_has_a_day",
            ),
            models.UniqueConstraint(fields=["repeat_of", "occurs_on"], name="tasks_occurs_once"),
            models.CheckConstraint(
                condition=Q(repeats="", repeats_until=None)
                | Q(repeats__in=["monthly", "quarterly"], deadline__isnull=False),
                name="tasks_a_pattern_has_a_deadline",
            ),
        ]
        triggers = TASK_TRIGGERS
        indexes = [models.Index(fields=["ledger", "order"], name="tasks_in_ledger_order")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("tasks:task", args=[self.pk])

    def method_labels(self):
        return [Method(method).label for method in self.methods]

    @staticmethod
    def key_of(title, requirement):
        """Rows with the same title and requirement are the same task; spaces and punctuation do not count."""
        return hashlib.sha256(f"{plain(title)}\x1f{plain(requirement)}".encode()).hexdigest()

    def assign(self, parts):
        """Give the task to exactly the units of `parts`: a dict of unit → part, or → `division.Given`.

        All or nothing; returns the changes. A unit that stays keeps its reports, also under a new part. Raises
        `division.Refused` for two leads, for shares that do not make a hundred, for a unit that has ended, does not
        stand below the ledger's or has the task from a unit above it already, and for taking out a unit that has begun.
        """
        return divide(self, parts)

    @transaction.atomic
    def remove(self):
        """Delete the task. Raises `ValidationError` when a unit has begun it, or when it has occurrences."""
        self.assign({})
        if self.occurrences.exists():
            raise ValidationError(_("Its occurrences have been made already; set the last day of the repetition."))
        self.delete()
