"""When is assessed."""

from datetime import date, datetime, time, timedelta

import pghistory
from django.db import models
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.models import Unit
from units.scoping import UnitScopedQuerySet

QUARTERS = {
    1: _("First quarter of %(year)s"),
    2: _("Second quarter of %(year)s"),
    3: _("Third quarter of %(year)s"),
    4: _("Fourth quarter of %(year)s"),
}


class PeriodQuerySet(UnitScopedQuerySet):
    def quarter_of(self, day):
        """The quarters that `day` lies in, one at each level."""
        return self.filter(kind=Period.Kind.QUARTER, starts_on__lte=day, ends_on__gte=day)

    def with_standing(self):
        """Each with `calculated_at` (its last calculation) and how many `drafts` and `issued` reports it has."""
        return self.annotate(
            calculated_at=Max("rankings__computed_at"),
            drafts=Count("reports", filter=Q(reports__state="draft"), distinct=True),
            issued=Count("reports", filter=Q(reports__state="issued"), distinct=True),
        )


class PeriodManager(models.Manager.from_queryset(PeriodQuerySet)):
    def current_quarter(self, unit, day):
        """The quarter of `day` at the level of `unit`, made when it is first asked for."""
        return self.quarter(unit, day.year, (day.month + 2) // 3)

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

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods", verbose_name=_("kept by"))
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
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="reports_period_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="reports_period_ends_after_start",
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.QUARTER:
            return QUARTERS[self.number] % {"year": self.year}
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("reports:period", args=[self.pk])

    def bounds(self):
        """The period as aware datetimes: from the first midnight (included) to the last (excluded)."""
        first = timezone.make_aware(datetime.combine(self.starts_on, time.min))
        return first, timezone.make_aware(datetime.combine(self.ends_on + timedelta(days=1), time.min))
