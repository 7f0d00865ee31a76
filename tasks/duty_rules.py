"""Rules of duty at work: what they propose for the tasks of a ledger, and which rules a ledger speaks for."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef

from tasks.models import Assignment, DutyRule, Task
from tasks.models.assignment import PARTS
from tasks.models.division import LEAD, RESPONSIBLE, fingerprint
from units.models import Unit

# Kinds of places as tables name them; the office adds others by hand.
PLACES = (
    "农贸市场 超市 商场 商业大街 主次干道 背街小巷 社区 小区 学校 医院 公园 广场 车站 建筑工地 公共厕所 网吧 宾馆 饭店"
    " 银行 政务大厅 景区 图书馆 影剧院 公交 出租车 城乡结合部 河道 铁路沿线 公益广告 志愿服务 未成年人 诚信"
)
FEWEST_TASKS, FEWEST_UNITS = 2, 3
MOSTLY = 2 / 3


class RuleBook:
    """The rules of the unit that keeps the ledger, as a wish for `bulk.Plan`. Units that have ended are left out."""

    words: dict = {}

    def __init__(self, ledger):
        rules = DutyRule.objects.filter(unit=ledger.unit).prefetch_related("units")
        self.rules = sorted(rules, key=lambda rule: PARTS.index(rule.part))
        self.units = {unit.pk: unit for unit in ledger.units().select_related("parent").in_tree_order()}
        self.kinds = defaultdict(list)
        for unit in self.units.values():
            self.kinds[unit.kind_id].append(unit)

    def meant(self, rule):
        named = [self.units[unit.pk] for unit in rule.units.all() if unit.pk in self.units]
        return named if rule.units.all() else self.kinds[rule.kind_id]

    def asked(self, task, _division):
        """The strongest part of each unit counts; of two that would lead, the second is responsible."""
        asked = {}
        for rule in self.rules:
            if not rule.fits(task):
                continue
            for unit in self.meant(rule):
                second = rule.part == LEAD and LEAD in asked.values()
                asked.setdefault(unit, RESPONSIBLE if second else rule.part)
        return asked


def without_units(ledger):
    """The tasks of the ledger that nobody has."""
    given = Assignment.objects.filter(task=OuterRef("pk"))
    return Task.objects.filter(~Exists(given), ledger=ledger).order_by("order", "pk")


@dataclass
class Proposal:
    """A rule that the ledger speaks for: `fits` of the `tasks` with these words are divided so."""

    words: str
    part: str
    kind: object = None
    units: list = field(default_factory=list)
    fits: int = 0
    tasks: int = 0

    def get_part_display(self):
        return Assignment.Part(self.part).label

    @property
    def pk(self):
        """Names the rule for the time between its being shown and its being kept."""
        kind = self.kind and self.kind.pk
        return fingerprint([self.words, self.part, kind, sorted(unit.pk for unit in self.units)])


def propose(ledger):
    """The rules that the divided tasks of the ledger speak for and that do not exist yet. Five queries."""
    divided = {}
    rows = Assignment.objects.given_by_ledgers().filter(task__ledger=ledger).select_related("task", "unit__kind")
    for row in rows.order_by("task__order", "task", "unit__path"):
        divided.setdefault(row.task, []).append(row)
    members = defaultdict(set)
    for unit in ledger.units():
        members[unit.kind_id].add(unit.pk)
    kept = {
        (rule.words, rule.part, rule.kind_id, frozenset(unit.pk for unit in rule.units.all()))
        for rule in DutyRule.objects.filter(unit=ledger.unit).prefetch_related("units")
    }
    found = [one for words, tasks in groups(divided).items() for one in proposals(words, tasks, divided, members)]
    return [
        one
        for one in found
        if (one.words, one.part, one.kind and one.kind.pk, frozenset(unit.pk for unit in one.units)) not in kept
    ]


def groups(divided):
    """Words → the divided tasks that say them: codes of the standard without their last step, and kinds of places."""
    found = defaultdict(list)
    for task in divided:
        code, dash, _last = task.number.strip().rpartition("-")
        if dash and "-" in code:
            found[code].append(task)
        said = f"{task.title} {task.requirement}"
        for place in PLACES.split():
            if place in said:
                found[place].append(task)
    return {words: tasks for words, tasks in found.items() if len(tasks) >= FEWEST_TASKS}


def proposals(words, tasks, divided, members):
    """One rule for each part in which a unit stands in most of the tasks; all units of a kind are one rule."""
    for part in PARTS:
        counts, units = Counter(), {}
        for task in tasks:
            for row in divided[task]:
                if row.part == part:
                    counts[row.unit_id] += 1
                    units[row.unit_id] = row.unit
        often = {pk for pk, n in counts.items() if n >= len(tasks) * MOSTLY}
        if part == LEAD:
            often = set(sorted(often, key=lambda pk: -counts[pk])[:1])
        for kind_id, pks in members.items():
            if len(pks) >= FEWEST_UNITS and pks <= often:
                kind = next(units[pk].kind for pk in pks if units[pk].kind_id == kind_id)
                yield Proposal(words, part, kind, [], min(counts[pk] for pk in pks), len(tasks))
                often -= pks
        if often:
            named = [unit for pk, unit in units.items() if pk in often]
            yield Proposal(words, part, None, named, min(counts[pk] for pk in often), len(tasks))


@transaction.atomic
def keep(ledger, chosen):
    """Make rules of the proposals `chosen`; one that has come to exist since is left as it is. Returns how many."""
    made = 0
    for one in chosen:
        rule, is_new = DutyRule.objects.get_or_create(unit=ledger.unit, words=one.words, kind=one.kind, part=one.part)
        if is_new:
            rule.units.set(Unit.objects.filter(pk__in=[unit.pk for unit in one.units]))
        made += is_new
    return made
