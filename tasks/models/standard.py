"""The assessment system: editions, their tree of indicators, and the criteria at its leaves."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.catalogue_numbers import criterion_code
from units.models import Unit
from units.scoping import UnitScopedQuerySet


class Method(models.TextChoices):
    """How a criterion is assessed (测评方法)."""

    MATERIAL = "material", _("material review")
    SITE = "site", _("site visit")
    SURVEY = "survey", _("survey")
    ONLINE = "online", _("online declaration")
    HEARING = "hearing", _("hearing a report")
    OVERALL = "overall", _("overall observation")


def methods_field():
    return ArrayField(
        models.CharField(max_length=8, choices=Method),
        verbose_name=_("assessment methods"),
        default=list,
        blank=True,
    )


@pghistory.track(model_name="StandardHistory")
class Standard(models.Model):
    """One edition of an assessment system. An import adds what is missing and changes nothing that is there."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCE = "province", _("provincial")
        CITY = "city", _("city")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="standards", verbose_name=_("kept by"))
    name = models.CharField(_("name"), max_length=100)
    edition = models.CharField(_("edition"), max_length=32)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.NATIONAL)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment system")
        verbose_name_plural = _("assessment systems")
        ordering = ["-edition", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name", "edition"], name="tasks_edition_once")]

    def __str__(self):
        return gettext("%(name)s (%(edition)s)") % {"name": self.name, "edition": self.edition}

    def get_absolute_url(self):
        return reverse("tasks:standard", args=[self.pk])


class Indicator(models.Model):
    """A node of a standard: level 1 测评项目 (Ⅰ), level 2 测评指标 (Ⅱ), level 3 测评内容 (Ⅲ)."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(_("level"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=300)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3),
                name="tasks_indicator_has_three_levels",
            ),
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__gt=1, parent__isnull=False),
                name="tasks_indicator_top_has_no_parent",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class CriterionQuerySet(UnitScopedQuerySet):
    unit_path = "indicator__standard__unit"

    def visible_to(self, user):
        """Those of the standards in the user's scope, and those that tasks ask of a unit in it."""
        if user.is_superuser:
            return self
        asked = self.model._base_manager.filter(tasks__assignments__unit__in=user.units_in_scope().values("pk"))
        own = super().visible_to(user)
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=asked.values("pk")))

    def in_order(self):
        """As the standard lists them."""
        return self.order_by("indicator__standard_id", "indicator__order", "order", "pk")


class Criterion(models.Model):
    """The leaf: what must be true, and how it is assessed."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="criteria")
    number = models.CharField(_("number"), max_length=20)
    text = models.TextField(_("criterion"))
    methods = methods_field()
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.number} {self.text}"

    @property
    def code(self):
        """`Ⅱ-1-1)`: how offices refer to it."""
        return criterion_code(self.indicator.code, self.number)

    def method_labels(self):
        return [Method(method).label for method in self.methods]
