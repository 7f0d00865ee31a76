"""What the office plans: rounds, teams, places, and the checklist."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models import Checklist, ChecklistItem, Place, PlaceType, Round, Team
from units.forms.attrs import SEARCH
from units.forms.versions import VersionedForm
from units.models import Unit, User
from units.roles import Role

LONGEST = {"limit_hours": 2000, "limit_days": 300}  # a working year


def offices(user):
    """The units whose office the person works in, directly or from above."""
    return user.units_with_role(Role.OFFICE).current().in_tree_order()


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        fields = ["name", "unit", "checklist", "starts_on", "ends_on"]
        widgets = {"unit": forms.Select(attrs=SEARCH)}
        help_texts = {"checklist": _("A round freezes its checklist: later changes go into a new version.")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offices(user)
        self.fields["checklist"].queryset = Checklist.objects.visible_to(user)
        # What has been answered was answered by this checklist.
        self.fields["checklist"].disabled = bool(self.instance.pk) and self.instance.visits.exists()
        self.fields["unit"].initial = user.home_unit
        self.fields["checklist"].initial = self.fields["checklist"].queryset.first()

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("A round ends on the day it starts or later."))
        return data


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "members"]
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        round_ = self.instance.round
        people = User.objects.holding(Role.INSPECTOR, Role.OFFICE, unit=round_.unit)
        self.fields["members"].queryset = people.distinct()

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.round.teams.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a team of this name in the round."))
        return name


class StopsForm(forms.Form):
    """Which places to add, and to which team: those of some kinds, on the ground of one unit, not yet in the round."""

    place_types = forms.ModelMultipleChoiceField(
        PlaceType.objects.none(),
        label=_("Types of places"),
        required=False,
        widget=forms.SelectMultiple(attrs=SEARCH | {"size": 10}),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("On the ground of"),
        required=False,
        empty_label=_("everywhere"),
        widget=forms.Select(attrs=SEARCH),
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("any team"))

    def __init__(self, *args, round_, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.round, self.user = round_, user
        with_items = PlaceType.objects.filter(items__checklist=round_.checklist_id).distinct()
        self.fields["place_types"].queryset = with_items
        self.fields["unit"].queryset = Unit.objects.visible_to(user).current().in_tree_order()
        self.fields["team"].queryset = round_.teams.all()

    def places(self):
        """The places that are meant: in use, of a kind that the checklist knows."""
        data = self.cleaned_data
        known = self.fields["place_types"].queryset.values("pk")
        kinds = [kind.pk for kind in data["place_types"]] or known
        ground = data["unit"] or self.round.unit
        places = Place.objects.visible_to(self.user).filter(is_active=True, place_type__in=kinds)
        return places.filter(unit__path__startswith=ground.path).exclude(stops__round=self.round)


class PlaceForm(VersionedForm):
    lead = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Answers first"),
        required=False,
        empty_label=_("the territory"),
        widget=forms.Select(attrs=SEARCH),
    )
    joint = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Answer too"), required=False, widget=forms.SelectMultiple(attrs=SEARCH)
    )

    class Meta:
        model = Place
        fields = ["name", "place_type", "unit", "address", "latitude", "longitude", "is_active"]
        widgets = {"unit": forms.Select(attrs=SEARCH), "place_type": forms.Select(attrs=SEARCH)}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offices(user)
        answering = list(self.instance.responsibilities.select_related("unit")) if self.instance.pk else []
        # A unit out of sight, or one that has ended, answers until somebody takes it out.
        allowed = Q(pk__in=Unit.objects.visible_to(user).current().values("pk")) | Q(
            pk__in=[row.unit_id for row in answering]
        )
        self.fields["lead"].queryset = self.fields["joint"].queryset = Unit.objects.filter(allowed).in_tree_order()
        if self.instance.pk:
            self.initial["lead"] = next((row.unit for row in answering if row.is_lead), None)
            self.initial["joint"] = [row.unit for row in answering if not row.is_lead]

    def clean(self):
        data = super().clean()
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", _("Latitude and longitude belong together."))
        return data

    @transaction.atomic
    def save(self, *, commit=True):
        place = super().save(commit=commit)
        lead, joint = self.cleaned_data["lead"], self.cleaned_data["joint"]
        place.set_responsible(lead, [unit for unit in joint if unit != lead])
        return place


class ChecklistForm(forms.ModelForm):
    """A checklist of a new name; of one that exists, a new version is made on its page."""

    class Meta:
        model = Checklist
        fields = ["name", "unit"]
        widgets = {"unit": forms.Select(attrs=SEARCH)}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offices(user)
        self.fields["unit"].initial = user.home_unit

    def clean(self):
        data = super().clean()
        if Checklist.objects.filter(unit=data.get("unit"), name=data.get("name")).exists():
            self.add_error("name", _("There is a checklist of this name: make a new version of it."))
        return data


class ItemForm(forms.ModelForm):
    """One item of a checklist that no round has used yet."""

    phrases = forms.CharField(
        label=_("Usual findings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, at most 40 characters, the most frequent first."),
    )

    class Meta:
        model = ChecklistItem
        fields = ["place_type", "category", "text", "points", "deduction", "limit_hours", "limit_days", "phrases"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["phrases"] = "\n".join(self.instance.phrases)
        for name, most in LONGEST.items():
            self.fields[name].validators.append(MaxValueValidator(most))

    def clean_phrases(self):
        phrases = [line.strip() for line in self.cleaned_data["phrases"].splitlines() if line.strip()]
        if any(len(phrase) > 40 for phrase in phrases):
            raise ValidationError(_("A usual finding has at most 40 characters."))
        return phrases

    def clean(self):
        data = super().clean()
        if bool(data.get("limit_hours")) == bool(data.get("limit_days")):
            self.add_error("limit_days", _("Give either working hours or working days."))
        if data.get("points") and data.get("deduction") and data["deduction"] > data["points"]:
            self.add_error("deduction", _("One occurrence cannot cost more than the item is worth."))
        return data
