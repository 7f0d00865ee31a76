"""What a unit says itself of each criterion (自查): met, mostly met or not met. A result, never a percentage."""

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.standard import Criterion
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.workflow import NotInThisState


class CheckChanged(NotInThisState):
    """Somebody has said something else since the sheet was opened. `now` is the self-check that stands, or None."""

    def __init__(self, now):
        super().__init__("another verdict was kept meanwhile")
        self.now = now


class Verdict(models.TextChoices):
    MET = "met", _("met")
    MOSTLY = "mostly", _("mostly met")
    UNMET = "unmet", _("not met")


class SelfCheckQuerySet(UnitScopedQuerySet):
    unit_path = "assignment__unit"

    def that_count(self):
        """Those of what the task asks today: its criteria, or the task itself where it has none."""
        links = Criterion.tasks.through.objects.filter(task=OuterRef("assignment__task"))
        of_a_criterion = Exists(links.filter(criterion=OuterRef("criterion")))
        return self.filter(of_a_criterion | Q(~Exists(links), criterion=None))

    def short_of(self):
        """Those that are not (quite) met."""
        return self.exclude(verdict=Verdict.MET)

    def overdue(self, on):
        """Not (quite) met on the day after the unit's own date."""
        return self.short_of().filter(until__lt=on)

    @transaction.atomic
    def say(self, assignment, criterion, *, by, verdict, measure="", until=None, seen=None):
        """Keep the unit's verdict on `criterion` (None: on the task, where it has no criteria). Returns the row.

        `seen` is the `version` that the person looked at ("" for none yet): `CheckChanged` is raised when another
        verdict stands there by now. Raises `PermissionDenied` for whom may not write for the unit, `ValidationError`
        for a criterion that the task does not have, and for "not met" without a measure and a date.
        """
        assignment.lock()
        if not assignment.may_write(by):
            raise PermissionDenied
        check_asked(assignment, criterion)
        now = self.filter(assignment=assignment, criterion=criterion).first()
        said = {"verdict": verdict, **({} if verdict == Verdict.MET else {"measure": measure, "until": until})}
        row = now or self.model(assignment=assignment, criterion=criterion)
        if now and now.says(said):
            return now
        if seen is not None and seen != (now.version if now else ""):
            raise CheckChanged(now)
        row.by, row.at = by, timezone.now()
        row.verdict, row.measure, row.until = verdict, said.get("measure", ""), said.get("until")
        row.full_clean(exclude=["assignment", "criterion", "by"])
        row.save()
        return row


def check_asked(assignment, criterion):
    criteria = set(assignment.task.criteria.values_list("pk", flat=True))
    if (criterion.pk if criterion else None) not in (criteria or {None}):
        raise ValidationError(_("The task does not ask for this criterion."))


@pghistory.track(*every_change(), model_name="SelfCheckHistory")
class SelfCheck(models.Model):
    """The verdict of one unit on one criterion of its task; `history` knows the earlier ones.

    What is not met has a `measure` and the day `until` which it will be; what is mostly met may have them.
    """

    Verdict = Verdict

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="self_checks")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="self_checks", verbose_name=_("criterion")
    )
    verdict = models.CharField(_("self-check"), max_length=6, choices=Verdict)
    measure = models.TextField(_("measure"), blank=True, max_length=2000)
    until = models.DateField(_("to be met by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("checked"))

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")
        ordering = ["assignment", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "criterion"], nulls_distinct=False, name="tasks_checked_once_per_criterion"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="tasks_self_check_is_known"),
            models.CheckConstraint(
                condition=~Q(verdict="unmet") | (~Q(measure="") & Q(until__isnull=False)),
                name="tasks_unmet_has_measure_and_date",
                violation_error_message=_("What is not met needs a measure and the day until which it will be met."),
            ),
            models.CheckConstraint(
                condition=~Q(verdict="met") | Q(measure="", until=None), name="tasks_met_needs_no_measure"
            ),
        ]
        indexes = [models.Index(fields=["until"], condition=~Q(verdict="met"), name="tasks_checks_short_of")]

    def __str__(self):
        return f"{self.criterion or self.assignment.task}: {self.get_verdict_display()}"

    @property
    def version(self):
        """Changes whenever the verdict is given anew: says which one a person has looked at."""
        return f"{self.pk}-{self.at:%Y%m%d%H%M%S%f}"

    def says(self, said):
        return {"verdict": self.verdict, "measure": self.measure, "until": self.until} == {
            "measure": "",
            "until": None,
            **said,
        }


def by_unit(units, assignments, today):
    """`units` annotated with how many criteria `assignments` ask of each, and what it says of them itself:
    `points`, `met`, `mostly`, `unmet`, `unchecked` and, past the unit's own date, `overdue`."""
    asked = assignments.filter(unit=OuterRef("pk")).order_by().values("unit")
    # A task without criteria is one point: the outer join leaves it one row.
    points = asked.annotate(n=Count(Coalesce("task__criteria", 0))).values("n")
    checks = SelfCheck.objects.that_count().filter(assignment__in=assignments, assignment__unit=OuterRef("pk"))
    rows = units.annotate(points=number(points))
    for verdict in Verdict.values:
        rows = rows.annotate(**{verdict: number(tally(checks.filter(verdict=verdict)))})
    rows = rows.annotate(overdue=number(tally(checks.overdue(today))))
    return rows.annotate(unchecked=F("points") - F("met") - F("mostly") - F("unmet"))


def tally(checks):
    return checks.order_by().values("assignment__unit").annotate(n=Count("pk")).values("n")


def number(rows):
    return Coalesce(Subquery(rows, output_field=models.IntegerField()), 0)
