"""The heat map and the task lists of a ledger with 88,800 assignments."""

from django.db import connection
from django.urls import reverse

from tasks.heat import INDICATOR, figures_of
from tasks.lights import Lights
from tests.bench.city import person
from tests.bench.ledger import large_ledger
from tests.bench.lists import DJANGO_DEFAULT, LARGE, PAGES, QUERIES, SIZE, SMALL, logged_in, opened, timed
from tests.bench.stopwatch import Row, in_turn, milliseconds
from units.roles import Role

# What a programmer would write who only wants the figures of the cells.
BARE = """
    SELECT indicator.id, given.unit_id, avg(given.percent), count(*),
           count(*) FILTER (WHERE given.state IN ('not_started', 'doing', 'returned') AND given.due_on < %(today)s)
      FROM tasks_assignment given
      JOIN tasks_task task ON task.id = given.task_id
      JOIN tasks_task_criteria link ON link.task_id = task.id
      JOIN tasks_criterion criterion ON criterion.id = link.criterion_id
      JOIN tasks_indicator indicator ON indicator.id = criterion.indicator_id
     WHERE task.ledger_id = %(ledger)s AND given.parent_id IS NULL
     GROUP BY indicator.id, given.unit_id
"""


def measure():
    """The heat map against its bare statement, its page too; then each list of tasks as in `lists`."""
    ledger, user = large_ledger(), person(Role.OFFICE)
    yield from heat(ledger, user)
    for page in PAGES:
        if page.name.startswith("tasks:"):
            yield from listed(page)


def heat(ledger, user):
    lights = Lights.load()

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(BARE, {"today": lights.today, "ledger": ledger.pk})
            return cursor.fetchall()

    def ours():
        return figures_of(ledger.asked_of(user), ledger, INDICATOR, lights)

    client, url = logged_in(user), reverse("tasks:heat", args=[ledger.pk])
    queries, _rows = opened(client, url)
    yield Row("heat map: queries", str(queries), str(QUERIES), queries / QUERIES, 1)
    mine, plain, ratio = in_turn(ours, bare, runs=15, warmup=3)
    yield Row(f"heat map: {len(bare()):,} cells and their totals", milliseconds(mine), milliseconds(plain), ratio, 1.5)
    mine, plain, ratio = in_turn(lambda: client.get(url), bare, runs=15, warmup=3)
    yield Row("heat map: the whole page; bare: its SQL alone", milliseconds(mine), milliseconds(plain), ratio, 3)


def listed(page):
    user = person(page.role)
    client, bare_client = logged_in(user), logged_in(user, DJANGO_DEFAULT)
    owner = page.owner()
    opened(client, page.url(owner))
    few, _rows = opened(client, page.url(owner, SMALL))
    many, rows = opened(client, page.url(owner, LARGE))
    held = max(few, many) if few == many else QUERIES + 1
    yield Row(f"{page.name} of 88,800: queries for {rows - 1} rows", str(many), str(QUERIES), held / QUERIES, 1)
    if rows > SIZE:
        yield timed(page, owner, client, bare_client)
