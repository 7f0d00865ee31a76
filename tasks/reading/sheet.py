"""The layout of a ledger's sheet: merged areas spread over their rows, headings found, columns understood."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.reading.cell_text import folded, one_line, text_of
from tasks.reading.deadline_text import DIGITS
from tasks.reading.sheet_headings import (
    ALWAYS_PATH,
    ALWAYS_REQUIREMENT,
    DEADLINE,
    METHOD,
    NUMBER,
    OTHER,
    PATH,
    PERSON,
    REQUIREMENT,
    TITLE,
    UNIT,
    Heading,
    heading,
    plain,
    under_group,
)
from units.cells import MAX_COLUMNS

MOST_HEADING_ROWS, LONGEST_BELOW, LONGEST_HEADING = 3, 6, 72
YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:年(?!\s*\d{1,2}\s*月)|版|届)")
ANY_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
WRITTEN_YEAR = re.compile(f"二[{''.join(DIGITS)}]{{3}}(?=\\s*年|版|届)")
STANDARD = re.compile(r".*标准")


def year_in(text):
    """The year a title names, or None; 二〇二六年 and full-width digits are years too."""
    text = WRITTEN_YEAR.sub(lambda written: "".join(DIGITS[mark] for mark in written[0]), folded(text))
    found = YEAR.search(text) or ANY_YEAR.search(text)
    return int(found[1]) if found else None


@dataclass(slots=True)
class Line:
    """One row: `own` stands in it, `held` comes down in merged areas, `widths` are of cells over several columns."""

    number: int
    own: dict[int, object]
    held: dict[int, object] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    is_wide: bool = False

    texts: dict[int, str] | None = None

    def value(self, column):
        return self.own[column] if column in self.own else self.held.get(column)

    def text(self, column):
        if self.texts is None:
            self.texts = {place: text_of(value) for place, value in {**self.held, **self.own}.items()}
        return self.texts.get(column, "")

    def first_text(self):
        return one_line(text_of(self.own[min(self.own)])) if self.own else ""


@dataclass(slots=True)
class Column:
    """One column of the table below its heading."""

    place: int
    text: str
    head: Heading | None
    role: str = OTHER
    is_standard: bool = False
    year: int | None = None


@dataclass
class Columns:
    """The columns of a table by what they hold."""

    all: list[Column]
    last_row: int

    def __post_init__(self):
        self.by_place = {column.place: column for column in self.all}
        self.of = {}
        for column in self.all:
            self.of.setdefault(column.role, []).append(column)
        self.title = next(iter(self.of.get(TITLE, [])), None)
        self.number = next(iter(self.of.get(NUMBER, [])), None)
        self.names = tuple(column.text for column in self.all)
        self.width = max(column.place for column in self.all) - min(column.place for column in self.all) + 1

    def name(self, place):
        column = self.by_place.get(place)
        return column.text if column else ""


def lines(sheet) -> Iterator[Line]:
    """The rows of the sheet with every merged value counted for each row its area covers."""
    spans, waiting, covered = sheet.merges, 0, {}
    for number, cells in sheet.rows():
        line = Line(number, cells)
        if max(cells) > MAX_COLUMNS or min(cells) < 1:
            line.is_wide = True
            line.own = {column: value for column, value in cells.items() if 1 <= column <= MAX_COLUMNS}
        if covered:
            covered = {column: end for column, end in covered.items() if end[0] >= number}
        while waiting < len(spans) and spans[waiting].top <= number:
            lay(spans[waiting], line, covered)
            waiting += 1
        for column, (_bottom, value, top) in covered.items():
            if top != number:
                line.own.pop(column, None)
                if value is not None:
                    line.held[column] = value
        if line.own or line.held:
            yield line


def lay(span, line, covered):
    """Put a merged area over its columns; its value counts in its first column."""
    begins_here = span.top == line.number
    if span.bottom < line.number:
        return
    value = line.own.get(span.left) if begins_here else None
    right = min(span.right, MAX_COLUMNS)
    for column in range(span.left, right + 1):
        if begins_here and column != span.left:
            line.own.pop(column, None)
        if span.bottom > span.top:
            covered[column] = (span.bottom, value if column == span.left else None, span.top)
    if begins_here and right > span.left and span.left in line.own:
        line.widths[span.left] = right - span.left + 1


def could_head(value):
    """The quick answer, for most cells of most rows: a number or a long text heads nothing."""
    return isinstance(value, str) and len(value) <= LONGEST_HEADING and not value.isdigit()


def is_heading(line, *, inside_table):
    """Whether the row heads columns. Inside a table only sure words count, so that no task is taken for one."""
    if len(line.own) < 2 or not all(could_head(value) for value in line.own.values()):
        return False
    heads = [heading(value) for value in line.own.values()]
    found = [head for head in heads if head]
    sure = [head for head in found if head.is_sure]
    least_sure, least_share = (2, 2 / 3) if inside_table else (1, 1 / 2)
    if len(found) < 2 or len(sure) < least_sure or len(found) < least_share * len(heads):
        return False
    roles = {head.role for head in found}
    return bool(roles & {TITLE, PATH}) and (bool(roles & {UNIT, NUMBER, METHOD, DEADLINE, PERSON}) or len(sure) > 1)


def is_second_heading(line, above):
    """Whether the row goes on heading the columns below the groups of the row above."""
    if not line.own or any(not isinstance(value, str) for value in line.own.values()):
        return False
    heads = {column: heading(value) for column, value in line.own.items()}
    groups = grouped(above)
    if not any(heads.values()) or not any(column in groups for column in heads):
        return False
    # A word that heads nothing known may still stand in a gap of the row above.
    return all(
        head.is_sure if head else column not in above.own and len(plain(line.own[column])) <= LONGEST_BELOW
        for column, head in heads.items()
    )


def grouped(above):
    """The columns that stand under a wide heading, by a merged area or by blanks right of it."""
    return {
        column: place for place, width in widths_with_blanks(above).items() for column in range(place, place + width)
    }


def widths_with_blanks(above):
    """How far each heading reaches: its merged area, or up to the next heading where areas arrive as blanks."""
    places = sorted({*above.own, *above.held})
    widths = {}
    for place, following in itertools.zip_longest(places, places[1:]):
        free = (following or place + MOST_HEADING_ROWS) - place
        width = above.widths.get(place) or (free if not above.widths else 1)
        if width > 1:
            widths[place] = width
    return widths


def without_gaps(text):
    """Headings are spread by spaces and line breaks ("责 任 领 导"); in Chinese none of them mean anything."""
    return " ".join(text.split()) if text.isascii() else "".join(text.split())


def columns_from(rows):
    """The Columns headed by one row, or by several rows of which the upper ones group the lower ones."""
    texts, heads = {}, {}
    for line in rows:
        groups, above = (grouped(rows[0]) if texts else {}), dict(texts)
        for place, value in {**(line.held if line is rows[0] else {}), **line.own}.items():
            text = without_gaps(text_of(value))
            group = above.get(place) or above.get(groups.get(place), "")
            heads[place] = under_group(group, text) if group else heading(text)
            texts[place] = f"{group} {text}" if group else text
    found = [Column(place, texts[place], heads[place], year=year_in(texts[place])) for place in sorted(texts)]
    give_roles(found)
    return Columns(found, rows[-1].number)


def give_roles(columns):
    """Choose the title column; others that could be it say where the task belongs (left of it) or what is required."""
    titles = [column for column in columns if column.head and column.head.role == TITLE]
    title = max(titles, key=lambda column: column.head.mark, default=None)
    if title is None:
        title = next((column for column in reversed(columns) if column.head and column.head.role == PATH), None)
    for column in columns:
        if column.head is None:
            continue
        column.role = column.head.role
        if column is title:
            column.role = TITLE
        elif column.role == TITLE:
            column.role = beside_title(column, title)
        column.is_standard = column.role in (TITLE, REQUIREMENT) and bool(
            STANDARD.fullmatch(column.head.word) or column.head.word == "standard"
        )


def beside_title(column, title):
    if ALWAYS_PATH.fullmatch(column.head.word):
        return PATH
    if ALWAYS_REQUIREMENT.fullmatch(column.head.word) or column.place > title.place:
        return REQUIREMENT
    return PATH


def is_group_row(before, line):
    """Whether the row above a heading heads some of its columns too, without naming a task itself."""
    if before is None or len(before.own) < 2 or before.number + 1 != line.number:
        return False
    return any(isinstance(value, str) and heading(value) and heading(value).is_sure for value in before.own.values())


def tables(sheet) -> Iterator[tuple[Columns | None, Line | None]]:
    """(columns, None) for every heading, (columns, line) for every other line; above all headings columns is None."""
    columns, before, ahead = None, None, lines(sheet)
    line = next(ahead, None)
    while line is not None:
        following = next(ahead, None)
        if is_heading(line, inside_table=columns is not None):
            rows = [before, line] if columns is None and is_group_row(before, line) else [line]
            while (
                following
                and len(rows) < MOST_HEADING_ROWS
                and following.number - rows[-1].number <= 2
                and is_second_heading(following, rows[-1])
            ):
                rows.append(following)
                following = next(ahead, None)
            columns = columns_from(rows)
            yield columns, None
        else:
            yield columns, line
        before, line = line, following
