"""To which units the rows of a ledger file go: names become units, groups their members, and one unit leads."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from tasks.reading.ledger_draft import Problem
from units.models import PeerGroup

LEAD, RESPONSIBLE, SUPPORTING = "lead", "responsible", "supporting"
A_GROUP_LEADS = _("A group of units cannot lead; all of them are responsible.")
TWO_LEAD = _("More than one unit leads; the first leads, the others are responsible.")


@dataclass(frozen=True)
class Meaning:
    """What a name in a table means: its units, in their order; none for a name nobody knows."""

    units: tuple = ()
    is_group: bool = False

    def __bool__(self):
        return bool(self.units)


@dataclass
class Placing:
    """The names of one file. `chosen` (name → unit, peer group or None) wins over what the tree of units knows."""

    matcher: object
    chosen: dict = field(default_factory=dict)
    meanings: dict = field(default_factory=dict)

    def meaning(self, name):
        """The `Meaning` of a name; found out once per name."""
        if name not in self.meanings:
            meant = self.chosen[name] if self.chosen.get(name) else self.matcher.match(name)
            self.meanings[name] = Meaning(tuple(self.matcher.expand(meant)), isinstance(meant, PeerGroup))
        return self.meanings[name]

    def knows(self, name):
        return bool(self.meaning(name))

    def shares(self, task):
        """`({unit pk: part}, problems)` of one row: the strongest part of a unit counts, and one unit leads at most."""
        shares, problems = {}, []
        leads = [self.meaning(name) for name in task.lead]
        for meant in leads:
            if meant.is_group:
                problems.append(Problem(task.row, "", "、".join(task.lead), A_GROUP_LEADS, task.sheet))
            elif meant and LEAD not in shares.values():
                shares[meant.units[0].pk] = LEAD
            elif meant and meant.units[0].pk not in shares:
                problems.append(Problem(task.row, "", "、".join(task.lead), TWO_LEAD, task.sheet))
            self._add(shares, meant, RESPONSIBLE)
        for name in task.responsible:
            self._add(shares, self.meaning(name), RESPONSIBLE)
        for name in task.supporting:
            self._add(shares, self.meaning(name), SUPPORTING)
        return shares, problems

    @staticmethod
    def _add(shares, meant, part):
        for unit in meant.units:
            shares.setdefault(unit.pk, part)
