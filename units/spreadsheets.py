"""Tables in and out: any workbook or CSV read safely as sheets of rows, any list written as a workbook."""

import csv
import datetime
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from numbers import Number
from pathlib import Path
from xml.parsers import expat

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from units import cells, xlsx
from units.cells import CellError, Formula, MonthOnly, Span, UnreadableFile

__all__ = [
    "CellError",
    "Formula",
    "MonthOnly",
    "Sheet",
    "Span",
    "UnreadableFile",
    "new_workbook",
    "read_sheets",
    "read_text",
    "write_rows",
]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHER_PROGRAMS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
WEB_PAGES = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style", b"<svg")
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
    OverflowError,
    IndexError,
    expat.ExpatError,
    UnicodeError,
    struct.error,
    OSError,
    csv.Error,
)


@dataclass
class Sheet:
    """One sheet; `rows()` gives (its number in the sheet, {column from 1: value}) once, without what is empty."""

    name: str
    rows: Callable[[], Iterator[tuple[int, dict[int, object]]]]
    merges: list[Span] = field(default_factory=list)
    declared: Span | None = None
    is_hidden: bool = False


@contextmanager
def opened(file):
    """The bytes of a path or of an open binary file, from its start; too large is refused before anything is read."""
    with Path(file).open("rb") if isinstance(file, (str, Path)) else nullcontext(file) as stream:
        stream.seek(0, io.SEEK_END)
        size = stream.tell()
        stream.seek(0)
        if size > cells.MAX_BYTES:
            raise UnreadableFile(_("This file is larger than 30 MB. Please send only the table, without pictures."))
        yield stream


@contextmanager
def damage_told():
    """Whatever breaks while a foreign file is read means: damaged."""
    try:
        yield
    except DAMAGE as error:
        raise UnreadableFile(
            _("This file is damaged or not a table. Please open it in Excel or WPS and save it as .xlsx.")
        ) from error


def is_workbook(stream):
    """True for a zip, False for text; everything else is refused with its reason."""
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(ZIP):
        return True
    if head.startswith(OLE):
        raise UnreadableFile(old_office_reason(stream))
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith(WEB_PAGES):
        raise UnreadableFile(
            _("This is a web page or XML under another name. Please open it in Excel or WPS and save it as .xlsx.")
        )
    has_zeros = b"\x00" in head and not head.startswith(UTF_16)
    if head.startswith(OTHER_PROGRAMS) or has_zeros:
        raise UnreadableFile(_("This is not an Excel workbook (.xlsx). Please save it as .xlsx and try again."))
    if not head.strip():
        raise UnreadableFile(_("This file is empty."))
    return False


def old_office_reason(stream):
    content = stream.read(cells.MAX_BYTES)
    stream.seek(0)
    if ENCRYPTED in content:
        return _("This workbook is protected by a password. Please remove the password and try again.")
    return _("This is a file of an old Office edition (.xls or .doc). Please save it as .xlsx and try again.")


def read_sheets(file):
    """Go through the sheets of a workbook (.xlsx) or of a text table (CSV with , ; or tab, in UTF-8 or GB 18030).

    Take each sheet's rows before asking for the next sheet. Whatever is wrong with the file ends in UnreadableFile,
    and so does reading for longer than `cells.SECONDS` seconds.
    """
    clock = cells.Stopwatch()
    with opened(file) as stream:
        with damage_told():
            found = workbook_sheets(stream, clock) if is_workbook(stream) else [text_sheet(decoded(stream), clock)]
        yield from untroubled(found)


def untroubled(steps):
    """The same steps; only the trouble of the file is translated, never that of the code which takes them."""
    steps = iter(steps)
    while True:
        with damage_told():
            step = next(steps, None)
        if step is None:
            return
        yield step


def workbook_sheets(stream, clock):
    for part in xlsx.sheets(stream, clock):
        part.look_ahead()
        yield Sheet(
            name=part.name,
            rows=lambda part=part: untroubled(part.rows()),
            merges=part.merges,
            declared=xlsx.area(part.declared),
            is_hidden=part.is_hidden,
        )


def read_text(file):
    """The text of a plain text file, or None if it is a workbook."""
    with opened(file) as stream, damage_told():
        return None if is_workbook(stream) else decoded(stream)


def decoded(stream):
    content = stream.read(cells.MAX_BYTES)
    encodings = ["utf-16"] if content.startswith(UTF_16) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile(_("This text is neither UTF-8 nor GB 18030. Please save it as .xlsx and try again."))


def delimiter_of(text):
    """The separator that the first lines use most."""
    head = "\n".join([line for line in text[:20_000].split("\n") if line.strip()][:20])
    return max(",\t;", key=head.count)


def narrow_lines(text, delimiter):
    """The lines of a text table, none of which may be wider than any sheet is."""
    for line in io.StringIO(text, newline=""):
        if line.count(delimiter) > cells.WIDEST_SHEET:
            raise ValueError("a line without end")
        yield line


def text_sheet(text, clock):
    def rows():
        delimiter = delimiter_of(text)
        reader = csv.reader(narrow_lines(text, delimiter), delimiter=delimiter)
        filled = 0
        for number, values in enumerate(reader, start=1):
            if number % 100 == 0:
                clock.check()
            row = {column: value for column, value in enumerate(values, start=1) if value.strip()}
            if row:
                filled += 1
                yield number, row
            if filled > cells.MAX_ROWS:
                raise UnreadableFile(
                    _("This sheet has more than 50,000 filled rows. Please split it into smaller files.")
                )

    return Sheet(name="", rows=lambda: untroubled(rows()))


def new_workbook(file):
    """A workbook written row by row into `file`, with memory that does not grow with its rows.

    Text stays text: what begins with = + - @ is no formula, no address becomes a link.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    return xlsxwriter.Workbook(file, options)


def write_rows(file, header, rows, *, sheet="Sheet1", widths=()):
    """Write a workbook of one sheet into `file`: a bold, frozen header and the rows, which may be a generator."""
    book = new_workbook(file)
    page = book.add_worksheet(sheet[:31])
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.write_row(0, 0, [str(name) for name in header], bold)
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value[: cells.MAX_CELL_TEXT], wrapped)
            elif isinstance(value, datetime.datetime):
                page.write_datetime(number, column, value, moment)
            elif isinstance(value, (Number, datetime.date, datetime.time)):
                page.write(number, column, value)
            elif value is not None:
                page.write_string(number, column, str(value), wrapped)
    book.close()
