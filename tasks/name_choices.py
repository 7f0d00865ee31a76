"""Names in a ledger file that nobody knows, and what becomes of each: matched, created, left out."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from units.models import PeerGroup, Unit, UnitKind

LEAVE, MATCH, CREATE = "leave", "match", "create"
MOST = 300  # names asked about on one page
SUGGESTED = 3  # guesses for each name
GUESSED = 60  # names for which guesses are made: each costs a look at every name of the tree
LIST = "unit-names"
SELECT = {"class": "form-select"}
TYPED = {"class": "form-control", "list": LIST, "autocomplete": "off"}


class Names:
    """How the units of a scope are written where people pick one by typing; two of one name with their superior."""

    def __init__(self, matcher):
        self.matcher = matcher
        often = Counter(unit.name for unit in matcher.units.values())
        self.labels = {}
        for unit in matcher.units.values():
            above = matcher.units.get(unit.parent_id)
            self.labels[unit.name if often[unit.name] == 1 or not above else f"{unit.name}({above.name})"] = unit
        self.written = {unit.pk: label for label, unit in self.labels.items()}
        self.groups = {str(_("All of: %(group)s") % {"group": group}): group for group in PeerGroup.objects.all()}

    def options(self):
        return [*self.groups, *self.labels]

    def find(self, text):
        """The unit or group that was picked or typed, or None."""
        text = text.strip()
        return self.labels.get(text) or self.groups.get(text) or self.matcher.match(text)

    def label(self, unit):
        return self.written[unit.pk]


def mark(name):
    """What the fields of a name are called. By name and not by place: the list may be another one when it is sent."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


@dataclass
class Asked:
    """One name on the page: where it stands, and its three fields."""

    name: str
    rows: list
    do: object
    text: object
    kind: object


class NamesForm(forms.Form):
    """Three fields for each unknown name: what to do, the unit that is meant (or the superior of a new one), a kind."""

    def __init__(self, data, *, unknown, names, chosen):
        """`unknown`: name → rows; `chosen`: what was decided before."""
        super().__init__(data)
        self.names, self.unknown = names, dict(list(unknown.items())[:MOST])
        kinds = [("", _("kind")), *UnitKind.objects.values_list("pk", "name")]
        for n, name in enumerate(self.unknown):
            guesses = names.matcher.suggest(name, SUGGESTED) if n < GUESSED else []
            self.add_fields(name, guesses, kinds, chosen.get(name, {}))

    def add_fields(self, name, guesses, kinds, before):
        do = [
            (LEAVE, _("leave out")),
            *((f"unit:{unit.pk}", _("means %(unit)s") % {"unit": self.names.label(unit)}) for unit in guesses),
            (MATCH, _("means another unit:")),
            (CREATE, _("new unit below:")),
        ]
        guessed = f"unit:{before.get('unit')}"
        now = guessed if guessed in dict(do) else before.get("do", LEAVE)
        text = forms.TextInput(TYPED | {"placeholder": _("name of the unit")})
        self.fields[f"do-{mark(name)}"] = forms.ChoiceField(
            label=name, choices=do, initial=now, required=False, widget=forms.Select(SELECT)
        )
        self.fields[f"text-{mark(name)}"] = forms.CharField(
            label=_("Unit"), required=False, initial=before.get("text", ""), widget=text
        )
        self.fields[f"kind-{mark(name)}"] = forms.TypedChoiceField(
            label=_("Kind"),
            choices=kinds,
            coerce=int,
            empty_value=None,
            required=False,
            initial=before.get("kind"),
            widget=forms.Select(SELECT),
        )

    def asked(self):
        """The names in the order of the file, each with its fields."""
        for name, rows in self.unknown.items():
            yield Asked(name, rows, *(self[f"{part}-{mark(name)}"] for part in ("do", "text", "kind")))

    def clean(self):
        cleaned, self.choices = super().clean(), {}
        for name in self.unknown:
            do = cleaned.get(f"do-{mark(name)}") or LEAVE
            if do.startswith("unit:"):
                self.choices[name] = {"do": MATCH, "text": "", "unit": int(do.removeprefix("unit:"))}
            elif do != LEAVE:
                self.decide(name, do, cleaned.get(f"text-{mark(name)}", ""), cleaned.get(f"kind-{mark(name)}"))
        return cleaned

    def decide(self, name, do, text, kind):
        """Keep one decision, or say what is missing in it."""
        found = self.names.find(text) if text else None
        if do == MATCH and found is None:
            self.add_error(f"text-{mark(name)}", _("No unit of this name is known; choose one from the list."))
        elif do == MATCH:
            what = "group" if isinstance(found, PeerGroup) else "unit"
            self.choices[name] = {"do": MATCH, "text": text, what: found.pk}
        elif text and not isinstance(found, Unit):
            self.add_error(
                f"text-{mark(name)}", _("No unit of this name is known; choose the superior unit from the list.")
            )
        elif not kind:
            self.add_error(f"kind-{mark(name)}", _("Say what kind of unit it is."))
        else:
            parent = found or self.names.matcher.scope
            self.choices[name] = {"do": CREATE, "text": text, "parent": parent.pk, "kind": kind}


def meanings(choices):
    """What was matched: name → unit or peer group, as far as they still exist. Names to be created are not in it."""
    units = Unit.objects.in_bulk([one["unit"] for one in choices.values() if "unit" in one])
    groups = PeerGroup.objects.in_bulk([one["group"] for one in choices.values() if "group" in one])
    found = {name: units.get(one.get("unit")) or groups.get(one.get("group")) for name, one in choices.items()}
    return {name: meant for name, meant in found.items() if meant}


def carry_out(choices, matcher):
    """Create what was to be created and remember every match as an alias. Returns the meanings of all names."""
    found = meanings(choices)
    for name, meant in found.items():
        if isinstance(meant, Unit):
            matcher.remember(name, meant)
        elif name not in meant.aliases and matcher.scope.parent_id is None:  # all units share the groups
            meant.aliases.append(name[:32])
            meant.save(update_fields=["aliases"])
    for name, one in choices.items():
        if one["do"] == CREATE:
            found[name], _made = Unit.objects.get_or_create(
                name=name[:100], parent_id=one["parent"], valid_until=None, defaults={"kind_id": one["kind"]}
            )
    return found
