"""The first kinds of places and the first checklist, from the real rows in `inspections/data/`. Both may run twice."""

import csv
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from inspections.models import Checklist, ChecklistItem, PlaceType

DATA = Path(__file__).parent / "data"
CHECKLIST = "实地考察标准"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def types_meant(name, names):
    """The kinds of place that a name in the checklists stands for: its own, unless listed otherwise."""
    return names.get(name, [name])


def known_names():
    return {row["checklist_name"]: row["place_types"].split("|") for row in rows("place_type_names.csv")}


@transaction.atomic
def seed_place_types():
    """The 54 kinds of the handbook and those that only the checklists know, by name. What exists is left alone."""
    names = known_names()
    wanted = [row["place_type"] for row in rows("place_types_2018.csv")]
    wanted += [kind for row in rows("site_checklists.csv") for kind in types_meant(row["place_type"], names)]
    kinds = [PlaceType(name=name, order=order) for order, name in enumerate(dict.fromkeys(wanted), start=1)]
    PlaceType.objects.bulk_create(kinds, ignore_conflicts=True)
    return {kind.name: kind for kind in PlaceType.objects.all()}


def rule_for(row, rules):
    """The first rule whose words occur in the item; the last rule has none and holds for all."""
    said = row["item"] + row["criterion"]
    return next(rule for rule in rules if any(word in said for word in rule["words"].split("|")))


def limits(text):
    """`4h` or `3d` as the two columns of an item."""
    number = int(text[:-1])
    return {"limit_hours": number, "limit_days": None} if text.endswith("h") else {"limit_days": number}


def items(checklist, kinds):
    """One item for each kind of place a row stands for; the same words twice for one kind are one item."""
    names, rules, seen = known_names(), rows("item_rules.csv"), set()
    for row in rows("site_checklists.csv"):
        rule = rule_for(row, rules)
        for kind in types_meant(row["place_type"], names):
            if (kind, row["criterion"]) in seen:
                continue
            seen.add((kind, row["criterion"]))
            yield ChecklistItem(
                checklist=checklist,
                place_type=kinds[kind],
                category=row["item"],
                text=row["criterion"],
                points=Decimal(rule["points"]),
                deduction=Decimal(rule["deduction"]),
                phrases=rule["phrases"].split("|"),
                source=row["source"],
                order=len(seen),
                **limits(rule["limit"]),
            )


@transaction.atomic
def seed_checklist(unit):
    """The checklist of `unit` with the real items, version 1. One that exists is returned as it is."""
    checklist, is_new = Checklist.objects.get_or_create(unit=unit, name=CHECKLIST, version=1)
    if is_new:
        ChecklistItem.objects.bulk_create(items(checklist, seed_place_types()))
    return checklist
