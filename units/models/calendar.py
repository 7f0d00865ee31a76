"""Working days with 调休, and the hours in which deadlines run. Edited by the office, seeded from the notices."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from units.trackers import every_change
from units.working_time import DEFAULT_HOURS, WorkingTime


@pghistory.track(*every_change(), model_name="CalendarDayHistory")
class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday on a Tuesday, a working Sunday."""

    class Source(models.TextChoices):
        NOTICE = "notice", _("State Council notice")
        OFFICE = "office", _("set by the office")

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("occasion"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.OFFICE)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("work calendar")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.name}"


@pghistory.track(*every_change(), model_name="WorkingHoursHistory")
class WorkingHours(models.Model):
    """One stretch of every working day. Without rows: 8:30 to 12:00 and 14:30 to 18:00, seven hours."""

    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["starts"]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="units_hours_end_after_start")]

    def __str__(self):
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class WorkCalendar(WorkingTime):
    """The calendar as it stands in the database: a query for the days, one more once the hours are asked for."""

    @classmethod
    def load(cls):
        days = dict(CalendarDay.objects.values_list("date", "is_working"))
        return cls(days=days, hours=SimpleLazyObject(stored_hours))


def stored_hours():
    return tuple(WorkingHours.objects.values_list("starts", "ends")) or DEFAULT_HOURS
