"""Assignments in the order in which they were handed down."""

from tasks.models import Assignment

ORDER = {part: n for n, part in enumerate(Assignment.Part.values)}


def in_tree(rows, top=None):
    """Those of `rows` below the assignment `top` (None: asked by the ledger), each followed by those below it.

    Who leads comes first; what was handed down by one that is not among them begins anew. Each row learns its `level`,
    from 0.
    """
    below, known = {}, {row.pk for row in rows}
    for row in sorted(rows, key=lambda row: (ORDER[row.part], row.unit.path)):
        above = row.parent_id if row.parent_id in known or row.parent_id == top else None
        below.setdefault(above, []).append(row)

    def walk(parent, level):
        for row in below.get(parent, []):
            row.level = level
            yield row
            yield from walk(row.pk, level + 1)

    return list(walk(top, 0))
