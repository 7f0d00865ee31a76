"""The rows of a ledger's sheet as tasks: what each cell says, and what a person should look at."""

import re

from django.utils.translation import gettext_lazy as _

from tasks.reading.cell_text import folded, number_style, one_line, text_of
from tasks.reading.ledger_draft import Problem
from tasks.reading.sheet import tables, year_in
from tasks.reading.sheet_headings import DEADLINE, MATERIAL, METHOD, PATH, PERSON, REQUIREMENT, TITLE, UNIT
from tasks.reading.sheet_row import DITTO, RowReader
from units.cells import MAX_COLUMNS
from units.spreadsheets import CellError, Formula

SOURCE = re.compile(r"(?:数据|资料|信息)?来源(?:$|[:\s(])|source(?:$|[:\s])", re.IGNORECASE)
NOT_A_TASK = re.compile(
    r"(?:注|备注|说明|附注|填表说明|填[报表]人|制表人?|审[核批]人?|填[报表](?:单位|日期|时间)|联系人|联系电话)(?:[:\d]|$)|(?:合计|总计|小计|续表|接上页|以下空白)$"
)
SECTION = re.compile(
    r"第[一二三四五六七八九十\d]+(?:组|部分|章|节|类|批|阶段|篇|项|板块|方面|大类)|\(?[一二三四五六七八九十]{1,3}[)、.]|[ⅠⅡⅢⅣ]\s*[、.]"
)
ORDINAL = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、]?|第.{1,3}")
DANGEROUS = ("=", "+", "-", "@")
# Formulas begin with "=" and errors with "#"; the others are the full-width twins and white space in front of them.
SUSPECT_START = frozenset("=+-@# \t\n\u3000\xa0\uff1d\uff0b\uff0d\uff20")
SUSPECT_END = frozenset("…. \n\t")
NEGATIVE = re.compile(r".{0,20}负面清单.{0,20}")
DASHES = re.compile(r"[-—–\s]+")
LONGEST_HEADING, MOST_TITLES = 15, 20
FILLED_BY_TASKS = (REQUIREMENT, UNIT, METHOD, DEADLINE, MATERIAL, PERSON)


class TableReader:
    """Reads one sheet line by line into the draft."""

    def __init__(self, draft, sheet, *, year):
        self.draft, self.sheet, self.year = draft, sheet.name, year
        self.columns = None
        self.titles, self.styles, self.first_row = [], set(), 1
        self.announced = ""
        self.forget()

    def forget(self):
        """What a new table or section does not take over."""
        self.section, self.title_above, self.heading_above = "", "", ("", "")
        self.path, self.above = {}, {}

    def read(self, sheet):
        """All of the sheet; False if nothing in it heads columns."""
        for columns, line in tables(sheet):
            if columns is None:
                self.take_title(line)
                continue
            if line is None:
                self.columns = columns
                self.forget()
                self.section = self.announced
            else:
                self.take(line)
        return self.columns is not None

    def problem(self, line, place, value, reason):
        name = self.columns.name(place) if self.columns else ""
        self.draft.problems.append(Problem(line.number, name, value, reason, self.sheet))

    def take_title(self, line):
        text = line.first_text()
        if not self.titles:
            self.first_row = line.number
        if len(self.titles) < MOST_TITLES:
            self.titles.append(text)
        self.announce(text)
        self.year = year_in(text) or self.year

    def announce(self, text):
        """A negative list has headings of its own below its name, where another section would begin anew."""
        self.announced = text if NEGATIVE.fullmatch(text) else ""

    def take(self, line):
        first = folded(line.first_text())
        if not line.own or SOURCE.match(first) or NOT_A_TASK.match(first):
            return
        if self.is_section(line):
            self.start_section(line)
            return
        self.announced = ""
        self.check_cells(line)
        self.fill_path(line)
        task = RowReader(self, line).task()
        if task is None:
            return
        earlier = self.draft.earlier_row(task)
        if earlier is not None:
            reason = _("The same as row %(row)s; it is taken once.") % {"row": earlier}
            self.problem(line, self.columns.title.place if self.columns.title else 0, task.title, reason)
            return
        self.draft.add(task)

    def start_section(self, line):
        text = " ".join(one_line(text_of(line.own[column])) for column in sorted(line.own))
        year = year_in(text)
        self.forget()
        self.section = text
        self.announce(text)
        self.year = year or self.year

    def is_section(self, line):
        """A text across the table, or alone in its row where a task would say more."""
        columns = self.columns
        place = min(line.own)
        text = folded(line.first_text())
        if any(column.place in line.held for role in FILLED_BY_TASKS for column in columns.of.get(role, [])):
            return False
        if len(line.own) == 1 and NEGATIVE.fullmatch(text):
            return True
        number = columns.number.place if columns.number else None
        if len(line.own) > 1:
            said = sorted(line.own)
            return (
                len(said) == 2
                and said[0] == number
                and self.is_ordinal(line.text(number))
                and said[1] in self.naming_places()
            )
        if line.widths.get(place, 1) >= max(2, columns.width / 2):
            return True
        if place == number:
            return not text.replace(".", "").isdigit()
        if columns.title and place == columns.title.place:
            return self.is_lone_title_a_section(text)
        return False

    def naming_places(self):
        return {column.place for role in (TITLE, PATH) for column in self.columns.of.get(role, [])}

    def remember_style(self, style, number):
        """How this table numbers its tasks; a heading is numbered in another way."""
        if style:
            self.styles.add(style)
        if ORDINAL.fullmatch(folded(number)):
            self.styles.add("chinese")

    def is_ordinal(self, text):
        return bool(ORDINAL.fullmatch(folded(text))) and "chinese" not in self.styles

    def is_lone_title_a_section(self, text):
        """Rather a task without a unit, which a person will see, than a heading, which nobody would miss."""
        style = number_style(text)
        if SECTION.match(text):
            return style not in self.styles
        return bool(self.styles) and self.columns.number is None and style is None and len(text) <= LONGEST_HEADING

    def check_cells(self, line):
        """List the cells that nobody should believe: formulas, what looks like one, errors, texts cut off."""
        if line.is_wide:
            self.problem(
                line,
                0,
                "",
                _("There is something beyond column %(number)s; it was not read.") % {"number": MAX_COLUMNS},
            )
        for place, value in line.own.items():
            if not isinstance(value, str) or (value[0] not in SUSPECT_START and value[-1] not in SUSPECT_END):
                continue
            if isinstance(value, Formula):
                self.problem(
                    line,
                    place,
                    str(value),
                    _("A formula is not computed; it is kept as text. Please put its value into the cell."),
                )
            elif isinstance(value, CellError):
                self.problem(line, place, str(value), _("The cell shows an error of the spreadsheet."))
            elif folded(value[:8]).lstrip().startswith(DANGEROUS) and not DASHES.fullmatch(folded(value)):
                self.problem(line, place, value, _("Begins with = + - or @ like a formula; it is kept as text."))
            elif value.rstrip().endswith(("…", "...")) and self.columns.name(place):
                self.problem(line, place, text_of(value), _("The text seems to be cut off."))

    def fill_path(self, line):
        """Levels above the task stand once for several rows; a new one ends the levels below it."""
        levels = self.columns.of.get(PATH, [])
        for level, column in enumerate(levels):
            text = line.text(column.place)
            if text and text not in DITTO and text != self.path.get(column.place):
                for below in levels[level:]:
                    self.path.pop(below.place, None)
                self.path[column.place] = text
                self.title_above = ""
