"""Units and their people from a spreadsheet: what each row would change, then taken over all or nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units.models import PeerGroup, Unit, UnitEvent, UnitKind, UnitName, UnitPerson
from units.models.paths import lock_tree
from units.models.people import UNIT_MANAGERS
from units.names import plain
from units.unit_sheet import POSITIONS, STEP, Problem, header_of, label_of, read_units

OTHER_KIND = "其他"
SIMPLE = ("short_name", "code", "order", "valid_from")
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass
class Planned:
    """One row: the unit it means (None: a new one), its superior (a Unit, another Planned, or None), what changes."""

    number: int
    values: dict
    unit: Any = None
    parent: Any = None
    changes: list = field(default_factory=list)

    @property
    def name(self):
        return self.values["name"]

    @property
    def action(self):
        return NEW if self.unit is None else CHANGED if self.changes else SAME


@dataclass
class Plan:
    """What a file would do. It can be taken over only without problems."""

    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def counts(self):
        found = Counter(row.action for row in self.rows)
        return {action: found[action] for action in (NEW, CHANGED, SAME)}


def managed_units(user):
    """The current units that `user` may change (None: a command, all), with what a sheet shows of them."""
    managed = Unit.objects.all() if user is None or user.is_superuser else user.units_with_role(*UNIT_MANAGERS)
    rows = managed.current().select_related("parent", "kind", "peer_group")
    return rows.prefetch_related("names", "persons").order_by("depth", "order", "pk")


def plan(file, *, user=None, below=None):
    """Read a workbook or CSV and say what it would do. Raises `UnreadableFile` for a file that is no table.

    A new unit whose row names no superior stands below `below`; with None it is a new root, for those who may make one.
    """
    rows, problems = read_units(file)
    return Planner(managed_units(user), problems, user, below).plan(rows)


class Planner:
    """Finds for each row its unit and its superior, and compares."""

    def __init__(self, units, problems, user, below):
        self.units = list(units)
        self.problems = problems
        self.below = below
        self.may_make_roots = user is None or user.is_superuser
        self.may_add_to_lists = user is None or user.manages_lists()
        self.by_pk = {unit.pk: unit for unit in self.units}
        self.by_code = {unit.code: unit for unit in self.units if unit.code}
        self.labels = label_of(self.units)
        self.places = {}

    def plan(self, rows):
        planned = [Planned(row.number, row.values, self.unit_of(row)) for row in rows]
        self.index(planned)
        for row in planned:
            self.place(row)
        self.check_lists(planned)
        self.check_twice(planned)
        self.check_codes(planned)
        self.check_circles(planned)
        for row in planned:
            row.changes = [] if row.unit is None else list(self.changes(row))
        return Plan(planned, sorted(self.problems, key=lambda problem: problem.row))

    def complain(self, row, column, reason):
        value = row.values.get(column)
        self.problems.append(Problem(row.number, header_of(column), "" if value is None else str(value), reason))

    def unit_of(self, row):
        """By number, by code, or by name below the superior it has now."""
        number, code = row.values.get("pk"), row.values.get("code")
        if number is not None:
            if number not in self.by_pk:
                self.complain(row, "pk", _("You keep no unit of this number; leave it empty for a new unit."))
            return self.by_pk.get(number)
        if code in self.by_code:
            return self.by_code[code]
        named = [unit for unit in self.units if unit.name == row.values["name"]]
        if above := row.values.get("parent"):
            return next((unit for unit in named if above in self.words_for_parent(unit)), None)
        near = [unit for unit in named if self.below is not None and unit.parent_id == self.below.pk]
        return (near or (named if len(named) == 1 else [None]))[0]

    def words_for_parent(self, unit):
        """All that a sheet may write as the superior of this unit so that it means: where it is."""
        return {self.labels.get(unit.parent_id), unit.parent.name, unit.parent.short_name} if unit.parent else {""}

    def index(self, planned):
        """Names and paths of all units, those of the file included, to what they mean."""
        for unit in self.units:
            for name in {unit.name, unit.short_name, self.labels[unit.pk]} - {""}:
                self.places.setdefault(plain(name), {})[unit.pk] = unit
        for row in planned:
            if row.unit is None:
                names = {row.name, f"{row.values.get('parent', '')}{STEP}{row.name}"}
                for name in names:
                    self.places.setdefault(plain(name), {})[-row.number] = row
            else:
                self.places.setdefault(plain(row.name), {})[row.unit.pk] = row.unit

    def place(self, row):
        """Find the superior; a unit that stays where it is needs none that the person keeps."""
        words = row.values.get("parent")
        if row.unit is not None and (not words or words in self.words_for_parent(row.unit)):
            row.parent = row.unit.parent
        elif not words:
            row.parent = self.below
            if self.below is None and not self.may_make_roots:
                self.complain(row, "parent", _("A unit needs a superior unit among those that you keep."))
        else:
            row.parent = self.superior_named(row, words)
            if row.unit is not None and row.unit.parent_id and row.unit.parent_id not in self.by_pk:
                self.complain(row, "parent", _("A unit needs a superior unit among those that you keep."))

    def superior_named(self, row, words):
        found = [place for place in self.places.get(plain(words), {}).values() if place not in (row, row.unit)]
        if len(found) == 1:
            return found[0]
        if found:
            self.complain(row, "parent", _("Several units have this name; write it with its superior: A / B."))
        else:
            self.complain(row, "parent", _("There is no such unit, neither here nor in this file."))
        return None

    def check_lists(self, planned):
        """Kinds and peer groups are made as they come, by those who keep these lists."""
        for name, model in (("kind", UnitKind), ("peer_group", PeerGroup)):
            known = set(model.objects.values_list("name", flat=True)) | {""}
            for row in planned:
                if not self.may_add_to_lists and row.values.get(name, "") not in known:
                    self.complain(row, name, _("This is not in the list; the office at the top can add it."))

    def check_twice(self, planned):
        """The same unit in two rows, two units of one name below one superior, one code for two units."""
        seen = {}
        for row in planned:
            above = row.parent.pk if isinstance(row.parent, Unit) else id(row.parent)
            keys = [("unit", row.unit and row.unit.pk), ("name", row.parent and above, row.name)]
            keys.append(("code", row.values.get("code") or None))
            for key in keys:
                if key[-1] is not None and seen.setdefault(key, row) is not row:
                    reason = _("The same as in row %(n)s.") % {"n": seen[key].number}
                    self.complain(row, "code" if key[0] == "code" else "name", reason)
                    break
        meant = {row.unit.pk for row in planned if row.unit is not None}
        taken = {(unit.parent_id, unit.name) for unit in self.units if unit.pk not in meant}
        for row in planned:
            if isinstance(row.parent, Unit) and (row.parent.pk, row.name) in taken:
                self.complain(row, "name", _("There is a unit of this name there already."))

    def check_codes(self, planned):
        """A code that another unit has, also one that ended or that the person does not keep."""
        codes = [row.values["code"] for row in planned if row.values.get("code")]
        owners = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
        for row in planned:
            owner = owners.get(row.values.get("code"))
            if owner and (row.unit is None or owner != row.unit.pk):
                self.complain(row, "code", _("Another unit has this code, perhaps one that has ended."))

    def check_circles(self, planned):
        """A unit below itself, by the rows of this file."""
        moved = {row.unit.pk: row for row in planned if row.unit is not None}
        for row in planned:
            seen, here = set(), row
            while here is not None and id(here) not in seen:
                seen.add(id(here))
                above = here.parent
                here = moved.get(above.pk, self.by_pk.get(above.pk)) if isinstance(above, Unit) else above
            if here is row:
                self.complain(row, "parent", _("By these rows the unit would stand below itself."))

    def changes(self, row):
        """`(header, before, after)` of each fact that differs."""
        unit, values = row.unit, row.values
        for name in ("name", *SIMPLE):
            if given(values, name) and (values[name] or None) != (getattr(unit, name) or None):
                yield header_of(name), getattr(unit, name) or "", values[name]
        if row.parent is not unit.parent and getattr(row.parent, "pk", None) != unit.parent_id:
            yield header_of("parent"), unit.parent or "", row.parent.name if row.parent else ""
        for name in ("kind", "peer_group"):
            before = getattr(unit, name).name if getattr(unit, name) else ""
            if name in values and values[name] != before and (values[name] or name == "peer_group"):
                yield header_of(name), before, values[name]
        new = set(values.get("aliases", ())) - {name.name for name in unit.names.all()}
        if new:
            yield header_of("aliases"), "", "、".join(sorted(new))
        for position in POSITIONS:
            before = {(p.name, p.title, p.phone) for p in current_persons(unit, position)}
            if position in values and set(values[position]) != before:
                yield header_of(position), names_of(before), names_of(values[position])


def given(values, name):
    """Whether the row says something of the field: an empty cell of a number or a day says nothing."""
    return values.get(name) is not None


def current_persons(unit, position):
    return [person for person in unit.persons.all() if person.position == position and person.is_current]


def names_of(people):
    return "、".join(sorted(name for name, _title, _phone in people))


@transaction.atomic
def take_over(file, *, user=None, below=None):
    """Do what the file says: everything, or with any problem nothing. Returns the `Plan` that was carried out."""
    lock_tree()
    found = plan(file, user=user, below=below)
    if found.problems:
        raise ValidationError(_("The file still has problems; nothing was taken over."))
    Takeover(user).carry_out(found)
    return found


class Takeover:
    """Carries a plan out, superiors before the units below them."""

    def __init__(self, user):
        self.user = user
        self.today = timezone.localdate()
        self.kinds = {kind.name: kind for kind in UnitKind.objects.all()}
        self.groups = {group.name: group for group in PeerGroup.objects.all()}
        self.made = {}

    def carry_out(self, found):
        self.make([row for row in found.rows if row.action == NEW])
        for row in found.rows:
            if row.action == CHANGED:
                self.change(row)

    def entry(self, model, known, name):
        """A kind or group by its name, made when it is new."""
        if name and name not in known:
            known[name] = model.objects.create(name=name, order=len(known) + 1)
        return known.get(name)

    def superior(self, row):
        return self.made.get(row.parent.number) if isinstance(row.parent, Planned) else row.parent

    def make(self, rows):
        """The new units, level by level because each level needs the one above; then what belongs to them."""
        waiting = rows
        while waiting:
            ready = [row for row in waiting if not isinstance(row.parent, Planned) or row.parent.number in self.made]
            units = Unit.objects.bulk_create([self.new_unit(row) for row in ready])
            self.made |= {row.number: unit for row, unit in zip(ready, units, strict=True)}
            waiting = [row for row in waiting if row.number not in self.made]
        made = [(self.made[row.number], row.values) for row in rows]
        names = [UnitName(unit=unit, name=name) for unit, values in made for name in values.get("aliases", ())]
        UnitName.objects.bulk_create(names)
        people = [
            self.new_person(unit, position, *facts)
            for unit, values in made
            for position in POSITIONS
            for facts in values.get(position, ())
        ]
        UnitPerson.objects.bulk_create(people)
        UnitEvent.objects.bulk_create(UnitEvent(unit=unit, actor=self.user, step="import") for unit, _values in made)

    def new_unit(self, row):
        values = row.values
        return Unit(
            name=row.name,
            parent=self.superior(row),
            kind=self.entry(UnitKind, self.kinds, values.get("kind") or OTHER_KIND),
            peer_group=self.entry(PeerGroup, self.groups, values.get("peer_group")),
            short_name=values.get("short_name", ""),
            code=values.get("code") or None,
            order=values.get("order") or row.number,
            valid_from=values.get("valid_from") or self.today,
        )

    def new_person(self, unit, position, name, title, phone):
        return UnitPerson(unit=unit, position=position, name=name, title=title, phone=phone, since=self.today)

    def change(self, row):
        unit, values = row.unit, row.values
        if values["name"] != unit.name:
            short_name = values.get("short_name", unit.short_name)
            unit.rename(values["name"], short_name=short_name, on=self.today, by=self.user)
        superior = self.superior(row)
        if getattr(superior, "pk", None) != unit.parent_id:
            unit.move(superior, by=self.user)
        for name in SIMPLE:
            if given(values, name):
                setattr(unit, name, (values[name] or None) if name == "code" else values[name])
        if values.get("kind"):
            unit.kind = self.entry(UnitKind, self.kinds, values["kind"])
        if "peer_group" in values:
            unit.peer_group = self.entry(PeerGroup, self.groups, values["peer_group"])
        unit.save(update_fields=[*SIMPLE, "kind", "peer_group"])
        self.add_names(unit, values)
        self.set_persons(unit, values)

    def add_names(self, unit, values):
        for name in values.get("aliases", ()):
            UnitName.objects.get_or_create(unit=unit, name=name)

    def set_persons(self, unit, values):
        """Whom the sheet names are the unit's people; whom it no longer names served until yesterday."""
        for position in POSITIONS:
            if position not in values:
                continue
            wanted = list(values[position])
            for person in current_persons(unit, position):
                if (facts := (person.name, person.title, person.phone)) in wanted:
                    wanted.remove(facts)
                elif person.since == self.today:
                    person.delete()
                else:
                    person.until = self.today - timedelta(days=1)
                    person.save(update_fields=["until"])
            UnitPerson.objects.bulk_create(self.new_person(unit, position, *facts) for facts in wanted)
