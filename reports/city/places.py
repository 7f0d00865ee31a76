"""Places on the ground of the streets, with the units that answer for them by the kind of place."""

import string
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle

from inspections.models import Place, PlaceResponsibility
from inspections.seeds import seed_place_types
from reports.city.tables import lines, rows, split

CENTRE = Decimal("32.500000"), Decimal("118.000000")  # anywhere: the city is invented
SPREAD = 0.02  # degrees between the middles of two streets, about two kilometres
CODE_LETTERS = string.ascii_letters + string.digits
IN_A_COMMUNITY = ("{community}", "{lane}", "{garden}小区")


@dataclass(frozen=True)
class Spot:
    """A place and the units that answer for it, the lead first."""

    place: Place
    units: tuple
    where: str  # the list of words for spots at such a place, "" for none

    @property
    def lead(self):
        return self.units[0]


def make_places(plan, ground):
    """The places of the plan, each kind by its weight, as `Spot`s."""
    lots, kinds = plan.lots("places"), seed_place_types()
    streets = cycle(lots.sample(streets := ground.members("街道乡镇组"), len(streets)))
    communities = children_of(ground, "社区村")
    taken, spots, sponsor = set(), [], sponsors(ground)
    for row in wanted(plan.places):
        street = next(streets)
        territory = street
        if any(mark in row["names"] for mark in IN_A_COMMUNITY) and communities.get(street.pk):
            territory = lots.choice(communities[street.pk])
        name = free_name(row, street, territory, taken, lots)
        latitude, longitude = spot(street, lots)
        place = Place(
            unit=territory,
            place_type=kinds[row["place_type"]],
            name=name,
            address=f"{street.parent}{street}{lots.choice(lines('place_words')['road'])}{lots.randint(1, 299)}号",
            latitude=latitude,
            longitude=longitude,
            code="".join(lots.choices(CODE_LETTERS, k=10)),
        )
        spots.append(Spot(place, answering(row, street, ground, sponsor, lots), row["where"]))
    Place.objects.bulk_create([spot.place for spot in spots], batch_size=1000)
    PlaceResponsibility.objects.bulk_create(
        [
            PlaceResponsibility(place=spot.place, unit=unit, is_lead=unit is spot.lead)
            for spot in spots
            for unit in spot.units
        ],
        batch_size=2000,
    )
    return spots


def children_of(ground, kind):
    found = {}
    for unit in ground.units.values():
        if unit.kind.name == kind:
            found.setdefault(unit.parent_id, []).append(unit)
    return found


def wanted(count):
    """`count` rows of the list of kinds: each kind once, the rest by weight."""
    table = rows("place_kinds")
    rest = [row for row in table for _ in range(int(row["weight"]) - 1)]
    further = count - len(table)
    return [*table, *(rest[n * len(rest) // further] for n in range(further))]


def free_name(row, street, territory, taken, lots):
    """A name not yet given away in the territory."""
    words = lines("place_words")
    area = territory.name.removesuffix("社区").removesuffix("村")
    for attempt in range(1, 10_000):
        road, other = lots.sample(words["road"], 2)
        name = lots.choice(row["names"].split(",")).format(
            road=road,
            road2=other,
            garden=lots.choice(words["garden"]),
            lane=lots.choice(words["lane"]),
            area=area.removesuffix("街道").removesuffix("镇").removesuffix("乡"),
            street=street.name,
            community=territory.name,
            n=lots.randint(1, 68),
        )
        if attempt > 3:
            name = f"{name}({attempt - 2})"
        if name not in taken:
            taken.add(name)
            return name
    raise ValueError("the city has no names left")


def spot(street, lots):
    """Somewhere in the street's square of the map; streets lie side by side in rows of six."""
    row, column = divmod(street.order, 6)
    latitude = CENTRE[0] + Decimal(f"{(row - 3) * SPREAD + lots.uniform(-0.4, 0.4) * SPREAD:.6f}")
    longitude = CENTRE[1] + Decimal(f"{(column - 3) * SPREAD + lots.uniform(-0.4, 0.4) * SPREAD:.6f}")
    return latitude, longitude


def sponsors(ground):
    """The bureaus that lead no kind of place, in turn: each sponsors estates (包保单位)."""
    leading = {name for row in rows("place_kinds") for name in row["lead"].split("/")}
    return cycle([unit for unit in ground.members("市直部门组") if str(unit) not in leading])


def answering(row, street, ground, sponsor, lots):
    """The lead and the joint units, once each; 街道 and 区县 in the list mean those the place stands in."""
    lead = lots.choice(row["lead"].split("/"))
    local = {"街道": street, "区县": street.parent}
    if lead == "包保":
        local[lead] = next(sponsor)
    units = [local.get(name) or ground.units[name] for name in (lead, *split(row["joint"]))]
    return tuple({unit.pk: unit for unit in units}.values())
