"""The list of a ledger's units with their letters: its filter, its columns, its cells."""

import django_filters as filters
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks.letters import DRAFT, MISSING, SIGNED, UNSIGNED, is_needed
from tasks.models import Assignment, ResponsibilityLetter
from units.lists import Column
from units.markup import NOTHING, row_link, text
from units.models import Unit
from units.templatetags.badges import badge, icon

STALE = "stale"
STANDINGS = [
    (MISSING, _("no letter yet")),
    *((state, ResponsibilityLetter.State(state).label) for state in (DRAFT, UNSIGNED, SIGNED)),
    (STALE, _("out of date")),
]
TONES = {MISSING: "pending", DRAFT: "draft", UNSIGNED: "issued", SIGNED: "closed"}


class LetterFilter(filters.FilterSet):
    """Units of a ledger by how they stand with their letter."""

    q = filters.CharFilter(label=_("Unit"), method="search")
    letter = filters.ChoiceFilter(label=_("Letter"), choices=STANDINGS, method="stands")

    class Meta:
        model = Unit
        fields = []

    def search(self, rows, _name, words):
        return rows.filter(Q(name__icontains=words) | Q(short_name__icontains=words))

    def stands(self, rows, _name, value):
        return rows.filter(is_stale=True) if value == STALE else rows.filter(standing=value)


def attach_letters(units):
    """Give each row of `units_of` its `letter`: the one that stands, else the draft, else None. One query."""
    wanted = {unit.pk: unit.standing_pk or unit.draft_pk for unit in units}
    found = ResponsibilityLetter.objects.select_related("ledger").defer("data").in_bulk(filter(None, wanted.values()))
    for unit in units:
        unit.letter = found.get(wanted[unit.pk])
    return units


def unit_cell(unit):
    return row_link(unit.letter, unit) if unit.letter else text(unit)


def standing_cell(unit):
    """How it stands, and whether what stands is out of date or has a draft waiting to take its place."""
    badges = [badge(TONES[unit.standing], dict(STANDINGS)[unit.standing])]
    if unit.is_stale:
        badges.append(badge("overdue", gettext("out of date")))
    if unit.standing_pk and unit.draft_pk:
        badges.append(badge("draft", gettext("new edition drafted")))
    return SafeString(f'<div class="badges">{"".join(badges)}</div>')


def fate_cell(unit):
    """What drawing up does for the unit."""
    if not is_needed(unit):
        return badge(
            "approved",
            gettext("nothing: the letter says what is asked") if unit.duties else gettext("nothing is asked"),
        )
    if unit.draft_pk:
        return badge("preview", gettext("the draft is drawn up anew"))
    if unit.standing_pk:
        return badge("preview", gettext("a new edition, to replace %(number)s") % {"number": unit.letter.number})
    return badge("info", gettext("a new letter"))


UNITS = [
    Column("name", _("Unit"), sort="path", draw=unit_cell, link=True),
    Column("duties", _("Tasks"), sort="duties", kind="number"),
    Column("letter.number", pgettext_lazy("letter", "No."), kind="nowrap"),
    Column("standing", _("Letter"), draw=standing_cell),
    Column("letter.signed_on", _("Signed on"), kind="date"),
    Column("letter.signer", _("Signed by"), phone=False),
]
PREVIEW = [
    Column("name", _("Unit"), draw=unit_cell, link=True),
    Column("duties", _("Tasks"), kind="number"),
    Column("fate", _("What will happen"), draw=fate_cell),
]


def duty_cell(duty):
    """What is asked: the task, and what is required of everybody and of this unit."""
    star = f' <span class="star">{icon("star", gettext("key task"))}</span>' if duty["is_key"] else ""
    more = "".join(f'<small class="muted">{text(duty[name])}</small>' for name in ("requirement", "own") if duty[name])
    return SafeString(f"<div>{text(duty['title'])}{star}{more}</div>")


def due_cell(duty):
    day = f'<span class="nowrap">{text(duty["due"])}</span>' if duty["due"] else text(duty["due_text"])
    said = [text(duty["repeats"]), day]
    return SafeString("<br>".join(words for words in said if words)) or NOTHING


def part_cell(duty):
    return SafeString(f'<span class="nowrap">{text(Assignment.Part(duty["part"]).label)}</span>')


def edition_cell(letter):
    words = pgettext("letter", "edition %(n)s") % {"n": letter.edition}
    number = f' <small class="muted">{text(letter.number)}</small>' if letter.number else ""
    return SafeString(f"<div>{row_link(letter, words)}{number}</div>")


def duty_columns(duties):
    """The columns of a list of duties; a figure that none of them has gets no column."""
    figures = [("quantity", _("Quantity")), ("share", _("Share"))]
    return [
        Column("title", _("Task"), draw=duty_cell, link=True),
        Column("part", _("Part"), draw=part_cell),
        *(Column(name, label, kind="nowrap") for name, label in figures if any(duty[name] for duty in duties)),
        Column("due", _("Deadline"), draw=due_cell),
    ]


EDITIONS = [
    Column("edition", _("Edition"), draw=edition_cell, link=True),
    Column("state", _("State"), kind="state"),
]
