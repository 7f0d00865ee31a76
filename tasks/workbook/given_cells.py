"""The sheet of the units: a row for each unit of a task, and each thing it is given on its way into a cell and back."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from tasks.models import Assignment
from tasks.models.division import FULL, LONGEST_REQUIREMENT
from tasks.reading.cell_text import folded
from tasks.workbook.cell_reading import Reading, SheetCells, read_day, read_text, refused, text
from tasks.workbook.labels import SEPARATOR, Labels
from tasks.workbook.layout import Column, Layout
from tasks.workbook.texts import in_every_language, said
from units.markup import number_text
from units.names import plain

COLUMNS = (
    Column("number", _("No."), "number", 10),
    Column("title", _("Task"), "title", 44),
    Column("unit", _("Unit"), "unit", 24),
    Column("part", _("Part"), "part", 10),
    Column("share", _("Share in percent"), "share", 12),
    Column("own_deadline", _("Own deadline"), "deadline", 14),
    Column("quantity", _("Quantity"), "quantity", 12),
    Column("quantity_unit", _("Unit of the quantity"), "quantity", 12),
    Column("own_requirement", _("Own requirement"), "requirement", 44),
)
FIELDS = ("part", "share", "deadline", "quantity", "requirement")
READ_ONLY = ("number", "title", "unit")
UNITS = Layout("unit_key", _("Row key of the unit (do not change)"), COLUMNS, FIELDS, READ_ONLY)
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,9})?")
CENTS = Decimal("0.01")
MOST = Decimal(10**10)
LONGEST_UNIT = Assignment._meta.get_field("quantity_unit").max_length


@dataclass(frozen=True)
class Quantity:
    """How much is asked, with its unit; `NONE` where nothing is counted."""

    number: Decimal | None
    unit: str

    def __str__(self):
        return f"{shown(self.number)} {self.unit}"


NONE = Quantity(None, "")
EMPTY = {"share": None, "deadline": None, "quantity": NONE, "requirement": ""}


def shown(number):
    return "" if number is None else number_text(number)


def key_of(uid, unit):
    """The row key: the task for good, and the unit."""
    return f"{uid}/{unit}"


@lru_cache(maxsize=1)
def parts():
    """{word: part}."""
    return in_every_language([(part.label, part.value) for part in Assignment.Part])


@dataclass
class GivenCells(SheetCells):
    """Writes what a unit is given into cells and reads it."""

    units: Labels
    year: int
    layout = UNITS

    def texts(self, values):
        quantity = values["quantity"]
        return {
            "part": str(Assignment.Part(values["part"]).label) if values["part"] else "",
            "share": shown(values["share"]),
            "own_deadline": values["deadline"].isoformat() if values["deadline"] else "",
            "quantity": shown(quantity.number),
            "quantity_unit": quantity.unit,
            "own_requirement": values["requirement"],
        }

    def meaning(self, name, raws, now):
        if name == "quantity":
            return self._quantity(raws, now or NONE)
        ((column, raw),) = raws.items()
        return getattr(self, f"_{name}")(column, raw)

    def _part(self, column, raw):
        known, words = parts(), text(raw)
        if plain(words) not in known:
            labels = SEPARATOR.join(str(label) for label in Assignment.Part.labels)
            reason = _("The part is one of: %(parts)s. A unit is taken out on the first sheet.")
            return refused(column, words, reason % {"parts": labels})
        return Reading(known[plain(words)])

    def _share(self, column, raw):
        words = text(raw)
        share = number_in(words.removesuffix("%").removesuffix("％"))
        if words and (share is None or share > FULL):
            return refused(column, words, _("A share is a number from 0 to 100, with two decimals at most."))
        if share and share < 1 and not isinstance(raw, str):  # 60% typed into a spreadsheet is kept as 0.6
            return refused(column, words, _("This is less than one percent. For 60 % please write 60."))
        return Reading(share)

    def _deadline(self, column, raw):
        return read_day(column, raw, self.year)

    def _quantity(self, raws, now):
        words = {column: text(raw) for column, raw in raws.items()}
        number_words, unit = words.get("quantity", shown(now.number)), words.get("quantity_unit", now.unit)
        number = number_in(number_words)
        if number_words and (not number or number >= MOST):
            reason = _("A quantity is a number above 0 with two decimals at most; its unit has a column of its own.")
            return refused("quantity", number_words, reason)
        if len(unit) > LONGEST_UNIT:
            return read_text("quantity_unit", unit, LONGEST_UNIT)
        if bool(number) != bool(unit):
            column = "quantity" if unit else "quantity_unit"
            return refused(column, f"{number_words} {unit}".strip(), _("A quantity and its unit go together."))
        return Reading(Quantity(number, unit))

    def _requirement(self, column, raw):
        return read_text(column, text(raw), LONGEST_REQUIREMENT)


def number_in(words):
    """The number that a cell says, 1,200 too; None for no number, or one of more than two decimals."""
    plain_words = folded(words).strip()
    if not NUMBER.fullmatch(plain_words):
        return None
    number = Decimal(plain_words.replace(",", ""))
    return number if number == number.quantize(CENTS) else None


def values_of(part, share, own=EMPTY):
    """The values of a row: the part and share of a unit, and what else it is given."""
    return {**EMPTY, **own, "part": part, "share": share}


def own_values(deadline, number, unit, requirement):
    return {"deadline": deadline, "quantity": Quantity(number, said(unit)), "requirement": said(requirement)}
