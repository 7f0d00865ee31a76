"""By which rule is scored: schemes as data, in versions."""

import pghistory
import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from units.models import Unit
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.twins import once

FROZEN = pgtrigger.Q(old__frozen_at__isnull=False)
NOT_IN_A_FROZEN_SCHEME = """
IF EXISTS (
    SELECT FROM reports_scheme
     WHERE id = (CASE TG_OP WHEN 'DELETE' THEN OLD.scheme_id ELSE NEW.scheme_id END) AND frozen_at IS NOT NULL
) THEN
    RAISE EXCEPTION 'the scheme is frozen: results were issued by it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reports_frozen_scheme_stays';
END IF;
RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
"""


class SchemeQuerySet(UnitScopedQuerySet):
    def for_level(self, unit):
        """The schemes a level may score by: its own and those of the levels above, the newest first."""
        above = [int(pk) for pk in unit.path.strip("/").split("/")]
        return self.filter(unit__in=above).order_by("-unit__depth", "-pk")


@pghistory.track(model_name="SchemeHistory")
class Scheme(models.Model):
    """How a period is scored: a version of the rules as data. Frozen for good when a result is issued by it.

    The total of a unit is the sum of its components' points out of the full marks of those components that
    could be assessed, on a scale of 100: what does not apply costs nothing and earns nothing. It is rounded half
    up to `decimals`, as each component's points are before; equal totals share a rank, and the next rank is skipped
    (`competition`) or not (`dense`). docs/scoring.md says the whole of it.
    """

    class Ties(models.TextChoices):
        COMPETITION = "competition", _("1, 1, 3")
        DENSE = "dense", _("1, 1, 2")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="schemes", verbose_name=_("kept by"))
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2)
    ties = models.CharField(_("ranks of equal totals"), max_length=12, choices=Ties, default=Ties.COMPETITION)
    red_list = models.PositiveSmallIntegerField(_("red list: the first"), default=20)
    black_list = models.PositiveSmallIntegerField(_("black list: the last"), default=10)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "version"], name="reports_scheme_version_once"),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="reports_four_decimals_at_most"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_scheme_stays", operation=pgtrigger.Update | pgtrigger.Delete, condition=FROZEN
            )
        ]

    def __str__(self):
        return gettext("%(name)s, version %(version)s") % {"name": self.name, "version": self.version}

    def get_absolute_url(self):
        return reverse("reports:scheme", args=[self.pk])

    @property
    def is_frozen(self):
        return self.frozen_at is not None

    @property
    def was_used(self):
        """Whether something was calculated by it: then it is changed by a new version, never in place."""
        return self.rankings.exists()

    def freeze(self, now):
        """Let nothing change any more. Freezing twice changes nothing."""
        Scheme.objects.filter(pk=self.pk, frozen_at=None).update(frozen_at=now)

    @transaction.atomic
    def set_components(self, rows):
        """Let the scheme consist of `rows` of `(measure, name, full)`, in this order."""
        self.components.all().delete()
        self.components.bulk_create(
            Component(scheme=self, measure=measure, name=name, full=full, order=order)
            for order, (measure, name, full) in enumerate(rows, start=1)
        )

    @once()
    def next_version(self):
        """A copy with the next number, to be changed. `Twin` when another made it at this moment."""
        versions = Scheme.objects.filter(unit=self.unit_id, name=self.name).select_for_update()
        newest = max(versions.values_list("version", flat=True))
        components = list(self.components.all())
        copy = Scheme.objects.get(pk=self.pk)
        copy.pk, copy.version, copy.frozen_at, copy._state.adding = None, newest + 1, None, True
        copy.save(force_insert=True)
        for component in components:
            component.pk, component.scheme = None, copy
        copy.components.bulk_create(components)
        return copy


@pghistory.track(*every_change(), model_name="ComponentHistory")
class Component(models.Model):
    """One part of a scheme: what is measured, and its full mark in points."""

    class Measure(models.TextChoices):
        TASKS = "tasks", _("task completion")
        DEDUCTIONS = "deductions", _("inspection deductions")
        PASS_RATE = "pass_rate", _("pass rate on site")
        RECTIFICATION = "rectification", _("rectification rate")

    # What papers call a measure, whatever language the person at the desk speaks.
    OFFICIAL = {
        Measure.TASKS: "任务完成",
        Measure.DEDUCTIONS: "督查扣分",
        Measure.PASS_RATE: "实地得分率",
        Measure.RECTIFICATION: "整改率",
    }

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
            models.UniqueConstraint(fields=["scheme", "measure"], name="reports_measure_once_in_a_scheme"),
            models.CheckConstraint(condition=Q(full__gt=0), name="reports_full_mark_is_positive"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_in_a_frozen_scheme",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=NOT_IN_A_FROZEN_SCHEME,
            )
        ]

    def __str__(self):
        return self.name
