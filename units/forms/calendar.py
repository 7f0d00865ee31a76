"""Forms of the work calendar: one day, and the hours of every working day."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from units.models import CalendarDay, WorkingHours
from units.working_time import DEFAULT_HOURS

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DayForm(forms.ModelForm):
    """Whether a day is worked; saved as the office's word, which no notice changes afterwards."""

    is_working = forms.TypedChoiceField(
        label=_("This day"),
        choices=[("True", _("is a working day")), ("False", _("is a day off"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = CalendarDay
        fields = ["is_working", "name"]

    def save(self, commit=True):  # noqa: FBT002 Django's own signature
        self.instance.source = CalendarDay.Source.OFFICE
        return super().save(commit)


class HoursForm(forms.Form):
    """The stretches of a working day: the second may be empty."""

    first_starts = forms.TimeField(label=_("Morning from"), widget=TIME)
    first_ends = forms.TimeField(label=_("Morning to"), widget=TIME)
    second_starts = forms.TimeField(label=_("Afternoon from"), widget=TIME, required=False)
    second_ends = forms.TimeField(label=_("Afternoon to"), widget=TIME, required=False)

    @staticmethod
    def present():
        """The hours that count now, as the form's initial values."""
        hours = list(WorkingHours.objects.values_list("starts", "ends")) or DEFAULT_HOURS
        names = [("first_starts", "first_ends"), ("second_starts", "second_ends")]
        pairs = zip(names, hours, strict=False)
        return {name: moment for pair, stretch in pairs for name, moment in zip(pair, stretch, strict=True)}

    def clean(self):
        data = super().clean()
        moments = [data.get(name) for name in self.fields if data.get(name)]
        if (data.get("second_starts") is None) != (data.get("second_ends") is None):
            self.add_error("second_ends", _("The afternoon needs both times, or neither."))
        elif moments != sorted(set(moments)):
            self.add_error("first_starts", _("Each time must be later than the one before."))
        return data

    @transaction.atomic
    def save(self):
        WorkingHours.objects.all().delete()
        data = self.cleaned_data
        for part in ("first", "second"):
            if data[f"{part}_starts"]:
                WorkingHours.objects.create(starts=data[f"{part}_starts"], ends=data[f"{part}_ends"])
