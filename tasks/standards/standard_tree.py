"""One edition as its page shows it: aspects with the lines below them, and how each criterion stands."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from tasks.models import Assignment, Criterion, Ledger
from units.filters import MOST_WORDS
from units.names import plain

FEW = 20  # criteria: so many are shown without a fold


@dataclass
class Line:
    """An indicator with the criteria directly below it."""

    indicator: object
    leaves: list = field(default_factory=list)


@dataclass
class Branch:
    """An aspect (indicator of level 1) with everything below it, in order."""

    top: object
    lines: list
    is_open: bool = False

    @property
    def is_negative(self):
        return self.top.is_negative

    @property
    def count(self):
        return sum(len(line.leaves) for line in self.lines)

    @property
    def leaves(self):
        return [leaf for line in self.lines for leaf in line.leaves]


def branches(standard, *, words="", method=""):
    """The branches of an edition with all that `words` and `method` leave; without both the whole tree.

    A word is looked for in a criterion and in the indicators above it. Two queries.
    """
    children, leaves, nodes = {}, {}, {one.pk: one for one in standard.indicators.all()}
    for one in nodes.values():
        children.setdefault(one.parent_id, []).append(one)
    for one in Criterion.objects.filter(indicator__standard=standard):
        one.indicator = nodes[one.indicator_id]
        leaves.setdefault(one.indicator_id, []).append(one)
    asked = [plain(word) for word in words.split()[:MOST_WORDS]]
    found = []
    for top in children.get(None, []):
        lines = [Line(node, matching(leaves, node, above, asked, method)) for node, above in walk(children, top)]
        if asked or method:
            lines = without_empty(lines)
        if lines:
            found.append(Branch(top, lines))
    return found


def unfold(found, *, searched, criterion=None, indicator=None):
    """Say what `is_open` at once: all of a few criteria or of what was `searched`, else what holds one of these pks."""
    few = searched or sum(branch.count for branch in found) <= FEW
    for branch in found:
        leaves, nodes = {leaf.pk for leaf in branch.leaves}, {line.indicator.pk for line in branch.lines}
        branch.is_open = few or criterion in leaves or indicator in nodes
    return found


def walk(children, node, above=""):
    """The node and those below it, each with the plain words of itself and all above."""
    said = f"{above} {plain(str(node))}"
    yield node, said
    for below in children.get(node.pk, []):
        yield from walk(children, below, said)


def matching(leaves, node, above, asked, method):
    """The criteria of the node that have the method and all words, in themselves or above."""
    found = [leaf for leaf in leaves.get(node.pk, []) if not method or method in leaf.methods]
    sought = [word for word in asked if word not in above]
    return [leaf for leaf in found if has_all(plain(str(leaf)), sought)] if sought else found


def has_all(said, words):
    return all(word in said for word in words)


def without_empty(lines):
    """Only the lines that lead to a criterion."""
    needed = {line.indicator.pk for line in lines if line.leaves}
    for line in reversed(lines):
        if line.indicator.pk in needed:
            needed.add(line.indicator.parent_id)
    return [line for line in lines if line.indicator.pk in needed]


def newest_ledger(standard, user):
    """The ledger that shows how the criteria stand: the newest one made from the edition that the person sees."""
    return Ledger.objects.visible_to(user).filter(standard=standard).order_by("-year", "-pk").first()


def standing(ledger, user):
    """criterion pk → {"asked", "done", "overdue"} of the units in the person's scope; one query."""
    if ledger is None:
        return {}
    given = Assignment.objects.visible_to(user).asked_by_ledgers().filter(task__ledger=ledger)
    rows = (
        given.exclude(task__criteria=None)
        .values("task__criteria")
        .annotate(asked=Count("pk"), done=Count("pk", filter=Q(state="completed")))
        .order_by()
    )
    return {row["task__criteria"]: row for row in rows}
