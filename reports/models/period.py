"""When is assessed, and by which rule: periods, and schemes as data."""

from datetime import date, datetime, time, timedelta

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.models import Unit
from units.scoping import UnitScopedQuerySet


class PeriodManager(models.Manager.from_queryset(UnitScopedQuerySet)):
    def quarter(self, unit, year, number):
        """The quarter `number` (1 to 4) of `year` at the level of `unit`, made when it is first asked for."""
        starts_on = date(year, 3 * number - 2, 1)
        ends_on = date(year + number // 4, 3 * number % 12 + 1, 1) - timedelta(days=1)
        period, _created = self.get_or_create(
            unit=unit,
            kind=Period.Kind.QUARTER,
            year=year,
            number=number,
            defaults={"starts_on": starts_on, "ends_on": ends_on},
        )
        return period


@pghistory.track(model_name="PeriodHistory")
class Period(models.Model):
    """A stretch of days (both included) that is scored; the quarter is the main one."""

    class Kind(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="periods", verbose_name=_("kept by")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.QUARTER)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = PeriodManager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "year", "number"], name="reports_period_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="reports_period_ends_after_start",
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.QUARTER:
            return _("Quarter %(number)s of %(year)s") % {
                "number": self.number,
                "year": self.year,
            }
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def bounds(self):
        """The period as aware datetimes: from the first midnight (included) to the last (excluded)."""
        first = timezone.make_aware(datetime.combine(self.starts_on, time.min))
        return first, timezone.make_aware(
            datetime.combine(self.ends_on + timedelta(days=1), time.min)
        )


@pghistory.track(model_name="SchemeHistory")
class Scheme(models.Model):
    """How a period is scored: a version of the rules as data. Frozen once a ranking was published with it.

    The total of a unit is the sum of its components' points out of the full marks of those components that
    could be assessed, on a scale of 100: what does not apply costs nothing and earns nothing. It is rounded half
    up to `decimals`; equal rounded totals share a rank, the next rank is skipped (`competition`) or not (`dense`).
    """

    class Ties(models.TextChoices):
        COMPETITION = "competition", _("1, 1, 3")
        DENSE = "dense", _("1, 1, 2")

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="schemes", verbose_name=_("kept by")
    )
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2)
    ties = models.CharField(
        _("ties"), max_length=12, choices=Ties, default=Ties.COMPETITION
    )
    red_list = models.PositiveSmallIntegerField(_("red list: the first"), default=20)
    black_list = models.PositiveSmallIntegerField(_("black list: the last"), default=10)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "version"], name="reports_scheme_version_once"
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4), name="reports_four_decimals_at_most"
            ),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"


class Component(models.Model):
    """One part of a scheme: what is measured, and its full mark in points."""

    class Measure(models.TextChoices):
        TASKS = "tasks", _("task completion")
        DEDUCTIONS = "deductions", _("inspection deductions")
        PASS_RATE = "pass_rate", _("pass rate on site")
        RECTIFICATION = "rectification", _("rectification rate")

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="components")
    measure = models.CharField(_("measure"), max_length=16, choices=Measure)
    name = models.CharField(_("name"), max_length=40)
    full = models.DecimalField(_("full mark"), max_digits=6, decimal_places=2)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "measure"], name="reports_measure_once_in_a_scheme"
            ),
            models.CheckConstraint(
                condition=Q(full__gt=0), name="reports_full_mark_is_positive"
            ),
        ]

    def __str__(self):
        return self.name
