"""The upload of a table of units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from units.files import check
from units.filetypes import SHEETS
from units.forms.tree import UnitField, units_managed_by


class TableField(forms.FileField):
    """One workbook or CSV; the cleaned value is a checked file for `units.files.accept`."""

    kinds = SHEETS

    def __init__(self, **options):
        options.setdefault("widget", forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
        super().__init__(**options)

    def clean(self, data, initial=None):
        return check(super().clean(data, initial), kinds=self.kinds)


class ImportForm(forms.Form):
    file = TableField(label=_("Table of units"))
    below = UnitField(label=_("Below"), help_text=_("where rows stand that name no superior unit"), empty_label=None)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["below"].queryset = units_managed_by(user)
