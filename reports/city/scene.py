"""What the later parts of the city need of the earlier ones."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from inspections.models import Checklist
from reports.city.ground import Ground
from reports.city.people import People
from reports.city.plan import Plan
from tasks.models import Ledger
from units.models import WorkCalendar


@dataclass
class Scene:
    """The city so far. `spots` are the places with the units that answer for them."""

    plan: Plan
    ground: Ground
    people: People
    checklist: Checklist
    spots: list
    calendar: WorkCalendar = field(default_factory=WorkCalendar.load)

    @cached_property
    def ledger(self):
        """The ledger of the running year that was made from the standard; the meetings have another one."""
        return Ledger.objects.exclude(standard=None).latest("year")

    @cached_property
    def items(self):
        """The checklist items by the primary key of their kind of place."""
        found = defaultdict(list)
        for item in self.checklist.items.all():
            found[item.place_type_id].append(item)
        return found

    @cached_property
    def faults(self):
        """How much goes wrong at each unit, by primary key: about 0.4 (a model) to 1.6 (a worry)."""
        lots = self.plan.lots("faults")
        return {unit.pk: lots.uniform(0.4, 1.6) for unit in self.ground.answering()}

    def weight(self, spot):
        """How easily something is found there: by the faults of the unit, shared out over its many places."""
        return self.faults[spot.lead.pk] / self.loads[spot.lead.pk] ** 0.5

    @cached_property
    def loads(self):
        """How many places each unit leads, by primary key."""
        return Counter(spot.lead.pk for spot in self.spots)


def drawn_uuid(lots):
    """A UUID that the same seed gives again."""
    return UUID(int=lots.getrandbits(128), version=4)
