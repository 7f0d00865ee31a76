"""Answers by the million, for the measurement of the ranking: made by PostgreSQL, not by Python."""

from django.db import connection

# Each answer needs a visit and an item of its own; the visits are dealt out over the last thirty days, the answers over
# all ranked units. Every seventh answer is a failure.
SQL = """
WITH item AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS items
      FROM inspections_checklistitem WHERE checklist_id = %(checklist)s
), place AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS places FROM inspections_place
), visit AS (
    INSERT INTO inspections_visit (uuid, round_id, place_id, by_id, way, started_at, finished_at, note)
    SELECT gen_random_uuid(), %(round)s, place.id, %(by)s, 'on_site', day, day, ''
      FROM generate_series(0, %(answers)s / (SELECT min(items) FROM item)) AS number
      JOIN place ON place.n = number %% place.places
     CROSS JOIN LATERAL (SELECT %(now)s - (number %% %(days)s + 1) * interval '1 hour' AS day) moment
    RETURNING id
), numbered AS (
    SELECT visit.id AS visit_id, item.id AS item_id,
           row_number() OVER (ORDER BY visit.id, item.n) - 1 AS number
      FROM visit CROSS JOIN item
), ranked AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS members
      FROM units_unit WHERE peer_group_id IS NOT NULL
)
INSERT INTO inspections_answer (visit_id, item_id, unit_id, outcome, count)
SELECT visit_id, item_id, ranked.id,
       CASE WHEN number %% 7 = 0 THEN 'fail' ELSE 'pass' END,
       CASE WHEN number %% 7 = 0 THEN 1 ELSE 0 END
  FROM numbered JOIN ranked ON ranked.n = number %% ranked.members
 WHERE number < %(answers)s
"""


def make_answers(scene, tour):
    """As many further answers as the plan says, in the running round `tour`."""
    given = {
        "answers": scene.plan.answers,
        "checklist": scene.checklist.pk,
        "round": tour.pk,
        "by": scene.people.inspectors[0].pk,
        "now": scene.plan.now,
        "days": hours_so_far(scene.plan),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, given)


def hours_so_far(plan):
    """The hours of the running quarter before today, at least one."""
    return max(1, (plan.today - plan.quarters[-1].starts_on).days * 24)
