"""The ladder of an office: four numbers, each of which may be left out."""

from itertools import pairwise

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.models import Rung, Tells

LONGEST = 250  # working days of a year
LABELS = {
    Tells.LEAD: _("The unit lead, after so many working days late"),
    Tells.HEAD: _("The head of the unit, after"),
    Tells.OFFICE: _("Who decides on it, after"),
    Tells.LEADER: _("The leaders, after"),
}
HELP = {
    Tells.LEAD: _("Everybody is reminded every working morning of what is overdue in their own hands, ladder or not."),
    Tells.HEAD: _("By their account, if the head named on the unit's page has one; else the unit lead, to tell them."),
    Tells.OFFICE: _("The office; for what a unit handed down, the lead of that unit."),
    Tells.LEADER: _("Only of what a ledger asks, not of what a unit handed down."),
}


class LadderForm(forms.Form):
    """Empty: this rung is not there. Who stands higher is not told before who stands lower."""

    def __init__(self, *args, unit, **kwargs):
        self.unit = unit
        now = dict(Rung.objects.filter(unit=unit).values_list("tells", "days"))
        super().__init__(*args, initial=now, **kwargs)
        for tells in Tells:
            self.fields[tells.value] = forms.IntegerField(
                label=LABELS[tells], help_text=HELP[tells], min_value=1, max_value=LONGEST, required=False
            )

    def clean(self):
        data = super().clean()
        asked = [(name, data[name]) for name in Tells.values if data.get(name)]
        for (_lower, earlier), (name, days) in pairwise(asked):
            if days < earlier:
                self.add_error(name, _("Not before the one above."))
        return data

    @transaction.atomic
    def save(self):
        for name in Tells.values:
            if days := self.cleaned_data.get(name):
                Rung.objects.update_or_create(unit=self.unit, tells=name, defaults={"days": days})
            else:
                Rung.objects.filter(unit=self.unit, tells=name).delete()
