"""A table of an assessment system becomes an edition: its tree of indicators, and criteria at the leaves.

What stands below a heading 负面清单, or on a sheet of that name, becomes the negative list: a branch of its own.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.imports import METHODS, clip
from tasks.models import Criterion, Indicator, Standard
from tasks.models.standard import DEEPEST
from units.spreadsheets import UnreadableFile

NEGATIVE = "负面清单"
FROZEN = _("This edition is used and frozen: nothing can be added to it. Import the table as another edition.")


class FrozenEdition(UnreadableFile):
    """The table says something that the edition does not have, and the edition takes nothing any more."""


@dataclass(eq=False)
class Node:
    """An indicator of the table; `row` is the one that is there already, if it is."""

    parent: "Node | None"
    level: int
    code: str
    name: str
    is_negative: bool
    row: Indicator | None = None


@dataclass
class Plan:
    """What importing a table into `standard` (None: a new edition) would add, in the order of the table.

    `leaves` are the new criteria, (node, number, text) → methods; `new_rows` the (sheet, row) that they stand in.
    """

    standard: Standard | None
    nodes: dict = field(default_factory=dict)
    leaves: dict = field(default_factory=dict)
    new_rows: set = field(default_factory=set)
    same: int = 0

    @property
    def new_nodes(self):
        return [node for node in self.nodes.values() if node.row is None]

    @property
    def outcome(self):
        """What it adds, as JSON. Criteria of the negative list are counted among the criteria, too."""
        negative = sum(key[0].is_negative for key in self.leaves)
        return {
            "indicators": len(self.new_nodes),
            "criteria": len(self.leaves),
            "negative": negative,
            "same": self.same,
        }

    @property
    def is_refused(self):
        """Whether it would add something to an edition that is frozen."""
        return bool(self.standard and self.standard.frozen_at and (self.leaves or self.new_nodes))


def edition_of(*, unit, year, name):
    """The edition that a table of this name and year goes into; it may not exist yet."""
    return {"unit": unit, "name": clip(name, 100), "edition": str(year)}


def plan(draft, standard=None):
    """The `Plan` of a table. A node or criterion that is there already is met, not made again."""
    made = Plan(standard)
    known = take_over(made, standard) if standard else set()
    for task in draft.tasks:
        chain, leaves = rows_of(task)
        node = None
        is_negative = NEGATIVE in f"{task.sheet}{task.section}"
        for level, (code, name) in enumerate(chain, start=1):
            key = (node, clip(code, 20), clip(name, 300))
            negative = node.is_negative if node else is_negative
            node = made.nodes.setdefault(key, Node(node, level, key[1], key[2], negative))
        for number, text, methods in leaves:
            leaf = (node, clip(number, 20), text)
            if leaf in made.leaves or (node.row and (node.row.pk, *leaf[1:]) in known):
                made.same += 1
            else:
                made.leaves[leaf] = [METHODS[name].value for name in methods if name in METHODS]
                made.new_rows.add((task.sheet, task.row))
    return made


def take_over(made, standard):
    """Put the nodes that are there into the plan, and return the leaves: (indicator, number, text)."""
    by_pk = {None: None}
    for one in standard.indicators.order_by("level", "order", "pk"):
        parent = by_pk[one.parent_id]
        node = by_pk[one.pk] = Node(parent, one.level, one.code, one.name, one.is_negative, one)
        made.nodes.setdefault((parent, one.code, one.name), node)
    leaves = Criterion.objects.filter(indicator__standard=standard)
    return set(leaves.values_list("indicator", "number", "text"))


def rows_of(task):
    """The indicators of a row, outermost first, and its criteria; a row without numbered standards is one itself."""
    if NEGATIVE in f"{task.sheet}{task.section}":
        above = [(code, name) for code, name in task.path if NEGATIVE not in name]
        text = task.content or task.title
        remark = " ".join(task.requirement.split())
        chain = [("", NEGATIVE), *above][:DEEPEST]
        return chain, [(task.code or task.number, f"{text}（{remark}）" if remark else text, task.methods)]
    chain = list(task.path[:DEEPEST])
    if task.criteria:
        chain.append((task.code, task.content or task.title))
        leaves = [(one.number, one.text, one.methods) for one in task.criteria]
    else:
        leaves = [(task.code or task.number, task.requirement or task.content or task.title, task.methods)]
    return (chain or [("", task.section or task.title)])[:DEEPEST], leaves


@transaction.atomic
def store(draft, *, unit, year, name):
    """Import `draft` as the edition `year`; what it has already stays. Returns `(standard, outcome as JSON)`.

    Raises `FrozenEdition`, and imports nothing, when the edition is frozen and the table would add to it.
    """
    standard, _made = Standard.objects.get_or_create(**edition_of(unit=unit, year=year, name=name))
    standard.hold()
    planned = plan(draft, standard)
    if planned.is_refused:
        raise FrozenEdition(FROZEN)
    outcome = planned.outcome
    order = standard.indicators.count() + Criterion.objects.filter(indicator__standard=standard).count()
    for order, node in enumerate(planned.new_nodes, start=order + 1):  # noqa: B020 - it counts on
        node.row = Indicator.objects.create(
            standard=standard, parent=node.parent and node.parent.row, level=node.level, code=node.code,
            name=node.name, is_negative=node.is_negative, order=order,
        )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(indicator=node.row, number=number, text=text, methods=methods, order=order + place)
        for place, ((node, number, text), methods) in enumerate(planned.leaves.items(), start=1)
    )
    return standard, outcome
