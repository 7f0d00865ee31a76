"""Which units of a ledger have become which, for what is made anew from what they had."""

from units.models import Unit


class Successors:
    """The units of a ledger as they are today. Two queries."""

    def __init__(self, ledger):
        self.allowed = {unit.pk: unit for unit in ledger.units()}
        self.merged = dict(Unit.objects.exclude(successor=None).values_list("pk", "successor"))

    def today(self, unit):
        """The unit itself, or the one it was merged into by now; None when there is none below the keeper."""
        pk, seen = unit.pk, set()
        while pk not in self.allowed and pk in self.merged and pk not in seen:
            seen.add(pk)
            pk = self.merged[pk]
        return self.allowed.get(pk)
