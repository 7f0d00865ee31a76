"""Which checklist items show whether a criterion is met: the bridge between what is asked and what is found."""

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from inspections.models import ChecklistItem, Finding
from tasks.models import Criterion
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change


class CriterionItemQuerySet(UnitScopedQuerySet):
    unit_path = "criterion__indicator__standard__unit"


@pghistory.track(*every_change(), model_name="CriterionItemHistory", level=pghistory.Statement)
class CriterionItem(models.Model):
    """A checklist item that belongs to a criterion.

    Checklists have a new version every quarter: the item stands for itself and for the same one in every other version
    (the same words for the same type of place, kept by the same unit).
    """

    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="checklist_items", verbose_name=_("criterion")
    )
    item = models.ForeignKey(ChecklistItem, models.CASCADE, related_name="criteria", verbose_name=_("checklist item"))

    objects = CriterionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item of a criterion")
        verbose_name_plural = _("checklist items of criteria")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["criterion", "item"], name="reports_item_once_in_a_criterion")]

    def __str__(self):
        return f"{self.criterion} · {self.item}"


def findings_of(criterion):
    """The findings at all items that belong to the criterion, in any version of their checklist."""
    same = CriterionItem.objects.filter(
        criterion=criterion,
        item__text=OuterRef("text"),
        item__place_type=OuterRef("place_type"),
        item__checklist__unit=OuterRef("checklist__unit"),
    )
    return Finding.objects.filter(item__in=ChecklistItem.objects.filter(Exists(same)).values("pk"))
