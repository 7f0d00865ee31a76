"""What the office writes into an edition that is not frozen yet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models import Criterion, Indicator, Method, Standard
from units.forms.attrs import SEARCH
from units.forms.versions import VersionedForm
from units.roles import Role


def offices(user):
    """The units whose office the person works in."""
    return user.units_with_role(Role.OFFICE).current().in_tree_order()


class StandardForm(VersionedForm):
    """Name, edition and level. Of a new one also who keeps it: pass `user`."""

    class Meta:
        model = Standard
        fields = ["name", "edition", "level", "unit"]
        widgets = {"unit": forms.Select(SEARCH)}
        help_texts = {"edition": _("The year or number by which people tell it from the others.")}

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        if user is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = offices(user)
            self.fields["unit"].initial = user.home_unit

    def clean(self):
        cleaned = super().clean()
        keeper = cleaned.get("unit") or self.instance.unit_id
        twins = Standard.objects.filter(unit=keeper, name=cleaned.get("name"), edition=cleaned.get("edition"))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("edition", _("There is this edition already."))
        return cleaned


class IndicatorForm(VersionedForm):
    class Meta:
        model = Indicator
        fields = ["code", "name", "parent", "is_negative", "order"]
        widgets = {"parent": forms.Select(SEARCH)}
        labels = {"order": _("Place in the order")}
        help_texts = {
            "code": _("As the document has it: Ⅰ-1, Ⅱ-3, Ⅲ-12. It may stay empty."),
            "is_negative": _("What stands below must not happen; it is shown and counted apart."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        one = self.instance
        if one.parent_id is None or one.pk is None:
            del self.fields["parent"]  # a new one stands where it was asked for
        else:
            above = Indicator.objects.filter(standard=one.standard_id, level=one.level - 1, is_negative=one.is_negative)
            self.fields["parent"].queryset, self.fields["parent"].required = above, True
        if one.pk or one.parent_id:
            del self.fields["is_negative"]  # those below follow the one above


class CriterionForm(VersionedForm):
    methods = forms.MultipleChoiceField(
        label=_("Assessment methods"),
        choices=Method.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Criterion
        fields = ["number", "text", "methods", "indicator", "order"]
        widgets = {"text": forms.Textarea({"rows": 4}), "indicator": forms.Select(SEARCH)}
        labels = {"order": _("Place in the order")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["indicator"]  # a new one stands where it was asked for
        else:
            self.fields["indicator"].queryset = Indicator.objects.filter(standard=self.instance.indicator.standard_id)
