"""Editions read for comparison, and ledgers made from them."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tasks.imports import clip
from tasks.models import Criterion, Ledger, Task
from tasks.standards.edition_diff import Leaf

BATCH = 2000


def leaves(standard):
    """The criteria of an edition with the indicators above them, in the order of its page. Two queries."""
    nodes = {one.pk: one for one in standard.indicators.all()}
    places = {pk: place for place, pk in enumerate(in_tree_order(nodes))}
    rows = list(Criterion.objects.filter(indicator__standard=standard))
    rows.sort(key=lambda one: (places[one.indicator_id], one.order, one.pk))
    paths = {}
    return [
        Leaf(
            one.pk,
            paths.setdefault(one.indicator_id, path_of(nodes, one.indicator_id)),
            one.number,
            one.text,
            tuple(one.methods),
            nodes[one.indicator_id].is_negative,
        )
        for one in rows
    ]


def in_tree_order(nodes):
    """The keys of the indicators, each followed by those below it."""
    children = {}
    for one in sorted(nodes.values(), key=lambda one: (one.order, one.pk)):
        children.setdefault(one.parent_id, []).append(one.pk)

    def below(pk):
        for child in children.get(pk, []):
            yield child
            yield from below(child)

    return below(None)


def path_of(nodes, pk):
    path = []
    while pk:
        path.append((nodes[pk].code, nodes[pk].name))
        pk = nodes[pk].parent_id
    return tuple(reversed(path))


def number_of(leaf):
    """How the ledger numbers the task of a criterion: the code of its indicator and its own number."""
    code = next((code for code, _name in reversed(leaf.path) if code), "")
    own = "" if code and leaf.number.startswith(code) else code
    return clip("-".join(filter(None, [own, leaf.number])), 32)


def section_of(leaf):
    return clip(leaf.place, 200)


class Keys:
    """The keys of the rows of one ledger: the same words a second time are another row."""

    def __init__(self):
        self.seen = Counter()

    def of(self, title, requirement):
        key = Task.key_of(title, requirement)
        self.seen[key] += 1
        return key if self.seen[key] == 1 else Task.again(key, self.seen[key])


@dataclass
class Size:
    """How large a ledger made from an edition becomes."""

    tasks: int
    negative: int


def size(standard):
    rows = Criterion.objects.filter(indicator__standard=standard)
    return Size(rows.count(), rows.filter(indicator__is_negative=True).count())


def new_ledger(standard, *, unit, name, year, **more):
    """An empty ledger of an edition, which is held and frozen by it. Raises `ValidationError` for a twin."""
    standard.hold()
    made, is_new = Ledger.objects.get_or_create(
        unit=unit, name=name, year=year, defaults={"standard": standard, **more}
    )
    if not is_new:
        raise ValidationError({"name": _("There is a ledger of this name and year already.")})
    return made


@transaction.atomic
def make_ledger(standard, *, unit, name, year):
    """A ledger with one task for each criterion, linked to it; no unit has them yet. All or nothing.

    Raises `ValidationError` when the ledger exists: made twice, nothing changes.
    """
    ledger, keys = new_ledger(standard, unit=unit, name=name, year=year), Keys()
    found = leaves(standard)
    tasks = [task_of(leaf, ledger, keys, order) for order, leaf in enumerate(found, start=1)]
    Task.objects.bulk_create(tasks, batch_size=BATCH)
    link((task, [leaf.pk]) for task, leaf in zip(tasks, found, strict=True))
    return ledger


def task_of(leaf, ledger, keys, order):
    """The task that a criterion becomes, not saved."""
    return Task(
        ledger=ledger, key=keys.of(leaf.text, ""), order=order, number=number_of(leaf), section=section_of(leaf),
        title=leaf.text, methods=list(leaf.methods),
    )  # fmt: skip


def link(pairs):
    """Let saved tasks name criteria: `(task, criterion pks)`."""
    named = Task.criteria.through
    rows = (named(task=task, criterion_id=pk) for task, pks in pairs for pk in pks)
    named.objects.bulk_create(rows, batch_size=BATCH)
