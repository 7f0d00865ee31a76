"""The columns of a table and the tabs above it: what is read from a row, how it sorts and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F

NUMBERS = frozenset({"number", "score", "percent"})


def read(row, path):
    """The value at an attribute path like `unit.short_name`; keys work too, methods are called, None ends it."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, Mapping) else getattr(row, name)
        row = row() if callable(row) and not hasattr(row, "all") else row
        if row is None:
            return None
    return row


@dataclass(frozen=True)
class Column:
    """One column. `sort` is the order_by term behind its header; `empty_last` keeps NULLs at the end both ways."""

    name: str
    label: Any
    sort: str = ""
    kind: str = "text"
    link: bool = False
    template: str = ""
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
