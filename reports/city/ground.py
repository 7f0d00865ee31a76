"""The tree of units: 69 members in four peer groups, and what stands below them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import cycle, islice

from reports.city.plan import MEMBERS, at
from reports.city.tables import rows, split
from units.models import Honour, PeerGroup, Unit, UnitEvent, UnitKind, UnitName

SINCE = date(2019, 3, 1)  # the reform that gave many bureaus their present names
GROUPS = {
    "区县组": ["各区", "各县区", "各区县", "各县(市、区)", "各区(开发区)"],
    "街道乡镇组": ["各街道", "各街道(办事处)", "各乡镇街道", "各镇街", "各街道(乡镇)"],
    "市直部门组": ["市直各部门", "市直各单位", "各部门", "市直有关部门"],
    "窗口行业组": ["各窗口行业", "各窗口单位", "窗口行业"],
}
# How a larger city is made: kind, peer group, word, and whether it hangs below a district.
MORE = [
    ("街道乡镇", "街道乡镇组", "示例街道", True),
    ("政府部门", "市直部门组", "市示例局", False),
    ("街道乡镇", "街道乡镇组", "示例镇", True),
    ("窗口单位", "窗口行业组", "示例公司", False),
]
NOT_RANKED = ("市文明办", "融媒体中心")
SCHOOL_HONOURS, STREET_HONOURS = 5, 6


@dataclass
class Ground:
    """The units by the name the lists use; a section by `市城管局/办公室`."""

    units: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)

    @property
    def root(self):
        return self.units["安澜市"]

    def members(self, group=None):
        """The ranked units, of one peer group or of all."""
        wanted = self.groups[group].pk if group else None
        return [u for u in self.units.values() if u.peer_group_id and wanted in (None, u.peer_group_id)]

    def answering(self):
        """The units that have accounts of their own: the members, and two that are asked but not ranked."""
        return [*self.members(), *(self.units[name] for name in NOT_RANKED)]

    @cached_property
    def by_pk(self):
        return {unit.pk: unit for unit in self.units.values()}

    def meant(self, names):
        """The units a list of names means: a group's word (各区) stands for all of its units, once each."""
        words = {word: group for group, aliases in GROUPS.items() for word in aliases}
        found = [u for name in names for u in (self.members(words[name]) if name in words else [self.units[name]])]
        return list({unit.pk: unit for unit in found}.values())


def more_units(count):
    """The rows of `count` further members, for measurements."""
    districts = cycle([row["short"] for row in rows("units") if row["group"] == "区县组"])
    for number, (kind, group, word, below) in enumerate(islice(cycle(MORE), count), start=1):
        name = f"{word}{number:03d}"
        yield {"short": name, "name": name, "kind": kind, "group": group, "aliases": "", "former": ""} | {
            "parent": next(districts) if below else "安澜市"
        }


def key(row):
    return f"{row['parent']}/{row['short']}" if row["kind"] == "科室" else row["short"]


def make_ground(plan):
    """Kinds, peer groups, units with their other names, honours and what happened to them."""
    table = [*rows("units"), *more_units(plan.units - MEMBERS)]
    kinds = {name: UnitKind(name=name, order=order) for order, name in enumerate(unit_kinds(table), start=1)}
    UnitKind.objects.bulk_create(kinds.values())
    ground = Ground(
        groups={name: PeerGroup(name=name, order=o, aliases=a) for o, (name, a) in enumerate(GROUPS.items())}
    )
    PeerGroup.objects.bulk_create(ground.groups.values())
    waiting = list(enumerate(table, start=1))
    while waiting:
        # A parent must stand in the database before its children: level by level.
        level = [(n, row) for n, row in waiting if not row["parent"] or row["parent"] in ground.units]
        made = {key(row): new_unit(row, n, ground, kinds) for n, row in level}
        Unit.objects.bulk_create(made.values())
        ground.units |= made
        placed = {n for n, _row in level}
        waiting = [(n, row) for n, row in waiting if n not in placed]
    other_names(table, ground)
    honours(plan, ground)
    return ground


def unit_kinds(table):
    return dict.fromkeys(row["kind"] for row in table)


def new_unit(row, number, ground, kinds):
    return Unit(
        name=row["name"],
        short_name=row["short"] if row["short"] != row["name"] else "",
        code=f"AL{number:04d}",
        kind=kinds[row["kind"]],
        parent=ground.units.get(row["parent"]),
        peer_group=ground.groups.get(row["group"]),
        order=number,
        valid_from=SINCE,
    )


def other_names(table, ground):
    """Short forms and former names, so that old tables find their units; a renaming is told on the unit's page."""
    names, events = [], []
    for row in table:
        unit = ground.units[key(row)]
        names += [UnitName(unit=unit, name=name) for name in split(row["aliases"]) if name != unit.name]
        for former in split(row["former"]):
            names.append(UnitName(unit=unit, name=former, kind=UnitName.Kind.FORMER, until=SINCE))
            moment = at(SINCE, 9)
            note = f"{former} → {unit}"
            events.append(UnitEvent(unit=unit, step="rename", note=note, at=moment, announced_at=moment))
    UnitName.objects.bulk_create(names)
    UnitEvent.objects.bulk_create(events)


def honours(plan, ground):
    """A third of the members are 文明单位; some schools and streets hold titles of their own."""
    lots = plan.lots("honours")
    levels = [Honour.Level.NATIONAL, Honour.Level.PROVINCE, Honour.Level.CITY, Honour.Level.CITY]
    streets = lots.sample(ground.members("街道乡镇组"), STREET_HONOURS)
    schools = lots.sample([u for u in ground.units.values() if u.kind.name == "学校"], SCHOOL_HONOURS)
    bureaus = lots.sample(ground.members("市直部门组") + ground.members("窗口行业组"), 18)
    titles = [("文明村镇", streets), ("文明校园", schools), ("文明单位", bureaus)]
    Honour.objects.bulk_create(
        Honour(unit=unit, name=title, level=lots.choice(levels), since=SINCE + timedelta(days=365 * lots.randint(1, 5)))
        for title, units in titles
        for unit in units
    )
