"""Which ledger is made from which edition."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.forms.standards import offices
from tasks.models import Ledger, Standard
from tasks.standards.carry_over import NONE, SHIFT, Wish
from units.forms.attrs import SEARCH
from units.forms.days import YearField


class MakeLedgerForm(forms.ModelForm):
    """The name, year and keeper of a ledger that is made from an edition."""

    year = YearField(label=_("Year"))

    class Meta:
        model = Ledger
        fields = ["name", "year", "unit"]
        widgets = {"unit": forms.Select(SEARCH)}

    def __init__(self, *args, user, standard, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offices(user)
        self.initial = {"unit": user.home_unit, "year": timezone.localdate().year, "name": standard.name}


class CarryForm(forms.Form):
    """To which edition a ledger is carried over, and as what."""

    standard = forms.ModelChoiceField(label=_("Edition"), queryset=Standard.objects.none())
    year = YearField(label=_("Year"))
    name = forms.CharField(label=_("Name of the new ledger"), max_length=150)
    deadlines = forms.ChoiceField(
        label=_("Deadlines"),
        choices=[(SHIFT, _("move by the years between")), (NONE, _("stay empty"))],
        initial=SHIFT,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, ledger, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Standard.objects.visible_to(user)
        self.fields["standard"].queryset = rows
        self.ledger = ledger
        newer = rows.filter(replaces=ledger.standard).first() if ledger.standard and not self.is_bound else None
        self.initial = {
            "standard": newer or ledger.standard, "year": ledger.year + 1, "name": ledger.name, "deadlines": SHIFT,
        }  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        twins = Ledger.objects.filter(unit=self.ledger.unit, year=cleaned.get("year"), name=cleaned.get("name"))
        if twins.exists():
            self.add_error("name", _("There is a ledger of this name and year already."))
        return cleaned

    @property
    def wish(self):
        return Wish(**self.cleaned_data)
