"""Forms of the reports: which scheme to score by, and the scheme itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Component, Scheme


class CalculateForm(forms.Form):
    """By which of `schemes` the period is calculated; `cleaned_data["scheme"]` is the scheme itself."""

    scheme = forms.TypedChoiceField(label=_("Scheme"))

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        known = {str(scheme.pk): scheme for scheme in schemes}
        self.fields["scheme"].choices = [(pk, str(scheme)) for pk, scheme in known.items()]
        self.fields["scheme"].coerce = known.__getitem__


class DisclosureForm(forms.Form):
    """Under which title a ledger's units are disclosed. Everybody reads it: no names of persons."""

    title = forms.CharField(label=_("Title"), max_length=100)


class WithdrawForm(forms.Form):
    """Why what was said does not hold any more."""

    note = forms.CharField(max_length=1000)


class SchemeForm(forms.ModelForm):
    """A scheme with the full mark and the name of each measure; without a full mark a measure is not used."""

    class Meta:
        model = Scheme
        fields = ["name", "basis", "decimals", "ties", "red_list", "black_list"]
        help_texts = {
            "decimals": _("0 to 4. Points of each component and totals are rounded half up to it."),
            "red_list": _("How many units, over all groups; 0 for none."),
            "black_list": _("How many units, over all groups; 0 for none."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = {component.measure: component for component in self.instance.components.all()}
        for measure in Component.Measure:
            component = given.get(measure)
            self.fields[f"full_{measure}"] = forms.DecimalField(
                label=_("Full mark: %(measure)s") % {"measure": measure.label},
                required=False,
                min_value=0,
                max_digits=6,
                decimal_places=2,
                initial=component.full if component else None,
            )
            self.fields[f"name_{measure}"] = forms.CharField(
                label=_("Name: %(measure)s") % {"measure": measure.label},
                required=False,
                max_length=40,
                initial=component.name if component else Component.OFFICIAL[measure],
            )

    def clean(self):
        cleaned = super().clean()
        twins = Scheme.objects.filter(unit=self.instance.unit_id, version=self.instance.version)
        if twins.filter(name=cleaned.get("name")).exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a scheme of this name and version already."))
        if not self.components():
            raise forms.ValidationError(_("Give at least one measure its full mark."))
        return cleaned

    def components(self):
        """`(measure, name, full)` of each measure that has a full mark."""
        values = self.cleaned_data
        return [
            (measure, values.get(f"name_{measure}") or Component.OFFICIAL[measure], values[f"full_{measure}"])
            for measure in Component.Measure
            if values.get(f"full_{measure}")
        ]
