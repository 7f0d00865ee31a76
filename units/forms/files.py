"""Form fields for handing in files. Their values are checked files, ready for `units.files.accept`."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from units.files import check
from units.filetypes import IMAGES, KINDS


class SeveralFiles(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. The cleaned value is a list of `units.files.Checked`; each goes to `units.files.accept`.

    What is refused is named per file next to the field. `max_files` and the size of each are told beforehand.
    """

    kinds = KINDS
    max_files = 20

    def __init__(self, *, max_files=None, kinds=None, **options):
        self.kinds = kinds or self.kinds
        self.max_files = max_files or self.max_files
        self.max_bytes = settings.UPLOAD_MAX_BYTES
        accept = ",".join(dict.fromkeys(self.accepted()))
        options.setdefault("widget", SeveralFiles(attrs={"accept": accept}))
        options.setdefault("help_text", format_lazy(_("Up to {n} files."), n=self.max_files))
        super().__init__(**options)

    def accepted(self):
        return [extension for kind in self.kinds for extension in kind.extensions[:1]]

    def clean(self, data, initial=None):
        """The files that were sent, each checked; all problems at once."""
        uploads = [upload for upload in (data or []) if upload not in EMPTY_VALUES]
        if not uploads and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.max_files:
            few = ngettext("At most %(n)s file.", "At most %(n)s files.", self.max_files) % {"n": self.max_files}
            raise ValidationError(few, code="too_many")
        checked, problems = [], []
        for upload in uploads:
            try:
                checked.append(check(upload, kinds=self.kinds))
            except ValidationError as error:
                problems.append(error)
        if problems:
            raise ValidationError(problems)
        return checked

    def has_changed(self, initial, data):
        return bool(data)


class PhotosField(FilesField):
    """The same for photos only, as a phone takes them."""

    kinds = IMAGES
    max_files = 9

    def accepted(self):
        # Types, not extensions: only then does a phone offer its camera.
        return [kind.content_type for kind in self.kinds]
