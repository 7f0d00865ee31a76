"""What the phone sends from a place."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from inspections.capture import Entry
from inspections.models import ChecklistItem
from inspections.models.finding import MOST_PHOTOS
from units.forms import PhotosField
from units.models import Unit

MOST = 999


class EntryForm(forms.Form):
    """One finding at the place of `stop`. The page writes its fields by hand: it has to be small."""

    uuid = forms.UUIDField()
    visit = forms.UUIDField()
    item = forms.ModelChoiceField(ChecklistItem.objects.none())
    unit = forms.ModelChoiceField(Unit.objects.none())
    phrase = forms.CharField(max_length=40, required=False)
    text = forms.CharField(max_length=500, required=False)
    count = forms.IntegerField(min_value=1, max_value=MOST)
    photos = PhotosField(required=False, max_files=MOST_PHOTOS)
    found_at = forms.CharField(max_length=40, required=False)

    def __init__(self, *args, stop, **kwargs):
        super().__init__(*args, **kwargs)
        self.stop = stop
        self.fields["item"].queryset = ChecklistItem.objects.filter(
            checklist=stop.round.checklist_id, place_type=stop.place.place_type_id
        )
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in stop.place.answering_units()])

    def means(self, item):
        """Whether this item was meant, also when the form is not valid."""
        return self.data.get("item", "") == str(item.pk)

    def clean_found_at(self):
        """The time on the phone's clock, with its zone; what is no such time is none, and the server's counts."""
        try:
            moment = parse_datetime(self.cleaned_data["found_at"])
        except ValueError:
            return None
        return moment if moment and moment.tzinfo else None

    def clean(self):
        data = super().clean()
        said = [data.get("phrase"), data.get("text")]
        data["said"] = ":".join(part.strip() for part in said if part and part.strip())
        if not data["said"] and not self.errors:
            raise ValidationError(_("Choose what is wrong, or say it in a few words."))
        return data

    def entry(self):
        data = self.cleaned_data
        return Entry(
            uuid=data["uuid"],
            visit_uuid=data["visit"],
            stop=self.stop,
            item=data["item"],
            unit=data["unit"],
            text=data["said"],
            count=data["count"],
            found_at=data["found_at"],
        )


class VisitForm(forms.Form):
    """Which visit is meant, and what to note when it ends."""

    visit = forms.UUIDField()
    note = forms.CharField(max_length=500, required=False)


class AsideForm(forms.Form):
    """An item that does not apply here, or does after all."""

    visit = forms.UUIDField()
    item = forms.ModelChoiceField(ChecklistItem.objects.none())
    applies = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")

    def __init__(self, *args, stop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = ChecklistItem.objects.filter(
            checklist=stop.round.checklist_id, place_type=stop.place.place_type_id
        )


class PhotoForm(forms.Form):
    """One photo that comes after its finding. `uuid` is made by the phone."""

    uuid = forms.UUIDField()
    photo = PhotosField(max_files=1)
