"""The columns of a disclosure's tables: its figures, and what has moved since the edition before."""

from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.public_addresses import public_address
from units.columns import Column
from units.markup import NOTHING, text
from units.templatetags.badges import badge

LABELS = {
    "asked": _("Assignments"),
    "completed": _("Completed"),
    "in_progress": _("In progress"),
    "not_started": _("Not started"),
    "overdue": _("Overdue"),
    "progress": _("Approved progress"),
}


def percent(value):
    return NOTHING if value is None else f"{Decimal(value):.2f}%"


def spoken(name, value):
    return percent(value) if name == "progress" else NOTHING if value is None else str(value)


def pair(name):
    """Draws `3 → 5`, or the figure alone where it stayed."""

    def draw(line):
        before, now = line[name]
        if before == now:
            return spoken(name, now)
        return SafeString(f"{text(spoken(name, before))} → <strong>{text(spoken(name, now))}</strong>")

    return draw


def unit_cell(line):
    """The unit, and whether it is new in the list or gone from it."""
    mark = badge("info", _("new")) if line["is_new"] else badge("cancelled", _("gone")) if line["is_gone"] else ""
    return SafeString(f"{text(line['name'])} {mark}")


def edition_cell(row):
    """A published edition on the public page, leading to its public address."""
    address = public_address("disclosure", row.pk)
    return SafeString(f'<a class="row-link" href="{text(address)}">{text(row.title)}</a>')


def ledger_cell(ledger):
    """A ledger, leading to the new edition that is made of it."""
    address = reverse("reports:disclosure-new", args=[ledger.pk])
    return SafeString(f'<a class="row-link" href="{text(address)}">{text(ledger)}</a>')


FIGURES = [
    Column("name", _("Unit"), link=True, draw=lambda row: row["name"]),
    *(Column(name, label, kind="number") for name, label in LABELS.items() if name != "progress"),
    Column("progress", LABELS["progress"], kind="number", draw=lambda row: percent(row["progress"])),
]
MOVED = [
    Column("name", _("Unit"), link=True, draw=unit_cell),
    *(Column(name, label, kind="number", draw=pair(name)) for name, label in LABELS.items()),
]
LEDGERS = [
    Column("name", _("Ledger"), link=True, draw=ledger_cell),
    Column("unit", _("Kept by")),
    Column("asks", _("Tasks"), kind="number"),
]
EDITIONS = [
    Column("title", _("Disclosure"), link=True, draw=edition_cell),
    Column("edition", pgettext_lazy("disclosure", "Edition"), kind="number"),
    Column("unit.name", _("Published by")),
    Column("made_at", _("As of"), kind="date"),
    Column("published_at", _("Published"), kind="date"),
]
