"""How far the units have come with a ledger, as it is told to everybody: a ledger in, a plain dict out.

Counted is what the ledger asks of units, an assignment for each unit of a task; what units hand down inside themselves
is theirs. Each of the asked stands in exactly one of four columns: completed (confirmed by the office), overdue
(unfinished on the day after its deadline), in progress, or not started. `progress` is the mean of what the office
approved, every assignment weighing the same. All sums are made by PostgreSQL, of one moment.

As other snapshots: Chinese, decimals as strings, a `version` that names the template, a `sha256` of all the rest. It
holds units and numbers, and no person.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Avg, Count, Q
from django.db.models.functions import Round
from django.utils import timezone

from reports.jobs import ask
from reports.models import Disclosure
from reports.scoring import one_moment
from reports.snapshots import fingerprint, numeral
from tasks.models import Assignment

VERSION = 1
COUNTS = ("asked", "completed", "in_progress", "not_started", "overdue")
FIGURES = (*COUNTS, "progress")
UNGROUPED = "其他单位"
UNIT = ("unit", "unit__name", "unit__short_name", "unit__path", "unit__peer_group")
GROUP = ("unit__peer_group", "unit__peer_group__name", "unit__peer_group__order")


def title_of(ledger):
    return f"{ledger.unit.name}{ledger.year}年创建文明城市目标任务完成情况公示"


def facts(ledger, *, now=None, title=""):
    """The ledger as it stands at `now`."""
    now = timezone.localtime(now)
    rows, day = Assignment.objects.asked_by_ledgers().filter(task__ledger=ledger).order_by(), now.date()
    with one_moment():
        units = list(rows.values(*UNIT).annotate(**figures(day)).order_by("unit__path"))
        groups = rows.values(*GROUP).annotate(**figures(day))
        snapshot = {
            "version": VERSION,
            "kind": Disclosure.kind,
            "title": title or title_of(ledger),
            "unit": {"id": ledger.unit_id, "name": ledger.unit.name},
            "ledger": {"id": ledger.pk, "name": ledger.name, "year": ledger.year},
            "as_of": now.isoformat(timespec="seconds"),
            "groups": grouped(groups.order_by("unit__peer_group__order", "unit__peer_group"), units),
            "sums": plain(rows.aggregate(**figures(day))),
        }
    return snapshot | {"sha256": fingerprint(snapshot)}


def figures(day):
    """The aggregates of each line: of a unit, of a group, of all."""
    done = Q(state=Assignment.State.COMPLETED)
    late = ~done & Q(due_on__lt=day)
    in_time = ~done & (Q(due_on=None) | Q(due_on__gte=day))
    begun = ~Q(state=Assignment.State.NOT_STARTED)
    return {
        "units": Count("unit", distinct=True),
        "tasks": Count("task", distinct=True),
        "asked": Count("pk"),
        "completed": Count("pk", filter=done),
        "in_progress": Count("pk", filter=in_time & begun),
        "not_started": Count("pk", filter=in_time & ~begun),
        "overdue": Count("pk", filter=late),
        "progress": Round(Avg("percent"), precision=2),
    }


def plain(line):
    """The figures of a line as they are kept: whole numbers, and the mean as a string, None where nothing is asked."""
    mean = line["progress"]
    kept = {name: line[name] for name in ("units", "tasks", *COUNTS)}
    return kept | {"progress": None if mean is None else f"{mean:.2f}"}


def grouped(groups, units):
    """The peer groups in their order, those without one last, each with its units in the order of the tree."""
    return [
        {
            "number": numeral(n),
            "name": group["unit__peer_group__name"] or UNGROUPED,
            "rows": [row(unit) for unit in units if unit["unit__peer_group"] == group["unit__peer_group"]],
            "sums": plain(group),
        }
        for n, group in enumerate(groups, start=1)
    ]


def row(unit):
    name = unit["unit__name"]
    kept = {figure: value for figure, value in plain(unit).items() if figure in FIGURES}
    return {"unit": unit["unit"], "name": name, "short": unit["unit__short_name"] or name, **kept}


def rows_of(data):
    """The units of a snapshot by primary key."""
    return {row["unit"]: row for group in data["groups"] for row in group["rows"]}


def difference(data, earlier):
    """What has moved since the snapshot `earlier`: a dict for each unit with other figures, new or gone.

    `name`, `is_new`, `is_gone`, and for each figure a pair `(before, now)`; None where the unit was not in it.
    """
    before, now = rows_of(earlier), rows_of(data)
    found = []
    for pk in dict.fromkeys([*now, *before]):
        was, is_ = before.get(pk), now.get(pk)
        pairs = {name: ((was or {}).get(name), (is_ or {}).get(name)) for name in FIGURES}
        if any(old != new for old, new in pairs.values()):
            found.append({"name": (is_ or was)["name"], "is_new": was is None, "is_gone": is_ is None, **pairs})
    return found


def lay_down(ledger, *, by, title="", now=None):
    """Freeze the ledger as it stands as a draft. Nobody but the office and the leaders of the level sees it."""
    return kept(ledger, facts(ledger, now=now, title=title), by=by)


def kept(ledger, data, *, by):
    """The facts `data` as a draft."""
    made_at = datetime.fromisoformat(data["as_of"])
    return Disclosure.objects.create(
        unit=ledger.unit, ledger=ledger, by=by, title=data["title"], data=data, made_at=made_at
    )


@transaction.atomic
def publish(disclosure, *, by, note=""):
    """Say it in public, and have its paper made at once, so that it lies ready when somebody asks for it."""
    event = disclosure.publish(by=by, note=note)
    ask(disclosure, by)
    return event
