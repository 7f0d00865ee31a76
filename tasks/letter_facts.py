"""What stands in a responsibility letter: plain, frozen, in Chinese as official papers are, with its `version`.

The version names the template that draws it (`reports/letter_v1.html`).
"""

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.models import Assignment, Task
from tasks.models.assignment import PARTS
from tasks.models.duties import duties
from units.markup import number_text
from units.models import UnitPerson

VERSION = 1
TITLE = "{year}年文明城市创建工作目标责任书"
CLAUSES = [
    "主要负责人为第一责任人，明确分管领导和联络员，把各项任务落实到具体科室和人员。",
    "按时限完成任务，如实填报进展和佐证材料，不弄虚作假，不突击应付。",
    "牵头单位负责统筹，责任单位、配合单位主动配合；需要其他单位协调的事项，及时提出。",
    "对督查发现的问题按期整改，举一反三，防止反弹。",
    "任务完成情况按考核办法计入考核。",
]
# What a change is told of: the name in a duty and its word.
COMPARED = {
    "title": _("task"),
    "requirement": _("requirement"),
    "own": _("requirement of its own"),
    "part_name": _("part"),
    "quantity": _("quantity"),
    "share": _("share of responsibility"),
    "due": _("due"),
    "due_text": _("deadline as written"),
    "repeats": _("repeats"),
    "is_key": _("key task"),
}


def facts(ledger, unit, asked, words, *, edition, head=None):
    """The letter of `unit` about its duties `asked`. `words`: its `title` and `clauses`."""
    return {
        "kind": "letter",
        "version": VERSION,
        "title": words["title"],
        "clauses": words["clauses"],
        "edition": edition,
        "number": "",
        "issued_on": None,
        "replaces": "",
        "year": ledger.year,
        "ledger": {"id": ledger.pk, "name": ledger.name},
        "keeper": {"id": ledger.unit_id, "name": ledger.unit.name},
        "unit": {"id": unit.pk, "name": unit.name},
        "head": {"name": head.name, "title": head.title} if head else None,
        "counts": counts(asked),
        "duties": asked,
    }


def counts(asked):
    parts = [one["part"] for one in asked]
    return {"all": len(asked), "key": sum(one["is_key"] for one in asked)} | {part: parts.count(part) for part in PARTS}


def duties_of(ledger, units):
    """What the ledger asks of each of `units`: lists of plain dicts by the unit's primary key. One query."""
    rows = duties().filter(task__ledger=ledger, unit__in=units).select_related("task").order_by("task__order", "pk")
    found = {}
    with translation.override("zh-hans"):
        for row in rows:
            found.setdefault(row.unit_id, []).append(duty(row))
    return found


def duty(row):
    """One line of the letter."""
    task = row.task
    return {
        "uid": str(task.uid),
        "number": task.number,
        "title": task.title,
        "requirement": task.requirement,
        "own": row.requirement,
        "part": row.part,
        "part_name": str(Assignment.Part(row.part).label),
        "quantity": f"{number_text(row.quantity)}{row.quantity_unit}" if row.quantity is not None else "",
        "share": f"{number_text(row.share)}%" if row.share is not None else "",
        "due": row.due_on.isoformat() if row.due_on else None,
        "due_text": task.deadline_text,
        "repeats": str(Task.Repeats(task.repeats).label) if task.repeats else "",
        "is_key": task.is_key,
    }


def heads_of(units):
    """The head of each of `units` today, by the unit's primary key. One query."""
    named = UnitPerson.objects.filter(unit__in=units, position=UnitPerson.Position.HEAD).order_by("since", "pk")
    return {person.unit_id: person for person in named if person.is_current}


def changes(letter, now):
    """What the ledger asks otherwise than the letter says: `(added, removed, changed)`.

    `now` are the duties of today; `changed` holds pairs of a duty and its differences `(label, before, now)`.
    """
    then = {one["uid"]: one for one in letter["duties"]}
    today = {one["uid"]: one for one in now}
    added = [one for uid, one in today.items() if uid not in then]
    removed = [one for uid, one in then.items() if uid not in today]
    both = [(one, differences(then[uid], one)) for uid, one in today.items() if uid in then]
    return added, removed, [(one, found) for one, found in both if found]


def differences(before, now):
    return [
        (label, said(before[name]), said(now[name])) for name, label in COMPARED.items() if before[name] != now[name]
    ]


def said(value):
    """As a person reads it; nothing for nothing."""
    return (gettext("yes") if value else gettext("no")) if isinstance(value, bool) else value or ""
