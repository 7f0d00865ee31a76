"""What people type about tasks, turned into values of the domain."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.forms.division import KEPT_MEANWHILE
from tasks.models import Ledger, LedgerImport, Method, Standard, Task
from tasks.models.division import divisions, fingerprint, version_of
from units.filetypes import TABLES
from units.forms import FilesField
from units.forms.attrs import DAY, SEARCH
from units.forms.days import DayField, YearField
from units.forms.files import SeveralFiles
from units.forms.versions import VersionedForm
from units.history import spoken_value
from units.models import Unit
from units.roles import Role


class LedgerForm(VersionedForm):
    """A ledger of a unit in which the person works in the office."""

    year = YearField(label=_("Year"))

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
    """The words of one task. Its units stand in `tasks.forms.division.UnitRowSet` beside it.

    `read` is the version that the writer began with; see `tell`.
    """

    methods = forms.MultipleChoiceField(
        label=_("Assessment methods"),
        choices=Method.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Task
        fields = ["number", "section", "title", "requirement", "material", "methods", "deadline", "is_key"]
        fields += ["repeats", "repeats_until"]
        field_classes = {"deadline": DayField, "repeats_until": DayField}
        widgets = {
            "title": forms.Textarea({"rows": 2}),
            "requirement": forms.Textarea({"rows": 3}),
            "material": forms.Textarea({"rows": 2}),
            "deadline": forms.DateInput(DAY, "%Y-%m-%d"),
            "repeats_until": forms.DateInput(DAY, "%Y-%m-%d"),
        }
        help_texts = {
            "repeats": _("A task that comes again is the pattern: each month or quarter gets a task of its own."),
            "deadline": _("Of a task that comes again: the deadline of the first one; the others follow on that day."),
            "repeats_until": _("No new one begins after this day. Empty: until the end of the ledger's year."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["repeats"].choices = [("", _("no")), *Task.Repeats.choices]
        if self.instance.repeat_of_id:  # an occurrence
            del self.fields["repeats"], self.fields["repeats_until"]
        if self.instance.pk:
            self.initial.setdefault("read", task_version(self.instance))

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk and not self.errors:
            self.instance.key = Task.key_of(cleaned["title"], cleaned["requirement"])
            if self.instance.ledger.tasks.filter(key=self.instance.key).exists():
                raise ValidationError(_("This ledger has a task with this title and requirement already."))
        if "repeats" in self.fields:
            self.check_repetition(cleaned)
        return cleaned

    def check_repetition(self, cleaned):
        """What comes again has a first deadline, and does not begin or stop to do so when units are at work."""
        repeats, before = cleaned.get("repeats"), self.initial.get("repeats") or ""
        if repeats and not cleaned.get("deadline"):
            self.add_error("deadline", _("A task that comes again needs the deadline of the first one."))
        if not repeats:
            cleaned["repeats_until"] = None
        if self.instance.pk and repeats != before:
            if before and self.instance.occurrences.exists():
                self.add_error("repeats", _("Occurrences have been made already; set the last day instead."))
            if repeats and self.instance.assignments.exclude(state="not_started", progress=None).exists():
                self.add_error("repeats", _("Units have reported on this task already; make a new one that repeats."))

    def is_outdated_by(self, now, parts):
        """Whether something else was kept since the form was opened; the same words sent twice are no conflict."""
        read, stands = self.cleaned_data["read"], task_version(now)
        return bool(read) and read != stands and task_version(now, self.words(), parts) != stands

    def tell(self, now, who):
        """Show what `who` has kept meanwhile beside what was typed; saved once more, that is meant."""
        self.add_error(None, KEPT_MEANWHILE % {"who": who})
        for name, typed in self.words().items():
            if (theirs := getattr(now, name)) != typed:
                said = now.method_labels() if name == "methods" else theirs
                self.add_error(name, _("kept meanwhile: “%(text)s”") % {"text": spoken_value(said or "—")})
        self.data = self.data.copy()
        self.data["read"] = task_version(now)

    def words(self):
        """The fields as they will be kept."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}

    def save(self, commit=True):  # noqa: FBT002 - Django's own signature
        task = self.instance
        if task.pk:  # what an import or the bulk has changed meanwhile beside these fields stays
            task.save(update_fields=self.words())
            return task
        task.order = task.ledger.next_order()
        return super().save(commit)


def task_version(task, words=None, parts=None):
    """Changes whenever the words of the task or its units change; of those that are about to be kept, if given."""
    said = {name: getattr(task, name) for name in TaskForm.Meta.fields} | (words or {})
    return fingerprint([said, divisions([task])[0].version if parts is None else version_of(parts)])


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
    year = YearField(label=_("Year"), required=False, help_text=_("Empty: the year in the title, else this year."))

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
