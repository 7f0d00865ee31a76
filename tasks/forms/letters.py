"""What people type about responsibility letters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.filetypes import SCANS
from units.forms import FilesField
from units.forms.files import SeveralFiles

MOST_CLAUSES, LONGEST_CLAUSE = 20, 500


def scan_field(**options):
    """One file: the signed paper as a PDF or a picture."""
    widget = SeveralFiles({"accept": ".pdf,.jpg,.png", "multiple": False})
    return FilesField(label=_("Scanned copy"), max_files=1, kinds=SCANS, widget=widget, **options)


class WordsForm(forms.Form):
    """What the office says in the letters besides the tasks."""

    title = forms.CharField(label=_("Title"), max_length=120)
    clauses = forms.CharField(
        label=_("Working requirements"),
        widget=forms.Textarea({"rows": 8}),
        max_length=MOST_CLAUSES * LONGEST_CLAUSE,
        help_text=_("Each line is one requirement; they are numbered by themselves."),
    )

    def clean_clauses(self):
        """The lines, without the blank ones."""
        clauses = [line.strip() for line in self.cleaned_data["clauses"].splitlines() if line.strip()]
        if len(clauses) > MOST_CLAUSES or any(len(clause) > LONGEST_CLAUSE for clause in clauses):
            words = _("At most %(most)s requirements of at most %(longest)s characters each.")
            raise ValidationError(words % {"most": MOST_CLAUSES, "longest": LONGEST_CLAUSE})
        return clauses


class SignForm(forms.Form):
    """Who signed for the unit, and when."""

    signer = forms.CharField(label=_("Who signs for the unit"), max_length=64)
    position = forms.CharField(label=_("Position"), max_length=64, required=False)
    on = forms.DateField(label=_("Signed on"))
    scan = scan_field(
        required=False, help_text=_("The signed and sealed paper, if it is at hand; it can be added later.")
    )

    def __init__(self, *args, letter, **kwargs):
        super().__init__(*args, **kwargs)
        self.letter = letter

    def clean_on(self):
        """Between the day it was issued and today."""
        on, issued = self.cleaned_data["on"], timezone.localdate(self.letter.issued_at)
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        if on < issued:
            raise ValidationError(_("The letter was issued on %(day)s: it cannot be signed before.") % {"day": issued})
        return on


class ScanForm(forms.Form):
    scan = scan_field()
