"""From the XML of a cell to its value: numbers, texts and dates, never a computed one."""

import datetime
import re

from django.utils.translation import gettext_lazy as _

from units import cells
from units.cells import CellError, Formula, MonthOnly, UnreadableFile

# Built-in formats that show a date; 27–36 and 50–58 are the Chinese and Japanese ones.
BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
BUILT_IN_MONTHS = {17, 57}
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
EPOCH, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
DAY, MONTH = "day", "month"


def shows(code):
    """What a number format shows: DAY for a date, MONTH for a month without a day, None for no date."""
    bare = NOT_SHOWN.sub("", code.split(";")[0]).lower()
    is_time = {"h", "s"} & set(bare) or ELAPSED.search(code)
    if "general" in bare or not ({"y", "d"} & set(bare) or ("m" in bare and not is_time)):
        return None
    return MONTH if "m" in bare and "d" not in bare else DAY


def bounded(text):
    """The text, refused where no cell can hold as much."""
    if len(text) > cells.MAX_CELL_TEXT:
        raise cells.too_much_text()
    return text


def date_styles(archive, path):
    """Cell style number (as written in the file) → DAY or MONTH, for those that show a date."""
    codes, styles, inside = {}, [], []

    def start(tag, attrs):
        tag = tag[tag.find(":") + 1 :]
        if tag == "numFmt":
            codes[attrs.get("numFmtId")] = attrs.get("formatCode", "")
        elif tag == "cellXfs":
            inside.append(tag)
        elif tag == "xf" and inside:
            styles.append(attrs.get("numFmtId", "0"))

    def end(tag):
        if tag.endswith("cellXfs"):
            inside.clear()

    archive.parse_all(path, start, end)
    found = {}
    for number, style in enumerate(styles):
        if style in codes:
            kind = shows(codes[style])
        else:
            known = int(style) if style.isdecimal() else 0
            kind = MONTH if known in BUILT_IN_MONTHS else DAY if known in BUILT_IN_DATES else None
        if kind:
            found[str(number)] = kind
    return found


class ValueReader:
    """Turns what a cell says into str, int, float, date, Formula or CellError; None for nothing."""

    def __init__(self, texts, styles, *, starts_1904):
        self.texts, self.styles = texts, styles
        self.epoch = EPOCH_1904 if starts_1904 else EPOCH

    def value(self, kind, style, pieces, formula):
        if formula is not None:
            return Formula("=" + cells.unescaped(bounded("".join(formula))))
        raw = "".join(pieces)
        if kind == "s":
            return self.shared(raw)
        if kind in ("inlineStr", "str"):
            if len(raw) > cells.MAX_CELL_TEXT:
                raise cells.too_much_text()
            return cells.unescaped(raw)
        if kind == "e":
            return CellError(bounded(raw))
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        return self.iso(raw) if kind == "d" else self.number(raw, style)

    def shared(self, raw):
        try:
            return self.texts[int(raw)]
        except (ValueError, IndexError) as error:
            raise UnreadableFile(_("This workbook is damaged: it refers to a text that it does not hold.")) from error

    def iso(self, raw):
        try:
            return datetime.date.fromisoformat(raw[:10])
        except ValueError:
            return bounded(raw)

    def number(self, raw, style):
        try:
            number = float(raw)
        except ValueError:
            return bounded(raw)
        if style in self.styles:
            return self.date(number, self.styles[style]) or raw
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    def date(self, days, kind):
        if self.epoch is EPOCH and 0 < days < 60:  # Excel believes in 29 February 1900
            days += 1
        try:
            day = self.epoch + datetime.timedelta(days=int(days))
        except (OverflowError, ValueError):
            return None
        return MonthOnly(day.year, day.month, 1) if kind == MONTH else day
