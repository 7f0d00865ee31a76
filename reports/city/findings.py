"""What was found in a quarter: on visits, and by everybody else who reports."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from inspections.models import Finding, Source
from reports.city.plan import at
from reports.city.scene import drawn_uuid
from reports.city.tables import lines

ON_VISITS = 0.75  # of all findings
AGAIN = 0.3  # how often what was wrong at a place the last time is wrong again
NOWHERE = "有周不知超门学教"  # how problems begin that need no word for the spot
ELSEWHERE = {  # the other sources: how often, and what one costs where no checklist item says it
    Source.SPECIAL: (20, "0.50"),
    Source.SUPERIOR: (10, "1.50"),
    Source.MEDIA: (8, "1.00"),
    Source.COMPLAINT: (12, "0.50"),
    Source.HOTLINE: (25, "0.30"),
    Source.SNAPSHOT: (12, "0.20"),
    Source.MONITOR: (8, "0.30"),
    Source.MONITORING: (5, "0.50"),
}


@dataclass
class Found:
    """A finding not yet written, and the spot it was made at."""

    finding: Finding
    spot: object


def find(scene, quarter, stops, count, before):
    """`count` findings of the quarter. `before`: place → the items found there the last time; brought up to date."""
    lots = scene.plan.lots(f"findings {quarter}")
    found = []
    if any(stop.spot.place.place_type_id in scene.items for stop in stops):
        found = on_visits(scene, stops, round(count * ON_VISITS), before, lots)
    found += elsewhere(scene, quarter, count - len(found), lots)
    for one in found:
        if one.finding.item:
            before.setdefault(one.spot.place.pk, []).append(one.finding.item)
    return sorted(found, key=lambda one: one.finding.found_at)


def on_visits(scene, stops, count, before, lots):
    """Findings dealt out to the visits: more where the unit that answers for the place has more faults."""
    stops = [stop for stop in stops if stop.spot.place.place_type_id in scene.items]
    weights = [scene.weight(stop.spot) for stop in stops]
    dealt = Counter(lots.choices(range(len(stops)), weights, k=count))
    found = []
    for number, stop in enumerate(stops):
        items = scene.items[stop.spot.place.place_type_id]
        for item in fails(items, dealt[number], before.get(stop.spot.place.pk, ()), lots):
            moment = stop.visit.started_at + timedelta(minutes=lots.randint(1, 14))
            finding = new_finding(scene, stop.spot, item, moment, stop.visit.by, lots)
            finding.visit = stop.visit
            stop.findings.append(finding)
            found.append(Found(finding, stop.spot))
    return found


def fails(items, wanted, last_time, lots):
    """`wanted` different items, those of the last time first as often as things come back."""
    again = list({item.pk: item for item in last_time if lots.random() < AGAIN}.values())[:wanted]
    rest = [item for item in items if item not in again]
    # What is cheap happens more often than what is dear.
    rest.sort(key=lambda item: lots.random() ** float(item.deduction), reverse=True)
    return again + rest[: wanted - len(again)]


def elsewhere(scene, quarter, count, lots):
    """Findings without a visit: hot line, media, the superior's assessment … entered by the office."""
    days = (min(quarter.ends_on, scene.plan.today - timedelta(days=1)) - quarter.starts_on).days + 1
    if days < 1:
        return []
    spot_weights = [scene.weight(spot) for spot in scene.spots]
    spots = lots.choices(scene.spots, spot_weights, k=count)
    sources = lots.choices(list(ELSEWHERE), [often for often, _cost in ELSEWHERE.values()], k=count)
    found = []
    for spot, source in zip(spots, sources, strict=True):
        items = scene.items.get(spot.place.place_type_id)
        item = lots.choice(items) if items and lots.random() < 0.7 else None
        moment = at(quarter.starts_on + timedelta(days=lots.randrange(days)), lots.randint(8, 19), lots.randrange(60))
        by = scene.people.monitors[0] if source == Source.MONITOR else lots.choice(scene.people.office)
        finding = new_finding(scene, spot, item, moment, by, lots)
        finding.source = source
        if item is None:
            finding.deduction = Decimal(ELSEWHERE[source][1])
        found.append(Found(finding, spot))
    return found


def new_finding(scene, spot, item, moment, by, lots):
    """A finding with a short text as people write it, and what the checklist makes of it."""
    count = lots.choices((1, 2, 3, 4), (75, 15, 7, 3))[0]
    what = lots.choice(item.phrases if item and item.phrases else lines("texts")["problem"])
    exact = spot.where and what[0] not in NOWHERE and lots.random() < 0.9
    where = lots.choice(lines("texts")[spot.where]) if exact else ""
    more = f"（{count}处）" if count > 1 and lots.random() < 0.5 else ""
    return Finding(
        uuid=drawn_uuid(lots),
        unit=spot.lead,
        place=spot.place,
        item=item,
        text=f"{where}{what}{more}",
        count=count,
        deduction=item.deduct(count) if item else Decimal(0),
        found_at=moment,
        found_by=by,
        recorded_at=moment + timedelta(seconds=lots.randint(5, 90)),
    )
