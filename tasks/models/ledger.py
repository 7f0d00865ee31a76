"""The ledger: what is asked, row by row."""

import hashlib

import pghistory
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.models.counting import counted
from tasks.models.division import divide
from tasks.models.due import TASK_TRIGGERS
from tasks.models.frozen import LEDGER_TRIGGERS
from tasks.models.standard import Criterion, Method, Standard, methods_field
from units.models import Unit
from units.names import plain
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change, plain_links


def assignments_of(tasks):
    """All assignments; their model is built on this one."""
    return tasks.assignments.rel.related_model.objects.all()


class LedgerQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The ledgers of the user's level and of the levels above whose tasks reach into the user's scope."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        asked = assignments_of(Task).filter(task__ledger=OuterRef("pk"), unit__in=scope)
        return self.filter(Q(unit__in=scope) | Exists(asked))

    def kept_by(self, user):
        """Those of the units in which the user works in the office."""
        return self.filter(unit__in=user.units_with_role(Role.OFFICE).values("pk"))

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
    """A year's set of tasks, kept by the unit that runs the campaign at its level.

    Naming a `standard` freezes that edition. `carried_from` is the ledger of an earlier edition that it was made from.
    """

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
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to", verbose_name=_("carried over from")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        ordering = ["-year", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "name"], name="tasks_ledger_once")]
        triggers = LEDGER_TRIGGERS

    def __str__(self):
        if str(self.year) in self.name:
            return self.name
        return gettext("%(year)s %(name)s") % {"year": self.year, "name": self.name}

    def get_absolute_url(self):
        return reverse("tasks:ledger", args=[self.pk])

    def tasks_of(self, user):
        """Its tasks that the person sees: all of them for who sees its keeper, without asking row by row."""
        return self.tasks.all() if user.sees(self.unit) else self.tasks.visible_to(user)

    def asked_of(self, user):
        """The assignments that it asks of units which the person sees, or what these were handed down from above."""
        rows = assignments_of(Task).filter(task__ledger=self)
        return rows.asked_by_ledgers() if user.sees(self.unit) else rows.visible_to(user).asked_of(user)

    def next_order(self):
        """The place behind its last task: where a new one is put."""
        return (self.tasks.aggregate(last=Max("order"))["last"] or 0) + 1

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
        return self.filter(
            Q(ledger__unit__in=scope) | Exists(assignments_of(self.model).filter(task=OuterRef("pk"), unit__in=scope))
        )

    def under(self, indicator):
        """Those that a criterion of `indicator`, or of one below it, asks for; of None: those without a criterion."""
        if indicator is None:
            return self.filter(criteria=None)
        links = self.model.criteria.through.objects.filter(
            Q(criterion__indicator=indicator)
            | Q(criterion__indicator__parent=indicator)
            | Q(criterion__indicator__parent__parent=indicator)
        )
        return self.filter(pk__in=links.values("task"))

    def with_lead(self):
        """Annotated with what a list is sorted by: who is `lead`, how many units are `waiting` (for review)."""
        given = assignments_of(self.model).given_by_ledgers().filter(task=OuterRef("pk"))
        lead = given.filter(part="lead").values(
            shown=Coalesce(NullIf("unit__short_name", models.Value("")), "unit__name")
        )
        waiting = given.asked_by_ledgers().filter(state="submitted")
        return self.annotate(waiting=counted(waiting, "task"), lead=Subquery(lead[:1]))

    def with_counts(self):
        """Annotated also with how many units are `asked`, `done` and `returned`."""
        rows = assignments_of(self.model).asked_by_ledgers().filter(task=OuterRef("pk"))
        return self.with_lead().annotate(
            asked=counted(rows, "task"),
            done=counted(rows.filter(state="completed"), "task"),
            returned=counted(rows.filter(state="returned"), "task"),
        )


@pghistory.track(
    *every_change(),
    model_name="TaskHistory",
    exclude=["fingerprint", "uid"],
    level=pghistory.Statement,
    attrs=plain_links(ledger=Ledger, repeat_of="tasks.Task"),
)
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

    ledger = models.ForeignKey(
        Ledger, models.CASCADE, db_index=False, related_name="tasks", verbose_name=_("ledger")
    )  # the index of the list below begins with it
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
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="occurrences",
        verbose_name=_("occurrence of"),
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
            models.UniqueConstraint(
                fields=["repeat_of", "occurs_on"], condition=Q(repeat_of__isnull=False), name="tasks_occurs_once"
            ),
            models.CheckConstraint(
                condition=Q(repeats="", repeats_until=None) | Q(repeats__in=["monthly", "quarterly"]),
                name="tasks_only_a_pattern_ends",
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

    @staticmethod
    def again(key, number):
        """The key of the `number`th row with the same words, for other units or another deadline."""
        return hashlib.sha256(f"{key}\x1f{number}".encode()).hexdigest()

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
