"""The difference of an edited workbook for people at a terminal and for programs."""

from django.utils.translation import gettext as _

from tasks.workbook.plan import GONE, NEW


def as_json(plan):
    """The object that `import_ledger --json` prints for an exported workbook."""
    return {
        "ledger": plan.ledger.pk,
        "new": [
            {"row": row.number, "cells": {cell.column: cell.after for cell in row.cells}} for row in plan.with_fate(NEW)
        ],
        "changed": [
            {"row": row.number, "key": row.mark, "cells": cells(row.cells)}
            for row in plan.rows
            if row.now and row.values
        ],
        "units": [{"row": row.number, "key": row.mark, "cells": cells(row.cells)} for row in plan.units if row.cells],
        "conflicts": [
            {"row": one.row.number, "key": one.row.mark, "field": one.field, "cells": cells(one.cells)}
            for one in plan.conflicts
        ],
        "gone": [{"row": row.number, "key": row.mark} for row in plan.with_fate(GONE)],
        "missing": [{"key": one.mark, "title": one.title, "stays": one.refused} for one in plan.missing],
        "unchanged": plan.counts["same"],
        "remarks": [str(remark) for remark in plan.remarks],
        "problems": [problem.as_json() | {"sheet": problem.sheet} for problem in plan.problems],
    }


def cells(changed):
    return [{"column": cell.column, "before": cell.before, "after": cell.after} for cell in changed]


def lines(plan):
    """The same for people to read."""
    for problem in plan.problems:
        yield f"{problem.sheet} {problem.row}: {problem.column} {problem.value[:60]} {problem.reason}".strip()
    yield from map(str, plan.remarks)
    for row in [*(row for row in plan.rows if row.now), *plan.units]:
        for cell in row.cells:
            yield f"{place(row)}: {cell.heading}: {cell.before[:60]!r} → {cell.after[:60]!r}"
    words = _("changed here too, and kept")
    for one in plan.conflicts:
        for cell in one.cells:
            yield f"{place(one.row)}: {cell.heading}: {cell.before[:60]!r} ≠ {cell.after[:60]!r} ({words})"
    words = _("not in the file, and kept")
    for one in plan.missing:
        yield f"{one.title[:60]}: {words}"
    words = _("%(ledger)s: %(new)s new, %(changed)s changed, %(same)s unchanged, %(units)s changed per unit")
    yield words % {"ledger": plan.ledger, **plan.counts}


def place(row):
    """Where a row stands: its number, and on the sheet of units its name too."""
    return f"{row.sheet} {row.number} {row.title[:60]}" if row.sheet else str(row.number)
