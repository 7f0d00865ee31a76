"""What people choose when they hand in."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.models.handing_in import MAKERS
from tasks.models import CatalogueNumber, Standard
from units.forms.attrs import SEARCH


class PackageForm(forms.Form):
    """Whose material, and of which standard."""

    unit = forms.ModelChoiceField(
        label=_("Material of"),
        queryset=None,
        widget=forms.Select(SEARCH),
        help_text=_("With that of the units below it."),
    )
    standard = forms.ModelChoiceField(
        label=_("Assessment system"), queryset=Standard.objects.none(), required=False, empty_label=_("all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = user.units_with_role(*MAKERS)
        self.fields["unit"].queryset = units.current().in_tree_order()
        self.fields["unit"].initial = user.home_unit
        numbers = CatalogueNumber.objects.filter(material__unit__in=units.values("pk")).order_by()
        self.fields["standard"].queryset = Standard.objects.filter(
            pk__in=numbers.values("criterion__indicator__standard")
        )


class SheetForm(forms.Form):
    title = forms.CharField(label=_("Heading of each page"), max_length=60)


class PhotoForm(forms.Form):
    """What is said of one photo, which `photo` names: others may have been filed or replaced meanwhile."""

    photo = forms.CharField(widget=forms.HiddenInput)
    theme = forms.CharField(label=_("Theme"), max_length=120)
    place = forms.CharField(label=pgettext_lazy("of a photo", "Place"), max_length=80, required=False)


PhotoFormSet = forms.formset_factory(PhotoForm, extra=0)
