"""What a file really is, told from its content and not from its name, and what is not taken. Pure: bytes to verdict."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

import magic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_ENTRIES = 4000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 100  # office files of text alone reach 20
RATIO_COUNTS_FROM = 20 * 1024 * 1024
SNIFFED = 8192

OOXML = "application/vnd.openxmlformats-officedocument."
OLE_HEAD = bytes.fromhex("D0CF11E0A1B11AE1")
MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|svg|\?php)[\s>/]", re.IGNORECASE)
# What may not hang on a picture: archives (also GIFAR, a picture that is a Java archive), PDF, programs.
HIDDEN = re.compile(
    rb"PK\x03\x04[\x0a\x14\x2d]\x00|%PDF-[12]\.\d|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c"
    rb"|\x7fELF[\x01\x02]|This program cannot be run"
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Refused(ValidationError):
    """The file is not taken; the message is for the person who sent it."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken. The first extension is the one it gets when its name has a wrong one."""

    content_type: str
    extensions: tuple
    is_image: bool = False


JPEG = Kind("image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), is_image=True)
PNG = Kind("image/png", (".png",), is_image=True)
WEBP = Kind("image/webp", (".webp",), is_image=True)
HEIC = Kind("image/heic", (".heic", ".heif", ".hif"), is_image=True)
PDF = Kind("application/pdf", (".pdf",))
DOCX = Kind(OOXML + "wordprocessingml.document", (".docx",))
XLSX = Kind(OOXML + "spreadsheetml.sheet", (".xlsx",))
PPTX = Kind(OOXML + "presentationml.presentation", (".pptx",))
DOC = Kind("application/msword", (".doc", ".wps"))
XLS = Kind("application/vnd.ms-excel", (".xls", ".et"))
TXT = Kind("text/plain", (".txt",))
CSV = Kind("text/csv", (".csv",))

IMAGES = (JPEG, PNG, WEBP, HEIC)
SCANS = (PDF, *IMAGES)
SHEETS = (XLSX, CSV)
TABLES = (*SHEETS, TXT)
KINDS = (*IMAGES, PDF, DOCX, XLSX, PPTX, DOC, XLS, TXT, CSV)
EXTENSIONS = frozenset(extension for kind in KINDS for extension in kind.extensions)
PICTURES = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/webp": WEBP,
    "image/heic": HEIC,
    "image/heif": HEIC,
}
MAIN_PARTS = {
    "word/document.xml": (DOCX, b"wordprocessingml.document.main+xml"),
    "xl/workbook.xml": (XLSX, b"spreadsheetml.sheet.main+xml"),
    "ppt/presentation.xml": (PPTX, b"presentationml.presentation.main+xml"),
}
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/xml", "application/xml"})
PROGRAMS = re.compile(
    r"executable|dosexec|sharedlib|mach-binary|java|script|x-php|msdos|x-python|x-perl|wasm|x-msi|x-elf"
)
ARCHIVES = re.compile(r"zip|x-rar|x-7z|x-tar|gzip|x-xz|bzip2|zstd|java-archive|vnd\.ms-cab")

DAMAGED = _("the file is damaged or incomplete; please send it again")
TWO_IN_ONE = _("a second file is hidden in this file; please send the original photo or document")
MACROS = _("the document holds macros, which are programs; please save it without macros (.docx, .xlsx, .pptx)")
LOCKED = _("the document is locked with a password; please send it without")
UNPACKS = _("the document unpacks to far more than its size; please save it again or send it as PDF")
UNKNOWN = _("this kind of file is not taken; taken are JPEG, PNG, WEBP, HEIC, PDF, Word, Excel, PowerPoint, TXT, CSV")
# Where only some kinds are taken.
ONLY = {
    IMAGES: _("only photos are taken here: JPEG, PNG, WEBP or HEIC"),
    SCANS: _("only a PDF or a photo is taken here"),
    SHEETS: _("only tables are taken here: XLSX or CSV; save an old XLS as XLSX first"),
    TABLES: _("only tables are taken here: XLSX, CSV or TXT; save an old XLS as XLSX first"),
}


def sniff(data, name):
    """The `Kind` of a whole file. Raises `Refused` for what is not taken, is damaged, or hides a second file."""
    found = magic.from_buffer(data[:SNIFFED], mime=True)
    if found in PICTURES:
        check_alone(data)
        return PICTURES[found]
    if data.startswith(b"%PDF-"):
        return check_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return check_office(data)
    if data.startswith(OLE_HEAD):
        return check_legacy(data)
    refuse_by_type(found, data)
    return check_text(data, name)


def refuse_by_type(found, data):
    """Name the things that people try, so that they learn what to send instead."""
    head = data[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if found == "image/svg+xml" or b"<svg" in head:
        raise Refused(_("SVG drawings are not taken because they can hold programs; please send JPEG, PNG or PDF"))
    if found in PAGES or MARKUP.search(data) or head.startswith(b"<?xml"):
        raise Refused(_("web pages are not taken because they can hold programs; please send a PDF or a picture"))
    if PROGRAMS.search(found) or head.startswith(b"#!"):
        raise Refused(_("programs are not taken"))
    if ARCHIVES.search(found):
        raise Refused(_("archives are not taken; please send the files in it one by one"))


def check_alone(data):
    """A picture is nothing else: no archive, page, document or program before, in or behind it."""
    if MARKUP.search(data) or HIDDEN.search(data) or zipfile.is_zipfile(BytesIO(data)):
        raise Refused(TWO_IN_ONE)


def check_pdf(data):
    _body, mark, rest = data.rpartition(b"%%EOF")
    if not mark:
        raise Refused(DAMAGED)
    if rest.strip(b"\x00 \t\r\n\x1a") or MARKUP.search(data[:1500]) or zipfile.is_zipfile(BytesIO(data)):
        raise Refused(TWO_IN_ONE)
    return PDF


def check_office(data):
    """A sound Word, Excel or PowerPoint file without macros, that unpacks to a sensible size."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            check_unpacking(entries, len(data))
            names = {entry.filename for entry in entries}
            types = b""
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(1024 * 1024)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Refused(DAMAGED) from error
    end = data.rfind(b"PK\x05\x06") + 22 + len(archive.comment)
    if min(entry.header_offset for entry in entries) != 0 or end != len(data):
        raise Refused(TWO_IN_ONE)
    if b"macroEnabled" in types or any("vbaProject" in name or "activeX" in name for name in names):
        raise Refused(MACROS)
    for part, (kind, content_type) in MAIN_PARTS.items():
        if part in names and content_type in types:
            return kind
    if types:
        raise Refused(UNKNOWN)
    raise Refused(_("archives are not taken; please send the files in it one by one"))


def check_unpacking(entries, size):
    """Refuse what unpacks to far more than it is, and entries that overlap to hide that."""
    if not entries or any(entry.flag_bits & 1 for entry in entries):
        raise Refused(LOCKED if entries else DAMAGED)
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * size
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or too_dense:
        raise Refused(UNPACKS)
    if sum(entry.compress_size for entry in entries) > size:
        raise Refused(UNPACKS)


def check_legacy(data):
    """The Word and Excel files of before 2007, told by the names of their streams."""

    def has(*streams):
        return any(name.encode("utf-16-le") in data for name in streams)

    if has("EncryptedPackage"):
        raise Refused(LOCKED)
    if has("_VBA_PROJECT", "VBA_PROJECT_CUR", "Macros"):
        raise Refused(MACROS)
    if has("WordDocument"):
        return DOC
    if has("Workbook", "Book\x00"):
        return XLS
    raise Refused(UNKNOWN)


def check_text(data, name):
    """Text has no mark of its own: the name must say that it is text, and the content must not deny it."""
    extension = PurePath(name).suffix.lower()
    kind = {".txt": TXT, ".csv": CSV}.get(extension)
    if kind is None:
        raise Refused(UNKNOWN)
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROLS.search(text) or MARKUP.search(text.encode()):
            break
        return kind
    raise Refused(_("the file is named as text but holds something else"))
