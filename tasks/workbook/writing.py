"""A ledger written as a workbook that can be edited and handed in again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tasks.models import Assignment, Method
from tasks.workbook.cells import COLUMNS, TASKS
from tasks.workbook.given_cells import UNITS, key_of
from tasks.workbook.rows import MOST_UNITS, Names, listed_units, rows_now, units_now
from tasks.workbook.texts import fitted
from units.spreadsheets import new_workbook

FIRST = len(TASKS.hidden)  # the columns before the first visible one
ROWS_TO_ADD = 2000  # below the last row the lists to choose from still stand ready
FIRST_EXCEL_YEAR = 1900


@dataclass
class Formats:
    head: Any
    text: Any
    day: Any
    plain: Any
    number: Any
    reading: Any

    @classmethod
    def of(cls, book):
        top = {"valign": "top", "text_wrap": True}
        return cls(
            head=book.add_format({"bold": True, "bottom": 1, **top}),
            text=book.add_format({**top, "num_format": "@"}),
            day=book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
            plain=book.add_format(top),
            number=book.add_format({"valign": "top"}),
            reading=book.add_format({**top, "num_format": "@", "font_color": "#6B7280", "bg_color": "#F3F4F6"}),
        )

    def of_column(self, name):
        """How a column is formatted, also below the last row."""
        if name in {"deadline", "own_deadline"}:
            return self.day
        return self.number if name in {"share", "quantity"} else self.text


def write_ledger(file, ledger):
    """Write the ledger into `file`, row by row: its tasks, its units, and a sheet that says what may be edited."""
    names = Names.load(ledger)
    book = new_workbook(file)
    page, units, guide = (book.add_worksheet(name) for name in (_("Ledger"), _("Each unit"), _("How to edit")))
    formats = Formats.of(book)
    begin_table(page, formats)
    last = 0
    for last, row in enumerate(rows_now(ledger), start=1):
        write_row(page, last, row, names.cells, formats)
    end_table(page, last)
    is_whole = write_units(units, ledger, names, formats)
    write_guide(guide, ledger, formats, is_whole=is_whole)
    book.close()


def begin_table(page, formats, layout=TASKS):
    first = len(layout.hidden)
    page.set_column(0, first - 1, 12, None, {"hidden": True})
    for place, column in enumerate(layout.columns, start=first):
        page.set_column(place, place, column.width, formats.of_column(column.name))
    page.freeze_panes(1, 0)
    heads = [*layout.hidden.values(), *(column.heading for column in layout.columns)]
    for place, words in enumerate(heads):
        page.write_string(0, place, str(words), formats.head)


def write_row(page, number, row, cells, formats):
    page.write_string(number, 0, str(row.uid))
    page.write_string(number, 1, TASKS.fingerprint(row.values))
    texts = cells.texts(row.values)
    for place, column in enumerate(COLUMNS, start=FIRST):
        words = texts[column.name]
        day = row.values["deadline"] if column.name == "deadline" else None
        if is_writable(day):
            page.write_datetime(number, place, day, formats.day)
        elif words:
            page.write_string(number, place, fitted(words), formats.text)
        else:
            page.write_blank(number, place, None, formats.text)


def is_writable(day):
    """Whether a spreadsheet can hold it as a day, and not only as text."""
    return day is not None and day.year >= FIRST_EXCEL_YEAR


def end_table(page, last):
    """What stands around the rows: a filter over each column, and lists to choose from where there are few words."""
    places = {column.name: place for place, column in enumerate(COLUMNS, start=FIRST)}
    add_filter(page, last, FIRST + len(COLUMNS))
    page.ignore_errors({"number_stored_as_text": f"A1:Z{last + ROWS_TO_ADD}"})
    choices = {"methods": [str(label) for label in Method.labels], "is_key": [_("yes"), _("no")]}
    for name, words in choices.items():
        # Only a help: several methods in one cell are written by hand.
        rule = {"validate": "list", "source": words, "show_error": False}
        page.data_validation(1, places[name], last + ROWS_TO_ADD, places[name], rule)
    page.data_validation(1, places["deadline"], last + ROWS_TO_ADD, places["deadline"], day_rule())


def add_filter(page, last, columns):
    """Over the hidden columns too: a spreadsheet sorts what lies in its filter, and a key belongs to its row."""
    page.autofilter(0, 0, max(last, 1), columns - 1)


def day_rule():
    return {
        "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "error_type": "warning",
        "error_title": _("Deadline"), "error_message": _("A day such as 2026-09-30."),
    }  # fmt: skip


def write_units(page, ledger, names, formats):
    """The sheet of units. Returns whether it has a row for each of them."""
    begin_table(page, formats, UNITS)
    assignments, is_whole = listed_units(ledger)
    last = 0
    for last, (uid, unit, values) in enumerate(units_now(assignments), start=1):
        values["unit"] = names.given.units.label(unit)
        page.write_string(last, 0, key_of(uid, unit))
        page.write_string(last, 1, UNITS.fingerprint(values))
        write_given(page, last, values, names.given, formats)
    first, end = len(UNITS.hidden), last + ROWS_TO_ADD
    places = {column.name: place for place, column in enumerate(UNITS.columns, start=first)}
    add_filter(page, last, first + len(UNITS.columns))
    page.ignore_errors({"number_stored_as_text": f"A1:Z{end}"})
    parts = {"validate": "list", "source": [str(label) for label in Assignment.Part.labels], "show_error": False}
    page.data_validation(1, places["part"], end, places["part"], parts)
    page.data_validation(1, places["own_deadline"], end, places["own_deadline"], day_rule())
    return is_whole


def write_given(page, number, values, cells, formats):
    """The visible cells of a row. Empty ones are left out: the format of their column stands there already."""
    numbers = {"share": values["share"], "quantity": values["quantity"].number}
    texts = cells.texts(values) | {name: values[name] for name in UNITS.read_only}
    for place, column in enumerate(UNITS.columns, start=len(UNITS.hidden)):
        name, words = column.name, texts[column.name]
        if numbers.get(name) is not None:
            page.write_number(number, place, numbers[name], formats.number)
        elif name == "own_deadline" and is_writable(values["deadline"]):
            page.write_datetime(number, place, values["deadline"], formats.day)
        elif words:
            written = formats.reading if name in UNITS.read_only else formats.text
            page.write_string(number, place, fitted(words), written)


def write_guide(guide, ledger, formats, *, is_whole):
    guide.set_column(0, 0, 100, formats.plain)
    lines = guide_lines(ledger)
    if not is_whole:
        words = _("This ledger is large: the sheet “Each unit” lists only units with something of their own, %(n)s at "
                  "most. For another unit write a new row there.")  # fmt: skip
        lines.append(words % {"n": MOST_UNITS})
    for number, words in enumerate(lines):
        guide.write_string(number, 0, words, formats.head if number == 0 else formats.plain)


def guide_lines(ledger):
    """What the clerk must know, a line each."""
    methods = {"methods": "、".join(str(label) for label in Method.labels)}
    return [
        _("%(ledger)s: how to edit this workbook and hand it in again") % {"ledger": ledger},
        _("Change any cell of the table. Then open the ledger's page, “Import the edited workbook”: it shows every "
          "difference first, and nothing is taken over before you confirm."),
        _("New task: a new row, with its two hidden columns left empty. It is added at the end of the ledger. Do not "
          "copy whole rows: the hidden row key would be copied too."),
        _("A row that is deleted here stays in the ledger, unless you choose on the page to remove it. A task on which "
          "a unit has worked (reported, checked itself, handed it down) always stays."),
        _("Columns may be moved. Headings and the two hidden columns must stay as they are; a column that is deleted "
          "changes nothing."),
        _("Units: names divided by 、 as in 市教育局、市公安局. One unit leads at most; each unit stands once. A name "
          "such as 各区 means all units of the group."),
        _("Shares of responsibility: in percent behind the name, as in 市教育局(60%)、市公安局(40%). Leave them out "
          "or let them add up to 100."),
        _("Each unit: the second sheet has a row for each unit of a task, with its part, share, own deadline, quantity "
          "and own requirement. The grey columns are only for reading. Units are added and taken out on the first "
          "sheet; a unit that is added there may be given more in a new row of the second, with its two hidden columns "
          "left empty and the task written as on the first. Rows that are deleted there change nothing."),
        _("Shares there: the number alone, 60 for 60 %."),
        _("A number such as #12 behind a name says which unit or criterion is meant where the name alone does not."),
        _("Method: one or several of %(methods)s, divided by 、.") % methods,
        _("Deadline: a day such as 2026-09-30. Other words (长期, 每季度末) belong under “Deadline as written”."),
        _("If somebody has changed the same cell in the system since the export, the page shows both; yours is taken "
          "only if you choose so."),
    ]  # fmt: skip
