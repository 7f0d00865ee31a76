"""Reading .xlsx as a stream: rows one by one, with the merged areas known before the first row.

openpyxl knows merged areas only when it holds the whole workbook in memory, and trusts the computed value of formulas
or drops it; this reader keeps one row at a time, never computes, refuses DTDs and stops at the limits of `units.cells`.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from units import cells
from units.cells import Span, UnreadableFile
from units.xlsx_values import ValueReader, date_styles

CHUNK = 64 * 1024
OFFICE_DOCUMENT = "/officeDocument"
AREA = re.compile(r"\$?([A-Z]{1,7})\$?(\d{1,9})(?::\$?([A-Z]{1,7})\$?(\d{1,9}))?")
DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?\bref\s*=\s*[\"']([^\"'<>]{1,40})[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([^\"'<>]{1,40})[\"']")
LONGEST_TAG = 400
MANY_OPEN, MANY_ELEMENTS, MOST_DEPTH = 100_000, 500_000, 1_000
MOST_RAW_TEXT = 10 * cells.MAX_CELL_TEXT  # with control characters written as _x000D_


def as_utf8_head(chunk):
    """The first bytes of a sheet, refused where they are in an encoding that Excel never writes."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:64]:
        raise UnreadableFile(
            _("This workbook is written in an unknown way. Please open it in Excel or WPS and save it as .xlsx.")
        )
    return chunk


def column_number(letters):
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area(reference):
    """The area "A1:C3" as a Span, or None."""
    found = AREA.fullmatch(reference)
    if not found:
        return None
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    return Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def refuse_endless(*texts):
    """Refuse a text that goes on and on, before it has filled the memory."""
    if any(sum(map(len, pieces)) > MOST_RAW_TEXT for pieces in texts if pieces):
        raise cells.too_much_text()


def refuse_dtd(*args):
    raise UnreadableFile(_("This file is damaged or made to harm: it defines XML entities."))


@dataclass
class Archive:
    """The zip of a workbook, read part by part under limits."""

    file: zipfile.ZipFile
    clock: cells.Stopwatch

    def __post_init__(self):
        self.names = {name.lower().lstrip("/"): name for name in self.file.namelist()}

    def has(self, path):
        return path.lower().lstrip("/") in self.names

    def info(self, path):
        return self.file.getinfo(self.names[path.lower().lstrip("/")])

    def chunks(self, path, limit=cells.MAX_PART_BYTES):
        info = self.info(path)
        if info.flag_bits & 0x1:
            raise UnreadableFile(
                _("This workbook is protected by a password. Please remove the password and try again.")
            )
        if info.file_size > limit:
            raise UnreadableFile(
                _("This workbook unpacks to far more than a table needs. Please delete its empty formatted rows.")
            )
        with self.file.open(info) as part:
            while chunk := part.read(CHUNK):
                self.clock.check()
                yield chunk

    def of_some_depth(self, path, limit):
        """The chunks of a part. Every open element is kept in memory: a part of very many, or of many that have no end
        tag, is gone through before, and refused where they lie within each other without end.
        """
        begun = ended = 0
        is_known = False
        for chunk in self.chunks(path, limit):
            ends = chunk.count(b"</")
            begun, ended = begun + chunk.count(b"<") - ends, ended + ends
            if not is_known and (begun > MANY_ELEMENTS or begun - ended > MANY_OPEN):
                self.check_depth(path, limit)
                is_known = True
            yield chunk

    def check_depth(self, path, limit):
        depth = 0

        def start(_tag, _attrs):
            nonlocal depth
            depth += 1
            if depth > MOST_DEPTH:
                raise ValueError("elements within elements without end")

        def end(_tag):
            nonlocal depth
            depth -= 1

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = refuse_dtd
        parser.StartElementHandler, parser.EndElementHandler = start, end
        for chunk in self.chunks(path, limit):
            parser.Parse(chunk)

    def parse(self, path, start, end=None, text=None, limit=cells.MAX_PART_BYTES):
        """Feed the part to the handlers; yields after every chunk so that a caller can take what is ready."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_dtd
        parser.EntityDeclHandler = refuse_dtd
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        for chunk in self.of_some_depth(path, limit):
            parser.Parse(chunk)
            yield
        parser.Parse(b"", True)  # noqa: FBT003 (expat knows no other way)
        yield

    def parse_all(self, path, *handlers, **options):
        for _chunk in self.parse(path, *handlers, **options):
            pass

    def targets(self, path):
        """Relationships of a part: id → (type, path)."""
        folder, name = posixpath.split(path)
        relations = posixpath.join(folder, "_rels", name + ".rels")
        found = {}

        def start(tag, attrs):
            if tag.endswith("Relationship") and attrs.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attrs.get("Target", "")))
                found[attrs.get("Id")] = (attrs.get("Type", ""), target.lstrip("/"))

        if self.has(relations):
            self.parse_all(relations, start)
        return found


@dataclass
class SheetPart:
    """One sheet of the workbook; `rows` may be gone through once."""

    name: str
    path: str
    archive: Archive
    values: ValueReader
    is_hidden: bool = False
    merges: list[Span] = field(default_factory=list)
    declared: str = ""

    def look_ahead(self):
        """Merged areas stand behind the rows but are needed before them: the bytes are searched, not parsed."""
        kept = b""
        for number, chunk in enumerate(self.archive.chunks(self.path)):
            if number == 0:
                chunk = as_utf8_head(chunk)
                declared = DIMENSION.search(chunk)
                self.declared = declared[1].decode("ascii", "replace") if declared else ""
            kept += chunk
            found = None
            for found in MERGED.finditer(kept):
                self.add_merge(found[1].decode("ascii", "replace"))
            kept = kept[max(found.end() if found else 0, len(kept) - LONGEST_TAG) :]
        self.merges.sort(key=lambda span: (span.top, span.left))

    def add_merge(self, reference):
        span = area(reference)
        if span and span.left <= cells.MAX_COLUMNS:
            self.merges.append(span)
        if len(self.merges) > cells.MAX_MERGES:
            raise UnreadableFile(_("This sheet has more merged areas than can be read."))

    def rows(self):
        reader = RowReader(self.values)
        for _chunk in self.archive.parse(self.path, reader.start, reader.end, reader.text):
            refuse_endless(reader.pieces, reader.formula)
            yield from reader.take()


class RowReader:
    """Handlers that turn the XML of a sheet into (row number, {column: value}); empty cells are left out."""

    def __init__(self, values):
        self.values = values
        self.ready = []
        self.row = self.column = 0
        self.cells = {}
        self.columns = {}
        self.seen = self.filled = 0
        self.kind = self.style = None
        self.pieces = self.formula = self.into = None

    def take(self):
        ready, self.ready = self.ready, []
        return ready

    def start(self, tag, attrs):
        tag = tag[tag.find(":") + 1 :]
        if tag == "c":
            self.start_cell(attrs)
        elif tag in ("v", "t"):
            self.into = self.pieces
        elif tag == "f":
            self.into = self.formula = []
        elif tag == "rPh":  # how to pronounce it, not what it says
            self.pieces, self.kept = [], self.pieces
        elif tag == "row":
            self.row = int(attrs.get("r") or self.row + 1)
            self.column, self.cells = 0, {}

    def start_cell(self, attrs):
        self.seen += 1
        if self.seen > cells.MAX_CELLS:
            raise UnreadableFile(
                _("This sheet has more cells than can be read. Please delete empty formatted rows and columns.")
            )
        self.kind, self.style = attrs.get("t", "n"), attrs.get("s")
        self.pieces, self.formula = [], None
        reference = attrs.get("r")
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = column_number(letters)
        self.column = self.columns[letters]

    def text(self, text):
        if self.into is not None:
            self.into.append(text)

    def end(self, tag):
        tag = tag[tag.find(":") + 1 :]
        if tag == "c":
            self.end_cell()
        elif tag in ("v", "t", "f"):
            self.into = None
        elif tag == "rPh":
            self.pieces = self.kept
        elif tag == "row" and self.cells:
            self.filled += 1
            if self.filled > cells.MAX_ROWS:
                raise UnreadableFile(
                    _("This sheet has more than 50,000 filled rows. Please split it into smaller files.")
                )
            self.ready.append((self.row, self.cells))
            self.cells = {}

    def end_cell(self):
        if self.formula is None and not self.pieces:
            return
        value = self.values.value(self.kind, self.style, self.pieces, self.formula)
        if value is not None and value != "":
            self.cells[self.column] = value


class TextReader:
    """Handlers that gather the texts to which cells refer by number."""

    def __init__(self):
        self.texts, self.pieces = [], []
        self.takes = self.skips = False

    def start(self, tag, attrs):
        tag = tag[tag.find(":") + 1 :]
        if tag == "t":
            self.takes = not self.skips
        elif tag == "rPh":  # how to pronounce it, not what it says
            self.skips = True

    def text(self, piece):
        if self.takes:
            self.pieces.append(piece)

    def end(self, tag):
        tag = tag[tag.find(":") + 1 :]
        if tag == "t":
            self.takes = False
        elif tag == "rPh":
            self.skips = False
        elif tag == "si":
            joined = cells.unescaped("".join(self.pieces))
            if len(joined) > cells.MAX_CELL_TEXT:
                raise cells.too_much_text()
            self.texts.append(joined)
            self.pieces.clear()


def shared_strings(archive, path):
    """The texts that cells refer to by number."""
    reader = TextReader()
    for _chunk in archive.parse(path, reader.start, reader.end, reader.text, limit=cells.MAX_TEXT_BYTES):
        refuse_endless(reader.pieces)
    return reader.texts


def sheets(stream, clock):
    """Every worksheet of the workbook in `stream`, in the order of its tabs."""
    archive = Archive(zipfile.ZipFile(stream), clock)
    if archive.has("EncryptedPackage"):
        raise UnreadableFile(_("This workbook is protected by a password. Please remove the password and try again."))
    book = next(
        (path for kind, path in archive.targets("").values() if kind.endswith(OFFICE_DOCUMENT)), "xl/workbook.xml"
    )
    if not archive.has(book) or not book.lower().endswith(".xml") or not book.lower().startswith("xl/"):
        raise UnreadableFile(_("This is not an Excel workbook (.xlsx). Please save it as .xlsx and try again."))
    targets = archive.targets(book)
    by_kind = {kind.rsplit("/", 1)[-1]: path for kind, path in targets.values()}
    texts_path, styles_path = by_kind.get("sharedStrings"), by_kind.get("styles")
    texts = shared_strings(archive, texts_path) if texts_path and archive.has(texts_path) else []
    styles = date_styles(archive, styles_path) if styles_path and archive.has(styles_path) else {}
    tabs, starts_1904 = tabs_of(archive, book)
    values = ValueReader(texts, styles, starts_1904=starts_1904)
    for name, relation, is_hidden in tabs:
        kind, path = targets.get(relation, ("", ""))
        if kind.endswith("/worksheet") and archive.has(path):
            yield SheetPart(name, path, archive, values, is_hidden)


def tabs_of(archive, book):
    """(name, relationship, hidden) of each tab, and whether days are counted from 1904."""
    tabs, starts_1904 = [], []

    def start(tag, attrs):
        tag = tag[tag.find(":") + 1 :]
        if tag == "sheet":
            relation = next((value for key, value in attrs.items() if key.endswith(":id") or key == "id"), "")
            tabs.append((attrs.get("name", ""), relation, attrs.get("state", "visible") != "visible"))
        elif tag == "workbookPr" and attrs.get("date1904", "0") in ("1", "true", "on"):
            starts_1904.append(True)

    archive.parse_all(book, start)
    if len(tabs) > cells.MAX_SHEETS:
        raise UnreadableFile(_("This workbook has too many sheets."))
    return tabs, bool(starts_1904)
