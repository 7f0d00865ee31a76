"""Which units are given something, and with which part: the fields of a form, and what they must obey."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.models.assignment import PARTS
from units.forms.tick_lists import INDENT, TickList
from units.markup import listed
from units.models import Unit

TICKED = ("responsible", "supporting")  # the parts that many units have


class Picked(list):
    """The units that were chosen; `by_name` are those ticked one by one, and not as members of a group."""

    def __init__(self, units, by_name):
        super().__init__(units)
        self.by_name = by_name


class UnitsPicked(forms.MultipleChoiceField):
    """Some of the units of a tree, one by one or all of a peer group. The value is `Picked`, in the tree's order."""

    widget = TickList

    def __init__(self, **options):
        super().__init__(**{"required": False, "label": _("Units")} | options)
        self.units, self.groups = {}, {}

    def offer(self, units):
        """Offer these (a queryset, or those of another field): first the peer groups that have members among them."""
        found = units.offered if isinstance(units, UnitsPicked) else offered(units)
        self.offered = found
        self.units = {f"unit-{unit.pk}": unit for unit in found}
        self.groups = {f"group-{group.pk}": members for group, members in by_group(found)}
        top, all_of = min((unit.depth for unit in found), default=1), _("All of: %(group)s (%(n)s)")
        self.choices = [
            *((f"group-{group.pk}", all_of % {"group": group, "n": len(of)}) for group, of in by_group(found)),
            *((name, f"{INDENT * (unit.depth - top)}{unit.name}") for name, unit in self.units.items()),
        ]

    def prepare_value(self, value):
        """Units and their primary keys may be given to begin with."""
        return [self.name_of(one) for one in value or ()]

    @staticmethod
    def name_of(one):
        pk = one.pk if isinstance(one, Unit) else one
        return f"unit-{pk}" if isinstance(pk, int) else pk

    def clean(self, value):
        names = super().clean(value)
        by_name = [self.units[name] for name in names if name in self.units]
        chosen = self.meant(names)
        return Picked([unit for name, unit in self.units.items() if name in chosen], by_name)

    def meant(self, names):
        """The names of the single units: a group is its members."""
        single = {self.name_of(unit) for name in names for unit in self.groups.get(name, ())}
        return single | {name for name in names if name not in self.groups}

    def has_changed(self, initial, data):
        return self.meant(self.prepare_value(initial)) != self.meant(data or ())


def offered(units):
    return list(units.select_related("peer_group", "parent").in_tree_order())


def by_group(units):
    """`(peer group, its members)`, in the order of the groups."""
    groups = {}
    for unit in units:
        groups.setdefault(unit.peer_group, []).append(unit)
    groups.pop(None, None)
    return sorted(groups.items(), key=lambda item: (item[0].order, item[0].name))


def check_named_once(cleaned):
    """Refuse a unit that was chosen by name under two parts."""
    lead = cleaned.get("lead")
    named = [lead] if lead else []
    for part in TICKED:
        named += cleaned[part].by_name if part in cleaned else []
    if twice := {unit for unit in named if named.count(unit) > 1}:
        names = listed(unit.placed(unit.name) for unit in twice)
        raise ValidationError(_("%(units)s: named twice; a unit has one part.") % {"units": names})


def chosen_parts(cleaned):
    """The units as they were chosen: a dict of unit → part. Who is named has that part, also out of a chosen group."""
    found = {unit: part for part in reversed(TICKED) for unit in cleaned[part]}
    found |= {unit: part for part in TICKED for unit in cleaned[part].by_name}
    found |= {cleaned["lead"]: "lead"} if cleaned["lead"] else {}
    return {unit: part for part in PARTS for unit, has in found.items() if has == part}
