"""A ledger written as a workbook that can be edited and handed in again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tasks.models import Method
from tasks.workbook.cells import COLUMNS, HIDDEN, fingerprint
from tasks.workbook.rows import Names, rows_now
from tasks.workbook.texts import fitted
from units.spreadsheets import new_workbook

FIRST = len(HIDDEN)  # the columns before the first visible one
ROWS_TO_ADD = 2000  # below the last row the lists to choose from still stand ready
FIRST_EXCEL_YEAR = 1900


@dataclass
class Formats:
    head: Any
    text: Any
    day: Any
    plain: Any


def write_ledger(file, ledger):
    """Write the whole ledger into `file`, row by row: the table, then a sheet that says what may be edited."""
    names = Names.load(ledger)
    book = new_workbook(file)
    page, guide = book.add_worksheet(_("Ledger")), book.add_worksheet(_("How to edit"))
    top = {"valign": "top", "text_wrap": True}
    formats = Formats(
        head=book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}),
        text=book.add_format({**top, "num_format": "@"}),
        day=book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        plain=book.add_format(top),
    )
    begin_table(page, formats)
    last = 0
    for last, row in enumerate(rows_now(ledger), start=1):
        write_row(page, last, row, names.cells, formats)
    end_table(page, last)
    write_guide(guide, ledger, formats)
    book.close()


def begin_table(page, formats):
    page.set_column(0, FIRST - 1, 12, None, {"hidden": True})
    for place, column in enumerate(COLUMNS, start=FIRST):
        page.set_column(place, place, column.width, formats.day if column.name == "deadline" else formats.text)
    page.freeze_panes(1, 0)
    heads = [*HIDDEN.values(), *(column.heading for column in COLUMNS)]
    for place, words in enumerate(heads):
        page.write_string(0, place, str(words), formats.head)


def write_row(page, number, row, cells, formats):
    page.write_string(number, 0, str(row.uid))
    page.write_string(number, 1, fingerprint(row.values))
    texts = cells.texts(row.values)
    for place, column in enumerate(COLUMNS, start=FIRST):
        words = texts[column.name]
        day = row.values["deadline"] if column.name == "deadline" else None
        if day and day.year >= FIRST_EXCEL_YEAR:
            page.write_datetime(number, place, day, formats.day)
        elif words:
            page.write_string(number, place, fitted(words), formats.text)
        else:
            page.write_blank(number, place, None, formats.text)


def end_table(page, last):
    """What stands around the rows: a filter over each column, and lists to choose from where there are few words."""
    places = {column.name: place for place, column in enumerate(COLUMNS, start=FIRST)}
    page.autofilter(0, FIRST, max(last, 1), FIRST + len(COLUMNS) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:Z{last + ROWS_TO_ADD}"})
    choices = {"methods": [str(label) for label in Method.labels], "is_key": [_("yes"), _("no")]}
    for name, words in choices.items():
        # Only a help: several methods in one cell are written by hand.
        rule = {"validate": "list", "source": words, "show_error": False}
        page.data_validation(1, places[name], last + ROWS_TO_ADD, places[name], rule)
    rule = {
        "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "error_type": "warning",
        "error_title": _("Deadline"), "error_message": _("A day such as 2026-09-30."),
    }  # fmt: skip
    page.data_validation(1, places["deadline"], last + ROWS_TO_ADD, places["deadline"], rule)


def write_guide(guide, ledger, formats):
    guide.set_column(0, 0, 100, formats.plain)
    for number, words in enumerate(guide_lines(ledger)):
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
          "a unit has reported always stays."),
        _("Columns may be moved. Headings and the two hidden columns must stay as they are; a column that is deleted "
          "changes nothing."),
        _("Units: names divided by 、 as in 市教育局、市公安局. One unit leads at most; each unit stands once. A name "
          "such as 各区 means all units of the group."),
        _("Shares of responsibility: in percent behind the name, as in 市教育局(60%)、市公安局(40%). Leave them out "
          "or let them add up to 100."),
        _("A number such as #12 behind a name says which unit or criterion is meant where the name alone does not."),
        _("Method: one or several of %(methods)s, divided by 、.") % methods,
        _("Deadline: a day such as 2026-09-30. Other words (长期, 每季度末) belong under “Deadline as written”."),
        _("If somebody has changed the same cell in the system since the export, the page shows both; yours is taken "
          "only if you choose so."),
    ]  # fmt: skip
