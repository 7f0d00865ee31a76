"""What both sheets have in common when a cell is read."""

import datetime
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from tasks.reading.cell_text import text_of
from tasks.reading.deadline_text import read_deadline
from tasks.workbook.texts import said
from units.spreadsheets import CellError, Formula


@dataclass
class Reading:
    """What cells say: `value` of a field, or the problems as (column, what the cell says, reason)."""

    value: Any = None
    problems: list = field(default_factory=list)


def text(raw):
    """What a cell says, as it is compared."""
    return said(raw) if isinstance(raw, str) else text_of(raw)


def refused(column, words, reason):
    return Reading(problems=[(column, words, reason)])


class SheetCells(ABC):
    """Writes the values of one sheet into cells and reads them. A sheet has a `layout`, `texts` and `meaning`."""

    @abstractmethod
    def texts(self, values):
        """column → what stands in its cell for these values, as text, at full length."""

    @abstractmethod
    def meaning(self, name, raws, now):
        """The `Reading` of a field from cells that hold no formula."""

    def read(self, name, raws, now=None):
        """The `Reading` of the field `name` from `raws`: column → value of its cell, of the columns there are.

        A column that the file lacks says what it says `now`.
        """
        wrong = [(column, raw) for column, raw in raws.items() if isinstance(raw, Formula | CellError)]
        if wrong:
            words = _("Formulas and errors are not read; please write the value itself.")
            return Reading(problems=[(column, str(raw), words) for column, raw in wrong])
        return self.meaning(name, raws, now)


def read_text(column, words, most=None):
    if most and len(words) > most:
        return refused(column, words, _("At most %(n)s letters stand here.") % {"n": most})
    return Reading(words)


def read_day(column, raw, year):
    said_here = text(raw)
    try:
        day = datetime.date.fromisoformat(said_here)
    except ValueError:
        day = read_deadline(raw if not isinstance(raw, str) else said_here, year=year).day
    if said_here and day is None:
        return refused(column, said_here, _("This is no date such as 2026-09-30."))
    return Reading(day)
