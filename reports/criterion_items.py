"""The checklist items of criteria: chosen by the office, and taken over from the edition that was replaced."""

from django import forms
from django.db import transaction
from django.db.models import F, Max, Window
from django.utils.translation import gettext_lazy as _

from inspections.models import Checklist, ChecklistItem
from reports.models import CriterionItem
from tasks.standards.edition_diff import compare
from tasks.standards.editions import leaves
from units.forms.attrs import SEARCH


def newest_items(user):
    """The items of the newest version of each checklist that `user` sees."""
    newest = Checklist.objects.visible_to(user).annotate(
        last=Window(Max("version"), partition_by=[F("unit"), F("name")])
    )
    pks = [one.pk for one in newest if one.version == one.last]
    return ChecklistItem.objects.filter(checklist__in=pks)


class ItemChoices(forms.ModelMultipleChoiceField):
    widget = forms.SelectMultiple(SEARCH | {"size": 12})

    def label_from_instance(self, item):
        return f"{item.place_type} · {item.text}"


class ItemsForm(forms.Form):
    """Which checklist items show whether the criterion is met."""

    items = ItemChoices(label=_("Checklist items"), queryset=ChecklistItem.objects.none(), required=False)

    def __init__(self, *args, criterion, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.criterion = criterion
        chosen = list(criterion.checklist_items.values_list("item", flat=True))
        rows = newest_items(user) | ChecklistItem.objects.filter(pk__in=chosen)
        rows = rows.select_related("place_type").order_by("place_type__order", "place_type", "order", "pk")
        self.fields["items"].queryset = rows
        self.initial["items"] = chosen

    @transaction.atomic
    def save(self):
        """Let the criterion have exactly the chosen items."""
        chosen = self.cleaned_data["items"]
        self.criterion.checklist_items.exclude(item__in=chosen).delete()
        CriterionItem.objects.bulk_create(
            (CriterionItem(criterion=self.criterion, item=item) for item in chosen), ignore_conflicts=True
        )


@transaction.atomic
def take_over(standard):
    """Give the criteria of an edition the items of those that they follow in the edition it replaces.

    Returns how many were added; done again, none.
    """
    followed = {
        pair.old.pk: pair.new.pk
        for pair in compare(leaves(standard.replaces), leaves(standard))
        if pair.old and pair.new
    }
    mine = CriterionItem.objects.filter(criterion__indicator__standard=standard)
    before = mine.count()
    links = CriterionItem.objects.filter(criterion__in=followed)
    CriterionItem.objects.bulk_create(
        (CriterionItem(criterion_id=followed[one.criterion_id], item_id=one.item_id) for one in links),
        ignore_conflicts=True,
    )
    return mine.count() - before
