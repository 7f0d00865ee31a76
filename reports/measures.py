"""What each measure counts, as SQL: one SELECT for its figures, one for its lost points. `reports.scoring` runs them.

`figures` gives `unit_id, got, possible, cases` per unit; they add up from the sections to the unit that is ranked.
`points` makes the exact points of a component out of the sums (`"full"` is its full mark); NULL: nothing to assess.
`causes` gives one row per lost something: `unit_id, at, id, lost, rule, each` and the ids of its cause. `left` makes
the points left after all causes up to this one (`so_far` is their sum); after the last one it equals `points`.
`formula` is what a reader checks a line with, `uncut` what the cause would cost if nothing else had been lost.

All of them may use the parameters of `scoring.frame` and the rows of `checks` (the answers of the period, per unit).
"""

from dataclasses import dataclass

from reports.models import Component

RATE = '"full" * got / possible'
RATE_LEFT = '"full" * (possible - so_far) / possible'
CHECKS = """
    SELECT answer.unit_id,
           count(*) AS checks,
           sum(standard.points) AS possible,
           coalesce(sum(standard.points) FILTER (WHERE answer.outcome = 'pass'), 0) AS got
      FROM inspections_answer answer
      JOIN inspections_visit visit ON visit.id = answer.visit_id
      JOIN inspections_checklistitem standard ON standard.id = answer.item_id
     WHERE visit.started_at >= %(first)s AND visit.started_at < %(last)s AND answer.outcome <> 'na'
     GROUP BY answer.unit_id
"""


@dataclass(frozen=True)
class Measure:
    figures: str
    points: str
    causes: str
    left: str
    formula: str
    uncut: str = "points"


def tasks():
    """Full mark × average approved progress of the unit's assignments.

    Those count that the year's ledgers of this level or one above ask for by the end of the period, or without a
    deadline. Every part (lead, responsible, supporting) counts alike; what a unit hands down counts for it once, as its
    own assignment. Tasks that come again count month by month, not their pattern.
    """
    asked = """
          FROM tasks_assignment share
          JOIN tasks_task task ON task.id = share.task_id
          JOIN tasks_ledger ledger ON ledger.id = task.ledger_id
         WHERE ledger.year = %(year)s
           AND ledger.unit_id = ANY(%(levels)s)
           AND share.parent_id IS NULL
           AND task.repeats = ''
           AND (share.due_on IS NULL OR share.due_on <= %(ends_on)s)
    """
    return Measure(
        figures=f"""
        SELECT share.unit_id, sum(share.percent) / 100 AS got, count(*) AS possible, count(*) AS cases
        {asked}
         GROUP BY share.unit_id
        """,
        points=f"CASE WHEN possible > 0 THEN {RATE} END",
        causes=f"""
        SELECT share.unit_id, ledger.created_at AS at, share.id, (100 - share.percent) / 100 AS lost,
               'unfinished' AS rule, trim_scale(100 - share.percent) || '%%' AS each,
               NULL::bigint AS finding_id, NULL::bigint AS item_id,
               share.id AS assignment_id, NULL::bigint AS answer_id
        {asked} AND share.percent < 100
        """,
        left=RATE_LEFT,
        formula="""trim_scale("full") || ' × ' || each || ' ÷ ' || trim_scale(possible)""",
    )


def deductions():
    """Full mark − the deductions of all findings of the period, never below zero (扣完为止).

    Assessed when something was checked or found: a unit that nobody visited is not given the full mark.
    """
    found = "FROM inspections_finding finding WHERE finding.found_at >= %(first)s AND finding.found_at < %(last)s"
    return Measure(
        figures=f"""
        SELECT finding.unit_id, sum(finding.deduction) AS got, 0::bigint AS possible, count(*) AS cases
        {found}
         GROUP BY finding.unit_id
         UNION ALL
        SELECT unit_id, 0, checks, 0 FROM checks
        """,
        points="""CASE WHEN possible + cases > 0 THEN greatest("full" - got, 0) END""",
        causes=f"""
        SELECT finding.unit_id, finding.found_at AS at, finding.id, finding.deduction AS lost,
               CASE WHEN standard.id IS NULL OR finding.deduction > standard.deduction * finding.count THEN 'flat'
                    WHEN finding.deduction < standard.deduction * finding.count THEN 'item_cap'
                    ELSE 'each' END AS rule,
               CASE WHEN standard.id IS NULL OR finding.deduction > standard.deduction * finding.count
                    THEN finding.deduction::text
                    ELSE standard.deduction || ' × ' || finding.count END AS each,
               finding.id AS finding_id, NULL::bigint AS item_id,
               NULL::bigint AS assignment_id, NULL::bigint AS answer_id
        {found.replace("WHERE", "LEFT JOIN inspections_checklistitem standard ON standard.id = finding.item_id WHERE")}
           AND finding.deduction > 0
        """,
        left="""greatest("full" - so_far, 0)""",
        formula="each",
        uncut="-lost",
    )


def pass_rate():
    """Full mark × points of the passed items ÷ points of the items that applied; 不适用 does not count."""
    return Measure(
        figures="SELECT unit_id, got, possible, checks AS cases FROM checks",
        points=f"CASE WHEN possible > 0 THEN {RATE} END",
        causes="""
        SELECT answer.unit_id, visit.started_at AS at, answer.id, standard.points AS lost,
               'failed' AS rule, trim_scale(standard.points)::text AS each,
               NULL::bigint AS finding_id, NULL::bigint AS item_id,
               NULL::bigint AS assignment_id, answer.id AS answer_id
          FROM inspections_answer answer
          JOIN inspections_visit visit ON visit.id = answer.visit_id
          JOIN inspections_checklistitem standard ON standard.id = answer.item_id
         WHERE visit.started_at >= %(first)s AND visit.started_at < %(last)s AND answer.outcome = 'fail'
        """,
        left=RATE_LEFT,
        formula="""trim_scale("full") || ' × ' || each || ' ÷ ' || trim_scale(possible)""",
    )


def rectification():
    """Full mark × items closed in time ÷ items due in the period.

    Late is late, also when closed, and so is what is still open past its deadline. What is disputed, not yet due or
    waiting for the second person counts neither way.
    """
    judged = """
          FROM (SELECT id, unit_id, due_at, state,
                       coalesce(overdue_at IS NOT NULL OR submitted_at > due_at
                                OR (state IN ('issued', 'signed', 'returned') AND due_at < %(now)s), false) AS late
                  FROM inspections_rectificationitem
                 WHERE due_at >= %(first)s AND due_at < %(last)s AND state <> 'disputed') judged
         WHERE (late OR state = 'closed')
    """
    return Measure(
        figures=f"""
        SELECT unit_id, count(*) FILTER (WHERE NOT late) AS got, count(*) AS possible, count(*) AS cases
        {judged}
         GROUP BY unit_id
        """,
        points=f"CASE WHEN possible > 0 THEN {RATE} END",
        causes=f"""
        SELECT unit_id, due_at AS at, id, 1 AS lost,
               CASE WHEN state IN ('closed', 'submitted') THEN 'late' ELSE 'open' END AS rule, '' AS each,
               NULL::bigint AS finding_id, id AS item_id, NULL::bigint AS assignment_id, NULL::bigint AS answer_id
        {judged} AND late
        """,
        left=RATE_LEFT,
        formula="""trim_scale("full") || ' ÷ ' || trim_scale(possible)""",
    )


MEASURES = {
    Component.Measure.TASKS: tasks(),
    Component.Measure.DEDUCTIONS: deductions(),
    Component.Measure.PASS_RATE: pass_rate(),
    Component.Measure.RECTIFICATION: rectification(),
}
