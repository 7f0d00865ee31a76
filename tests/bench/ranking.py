"""Ranking 1,000 units from 1,000,000 answers and findings, against the one statement that sums them."""

from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction

from reports.models import Component, Period, Scheme
from reports.scoring import LINE_FIELDS, compute
from tests.bench.stopwatch import Row, in_turn, milliseconds
from units.models import Unit, User

DATABASE = "bench_ranking"  # its own, beside that of the large city
UNITS, ANSWERS, FINDINGS = 1000, 800_000, 200_000
COMPONENTS = [
    (Component.Measure.TASKS, "任务完成", 30),
    (Component.Measure.DEDUCTIONS, "督查扣分", 30),
    (Component.Measure.PASS_RATE, "实地得分率", 20),
    (Component.Measure.RECTIFICATION, "整改率", 20),
]

# Every finding belongs to a failed answer, as on site; more of them than failures go round once more.
MAKE_FINDINGS = """
    INSERT INTO inspections_finding (uuid, payload_sha256, unit_id, place_id, visit_id, item_id, source, text, count,
                                     deduction, found_at, found_by_id, recorded_at)
    SELECT gen_random_uuid(), '', failed.unit_id, visit.place_id, visit.id, failed.item_id, 'routine',
           '测量用的问题', 1, 0.05, visit.started_at, visit.by_id, visit.started_at
      FROM (SELECT answer.*, row_number() OVER (ORDER BY answer.id) - 1 AS n, count(*) OVER () AS failures
              FROM inspections_answer answer WHERE outcome = 'fail') failed
      JOIN inspections_visit visit ON visit.id = failed.visit_id
     CROSS JOIN LATERAL generate_series(failed.n, %(findings)s - 1, failed.failures) AS number
"""

# What a programmer would write who only wants the sums: one row per unit, the joins that the figures need, no more.
BARE = """
    SELECT unit_id, sum(checks) AS checks, sum(possible) AS possible, sum(got) AS got,
           sum(findings) AS findings, sum(deduction) AS deduction
      FROM (SELECT answer.unit_id, count(*) AS checks, sum(standard.points) AS possible,
                   sum(standard.points) FILTER (WHERE answer.outcome = 'pass') AS got,
                   0 AS findings, 0 AS deduction
              FROM inspections_answer answer
              JOIN inspections_visit visit ON visit.id = answer.visit_id
              JOIN inspections_checklistitem standard ON standard.id = answer.item_id
             WHERE visit.started_at >= %(first)s AND visit.started_at < %(last)s AND answer.outcome <> 'na'
             GROUP BY answer.unit_id
             UNION ALL
            SELECT unit_id, 0, 0, 0, count(*), sum(deduction)
              FROM inspections_finding
             WHERE found_at >= %(first)s AND found_at < %(last)s
             GROUP BY unit_id) sums
     GROUP BY unit_id
"""


@contextmanager
def own_database():
    """Django's one connection, led to a database of our own for a while."""
    usual = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()
    connection.settings_dict["NAME"] = DATABASE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def make():
    call_command("migrate", verbosity=0)
    if Unit.objects.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        call_command("make_city", units=UNITS, findings=300, answers=ANSWERS, seed=1, verbosity=0)
        # A million rows made at once: their keys are right, and their history is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(MAKE_FINDINGS, {"findings": FINDINGS})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def sums(period):
    first, last = period.bounds()
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"first": first, "last": last})
        return cursor.fetchall()


def taken_back(work):
    """Do it with all the checks of its commit, and take it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        work()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def measure():
    """The ranking as a desk tries it, and as it is laid down, with a row for every lost point."""
    with own_database():
        make()
        period = Period.objects.latest("ends_on")
        scheme = Scheme.objects.create(unit=period.unit, name="测量", version=Scheme.objects.count() + 1)
        scheme.set_components(COMPONENTS)
        by = User.objects.order_by("pk").first()
        rows = sums(period)
        counted = sum(row[1] for row in rows) + sum(row[4] for row in rows)
        mine, bare, ratio = in_turn(
            lambda: taken_back(lambda: compute(period, scheme, by, lines=False)), lambda: sums(period), runs=7
        )
        what = f"ranking {len(rows):,} units from {counted:,} answers and findings"
        yield Row(what, milliseconds(mine), milliseconds(bare), ratio, 1.5)
        yield with_lines(period, scheme, by)


@transaction.atomic
def with_lines(period, scheme, by):
    """The draft. Bare: the same sums, and the same finished rows written once more into the same table."""
    ranking = compute(period, scheme, by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE laid ON COMMIT DROP AS SELECT {LINE_FIELDS} FROM reports_scoreline"
            " WHERE score_id IN (SELECT id FROM reports_score WHERE ranking_id = %s)",
            [ranking.pk],
        )
        laid = cursor.rowcount

        def bare():
            sums(period)
            cursor.execute(f"INSERT INTO reports_scoreline ({LINE_FIELDS}) SELECT {LINE_FIELDS} FROM laid")

        mine, theirs, ratio = in_turn(
            lambda: taken_back(lambda: compute(period, scheme, by)), lambda: taken_back(bare), runs=3
        )
    transaction.set_rollback(True)
    return Row(
        f"the same with {laid:,} rows kept, one for every lost point",
        milliseconds(mine),
        milliseconds(theirs),
        ratio,
        1.5,
    )
