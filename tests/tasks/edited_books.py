"""Exported workbooks as a clerk edits them: opened by another program, changed cell by cell, saved."""

import io

import openpyxl

from tasks.workbook.compare import compare
from tasks.workbook.edited_sheet import read_edited
from tasks.workbook.store import take_over
from tasks.workbook.writing import write_ledger

COLUMNS = {
    "key": 1, "print": 2, "number": 3, "section": 4, "title": 5, "requirement": 6, "material": 7, "methods": 8,
    "is_key": 9, "lead": 10, "responsible": 11, "supporting": 12, "deadline": 13, "deadline_text": 14, "criteria": 15,
}  # fmt: skip
UNIT_COLUMNS = {
    "unit_key": 1, "print": 2, "number": 3, "title": 4, "unit": 5, "part": 6, "share": 7, "own_deadline": 8,
    "quantity": 9, "quantity_unit": 10, "own_requirement": 11,
}  # fmt: skip


class Book:
    """The workbook of a ledger in the hands of the clerk."""

    def __init__(self, ledger):
        self.ledger, file = ledger, io.BytesIO()
        write_ledger(file, ledger)
        self.book = openpyxl.load_workbook(file)
        self.page, self.units = self.book.worksheets[:2]

    def cell(self, row, column):
        return self.page.cell(row, COLUMNS[column])

    def write(self, row, **cells):
        """Change cells of a row; a row below the last one is a new task."""
        for column, value in cells.items():
            self.cell(row, column).value = value
        return self

    def add(self, **cells):
        return self.write(self.page.max_row + 1, **cells)

    def give(self, row, **cells):
        """Change cells of a row of the sheet of units."""
        for column, value in cells.items():
            self.units.cell(row, UNIT_COLUMNS[column]).value = value
        return self

    def give_also(self, **cells):
        return self.give(self.units.max_row + 1, **cells)

    def file(self):
        file = io.BytesIO()
        self.book.save(file)
        file.seek(0)
        return file

    def plan(self):
        return compare(read_edited(self.file()), self.ledger)

    def take_over(self, **choices):
        return take_over(read_edited(self.file()), self.ledger, choices)


def said(plan):
    """(row, column, before, after) of every changed cell."""
    return [(row.number, one.column, one.before, one.after) for row in plan.with_fate("changed") for one in row.cells]


def said_of_units(plan):
    """The same of every changed cell of the sheet of units."""
    return [(row.number, one.column, one.before, one.after) for row in plan.units for one in row.cells]


def problems(plan):
    """(row, column with its letter) of every problem."""
    return [(one.row, one.column) for one in plan.problems]
