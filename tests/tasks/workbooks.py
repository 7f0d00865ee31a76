"""Small workbooks and texts, written for one test each."""

import io
import zipfile
from datetime import date

import openpyxl

from tasks.reading.ledger_file import read_ledger

TODAY = date(2026, 5, 1)
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows, merged=(), title="Sheet1", **more_sheets):
    """A workbook with these rows; `more_sheets` are name=rows."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    for name, other in more_sheets.items():
        sheet = book.create_sheet(name)
        for row in other:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return io.BytesIO(file.getvalue())


def edited(file, **parts):
    """The workbook with parts of its XML changed: `sheet=function` from bytes to bytes."""
    names = {"sheet": SHEET, "styles": "xl/styles.xml", "texts": "xl/sharedStrings.xml"}
    changes = {names[part]: change for part, change in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, changes[name](content) if name in changes else content)
    return io.BytesIO(made.getvalue())


def read(*rows, known=lambda name: True, **options):
    """The draft of a workbook with these rows."""
    return read_ledger(workbook(*rows, **options), today=TODAY, known=known)


def read_lines(*lines, encoding="utf-8"):
    """The draft of a text file with these lines."""
    return read_ledger(io.BytesIO("\n".join(lines).encode(encoding)), today=TODAY, known=lambda name: True)


def titles(draft):
    return [(task.row, task.title) for task in draft.tasks]


def problems(draft):
    """(row, column) of every problem."""
    return [(problem.row, problem.column) for problem in draft.problems]
