"""The catalogue of a package: its chapters, and its lines of text in columns. Pure.

A table of two thousand rows takes WeasyPrint a quarter of a minute and 300 MB, lines of preformatted text a second and
next to nothing. So the columns are made here: each cell is cut or wrapped to its width, by the widths of the face that
it is printed in, and brought to its place by tabs.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FACE = Path(__file__).resolve().parent.parent / "static" / "fonts" / "fandol" / "FandolFang-Regular.otf"
POINT = 0.352778  # mm
SIZE = 10.5 * POINT  # of the face; as static/paper/hand_in_v1.css says it
TAB = 19 * 25.4 / 96  # 19 pixels in mm, as there: WeasyPrint forgets the rest of a pixel
NEAR = 0.03  # of a tab: so near to a stop nobody knows on which side of it a text ends
GAP = 2  # mm at the least between two columns
CLOSING = frozenset("）》〉」』】〕”’，。、；：？！)]")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Column:
    """From where to where, in tabs from the left."""

    left: int
    right: int

    @property
    def width(self):
        return (self.right - self.left) * TAB - GAP


NUMBER, TITLE, UNIT, BYTES, HASH = (
    Column(0, 8), Column(8, 30), Column(30, 38), Column(38, 43), Column(43, 51),
)  # fmt: skip
COLUMNS = (NUMBER, TITLE, UNIT, BYTES, HASH)
HEADS = ("编号", "资料名称", "提供单位", "大小", "SHA-256(前12位)")


def chapters(facts):
    """The criteria of a package in order, each with its entries: what page and paper are drawn from."""
    found = {}
    for entry in facts["entries"]:
        key = (entry["standard"], entry["code"], entry["criterion"])
        found.setdefault(key, []).append(entry)
    return [
        {"standard": standard, "code": code, "criterion": criterion, "entries": entries,
         "size": sum(entry["size"] for entry in entries if not entry["see"])}
        for (standard, code, criterion), entries in found.items()
    ]  # fmt: skip


@cache
def advances():
    """How wide each letter is, in thousandths of the size of the face; what it lacks is drawn full width."""
    font = TTFont(FACE)
    widths = font["hmtx"]
    return {letter: widths[name][0] for letter, name in font.getBestCmap().items()}


def width(text):
    known = advances()
    return sum(known.get(ord(letter), 1000) for letter in text) * SIZE / 1000


def wrapped(text, most):
    """The text in lines of at most so many mm, none of which begins with what closes a word."""
    lines, reached = [""], 0.0
    for letter in " ".join(text.split()):
        reached += width(letter)
        if reached > most:
            kept = len(lines[-1]) - (letter in CLOSING)
            lines[-1:] = [lines[-1][:kept], lines[-1][kept:]]
            reached = width(lines[-1] + letter)
        lines[-1] += letter
    return lines


def cut(text, most):
    text = " ".join(text.split())
    return text if width(text) <= most else f"{wrapped(text, most - SIZE)[0]}…"


def in_columns(cells):
    """One line: each cell at the left edge of its column."""
    line, at = "", 0.0
    for text, column in zip(cells, COLUMNS, strict=True):
        if not text:
            continue
        line += "\t" * (column.left - int(at / TAB)) + text
        at = column.left * TAB + width(text)
        while abs(at / TAB - round(at / TAB)) < NEAR:
            line += " "
            at += width(" ")
    return line


def lines_of(entry):
    """The lines of one entry: as many as its title takes."""
    title = f"{entry['title']}（{entry['piece']}）" if entry["piece"] else entry["title"]
    first, *rest = wrapped(title, TITLE.width)
    size, proof = (f"见{entry['see']}", "") if entry["see"] else (spoken_size(entry["size"]), entry["sha256"][:12])
    cells = [entry["number"], first, entry["unit"], size, proof]
    yield in_columns([cut(text, column.width) for text, column in zip(cells, COLUMNS, strict=True)])
    for line in rest:
        yield in_columns(["", line, "", "", ""])


def spoken_size(size):
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE // 10 else f"{max(1, round(size / 1024))} KB"


def text_of(entries):
    return "\n".join(line for entry in entries for line in lines_of(entry))


def heads():
    return in_columns(HEADS)
