"""Forms for units: their facts, names, people and honours, and the two lists that all units share."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.forms.attrs import SEARCH
from units.forms.terms import TermDays
from units.forms.versions import VersionedForm
from units.models import Honour, PeerGroup, Unit, UnitKind, UnitName, UnitPerson
from units.names import plain
from units.roles import Role

WORDS = r"[、,;\s]+"
LONGEST_ALIAS = 32


class UnitField(forms.ModelChoiceField):
    """One of some units, shown as a tree, with typed search where there is JavaScript."""

    def __init__(self, queryset=None, **options):
        options.setdefault("widget", forms.Select(SEARCH))
        super().__init__(Unit.objects.none() if queryset is None else queryset, **options)

    def label_from_instance(self, unit):
        return f"{'　' * (unit.depth - 1)}{unit.name}"


def units_managed_by(user):
    """The current units that the person may change, in the order of the tree."""
    units = Unit.objects.all() if user.is_superuser else user.units_with_role(Role.ADMIN, Role.OFFICE)
    return units.current().in_tree_order()


def no_later_than_today(day):
    if day > timezone.localdate():
        raise ValidationError(_("This day lies ahead; please enter it when it has come."))
    return day


class UnitForm(VersionedForm):
    """The facts of a unit. Its name and place are changed by steps of their own, which keep the history."""

    class Meta:
        model = Unit
        fields = ["short_name", "kind", "peer_group", "code", "order", "valid_from"]
        help_texts = {
            "short_name": _("as it stands in lists and rankings"),
            "peer_group": _("the units it is ranked against; without one it is not ranked"),
            "order": _("its place among the units of the same superior, smallest first"),
        }

    def clean_code(self):
        return self.cleaned_data["code"] or None

    def clean_valid_from(self):
        day, last = self.cleaned_data["valid_from"], self.instance.valid_until
        if last and day > last:
            raise ValidationError(_("A unit ends on the day it began or later."))
        return day

    def save(self, commit=True):  # noqa: FBT002 Django's own signature
        if commit and self.instance.pk:
            # Only what the form holds: a unit that was moved meanwhile stays where it is.
            self.instance.save(update_fields=self._meta.fields)
            return self.instance
        return super().save(commit)


class NewUnitForm(UnitForm):
    """A new unit below one that the person manages."""

    class Meta(UnitForm.Meta):
        fields = ["parent", "name", *UnitForm.Meta.fields]
        field_classes = {"parent": UnitField}

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["parent"].queryset = units_managed_by(user)
        self.fields["parent"].required = not user.is_superuser

    def clean(self):
        """No two current units of one name below one superior; the database's own words would be its constraint's."""
        data = super().clean()
        twin = Unit.objects.filter(parent=data.get("parent"), name=data.get("name"), valid_until=None)
        if data.get("name") and "parent" in data and twin.exists():
            self.add_error("name", _("There is a unit of this name there already."))
        return data


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    on = forms.DateField(label=_("Valid from"), initial=timezone.localdate)
    keep = forms.BooleanField(
        label=_("Keep the old name findable as a former name"),
        help_text=_("Without it only a slip of the pen is put right."),
        required=False,
        initial=True,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def clean_on(self):
        return no_later_than_today(self.cleaned_data["on"])


class MoveForm(forms.Form):
    parent = UnitField(label=_("New superior unit"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args, unit, user, **options):
        super().__init__(*args, **options)
        self.fields["parent"].queryset = units_managed_by(user).exclude(path__startswith=unit.path)


class EndForm(forms.Form):
    on = forms.DateField(label=_("Last day"), initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def clean_on(self):
        return no_later_than_today(self.cleaned_data["on"])


class MergeForm(EndForm):
    other = UnitField(label=_("The unit that takes over"))
    field_order = ["other", "on", "note"]

    def __init__(self, *args, unit, user, **options):
        super().__init__(*args, **options)
        self.fields["other"].queryset = units_managed_by(user).exclude(path__startswith=unit.path)


class NameForm(forms.ModelForm):
    """Another name by which tables call the unit."""

    class Meta:
        model = UnitName
        fields = ["name"]
        labels = {"name": _("Another name")}
        help_texts = {"name": _("as ledgers write it; an imported table is matched by it")}

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        known = [self.instance.unit.name, *self.instance.unit.names.values_list("name", flat=True)]
        if plain(name) in map(plain, known):
            raise ValidationError(_("The unit has this name already."))
        return name


class UnitPersonForm(TermDays, forms.ModelForm):
    class Meta:
        model = UnitPerson
        fields = ["position", "name", "title", "phone", "since", "until"]


class HonourForm(TermDays, forms.ModelForm):
    class Meta:
        model = Honour
        fields = ["name", "level", "since", "until"]


class KindForm(forms.ModelForm):
    class Meta:
        model = UnitKind
        fields = ["name", "order"]


class GroupForm(forms.ModelForm):
    aliases = forms.CharField(
        label=_("Names in ledgers"),
        required=False,
        help_text=_("words that mean all its units, such as 各区 or 各县区, separated by 、"),
    )

    class Meta:
        model = PeerGroup
        fields = ["name", "aliases", "order"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["aliases"] = "、".join(self.instance.aliases)

    def clean_aliases(self):
        words = re.split(WORDS, self.cleaned_data["aliases"])
        if any(len(word) > LONGEST_ALIAS for word in words):
            raise ValidationError(_("At most 32 characters in a word."))
        return list(dict.fromkeys(filter(None, words)))
