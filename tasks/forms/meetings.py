"""What people type about meetings and their decisions."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.forms.parts import UnitsPicked, check_named_once, chosen_parts
from tasks.models import Decision, Ledger, Meeting
from tasks.models.assignment import PARTS
from units.forms import FilesField
from units.forms.attrs import SEARCH
from units.forms.days import DayField
from units.forms.files import SeveralFiles
from units.forms.versions import VersionedForm
from units.models import Unit
from units.roles import Role


class MeetingForm(VersionedForm):
    """A meeting of a unit in which the person works in the office."""

    attending = UnitsPicked(label=_("Attending units"))
    paper = FilesField(
        label=_("Minutes as a file"), required=False, max_files=1, widget=SeveralFiles({"multiple": False})
    )

    class Meta:
        model = Meeting
        fields = ["unit", "kind", "title", "held_on", "place", "chair", "attending", "minutes"]
        field_classes = {"held_on": DayField}
        widgets = {"unit": forms.Select(SEARCH), "minutes": forms.Textarea({"rows": 12})}
        help_texts = {"minutes": _("What was reported and discussed; what was decided is added one by one afterwards.")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = user.units_with_role(Role.OFFICE).current()
        self.fields["unit"].queryset = offices.in_tree_order()
        invited = Q(pk__in=offices.values("pk"))
        if self.instance.pk:
            del self.fields["unit"]  # its decisions are given to units below the one that held it
            invited |= Q(meetings_attended=self.instance)
            self.initial["paper"] = self.instance.file
        self.fields["attending"].offer(Unit.objects.filter(invited).distinct())

    def clean(self):
        """No two of one day and title; without the field of the holder Django does not ask."""
        cleaned = super().clean()
        holder = cleaned.get("unit") or self.instance.unit_id
        twins = Meeting.objects.filter(unit=holder, held_on=cleaned.get("held_on"), title=cleaned.get("title"))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("title", _("There is a meeting of this day and title already."))
        return cleaned

    def mark(self, name):
        """Another file may have the same name."""
        return str(self.instance.file_id) if name == "paper" else super().mark(name)


class DecisionForm(VersionedForm):
    """One decision of a meeting and the units it is given to: `words` says what was typed."""

    text = forms.CharField(
        label=pgettext_lazy("meeting", "Decision"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What is to be done; it becomes the title of the task."),
    )
    lead = forms.ModelChoiceField(
        label=_("Leading unit"), queryset=Unit.objects.none(), required=False, widget=forms.Select(SEARCH)
    )
    responsible = UnitsPicked(label=_("Responsible units"))
    supporting = UnitsPicked(label=_("Supporting units"))
    deadline = DayField(label=_("Deadline"), required=False)

    class Meta:
        model = Decision
        fields = ["text", "deadline"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = list(self.instance.given.all()) if self.instance.pk else []
        below = self.instance.meeting.unit.subtree().current()
        units = Unit.objects.filter(Q(pk__in=below.values("pk")) | Q(pk__in=[one.unit_id for one in given]))
        self.fields["lead"].queryset = units.in_tree_order()
        self.fields["responsible"].offer(units)
        self.fields["supporting"].offer(self.fields["responsible"])
        for part in PARTS:
            now = [one.unit_id for one in given if one.part == part]
            self.initial.setdefault(part, (now or [None])[0] if part == "lead" else now)

    def clean_deadline(self):
        deadline = self.cleaned_data["deadline"]
        if deadline and deadline < self.instance.meeting.held_on:
            raise ValidationError(_("The deadline lies before the meeting."))
        return deadline

    def clean(self):
        cleaned = super().clean()
        check_named_once(cleaned)
        return cleaned

    @property
    def words(self):
        """What `Meeting.decide` and `Decision.change` take."""
        cleaned = self.cleaned_data
        return {"text": cleaned["text"], "deadline": cleaned["deadline"], "parts": chosen_parts(cleaned)}


class MakeTasksForm(forms.Form):
    """Which of `decisions` become tasks, and in which ledger. Their `given` are fetched already."""

    ledger = forms.ModelChoiceField(label=_("Ledger"), queryset=Ledger.objects.none(), empty_label=None)
    decisions = forms.TypedMultipleChoiceField(label=_("Decisions"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, decisions, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {one.pk: one for one in decisions}
        self.fields["ledger"].queryset = Ledger.objects.kept_by(user)
        self.fields["decisions"].choices = [(one.pk, f"{one.number}. {one.text}") for one in decisions]
        self.initial["decisions"] = [one.pk for one in decisions if one.given.all()]  # the others cannot be tasks yet

    def clean_decisions(self):
        """The rows, in their order."""
        return [one for pk, one in self.known.items() if pk in self.cleaned_data["decisions"]]
