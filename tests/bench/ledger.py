"""A ledger of full size: 111 criteria × 4 quarters, each asked of 200 units. Made once, kept between runs."""

from django.db import connection
from django.utils import timezone

from tasks.models import Ledger, Standard
from tests.bench.city import large_city
from units.models import Unit

NAME = "测量用目标任务分解表"
UNITS, QUARTERS = 200, 4

TASKS = """
INSERT INTO tasks_task (ledger_id, key, fingerprint, "order", number, section, title, requirement, material, persons,
                        methods, deadline, deadline_text, is_key)
SELECT %(ledger)s, 'bench' || quarter || '-' || criterion.id, '', (quarter - 1) * 1000 + criterion.order,
       indicator.code || '-' || criterion.number, indicator.code || ' ' || indicator.name,
       '第' || quarter || '季度:' || criterion.text, '', '', '', criterion.methods,
       make_date(%(year)s, quarter * 3, 28), quarter || '季度末前', criterion.order %% 10 = 0
  FROM tasks_criterion criterion
  JOIN tasks_indicator indicator ON indicator.id = criterion.indicator_id
 CROSS JOIN generate_series(1, %(quarters)s) quarter
 WHERE indicator.standard_id = %(standard)s
"""
CRITERIA = """
INSERT INTO tasks_task_criteria (task_id, criterion_id)
SELECT id, split_part(key, '-', 2)::bigint FROM tasks_task WHERE ledger_id = %(ledger)s
"""
# One unit leads, every fourth is responsible; the units report as they do at half-time.
ASSIGNMENTS = """
INSERT INTO tasks_assignment (task_id, unit_id, part, state, percent, completed_at)
SELECT task.id, given.id,
       CASE WHEN (given.n + task.id) %% %(units)s = 0 THEN 'lead' WHEN given.n %% 4 = 0 THEN 'responsible'
            ELSE 'supporting' END,
       state, CASE state WHEN 'completed' THEN 100 WHEN 'not_started' THEN 0 ELSE (given.n + task.id) %% 100 END,
       CASE state WHEN 'completed' THEN now() END
  FROM tasks_task task
 CROSS JOIN (SELECT id, row_number() OVER (ORDER BY path) AS n FROM units_unit WHERE id = ANY(%(given)s)) given
 CROSS JOIN LATERAL (SELECT (ARRAY['not_started', 'doing', 'doing', 'submitted', 'returned', 'completed'])
                            [1 + (given.n * 7 + task.id * 3) %% 6] AS state) standing
 WHERE task.ledger_id = %(ledger)s
"""


def large_ledger():
    """The ledger, with 88,800 assignments; made when it is not there."""
    large_city()
    found = Ledger.objects.filter(name=NAME).first()
    return found or make(Unit.objects.get(parent=None))


def make(root):
    given = Unit.objects.current().exclude(parent=None).exclude(peer_group=None).order_by("path")[:UNITS]
    standard = Standard.objects.get(unit=root)
    year = timezone.localdate().year
    ledger = Ledger.objects.create(unit=root, year=year, name=NAME, standard=standard)
    known = {"ledger": ledger.pk, "standard": standard.pk, "year": year, "units": UNITS, "quarters": QUARTERS}
    known["given"] = [unit.pk for unit in given]
    with connection.cursor() as cursor:
        for statement in (TASKS, CRITERIA, ASSIGNMENTS):
            cursor.execute(statement, known)
        cursor.execute("VACUUM ANALYZE tasks_task, tasks_task_criteria, tasks_assignment")
    return ledger
