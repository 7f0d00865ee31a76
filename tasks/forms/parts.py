"""Which units are given something, and with which part: the three fields of a form, and what they must obey."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from units.forms.attrs import SEARCH
from units.markup import listed


class UnitsField(forms.ModelMultipleChoiceField):
    widget = forms.SelectMultiple(SEARCH)


def check_named_once(cleaned):
    """Refuse a unit that was chosen under two parts."""
    lead = cleaned.get("lead")
    named = [*([lead] if lead else []), *(cleaned.get("responsible") or []), *(cleaned.get("supporting") or [])]
    if twice := {unit for unit in named if named.count(unit) > 1}:
        raise ValidationError(_("%(units)s: named twice; a unit has one part.") % {"units": listed(twice)})


def chosen_parts(cleaned):
    """The units as they were chosen: a dict of unit → part."""
    chosen = {"lead": [cleaned["lead"]] if cleaned["lead"] else []}
    chosen |= {part: cleaned[part] for part in ("responsible", "supporting")}
    return {unit: part for part, units in chosen.items() for unit in units}
