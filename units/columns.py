"""The columns of a table and the tabs above it: what is read from a row, how it sorts and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F

NUMBERS = frozenset({"number", "score", "percent"})


@lru_cache(maxsize=256)
def words(kind, name):
    """The words of a field's choices; None where `kind` has no such field.

    Django's `get_…_display` puts them together anew for each row.
    """
    fields = {field.name: field for field in kind._meta.fields} if hasattr(kind, "_meta") else {}
    return dict(fields[name].flatchoices) if name in fields else None


def display(row, name):
    """The word for a value out of choices, as the row's `get_…_display` says it."""
    known = words(type(row), name)
    if known is None:
        return getattr(row, f"get_{name}_display")()
    value = getattr(row, name)
    return known.get(value, value)


def read(row, path):
    """The value at an attribute path like `unit.short_name`; keys work too, methods are called, None ends it."""
    for name in path.split("."):
        if name.startswith("get_") and name.endswith("_display") and not isinstance(row, Mapping):
            return display(row, name.removeprefix("get_").removesuffix("_display"))
        try:
            row = row.get(name) if isinstance(row, Mapping) else getattr(row, name)
        except ObjectDoesNotExist:  # the other end of a one-to-one
            return None
        row = row() if callable(row) and not hasattr(row, "all") else row
        if row is None:
            return None
    return row


@dataclass(frozen=True)
class Column:
    """One column. `sort` is the order_by term behind its header; `empty_last` keeps NULLs at the end both ways.

    A cell that is more than a value is markup: of a `template`, or of `draw`, a function of the row, where a list has
    one in each of its hundreds of rows.
    """

    name: str
    label: Any
    sort: str = ""
    kind: str = "text"
    link: bool = False
    template: str = ""
    draw: Any = None
    phone: bool = True
    empty_last: bool = False

    @cached_property
    def classes(self):
        """How its cells look: numbers to the right, the title of the card, not on the phone."""
        names = [("num", self.kind in NUMBERS), ("cell-title", self.link), ("desk-only", not self.phone)]
        return " ".join(name for name, wanted in names if wanted)

    def value(self, row):
        return read(row, self.name)

    def order(self, *, descending):
        if self.empty_last:
            term = F(self.sort)
            return term.desc(nulls_last=True) if descending else term.asc(nulls_last=True)
        return f"-{self.sort}" if descending else self.sort


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    active: bool = False
    count: int | None = None
