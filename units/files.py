"""Files that people hand in: looked at, cleaned, sealed and stored; and handed out again after a scope check.

The view that hands out a file first checks that its reader may see the finding, report or assignment it belongs to.
"""

import hashlib
import re
import unicodedata
import weakref
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from units.filetypes import EXTENSIONS, JPEG, ONLY, PDF, UNKNOWN, XLSX, Kind, Refused, sniff
from units.models import Attachment
from units.pictures import Picture, develop

__all__ = ["Checked", "Refused", "accept", "check", "stream"]

LONGEST_NAME = 200
VARIANTS = frozenset({"shown", "thumb", "original"})
UUID_LENGTH = 36
# What may open in the browser; everything else is saved to disk.
INLINE = frozenset({JPEG.content_type, PDF.content_type})
LOCKED_DOWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'"


@dataclass(frozen=True)
class Checked:
    """A file that has passed every check, with its clean copies if it is a picture."""

    file: File
    name: str
    size: int
    sha256: str
    kind: Kind
    picture: Picture | None


def check(upload, *, kinds=None):
    """Look at an upload: its size, what it really is, whether it hides anything. Raises `Refused` with the reason.

    `kinds` narrows what is taken (`filetypes.IMAGES` for photos, `TABLES` for what is to be read).
    """
    name = clean_name(upload.name or "")
    try:
        data = read(upload)
        kind = sniff(data, name)
        if kinds and kind not in kinds:
            raise Refused(UNKNOWN)
        picture = develop(data) if kind.is_image else None
    except Refused as refused:
        words = ONLY.get(kinds, UNKNOWN) if refused.message == UNKNOWN else refused.message
        raise Refused(f"{name}: {words}") from refused
    upload.seek(0)
    sha256 = hashlib.file_digest(upload, "sha256").hexdigest()
    return Checked(upload, with_extension(name, kind), len(data), sha256, kind, picture)


def read(upload):
    """The content, never more than the limit whatever the upload claims to be."""
    upload.seek(0)
    data = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    if not data:
        raise Refused(_("the file is empty; please choose it again"))
    if len(data) > settings.UPLOAD_MAX_BYTES:
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise Refused(_("the file is larger than %(limit)s") % {"limit": limit})
    return data


def clean_name(name):
    """The last part of the path, without control characters, marks that turn the reading direction, or tricks."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = re.sub(r'[<>:"|?*]+', "_", " ".join(name.split())).strip(" .")
    stem, extension = PurePath(name).stem, PurePath(name).suffix
    return (stem[: LONGEST_NAME - 20] + extension[:15]) or "file"


def with_extension(name, kind):
    """The name with an extension that says what the file is: `plan.exe` that is a PDF becomes `plan.exe.pdf`."""
    extension = PurePath(name).suffix.lower()
    if extension in kind.extensions:
        return name
    return (name[: -len(extension)] if extension in EXTENSIONS else name) + kind.extensions[0]


class Written:
    """The files written for one attachment. They stay if the transaction commits and go when it does not.

    Only the commit's callback keeps this object alive: a rollback drops the callback, and with it the files.
    """

    def __init__(self, storage):
        self.names = []
        self._removal = weakref.finalize(self, remove_all, storage, self.names)

    def keep(self):
        self._removal.detach()


def remove_all(storage, names):
    for name in names:
        storage.delete(name)


@transaction.atomic
def accept(upload, *, unit, by):
    """Store a file of `unit`, handed in by `by` (None: by the system), and return its `Attachment`.

    `upload` is an uploaded file, or a `Checked` one from a form field. Raises `Refused` (a ValidationError with a
    sentence for the person) for anything that is not taken. If the surrounding transaction does not commit,
    nothing stays on the disk.
    """
    checked = upload if isinstance(upload, Checked) else check(upload)
    attachment = Attachment(
        unit=unit,
        uploaded_by=by,
        family=Attachment.Family.IMAGE if checked.kind.is_image else Attachment.Family.DOCUMENT,
        content_type=checked.kind.content_type,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
    )
    written = Written(attachment.original.storage)
    checked.file.seek(0)
    put(written, attachment.original, checked.name, File(checked.file))
    if checked.picture:
        put(written, attachment.shown, "shown.jpg", ContentFile(checked.picture.shown))
        put(written, attachment.thumb, "thumb.jpg", ContentFile(checked.picture.thumb))
        attachment.width, attachment.height = checked.picture.width, checked.picture.height
        attachment.taken_at, attachment.look = checked.picture.taken_at, checked.picture.look
    attachment.save(force_insert=True)
    transaction.on_commit(written.keep)
    return attachment


def put(written, field, name, content):
    field.save(name, content, save=False)
    written.names.append(field.name)


def remove_leftovers(before):
    """Delete stored files older than `before` that no attachment knows: a process was killed while it wrote them."""
    storage = Attachment._meta.get_field("original").storage
    removed = 0
    for folder in ("original", "shown"):
        for part in storage.listdir(folder)[0] if storage.exists(folder) else ():
            names = [f"{folder}/{part}/{name}" for name in storage.listdir(f"{folder}/{part}")[1]]
            by_pk = {name: PurePath(name).name[:UUID_LENGTH] for name in names}
            known = {str(pk) for pk in Attachment.objects.filter(pk__in=by_pk.values()).values_list("pk", flat=True)}
            for name, pk in by_pk.items():
                if pk not in known and storage.get_modified_time(name) < before:
                    storage.delete(name)
                    removed += 1
    return removed


def stream(attachment, variant="shown"):
    """The file as an answer. Call it after the view has checked that the reader may see what it belongs to.

    `shown` is the clean copy of a picture and any other file as it is, `thumb` the small picture, `original` what
    was handed in, byte for byte, always saved to disk and never opened. Only clean JPEGs and PDFs open in the browser.
    Anything else is not found: a view hands on what the address asks for.
    """
    if variant not in VARIANTS:
        raise Http404("no such form of a file")
    as_picture = attachment.is_image and variant in {"shown", "thumb"}
    if variant == "thumb" and not as_picture:
        raise Http404("no small picture of this file")
    stored = getattr(attachment, variant) if as_picture else attachment.original
    content_type = JPEG.content_type if as_picture else attachment.content_type
    name = f"{PurePath(attachment.name).stem}.jpg" if as_picture else attachment.name
    response = send(stored, content_type)
    opens = content_type in INLINE and variant != "original"
    response["Content-Disposition"] = content_disposition_header(not opens, name)
    response["X-Content-Type-Options"] = "nosniff"
    # Browsers do not start their PDF viewer in a sandbox: a PDF may be an object of its own page and nothing else.
    as_pdf = opens and content_type == PDF.content_type
    response["Content-Security-Policy"] = LOCKED_DOWN + ("; object-src 'self'" if as_pdf else "; sandbox")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def workbook_answer(file, name):
    """A workbook made for this answer alone, saved under `name`; the answer closes the file."""
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX.content_type)


def send(stored, content_type):
    """By nginx where there is one (it fetches the file from its internal location), else by Django."""
    if settings.ACCEL_REDIRECT_PREFIX:
        address = f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{quote(stored.name)}"
        return HttpResponse(headers={"X-Accel-Redirect": address, "Content-Type": content_type})
    try:
        return FileResponse(stored.open("rb"), content_type=content_type)
    except FileNotFoundError as error:
        raise Http404("the file is not in its place") from error
