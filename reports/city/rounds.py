"""The round of a quarter: three teams, a stop at every place, and the visits made before today."""

from dataclasses import dataclass, field
from datetime import timedelta

from inspections.models import Round, RoundPlace, Team, Visit
from reports.city.plan import at
from reports.city.scene import drawn_uuid

TEAMS = ("督查一组", "督查二组", "督查三组")
SETTLING_IN, WRITING_UP = timedelta(days=4), timedelta(days=9)  # days without visits at both ends of a quarter


@dataclass
class Stop:
    """A visit made, where, and the findings on it."""

    visit: Visit
    spot: object
    findings: list = field(default_factory=list)


def make_round(scene, quarter):
    """The round of the quarter with its visits so far. Returns the `Stop`s of those visits, in order of time."""
    lots = scene.plan.lots(f"round {quarter}")
    title = f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度实地督查"
    tour = Round.objects.create(
        unit=scene.ground.root,
        name=title,
        checklist=scene.checklist,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
    )
    teams = make_teams(scene, tour)
    by_team = share_out(scene, lots)
    RoundPlace.objects.bulk_create(
        RoundPlace(round=tour, place=spot.place, team=teams[number][0], order=order)
        for number, spots in enumerate(by_team)
        for order, spot in enumerate(spots, start=1)
    )
    stops = []
    for (team, members), spots in zip(teams, by_team, strict=True):
        stops += [
            Stop(visit, spot)
            for spot, moment in zip(spots, moments(scene, quarter, len(spots), lots), strict=True)
            if moment < scene.plan.now
            for visit in [new_visit(tour, team, lots.choice(members), spot, moment, lots)]
        ]
    Visit.objects.bulk_create([stop.visit for stop in stops], batch_size=1000)
    return sorted(stops, key=lambda stop: stop.visit.started_at)


def make_teams(scene, tour):
    """`(team, members)` for each: the inspectors dealt out in turn, so that both demonstration accounts lead one."""
    teams = Team.objects.bulk_create(Team(round=tour, name=name) for name in TEAMS)
    dealt = [scene.people.inspectors[number :: len(TEAMS)] for number in range(len(TEAMS))]
    Team.members.through.objects.bulk_create(
        Team.members.through(team=team, user=user) for team, users in zip(teams, dealt, strict=True) for user in users
    )
    return list(zip(teams, dealt, strict=True))


def share_out(scene, lots):
    """The places of each team: two districts each, in an order drawn anew each quarter."""
    districts = sorted({spot.place.unit.path.split("/")[2] for spot in scene.spots})
    shared = [[] for _ in TEAMS]
    for spot in scene.spots:
        shared[districts.index(spot.place.unit.path.split("/")[2]) % len(TEAMS)].append(spot)
    for spots in shared:
        lots.shuffle(spots)
    return shared


def moments(scene, quarter, count, lots):
    """`count` moments of the quarter's working days in order, spread evenly."""
    first, last = quarter.starts_on + SETTLING_IN, quarter.ends_on - WRITING_UP
    span = [first + timedelta(days=n) for n in range((last - first).days)]
    days = [day for day in span if scene.calendar.is_working(day)]
    found = [
        at(days[n * len(days) // count], lots.choice((9, 10, 11, 14, 15, 16)), lots.randrange(60)) for n in range(count)
    ]
    return sorted(found)


def new_visit(tour, team, by, spot, moment, lots):
    return Visit(
        uuid=drawn_uuid(lots),
        round=tour,
        place=spot.place,
        team=team,
        by=by,
        started_at=moment,
        finished_at=moment + timedelta(minutes=lots.randint(15, 50)),
    )
