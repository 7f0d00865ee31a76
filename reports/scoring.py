"""Scores and ranks of a period, computed by PostgreSQL. The rules in full: docs/scoring.md.

Ranked are the units below the level that keeps the period which have a peer group and exist on the period's last day.
A section, a community or any unit without a peer group of its own counts for the nearest ranked unit above it; a unit
that was merged counts for its successor. Each component's points, and then the total on a scale of 100, are rounded
half up to the scheme's decimals, so that whoever adds up the printed figures gets the printed total.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from reports.measures import CHECKS, MEASURES
from reports.models import Ranking, ScoreLine

FRAME = """
    ranked AS (
        SELECT id, peer_group_id FROM units_unit
         WHERE path LIKE %(below)s AND peer_group_id IS NOT NULL
           AND valid_from <= %(ends_on)s AND (valid_until IS NULL OR valid_until >= %(ends_on)s)
    ),
    heir (unit_id, heir_id) AS (
        SELECT id, id FROM units_unit WHERE path LIKE %(below)s
         UNION
        SELECT heir.unit_id, merged.successor_id
          FROM heir JOIN units_unit merged ON merged.id = heir.heir_id
         WHERE merged.successor_id IS NOT NULL AND merged.valid_until < %(ends_on)s
    ),
    owner AS (
        SELECT unit_id, ranked_id
          FROM (SELECT DISTINCT ON (heir.unit_id) heir.unit_id, ranked.id AS ranked_id
                  FROM heir
                  JOIN units_unit unit ON unit.id = heir.heir_id
                 CROSS JOIN unnest(string_to_array(trim('/' FROM unit.path), '/')::bigint[])
                            WITH ORDINALITY AS above (id, depth)
                  JOIN ranked ON ranked.id = above.id
                 WHERE unit.successor_id IS NULL OR unit.valid_until >= %(ends_on)s
                 ORDER BY heir.unit_id, above.depth DESC) nearest
         WHERE %(only)s::bigint IS NULL OR ranked_id = %(only)s
    )
"""

# Rounded half up (points are positive); an untouched full mark stays as it is whatever its decimals, NULL stays NULL.
ROUNDED = 'CASE WHEN {0} < "full" THEN least("full", round({0}, %(decimals)s)) WHEN {0} >= "full" THEN "full" END'

SCORES = """
    INSERT INTO reports_score (ranking_id, unit_id, peer_group_id, total, rank)
    SELECT %(ranking)s, unit_id, peer_group_id, total,
           CASE WHEN total IS NULL THEN NULL
                WHEN %(ties)s = 'dense' THEN dense_rank() OVER best
                ELSE rank() OVER best END
      FROM (SELECT part.unit_id, unit.peer_group_id,
                   round(100 * sum(points) / nullif(sum("full") FILTER (WHERE points IS NOT NULL), 0), %(decimals)s)
                   AS total
              FROM part JOIN units_unit unit ON unit.id = part.unit_id
             GROUP BY part.unit_id, unit.peer_group_id) totals
    WINDOW best AS (PARTITION BY peer_group_id ORDER BY total DESC NULLS LAST)
"""

PARTS = """
    INSERT INTO reports_scorepart (score_id, component_id, "full", points, got, possible, cases)
    SELECT score.id, part.component_id, part."full", part.points, part.got, part.possible, part.cases
      FROM part JOIN reports_score score ON score.unit_id = part.unit_id AND score.ranking_id = %(ranking)s
"""

LINE_FIELDS = "score_id, component_id, points, uncut, rule, formula, finding_id, item_id, assignment_id, answer_id"


def compute(period, scheme, by, *, now=None, lines=True):
    """Score and rank the period by the scheme as things stand. Returns the new `Ranking`; nothing older changes.

    With `lines` the cause of every lost point is kept with it; a trial does without and is many times faster.
    All figures are of one moment, unless the caller has a transaction open that had already read something.
    """
    with one_moment(), connection.cursor() as cursor:
        ranking = Ranking.objects.create(
            period=period, scheme=scheme, by=by, computed_at=now or timezone.now(), has_lines=lines
        )
        given, components = frame(ranking), list(scheme.components.all())
        cursor.execute(f"CREATE TEMP TABLE part ON COMMIT DROP AS {parts(components)}", given)
        cursor.execute(SCORES, given)
        cursor.execute(PARTS, given)
        cursor.execute("DROP TABLE part")
        if lines:
            cursor.execute(f"INSERT INTO reports_scoreline ({LINE_FIELDS}) {lost_points(components)}", given)
    return ranking


def lines_of(score):
    """What cost this score its points: kept with the ranking, or for a trial what the rows of today say."""
    if score.ranking.has_lines:
        return list(score.lines.all())
    given = frame(score.ranking, only=score.unit_id)
    select = lost_points(list(score.ranking.scheme.components.all()))
    with connection.cursor() as cursor:
        cursor.execute(select, given)
        names = [column.name for column in cursor.description]
        return [ScoreLine(**dict(zip(names, row, strict=True))) for row in cursor]


@contextmanager
def one_moment():
    """A transaction in which every statement sees the rows as they were at its first one."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def frame(ranking, *, only=None):
    """The parameters of every statement: the period, the level, the clock, the rounding; `only` one ranked unit."""
    period, scheme = ranking.period, ranking.scheme
    first, last = period.bounds()
    return {
        "ranking": ranking.pk,
        "below": f"{period.unit.path}%",
        "levels": [int(pk) for pk in period.unit.path.strip("/").split("/")],
        "year": period.year,
        "ends_on": period.ends_on,
        "first": first,
        "last": last,
        "now": ranking.computed_at,
        "scheme": scheme.pk,
        "decimals": scheme.decimals,
        "ties": scheme.ties,
        "only": only,
    }


def parts(components):
    """The SELECT of all parts: one row per ranked unit and component."""
    figures = " UNION ALL ".join(
        f"SELECT {component.pk} AS component_id, figures.* FROM ({MEASURES[component.measure].figures}) figures"
        for component in components
    )
    exact = case(components, "component.id", lambda measure: measure.points)
    return f"""
    WITH RECURSIVE {FRAME},
    checks AS ({CHECKS}),
    figures (component_id, unit_id, got, possible, cases) AS ({figures}),
    summed AS (
        SELECT owner.ranked_id, component_id, sum(got) AS got, sum(possible) AS possible, sum(cases) AS cases
          FROM figures JOIN owner ON owner.unit_id = figures.unit_id
         GROUP BY owner.ranked_id, component_id
    ),
    exact AS (
        SELECT ranked.id AS unit_id, component.id AS component_id, component."full",
               coalesce(got, 0) AS got, coalesce(possible, 0) AS possible, coalesce(cases, 0)::integer AS cases,
               {exact} AS points
          FROM ranked
         CROSS JOIN reports_component component
          LEFT JOIN summed ON summed.ranked_id = ranked.id AND summed.component_id = component.id
         WHERE component.scheme_id = %(scheme)s
    )
    SELECT unit_id, component_id, "full", got, possible, cases, {ROUNDED.format("points")} AS points FROM exact
    """


def lost_points(components):
    """The SELECT of all lines of a ranking whose scores and parts are written.

    What is left of the full mark is rounded after each cause, and a line is what it takes away: so the lines of a part
    add up to its lost points, and those after an exhausted full mark cost nothing.
    """
    causes = " UNION ALL ".join(
        f"SELECT {component.pk} AS component_id, causes.* FROM ({MEASURES[component.measure].causes}) causes"
        for component in components
    )
    left = case(components, "component_id", lambda measure: measure.left)
    formula = case(components, "component_id", lambda measure: measure.formula)
    uncut = case(components, "component_id", lambda measure: measure.uncut)
    return f"""
    WITH RECURSIVE {FRAME},
    causes AS ({causes}),
    part AS MATERIALIZED (  -- PostgreSQL knows nothing yet of rows just written, and would join all causes to all parts
        SELECT owner.unit_id, part.component_id, part.id, part.score_id, part."full", part.possible
          FROM owner
          JOIN reports_score score ON score.ranking_id = %(ranking)s AND score.unit_id = owner.ranked_id
          JOIN reports_scorepart part ON part.score_id = score.id
    ),
    counted AS (
        SELECT part.score_id, part."full", part.possible, causes.*,
               sum(causes.lost) OVER (PARTITION BY part.id ORDER BY causes.at, causes.id ROWS UNBOUNDED PRECEDING)
               AS so_far
          FROM causes JOIN part ON part.unit_id = causes.unit_id AND part.component_id = causes.component_id
    ),
    remaining AS (
        SELECT counted.*, {ROUNDED.format(f"({left})")} AS kept FROM counted
    ),
    costed AS (
        SELECT remaining.*, kept - lag(kept, 1, "full") OVER (PARTITION BY score_id, component_id ORDER BY at, id)
               AS points
          FROM remaining
    )
    SELECT score_id, component_id, points, {uncut} AS uncut, rule, {formula} AS formula,
           finding_id, item_id, assignment_id, answer_id
      FROM costed
     ORDER BY score_id, component_id, at, id
    """


def case(components, column, expression):
    """A CASE over the components with the expression of each one's measure."""
    branches = " ".join(f"WHEN {c.pk} THEN {expression(MEASURES[c.measure])}" for c in components)
    return f"CASE {column} {branches} END"
