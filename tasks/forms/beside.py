"""What units say of their work besides their reports, and what the office says to it, turned into values."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models import SelfCheck
from units.forms.attrs import DAY, SEARCH
from units.forms.days import DayField
from units.models import Unit
from units.years import YEARS

OFFERED = (5, 10, 20)  # working days
FARTHEST = date(YEARS[-1], 12, 31)  # rows may have a later deadline: from the last day Python knows none is reckoned


class SelfCheckForm(forms.Form):
    """The unit's verdict on one criterion. `seen` names the verdict that was looked at."""

    use_required_attribute = False  # the page keeps itself, also half filled in

    verdict = forms.ChoiceField(
        label=_("Self-check"),
        choices=SelfCheck.Verdict,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how it stands.")},
    )
    measure = forms.CharField(label=_("Measure"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    until = DayField(label=_("To be met by"), required=False, widget=forms.DateInput(DAY, "%Y-%m-%d"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == SelfCheck.Verdict.UNMET:
            if not cleaned.get("measure") and "measure" not in self.errors:
                self.add_error("measure", _("Not met: say what you will do."))
            if not cleaned.get("until") and "until" not in self.errors:
                self.add_error("until", _("Not met: say until when it will be."))
        return cleaned


class PostponementForm(forms.Form):
    """The later day that a unit asks for, and why."""

    until = DayField(label=_("New deadline"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What stands in the way, and what will be done until then."),
    )

    def __init__(self, *args, due, calendar, **kwargs):
        super().__init__(*args, **kwargs)
        due = min(due, FARTHEST)
        first = max(due + timedelta(days=1), timezone.localdate())
        self.fields["until"].widget.attrs["min"] = first.isoformat()
        self.offers = [(n, calendar.later_day(due, n)) for n in OFFERED]


class CoordinationForm(forms.Form):
    """What a unit needs of another."""

    what = forms.CharField(
        label=_("What is needed"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What the other unit should do, and why you cannot."),
    )
    of = forms.ModelChoiceField(
        label=_("Of which unit"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.Select(SEARCH),
        help_text=_("Leave it out if you do not know whose it is; the office decides."),
    )
    needed_by = DayField(label=_("Needed by"), required=False, widget=forms.DateInput(DAY, "%Y-%m-%d"))

    def __init__(self, *args, assignment, **kwargs):
        super().__init__(*args, **kwargs)
        others = assignment.task.ledger.units().exclude(pk=assignment.unit_id)
        self.fields["of"].queryset = others.in_tree_order()


class CoordinationDecisionForm(forms.Form):
    """The office's decision on what a unit needs of another."""

    decision = forms.CharField(label=_("Decision"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    of = forms.ModelChoiceField(label=_("Done by"), queryset=Unit.objects.none(), widget=forms.Select(SEARCH))
    due_on = DayField(label=_("To be done by"), required=False, widget=forms.DateInput(DAY, "%Y-%m-%d"))

    def __init__(self, *args, assignment, **kwargs):
        super().__init__(*args, **kwargs)
        others = assignment.task.ledger.units().exclude(pk=assignment.unit_id)
        self.fields["of"].queryset = others.in_tree_order()


class NoteForm(forms.Form):
    """A step that may have a remark."""

    note = forms.CharField(required=False, max_length=2000)
