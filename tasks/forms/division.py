"""The part of a form in which people say who gets a task: one row for each unit, and a list to choose further ones."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.forms.parts import UnitsPicked
from tasks.models import Assignment
from tasks.models.division import FIELDS, LONGEST_REQUIREMENT, Given
from units.filters import whole
from units.forms.days import DayField
from units.markup import number_text
from units.models import Unit

PREFIX = "units"
KEPT_MEANWHILE = _(
    "%(who)s has saved this since you opened it. Yours is still here, theirs stands beside it: take over what is"
    " missing and save again."
)
MOST = 1000
PART_ORDER = {part: n for n, part in enumerate(Assignment.Part.values)}


class UnitRow(forms.Form):
    """What one unit is given. `named` is the unit, `note` what somebody else has kept about it meanwhile."""

    unit = forms.IntegerField(widget=forms.HiddenInput)
    part = forms.ChoiceField(label=_("Part"), choices=Assignment.Part)
    share = forms.DecimalField(
        label=_("Share in percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    deadline = DayField(label=_("Own deadline"), required=False)
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=12, decimal_places=2, required=False)
    quantity_unit = forms.CharField(
        label=_("Unit of the quantity"), max_length=16, required=False, widget=forms.TextInput({"placeholder": "个"})
    )
    requirement = forms.CharField(label=_("Own requirement"), max_length=LONGEST_REQUIREMENT, required=False)
    gone = forms.BooleanField(label=_("Take out"), required=False)

    named = None
    note = ""

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise ValidationError(_("A quantity is more than nothing."))
        return quantity

    def clean(self):
        cleaned = super().clean()
        if not self.has_error("quantity") and bool(cleaned.get("quantity")) != bool(cleaned.get("quantity_unit")):
            missing = "quantity" if cleaned.get("quantity_unit") else "quantity_unit"
            self.add_error(missing, _("A quantity and its unit (个, 份, 棵) go together."))
        return cleaned

    def given(self):
        return Given(**{name: self.cleaned_data[name] for name in FIELDS})


def words_of(given):
    """A `Given` as the fields of a row begin with it: 60 and not 60.00."""
    words = {name: getattr(given, name) for name in FIELDS}
    return {name: number_text(value) if isinstance(value, Decimal) else value for name, value in words.items()}


class UnitRows(forms.BaseFormSet):
    """The rows. `UnitRows.of(now)` begins with the units as they are; `parts` is what was asked for in the end.

    `within` is a queryset: of other units than those a posted row does not even tell the name.
    """

    def __init__(self, *args, units=(), within=None, **kwargs):
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.general, self.within = [], Unit.objects.none() if within is None else within
        known = {unit.pk: unit for unit in units}
        pks = {pk for form in self.forms if (pk := whole(form["unit"].value())) and pk not in known}
        known |= self.within.select_related("parent").in_bulk(pks)
        for form in self.forms:
            form.named = known.get(whole(form["unit"].value()))
            for field in form.fields.values():
                field.widget.attrs["aria-label"] = f"{field.label} {form.named.placed() if form.named else ''}".strip()

    @classmethod
    def of(cls, now):
        """Rows for the units of `now` (unit → `Given`): who leads first, then in the order of the tree."""
        order = sorted(now, key=lambda unit: (PART_ORDER[now[unit].part], unit.path))
        return cls(initial=[{"unit": unit.pk, **words_of(now[unit])} for unit in order], units=now)

    def with_more(self, units, part):
        """The same rows as they were typed, and one for each of `units` that has none; nothing is judged yet."""
        typed = [{name: form[name].value() for name in form.fields} for form in self.forms]
        there = {whole(row["unit"]) for row in typed}
        more = [{"unit": unit.pk, "part": part} for unit in units if unit.pk not in there]
        rows = type(self)(initial=[*typed, *more], units=units, within=self.within)
        for form in rows.forms[len(typed) :]:
            form.note = _("added just now, not saved yet")
        return rows

    def clean(self):
        """A row whose unit is gone from the tree or none of ours, or that stands twice, was made up."""
        pks = [form.named and form.named.pk for form in self.forms]
        if None in pks or len(set(pks)) < len(pks):
            raise ValidationError(_("Each row is for one unit, and each unit has one row."))

    @property
    def parts(self):
        return {form.named: form.given() for form in self.forms if not form.cleaned_data["gone"]}

    def refuse(self, refused):
        """Say at the rows what `division.Refused` says of their units, and the rest above them."""
        self.general = list(refused.general)
        for form in self.forms:
            if words := refused.by_unit.pop(form.named.pk, None):
                form.add_error("gone" if form.cleaned_data.get("gone") else None, words)
        others = Unit.objects.select_related("parent").in_bulk(refused.by_unit)
        self.general += [f"{others[pk].placed()}: {words}" for pk, words in refused.by_unit.items()]

    def tell(self, now):
        """Show beside each row what was kept meanwhile (`now`: unit → `Given`), where it is something else."""
        for form in self.forms:
            theirs = now.get(form.named)
            mine = None if form.cleaned_data["gone"] else form.given()
            if theirs != mine:
                form.note = _("kept meanwhile: %(words)s") % {"words": told(theirs)}
        there = {form.named for form in self.forms}
        self.general += [
            _("added meanwhile: %(unit)s (%(words)s)") % {"unit": unit.placed(), "words": told(given)}
            for unit, given in now.items()
            if unit not in there
        ]

    def problems(self):
        """What is wrong with the whole, to be shown above the rows."""
        return [*self.non_form_errors(), *self.general] if self.is_bound else self.general


class HandDownForm(forms.Form):
    """`read` is the version of the division that the writer began with."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def tell(self, version, who):
        """Say that `who` has handed it down otherwise meanwhile; saved once more, the own rows are meant."""
        self.add_error(None, KEPT_MEANWHILE % {"who": who})
        self.data = self.data.copy()
        self.data["read"] = version


def told(given):
    """What a unit is given, as one line."""
    if given is None:
        return _("not given to this unit")
    words = [
        Assignment.Part(given.part).label,
        given.share is not None and f"{number_text(given.share)}%",
        given.quantity and f"{number_text(given.quantity)} {given.quantity_unit}",
        given.deadline and f"{given.deadline:%Y-%m-%d}",
        given.requirement,
    ]
    return " · ".join(str(word) for word in words if word)


UnitRowSet = forms.formset_factory(UnitRow, formset=UnitRows, extra=0, absolute_max=MOST, max_num=MOST)


class MoreUnits(forms.Form):
    """The list below the rows. `add` is the part for which its button was pressed, or nothing."""

    pick = UnitsPicked(label=_("Choose units"))
    add = forms.ChoiceField(choices=Assignment.Part, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pick"].offer(units)

    @property
    def is_asked(self):
        """Whether units are to become rows first: a button was pressed, or some are ticked that have no part yet."""
        return self.is_bound and self.is_valid() and bool(self.cleaned_data["add"] or self.cleaned_data["pick"])

    def picked(self):
        """`(units, part)`."""
        return self.cleaned_data["pick"], self.cleaned_data["add"] or Assignment.Part.RESPONSIBLE
