"""What a cell of a foreign file may hold, and the one way to say that a file cannot be read."""

import datetime
import re
import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MAX_BYTES = 30 * 1024 * 1024
MAX_PART_BYTES = 150 * 1024 * 1024
MAX_TEXT_BYTES = 60 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
WIDEST_SHEET = 16_384
MAX_CELLS = 1_500_000
MAX_MERGES = 100_000
MAX_SHEETS = 100
MAX_CELL_TEXT = 32_767
SECONDS = 6  # with the start of a command around it, nobody waits for a refusal longer than ten
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
HALVES = re.compile("[\ud800-\udfff]")  # of a letter: no database and no file takes one alone


class UnreadableFile(Exception):
    """The file cannot be taken; the text is for the person who sent it."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message

    def __str__(self):
        return str(self.message)


class Formula(str):
    """A cell that computes: the formula as text, with its "=". What another program computed is not believed."""

    __slots__ = ()


class CellError(str):
    """A cell that shows an error such as #REF!."""

    __slots__ = ()


class MonthOnly(datetime.date):
    """A date whose cell shows a year and a month but no day: the whole month is meant."""


class Stopwatch:
    """Reading ends in bounded time, whatever the file is made of."""

    def __init__(self, seconds=SECONDS):
        self.end = time.monotonic() + seconds

    def check(self):
        if time.monotonic() > self.end:
            raise UnreadableFile(_("Reading this file takes too long. Please split it into smaller files."))


@dataclass(frozen=True, slots=True)
class Span:
    """A merged area, rows and columns counted from 1 and both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


def unescaped(text):
    """Excel writes control characters as _x000D_; line ends become newlines."""
    if "_x" in text:
        text = HALVES.sub("", ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "") if "\x00" in text else text


def too_much_text():
    return UnreadableFile(_("A cell of this file holds more text than a spreadsheet can."))
