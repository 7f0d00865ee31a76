"""What an inspector looks for: versioned checklists, their items, and the rule of deduction."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inspections.models.place import PlaceType
from units.models import Unit
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.twins import once


class ChecklistQuerySet(UnitScopedQuerySet):
    def with_size(self):
        """Each with `size`, the number of its items."""
        return self.annotate(size=models.Count("items"))


@pghistory.track(model_name="ChecklistHistory")
class Checklist(models.Model):
    """One version of the site standards. Frozen once a round uses it: changed by a new version."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="checklists", verbose_name=_("kept by"))
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["unit", "name", "version"], name="inspections_version_once")]

    def __str__(self):
        return gettext("%(name)s, version %(version)s") % {"name": self.name, "version": self.version}

    def get_absolute_url(self):
        return reverse("inspections:checklist", args=[self.pk])

    @once()
    def copy(self):
        """The next version, not yet frozen, with the same items. `Twin` when another made it at this moment."""
        versions = Checklist.objects.filter(unit=self.unit, name=self.name)
        last = versions.aggregate(last=Max("version"))["last"]
        new = Checklist.objects.create(unit=self.unit, name=self.name, version=last + 1)
        items = list(self.items.all())
        for item in items:
            item.pk, item.checklist = None, new
            item._state.adding = True
        ChecklistItem.objects.bulk_create(items)
        return new


# The lock first: a round that freezes the checklist at this moment is waited for, and then seen.
FROZEN = """
PERFORM 1 FROM inspections_checklist WHERE id IN (NEW.checklist_id, OLD.checklist_id) FOR SHARE;
IF EXISTS (
    SELECT 1 FROM inspections_checklist
     WHERE id IN (NEW.checklist_id, OLD.checklist_id) AND frozen_at IS NOT NULL
) THEN
    RAISE EXCEPTION 'a checklist that a round has used does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'inspections_frozen_checklist_stays';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


class ChecklistItemQuerySet(UnitScopedQuerySet):
    unit_path = "checklist__unit"


@pghistory.track(*every_change(), model_name="ChecklistItemHistory")
class ChecklistItem(models.Model):
    """One thing to check at places of one type.

    `points` is what the item is worth, `deduction` what one occurrence costs, never more than `points`
    (扣完为止). The deadline for putting it right is `limit_hours` working hours or `limit_days` working days.
    `phrases` are the usual findings, offered before typing.
    """

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    place_type = models.ForeignKey(PlaceType, models.PROTECT, related_name="items", verbose_name=_("type of place"))
    category = models.CharField(_("category"), max_length=64)
    text = models.TextField(_("standard to meet"))
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, default=Decimal(2))
    deduction = models.DecimalField(_("deduction each"), max_digits=6, decimal_places=2, default=Decimal("0.5"))
    limit_hours = models.PositiveSmallIntegerField(_("working hours to fix"), null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField(_("working days to fix"), null=True, blank=True, default=3)
    phrases = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("usual findings"),
        default=list,
        blank=True,
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, deduction__gt=0) & Q(deduction__lte=models.F("points")),
                name="inspections_deduction_within_points",
            ),
            models.CheckConstraint(
                condition=Q(limit_hours__gt=0, limit_days=None) | Q(limit_hours=None, limit_days__gt=0),
                name="inspections_item_has_one_limit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["checklist", "place_type", "order"],
                name="inspections_items_of_type",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN,
            )
        ]

    def __str__(self):
        return self.text

    def deduct(self, count):
        """The points lost for `count` occurrences: never more than the item is worth."""
        return min(self.deduction * count, self.points)

    def limit(self):
        """The time given, as words."""
        if self.limit_hours:
            words = ngettext("%(n)s working hour", "%(n)s working hours", self.limit_hours)
            return words % {"n": self.limit_hours}
        return ngettext("%(n)s working day", "%(n)s working days", self.limit_days) % {"n": self.limit_days}

    def due(self, found_at, calendar):
        """The deadline for a finding of `found_at` in the working time of `calendar`."""
        if self.limit_hours:
            return calendar.add_hours(found_at, self.limit_hours)
        return calendar.add_days(found_at, self.limit_days)
