"""A list of units laid out as a tree, in one pass and without a query per branch."""

from dataclasses import dataclass
from typing import Any

FEW = 40


@dataclass
class Row:
    """One unit as the template prints it: `kids` below it directly, `all_below` altogether, and after it `closes`
    branches end."""

    unit: Any
    kids: int = 0
    all_below: int = 0
    is_open: bool = True
    closes: int = 0

    @property
    def closing(self):
        return range(self.closes)


def rows_of(units, *, open_to=2):
    """The units, given in the order of siblings, as rows in tree order; without its superior a unit is a top.

    Branches are open down to the level `open_to` below the top; None opens all, and so do few units.
    """
    units = list(units)
    known = {unit.pk for unit in units}
    below = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    everything_open = open_to is None or len(units) <= FEW
    rows = []

    def lay(unit, level):
        row = Row(unit, is_open=everything_open or level < open_to)
        rows.append(row)
        kids = below.get(unit.pk, [])
        row.kids = len(kids)
        for kid in kids:
            row.all_below += 1 + lay(kid, level + 1)
        if kids:
            rows[-1].closes += 1
        return row.all_below

    for unit in below.get(None, []):
        lay(unit, 1)
    return rows
