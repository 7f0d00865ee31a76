"""The text of cells as people write it: lines broken inside words, list numbers, codes of the standard, points."""

import datetime
import re

from units.spreadsheets import MonthOnly

# Full-width letters, digits and punctuation have the place of their half-width twins, so patterns need one form only.
HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
LEVELS = str.maketrans("ⅰⅱⅲⅳ", "ⅠⅡⅢⅣ")
LATIN_LEVELS = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = "一二三四五六七八九十百"
DASH = "[-—–―‐‑─]+"
TAIL = " \t\n。、;,\uff1b\uff0c"

CODE = re.compile(
    rf"(?<![A-Za-z])(?P<level>[ⅠⅡⅢⅣⅰⅱⅲⅳ]|I{{1,3}}|IV)\s*{DASH}\s*(?P<number>\d{{1,3}}(?:\s*{DASH}\s*\d{{1,3}})*\s*\)?)"
    rf"(?:\s*{DASH}?\s*(?P<point>[{CIRCLED}]))?"
)
LIST_NUMBER = re.compile(
    r"\s*(?:(?P<dotted>\d{1,2}(?:\.\d)+(?!\d))(?:[.、]|\s)"
    r"|(?P<arabic>\d{1,3})(?:[、)]|\.(?!\d))"
    r"|\((?P<ringed>\d{1,3})\)"
    rf"|(?P<chinese>[{CHINESE}]{{1,4}})[、.]"
    rf"|\((?P<chinese_ringed>[{CHINESE}]{{1,4}})\)"
    rf"|(?P<circled>[{CIRCLED}]))\s*"
)
POINT = re.compile(
    r"(?<!\d)\(?(?P<round>\d{1,2})\)"
    r"|(?:(?<=^)|(?<=[\n;。\s]))(?P<dotted>\d{1,2})(?:\.(?!\d)|、)"
    rf"|(?P<circled>[{CIRCLED}])"
)
STARTS_ITEM = re.compile(rf"[ⅠⅡⅢⅣ({CIRCLED}]|\d{{1,3}}[.、)]|[{CHINESE}]{{1,3}}、")


def folded(text):
    """The text in half width, character for character: what is found in it stands at the same place in the text."""
    return text.translate(HALF_WIDTH)


def text_of(value):
    """What the cell says, as text."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, MonthOnly):
        return f"{value.year}年{value.month}月"
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    return format(value, ".15g") if isinstance(value, float) else str(value)


def one_line(text):
    """The text on one line; a break leaves no gap inside Chinese or upright words, but one before a new point."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    joined = ""
    for line in filter(None, lines):
        joined += gap(joined, line) + line
    return joined


def gap(before, after):
    if not before:
        return ""
    if STARTS_ITEM.match(folded(after)):
        return " "
    # The code of an indicator stands apart from its name, which is often written upright below it.
    if before[-1].isascii() and before[-1].isalnum():
        return " "
    return "" if not (before[-1].isascii() and after[0].isascii()) else " "


def list_number(text):
    """("3", "rest") for "3.rest"; ("", text) without a number, or when the text is a list of several points itself."""
    found = LIST_NUMBER.match(folded(text))
    if not found or found.end() == len(text):
        return "", text
    number = next(value for value in found.groups() if value)
    return ("", text) if len(numbered_points(text)) > 1 else (number, text[found.end() :])


def number_style(text):
    """How the text is numbered ("arabic", "chinese" …), or None."""
    found = LIST_NUMBER.match(folded(text))
    return found.lastgroup if found else None


def plain_code(found):
    level = found["level"].translate(LEVELS)
    number = re.sub(DASH, "-", "".join(found["number"].split()))
    code = f"{LATIN_LEVELS.get(level, level)}-{number}"
    return f"{code}-{found['point']}" if found["point"] else code


def coded_parts(text):
    """[("Ⅲ-1", "健全制度"), ("Ⅲ-1-①", "把学习…")]: codes with what each names; [("", text)] without codes."""
    found = list(CODE.finditer(folded(text)))
    if not found or text[: found[0].start()].strip():
        return [("", one_line(text))]
    ends = [code.start() for code in found[1:]] + [len(text)]
    return [
        (plain_code(code), one_line(text[code.end() : end].strip(" \n:、.\uff1a\uff0e")))
        for code, end in zip(found, ends, strict=True)
    ]


def point_number(found):
    circled = found["circled"]
    return CIRCLED.index(circled) + 1 if circled else int(found["round"] or found["dotted"])


def numbered_points(text):
    """[("1", "first"), ("2", "second")] for "1)first;2)second"; [] unless the numbers run on from 1 in one style."""
    return [(number, one_line(part).strip(TAIL)) for number, part in numbered_parts(text)]


def numbered_parts(text):
    """The same with the text of each point as it stands, line breaks and all."""
    points = {}
    for found in POINT.finditer(folded(text)):
        points.setdefault(found.lastgroup, []).append(found)
    if not points:
        return []
    style = min(points, key=lambda name: points[name][0].start())
    taken = []
    for found in points[style]:
        if point_number(found) == len(taken) + 1:
            taken.append(found)
    if not taken or text[: taken[0].start()].strip(TAIL):
        return []
    ends = [found.start() for found in taken[1:]] + [len(text)]
    return [(str(point_number(found)), text[found.end() : end]) for found, end in zip(taken, ends, strict=True)]
