"""What a heat map can be asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.heat import ASPECT, INDICATOR, SECTION
from tasks.lists.heat_markup import asked
from tasks.models import Assignment
from units.forms.attrs import SEARCH
from units.models import PeerGroup

WAYS = {INDICATOR: _("Indicators"), ASPECT: _("Aspects"), SECTION: _("Sections")}


class HeatForm(forms.Form):
    """A wrong value in the address is as good as none."""

    by = forms.ChoiceField(label=_("Rows"), required=False)
    group = forms.ModelChoiceField(PeerGroup.objects.all(), label=_("Peer group"), required=False)
    part = forms.ChoiceField(label=_("Part"), choices=[("", "---------"), *Assignment.Part.choices], required=False)
    unit = forms.ChoiceField(label=_("One unit"), required=False, widget=forms.Select(SEARCH), initial="")
    row = forms.ChoiceField(label=_("One row"), required=False, widget=forms.Select(SEARCH), initial="")

    def __init__(self, data, *, ways):
        super().__init__(data)
        self.ways = ways
        self.fields["by"].choices = [(way, WAYS[way]) for way in ways]
        if len(ways) == 1:
            self.fields["by"].widget = forms.HiddenInput()

    def asked(self):
        """`by`, `group` and `part` as they count."""
        self.full_clean()
        kept = {name: self.cleaned_data.get(name) for name in ("by", "group", "part")}
        return {**kept, "by": kept["by"] or self.ways[0], "part": kept["part"] or ""}

    def offer(self, heat):
        """Let one unit or one row of the map be chosen."""
        self.fields["unit"].choices = [("", "---------"), *((unit.pk, unit) for unit in heat.units)]
        self.fields["row"].choices = [("", "---------"), *((asked(key), label) for key, label in heat.rows)]
