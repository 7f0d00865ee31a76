"""A ledger file becomes tasks: what each row would do is planned, shown, and stored in one transaction."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field

from django.db import connection, transaction

from tasks.models import Assignment, Ledger, Method, Task
from tasks.placing import LEAD, RESPONSIBLE
from tasks.reading.ledger_draft import TaskDraft

METHODS = {
    "材料审核": Method.MATERIAL,
    "实地考察": Method.SITE,
    "问卷调查": Method.SURVEY,
    "网上申报": Method.ONLINE,
    "听取汇报": Method.HEARING,
    "整体观察": Method.OVERALL,
}
NEW, CHANGED, SAME = "new", "changed", "same"
BATCH = 2000
TYPES = {"source_row": "integer", "deadline": "date"}  # of columns that are no text


@dataclass(slots=True)
class PlannedRow:
    """One row of the file and what becomes of it: a new task, a changed one, or nothing because nothing is new."""

    draft: TaskDraft
    words: dict
    shares: dict
    problems: list
    key: str
    fingerprint: str
    fate: str = NEW
    pk: int | None = None


@dataclass
class Outcome:
    """What an import did. `kept` are (row, unit name) of units no longer named: they stay."""

    new: int = 0
    changed: int = 0
    same: int = 0
    assignments: int = 0
    without_units: int = 0
    kept: list = field(default_factory=list)

    def as_json(self):
        return asdict(self)


def words_of(draft):
    """The fields of the task that a row becomes. A title with a code of the standard is taken apart."""
    section = draft.section or " › ".join(f"{code} {name}".strip() for code, name in draft.path)
    return {
        "number": clip(draft.code or draft.number, 32),
        "section": clip(section, 200),
        "title": draft.content or draft.title,
        "requirement": requirement_of(draft),
        "material": draft.material,
        "persons": clip("、".join(draft.persons), 200),
        "methods": [METHODS[name].value for name in draft.methods if name in METHODS],
        "deadline": draft.deadline,
        "deadline_text": clip(draft.deadline_text, 100),
    }


def clip(text, length):
    return text if len(text) <= length else f"{text[: length - 1]}…"


def requirement_of(draft):
    """The requirement; where each numbered standard has methods of its own, they stay with their number."""
    if len({tuple(criterion.methods) for criterion in draft.criteria}) < 2:
        return draft.requirement
    lines = (f"{one.number}){one.text}" + f"〔{'、'.join(one.methods)}〕" * bool(one.methods) for one in draft.criteria)
    return "\n".join(lines)


def plan(draft, placing, ledger=None):
    """What importing `draft` into `ledger` (None: a new one) would do, row by row, in the order of the file.

    A row is the same task when title and requirement are the same, and it is left alone when the file says in it what
    it said the last time: what was corrected by hand since stays corrected.
    """
    known = {}
    if ledger is not None:
        known = {key: (pk, was) for pk, key, was in ledger.tasks.values_list("pk", "key", "fingerprint")}
    seen, rows = Counter(), []
    for task in draft.tasks:
        words, (shares, problems) = words_of(task), placing.shares(task)
        key = Task.key_of(words["title"], words["requirement"])
        seen[key] += 1
        if seen[key] > 1:
            key = Task.again(key, seen[key])
        row = PlannedRow(task, words, shares, problems, key, fingerprint(words, shares))
        if key in known:
            row.pk, was = known[key]
            row.fate = SAME if was == row.fingerprint else CHANGED
        rows.append(row)
    return rows


def fingerprint(words, shares):
    said = json.dumps([words, sorted(shares.items())], ensure_ascii=False, default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def store(draft, placing, ledger):
    """Import `draft` into `ledger`, all or nothing. One import at a time works on a ledger: the second one waits."""
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    rows = plan(draft, placing, ledger)
    fates = Counter(row.fate for row in rows)
    outcome = Outcome(new=fates[NEW], changed=fates[CHANGED], same=fates[SAME])
    outcome.without_units = sum(not row.shares for row in rows)
    outcome.assignments = store_new([row for row in rows if row.fate == NEW], ledger)
    outcome.assignments += store_changed([row for row in rows if row.fate == CHANGED], outcome)
    return outcome


def store_new(rows, ledger):
    """Add tasks at the end of the ledger, with their units."""
    pks = add_tasks(rows, ledger, ledger.next_order()) if rows else {}
    return give((pks[row.key], unit, part) for row in rows for unit, part in row.shares.items())


def add_tasks(rows, ledger, first):
    """Insert the tasks of `rows` in one statement, numbered from `first`; returns key → pk.

    Ten thousand rows of the ORM would take longer than all the rest of an import.
    """
    columns = {
        "key": [row.key for row in rows],
        "fingerprint": [row.fingerprint for row in rows],
        "source_row": [row.draft.row for row in rows],
        **{name: [row.words[name] for row in rows] for name in rows[0].words},
    }
    columns["methods"] = [f"{{{','.join(methods)}}}" for methods in columns["methods"]]  # an array in an array
    names = ", ".join(columns)
    arrays = ", ".join(f"%s::{TYPES.get(name, 'text')}[]" for name in columns)
    chosen = ", ".join("methods::varchar[]" if name == "methods" else name for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO tasks_task (ledger_id, is_key, "order", {names})
            SELECT %s, false, %s + place - 1, {chosen}
              FROM unnest({arrays}) WITH ORDINALITY AS given ({names}, place)
            RETURNING key, id
            """,  # noqa: S608 - the names are those of our own columns
            [ledger.pk, first, *columns.values()],
        )
        return dict(cursor.fetchall())


def give(shares):
    """Assign `(task, unit, part)` triples in one statement; returns how many."""
    columns = list(zip(*shares, strict=True)) or [(), (), ()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tasks_assignment (task_id, unit_id, part, state, percent)
            SELECT task, unit, part, 'not_started', 0
              FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (task, unit, part)
            """,
            [list(column) for column in columns],
        )
        return cursor.rowcount


def store_changed(rows, outcome):
    """Take over the words and add the units that are new; a unit that is no longer named stays and is told."""
    if not rows:
        return 0
    by_pk = {row.pk: row for row in rows}
    tasks = list(Task.objects.filter(pk__in=by_pk).select_for_update())
    for task in tasks:
        row = by_pk[task.pk]
        for name, value in {**row.words, "fingerprint": row.fingerprint, "source_row": row.draft.row}.items():
            setattr(task, name, value)
    Task.objects.bulk_update(tasks, [*rows[0].words, "fingerprint", "source_row"], batch_size=BATCH)

    now = {}
    for one in Assignment.objects.filter(task__in=by_pk).select_related("unit").select_for_update(of=("self",)):
        now.setdefault(one.task_id, {})[one.unit_id] = one
    change_parts(rows, now)
    outcome.kept = [
        [row.draft.row, str(one.unit)]
        for row in rows
        for pk, one in now.get(row.pk, {}).items()
        if pk not in row.shares
    ]
    added = (
        (row.pk, unit, part) for row in rows for unit, part in row.shares.items() if unit not in now.get(row.pk, {})
    )
    return give(added)


def change_parts(rows, now):
    """Give the units that stay the part that the file names. Who stops to lead goes first: one leads at any moment."""
    demoted, promoted = [], []
    for row in rows:
        new_lead = next((pk for pk, part in row.shares.items() if part == LEAD), None)
        for pk, one in now.get(row.pk, {}).items():
            stays = RESPONSIBLE if one.part == LEAD and new_lead else one.part
            part = row.shares.get(pk, stays)
            if part != one.part:
                one.part = part
                (promoted if part == LEAD else demoted).append(one)
    for changed in (demoted, promoted):
        Assignment.objects.bulk_update(changed, ["part"], batch_size=BATCH)


def ledger_name(title):
    """The name of a ledger from the title of its table: the year stands apart."""
    return clip(re.sub(r"^\s*(?:19|20)\d{2}\s*年度?", "", title).strip(), 150)
