"""What people type about tasks, turned into values of the domain."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from tasks.models import Ledger, LedgerImport, Method, Standard, Task
from tasks.models.assignment import NO_DRAFT
from tasks.part_fields import PARTS, SEARCH, UnitsField, check_named_once, chosen_parts
from units.filetypes import TABLES
from units.forms import FilesField
from units.forms.files import SeveralFiles
from units.forms.versions import VersionedForm
from units.models import Unit
from units.roles import Role


class ProgressForm(forms.Form):
    """What a unit reports: how far, what was done, what proves it."""

    percent = forms.IntegerField(
        label=_("Progress in percent"),
        min_value=0,
        max_value=100,
        help_text=_("At 100 the office is asked to confirm that the task is completed."),
    )
    narrative = forms.CharField(
        label=_("What was done"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Short and concrete: what, where, how many."),
    )
    files = FilesField(label=_("Evidence"), required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    was_changed = False  # by somebody else meanwhile: then only a press of the button keeps it

    def clean_percent(self):
        return Decimal(self.cleaned_data["percent"])

    def tell(self, changed):
        """Show what another has kept meanwhile beside what was typed; kept once more, it is meant."""
        now = changed.now
        words = _("%(who)s has kept another draft: “%(text)s”. Take over what is missing and keep yours again.")
        gone = _("The draft was handed in and returned meanwhile. Please look at it and keep yours again.")
        self.add_error("narrative", words % {"who": now.by, "text": now.narrative} if now else gone)
        self.data = self.data.copy()
        self.data["read"] = now.draft_version if now else NO_DRAFT
        self.was_changed = True


class ReviewForm(forms.Form):
    """The office's word on a report. `seen` names the text that was read."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when you return it: say what is missing, so that one more report is enough."),
    )


class ReasonForm(forms.Form):
    """A step that needs a reason."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why: the unit has to know what is missing.")},
    )


class ReturnForm(ReasonForm):
    use_required_attribute = False  # the same field stands beside the button that approves

    seen = forms.CharField(widget=forms.HiddenInput)


class LedgerForm(VersionedForm):
    """A ledger of a unit in which the person works in the office."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)

    class Meta:
        model = Ledger
        fields = ["name", "year", "unit", "standard"]
        widgets = {"unit": forms.Select(SEARCH)}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = user.units_with_role(Role.OFFICE).current()
        self.fields["unit"].queryset = offices.in_tree_order()
        self.fields["standard"].queryset = Standard.objects.filter(unit__in=offices.values("pk"))
        if self.instance.pk:  # its tasks are given to units below its keeper: that stays
            del self.fields["unit"]

    def clean(self):
        """No two of one name and year; without the field of the keeper Django does not ask."""
        cleaned = super().clean()
        keeper = cleaned.get("unit") or self.instance.unit_id
        twins = Ledger.objects.filter(unit=keeper, year=cleaned.get("year"), name=cleaned.get("name"))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a ledger of this name and year already."))
        return cleaned


class TaskForm(forms.ModelForm):
    """One task and the units it is given to. `save()` leaves the units to `Task.assign(form.parts)`."""

    lead = forms.ModelChoiceField(
        label=_("Leading unit"), queryset=Unit.objects.none(), required=False, widget=forms.Select(SEARCH)
    )
    responsible = UnitsField(label=_("Responsible units"), queryset=Unit.objects.none(), required=False)
    supporting = UnitsField(label=_("Supporting units"), queryset=Unit.objects.none(), required=False)
    methods = forms.MultipleChoiceField(
        label=_("Assessment methods"),
        choices=Method.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Task
        fields = ["number", "section", "title", "requirement", "material", "methods", "deadline", "is_key"]
        widgets = {
            "title": forms.Textarea({"rows": 2}),
            "requirement": forms.Textarea({"rows": 3}),
            "material": forms.Textarea({"rows": 2}),
            "deadline": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = list(self.instance.assignments.all()) if self.instance.pk else []
        # A unit that has ended since keeps its task until somebody takes it out.
        allowed = Q(pk__in=self.instance.ledger.units().values("pk")) | Q(pk__in=[one.unit_id for one in given])
        units = Unit.objects.filter(allowed).in_tree_order()
        for part in PARTS:
            self.fields[part].queryset = units
            now = [one.unit_id for one in given if one.part == part]
            self.initial.setdefault(part, (now or [None])[0] if part == "lead" else now)

    def clean(self):
        cleaned = super().clean()
        check_named_once(cleaned)
        if not self.instance.pk and not self.errors:
            self.instance.key = Task.key_of(cleaned["title"], cleaned["requirement"])
            if self.instance.ledger.tasks.filter(key=self.instance.key).exists():
                raise ValidationError(_("This ledger has a task with this title and requirement already."))
        return cleaned

    @property
    def parts(self):
        """The units as they were chosen: a dict of unit → part."""
        return chosen_parts(self.cleaned_data)

    def save(self, commit=True):  # noqa: FBT002 - Django's own signature
        task = self.instance
        if not task.pk:
            task.order = (task.ledger.tasks.aggregate(last=Max("order"))["last"] or 0) + 1
        return super().save(commit)


class UploadForm(forms.Form):
    """A ledger file, and what it becomes."""

    file = FilesField(
        label=_("File"),
        max_files=1,
        kinds=TABLES,
        help_text=_("The table as it is: .xlsx, .csv, or .txt for a notice in prose. Nothing is imported yet."),
        widget=SeveralFiles({"accept": ".xlsx,.csv,.txt", "multiple": False}),
    )
    becomes = forms.ChoiceField(
        label=_("It becomes"), choices=LedgerImport.Becomes, initial="ledger", widget=forms.RadioSelect
    )
    ledger = forms.ModelChoiceField(
        label=_("Into the ledger"),
        queryset=Ledger.objects.none(),
        required=False,
        empty_label=_("a new ledger"),
        help_text=_("Rows that say what they said the last time change nothing."),
    )
    unit = forms.ModelChoiceField(
        label=_("Kept by"), queryset=Unit.objects.none(), widget=forms.Select(SEARCH), required=False
    )
    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, help_text=_("Empty: the title of the table.")
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2100,
        required=False,
        help_text=_("Empty: the year in the title, else this year."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = user.units_with_role(Role.OFFICE).current()
        self.fields["unit"].queryset = offices.in_tree_order()
        self.fields["unit"].initial = offices.order_by("depth", "path").first()
        self.fields["ledger"].queryset = Ledger.objects.filter(unit__in=offices.values("pk")).select_related("unit")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("becomes") == LedgerImport.Becomes.STANDARD:
            cleaned["ledger"] = None
        if cleaned.get("ledger"):
            cleaned["unit"] = cleaned["ledger"].unit
        elif not cleaned.get("unit"):
            cleaned["unit"] = self.fields["unit"].initial
        return cleaned


class WorkbookForm(forms.Form):
    """A ledger's workbook that was edited."""

    file = FilesField(
        label=_("Edited workbook"),
        max_files=1,
        kinds=TABLES,
        help_text=_("The workbook that was exported here for editing, as .xlsx. Nothing is taken over yet."),
        widget=SeveralFiles({"accept": ".xlsx,.csv", "multiple": False}),
    )
