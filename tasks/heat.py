"""The heat map of a ledger: how far each unit is with each part of it, and how much of it is overdue.

A cell is the average of what was approved, over the assignments that the ledger asks of the unit in that row (what a
unit hands down counts once, as its own assignment), with the number of red lights. A task that proves several criteria
stands in each of their rows, but counts once in the figures of a unit and of the whole. One statement.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper

from tasks.aspects import WITHOUT_CRITERION, WITHOUT_SECTION, has_criteria, in_tree_order, sections_of
from tasks.lights import Light
from tasks.models import Indicator
from units.models import Unit

ASPECT, INDICATOR, SECTION = "aspect", "indicator", "section"

# The row of each task: the indicator of the wanted level above its criteria, or its section.
UPWARDS = """
    SELECT DISTINCT link.task_id, {key} AS row
      FROM tasks_task_criteria link
      JOIN tasks_task task ON task.id = link.task_id AND task.ledger_id = %s
      JOIN tasks_criterion criterion ON criterion.id = link.criterion_id
      JOIN tasks_indicator own ON own.id = criterion.indicator_id
      LEFT JOIN tasks_indicator above ON above.id = own.parent_id
"""
PLACED = {
    ASPECT: UPWARDS.format(key="CASE own.level WHEN 1 THEN own.id WHEN 2 THEN own.parent_id ELSE above.parent_id END"),
    INDICATOR: UPWARDS.format(key="CASE own.level WHEN 3 THEN own.parent_id ELSE own.id END"),
    SECTION: "SELECT id AS task_id, nullif(section, '') AS row FROM tasks_task WHERE ledger_id = %s",
}
# The assignments are gone through once, added up by unit and by the set of rows in which a task stands (nearly always
# one). All that follows is made of these few sums: a task in two rows is in both, and still once in its unit's total.
# Only the cells of a row that shares tasks with another one are made of several sums.
CELLS = """
WITH given (task_id, unit_id, percent, red) AS ({given}),
placed AS ({placed}),
standing AS (SELECT task_id, array_agg(row ORDER BY row) AS rows FROM placed GROUP BY task_id),
named AS (SELECT task_id, rows, min(task_id) OVER (PARTITION BY rows) AS place FROM standing),
summed AS MATERIALIZED (
    SELECT place, unit_id, sum(percent) AS sum, count(*) AS n, count(*) FILTER (WHERE red) AS red
      FROM given LEFT JOIN named USING (task_id)
     GROUP BY place, unit_id
),
rows AS (
    SELECT DISTINCT place, row, bool_or(cardinality(rows) > 1) OVER (PARTITION BY row) AS is_shared
      FROM named CROSS JOIN unnest(rows) AS row
),
part AS MATERIALIZED (SELECT row, is_shared, unit_id, sum, n, red FROM summed LEFT JOIN rows USING (place))
SELECT 'cell', row, unit_id, round(sum / n, 1), n, red FROM part WHERE is_shared IS NOT TRUE
 UNION ALL
SELECT 'cell', row, unit_id, round(sum(sum) / sum(n), 1), sum(n)::bigint, sum(red)::bigint
  FROM part WHERE is_shared GROUP BY row, unit_id
 UNION ALL
SELECT 'row', row, NULL, round(sum(sum) / sum(n), 1), sum(n)::bigint, sum(red)::bigint
  FROM part GROUP BY row
 UNION ALL
SELECT CASE grouping(unit_id) WHEN 0 THEN 'unit' ELSE 'whole' END, NULL::{type}, unit_id,
       round(sum(sum) / sum(n), 1), sum(n)::bigint, sum(red)::bigint
  FROM summed GROUP BY GROUPING SETS ((unit_id), ())
"""


class Cell(NamedTuple):
    """`average` approved progress in percent of `n` assignments, `red` of them overdue."""

    average: Decimal
    n: int
    red: int


@dataclass
class HeatMap:
    """`rows` are `(key, label)`, key None for tasks without one; `cells` by `(key, unit's primary key)`."""

    rows: list
    units: list
    cells: dict
    by_row: dict
    by_unit: dict
    whole: Cell | None


def ways_of(ledger):
    """How the rows of this ledger can be grouped, the usual way first."""
    return [INDICATOR, ASPECT] if has_criteria(ledger) else [SECTION]


def heat_map(assignments, ledger, way, lights):
    """The heat map of `ledger` over `assignments` (`ledger.asked_of` a person), its rows grouped by `way`."""
    found = {"cell": {}, "row": {}, "unit": {}, "whole": {}}
    for kind, row, unit, *figures in figures_of(assignments, ledger, way, lights):
        key = {"cell": (row, unit), "row": row, "unit": unit, "whole": None}[kind]
        found[kind][key] = Cell(*figures)
    units = Unit.objects.filter(pk__in=found["unit"]).order_by("peer_group__order", "peer_group", "order", "pk")
    whole = found["whole"].get(None)
    return HeatMap(
        rows=labelled(found["row"], ledger, way),
        units=list(units),
        cells=found["cell"],
        by_row=found["row"],
        by_unit=found["unit"],
        whole=whole if whole and whole.n else None,
    )


def figures_of(assignments, ledger, way, lights):
    """The one statement, as tuples `(kind, row, unit, average, n, red)`."""
    red = ExpressionWrapper(lights.which(Light.OVERDUE), output_field=BooleanField())
    given = assignments.annotate(red=red).order_by()
    sql, params = given.values_list("task_id", "unit_id", "percent", "red").query.sql_with_params()
    with connection.cursor() as cursor:
        kind = "text" if way == SECTION else "bigint"
        cursor.execute(CELLS.format(given=sql, placed=PLACED[way], type=kind), [*params, ledger.pk])
        return cursor.fetchall()


def labelled(keys, ledger, way):
    """The rows in the order of the standard or the table, those without a place last."""
    if way == SECTION:
        rows = [(section, section) for section in sections_of(ledger) if section in keys]
    else:
        indicators = in_tree_order(Indicator.objects.filter(pk__in=[key for key in keys if key]))
        rows = [(one.pk, str(one)) for one in indicators]
    return [*rows, (None, WITHOUT_SECTION if way == SECTION else WITHOUT_CRITERION)] if None in keys else rows
