"""What a unit reports on an assignment, and what is answered."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.models.assignment import NO_DRAFT
from units.forms import FilesField
from units.markup import number_text


class ProgressForm(forms.Form):
    """What a unit reports on the assignment `asked`: how far or how much, what was done, what proves it."""

    percent = forms.IntegerField(
        label=_("Progress in percent"),
        min_value=0,
        max_value=100,
        help_text=_("At 100 the reviewer is asked to confirm that the task is completed."),
    )
    quantity = forms.DecimalField(label=_("Quantity reached"), min_value=0, max_digits=12, decimal_places=2)
    narrative = forms.CharField(
        label=_("What was done"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Short and concrete: what, where, how many."),
    )
    files = FilesField(label=_("Evidence"), required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    was_changed = False  # by somebody else meanwhile: then only a press of the button keeps it

    def __init__(self, *args, asked=None, **kwargs):
        super().__init__(*args, **kwargs)
        if asked is None or asked.quantity is None:
            del self.fields["quantity"]
        else:
            del self.fields["percent"]
            words = {"n": number_text(asked.quantity), "unit": asked.quantity_unit}
            self.fields["quantity"].help_text = _("Of %(n)s %(unit)s altogether; the percent follows from it.") % words

    def clean_percent(self):
        return Decimal(self.cleaned_data["percent"])

    def tell(self, changed):
        """Show what another has kept meanwhile beside what was typed; kept once more, it is meant."""
        now = changed.now
        words = _("%(who)s has kept another draft: “%(text)s”. Take over what is missing and keep yours again.")
        gone = _("The draft was handed in and returned meanwhile. Please look at it and keep yours again.")
        self.add_error("narrative", words % {"who": now.by, "text": now.narrative} if now else gone)
        number = next(name for name in ("quantity", "percent") if name in self.fields)
        if now and (theirs := getattr(now, number)) not in (None, self.cleaned_data[number]):
            self.add_error(number, _("kept meanwhile: “%(text)s”") % {"text": number_text(theirs)})
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
