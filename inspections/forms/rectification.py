"""What a unit answers and what the office decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from units.forms import PhotosField
from units.forms.attrs import SEARCH
from units.models import Unit
from units.roles import Role


class AnswerForm(forms.Form):
    """What was done, and photos that show it."""

    measure = forms.CharField(
        label=_("Measure taken"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Concrete: who did what, when. The photos should show the same spot as before."),
    )
    photos = PhotosField(label=_("Photos of the result"), required=False)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=1000)


class VerifyForm(NoteForm):
    """`seen` names the answer that was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReturnForm(ReasonForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReassignForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("To the unit"), widget=forms.Select(SEARCH))
    note = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, item, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = user.units_with_role(Role.OFFICE).current().in_tree_order()
        self.fields["unit"].queryset = mine.exclude(pk=item.unit_id)
