"""Which unit a name in a table means. A name that could mean two means none: people decide, and it is remembered."""

import re
from collections import defaultdict
from enum import IntEnum

from django.db import transaction

from units.models import PeerGroup, UnitName
from units.names import plain

LEVELS = "省市县区州盟旗镇乡"
NOTE = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]?")
FEWEST_LETTERS = 2


class Ground(IntEnum):
    """Why a name fits, the best ground first."""

    NAME = 1
    ALIAS = 2
    SHORT = 3
    LEVEL = 4  # the name without the city's, or with it
    FORMER = 5


class Matcher:
    """The names of the current units on and under `scope`, read once (three queries).

    A unit directly below the scope is also found without the scope's name and level (市教育局, 教育局, 安澜市教育局 are
    one), because that is how its tables speak; a unit further down only by names it really has. Where several fit,
    those directly below the scope come first, then the better ground; if two are left, there is no match.
    """

    def __init__(self, scope):
        self.scope = scope
        self.units = {unit.pk: unit for unit in scope.subtree().current().select_related("peer_group")}
        self._found = defaultdict(dict)
        for unit in self.units.values():
            self._learn(unit, unit.name, Ground.NAME)
            self._learn(unit, unit.short_name, Ground.SHORT)
        for name in UnitName.objects.filter(unit__in=self.units):
            unit = self.units[name.unit_id]
            self._learn(unit, name.name, Ground.ALIAS if name.kind == UnitName.Kind.ALIAS else Ground.FORMER)
        self._groups = {}
        for group in PeerGroup.objects.all():
            for name in (group.name, *group.aliases):
                self._groups.setdefault(plain(name), group)

    def _learn(self, unit, name, ground):
        self._note(unit, plain(name), ground)
        if unit.depth <= self.scope.depth + 1:
            for other in self._with_and_without_level(plain(name)):
                self._note(unit, other, max(ground, Ground.LEVEL))

    def _note(self, unit, key, ground):
        if len(key) >= FEWEST_LETTERS:
            self._found[key][unit.pk] = min(ground, self._found[key].get(unit.pk, ground))

    def _with_and_without_level(self, name):
        """`市教育局` as `教育局` and `安澜市教育局`, and the other way round."""
        place, level = plain(self.scope.name), self.scope.name[-1:]
        if level not in LEVELS or name == place:
            return set()
        base = name.removeprefix(place)
        if base == name and len(place) > FEWEST_LETTERS:
            base = name.removeprefix(place[:-1])
        bare = base.removeprefix(level)
        return {before + name for name in (base, bare) for before in ("", level, place, place[:-1])}

    def match(self, name):
        """The `Unit` that the name means, the `PeerGroup` (各区), or None when nothing or too much fits."""
        for text in dict.fromkeys((plain(name), plain(NOTE.sub("", name)))):
            if text in self._found:
                return self._best(self._found[text])
            if text in self._groups:
                return self._groups[text]
        return None

    def _best(self, found):
        near = {pk: ground for pk, ground in found.items() if self.units[pk].depth <= self.scope.depth + 1}
        fitting = near or found
        best = min(fitting.values())
        pks = [pk for pk, ground in fitting.items() if ground == best]
        return self.units[pks[0]] if len(pks) == 1 else None

    def expand(self, meant):
        """The units that a match means: the unit itself, or the group's current units in the scope, in their order."""
        if isinstance(meant, PeerGroup):
            members = [unit for unit in self.units.values() if unit.peer_group_id == meant.pk]
            return sorted(members, key=lambda unit: (unit.order, unit.pk))
        return [meant] if meant else []

    def suggest(self, name, most=5):
        """Units whose names share the most pairs of letters with a name that did not match, the nearest first."""
        wanted = pairs(plain(NOTE.sub("", name)))
        scores = defaultdict(float)
        for key, found in self._found.items():
            own = pairs(key)
            if shared := len(wanted & own):
                for pk in found:
                    scores[pk] = max(scores[pk], 2 * shared / (len(wanted) + len(own)))
        nearest = sorted(scores, key=lambda pk: (-scores[pk], pk))
        return [self.units[pk] for pk in nearest[:most]]

    @transaction.atomic
    def remember(self, text, unit):
        """From now on `text` means `unit` in this scope: kept as an alias, and taken from a unit that had it before."""
        name = " ".join(text.split())[:100]
        key = plain(name)
        stale = [
            other.pk
            for other in UnitName.objects.filter(unit__in=self.units, kind=UnitName.Kind.ALIAS).exclude(unit=unit)
            if plain(other.name) == key
        ]
        UnitName.objects.filter(pk__in=stale).delete()
        UnitName.objects.get_or_create(unit=unit, name=name, defaults={"kind": UnitName.Kind.ALIAS})
        self._found[key] = {pk: g for pk, g in self._found[key].items() if g != Ground.ALIAS or pk == unit.pk}
        self._note(unit, key, Ground.ALIAS)


def pairs(text):
    return {text[n : n + 2] for n in range(len(text) - 1)}
