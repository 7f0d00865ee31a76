"""How units and criteria are written in a cell, and found again: by name, and by number where a name would not do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from tasks.reading.cell_text import folded
from tasks.reading.ledger_draft import solid
from tasks.reading.unit_cells import OPENERS, PAIRS, inside_brackets
from tasks.workbook.texts import said
from units.markup import number_text

SEPARATOR = "、"
SEPARATORS = frozenset("、,;\n")
BRACKETS = OPENERS | PAIRS.keys()
SHARE = re.compile(r"\(\s*(\d{1,3}(?:\.\d{1,2})?)\s*%\s*\)$")
NUMBERED = re.compile(r"#(\d{1,18})$")
MOST_GUESSES = 60  # each costs a look at every name
WILD = re.compile(r"[、,;，；#\s]+")


def pieces(text):
    """The names of a cell: cut at 、 , ; and line breaks outside brackets, in any width."""
    plain = folded(text)
    inside = inside_brackets(plain)
    found, piece = [], ""
    for place, mark in enumerate(plain):
        if mark in SEPARATORS and place not in inside:
            found.append(piece)
            piece = ""
        else:
            piece += text[place]
    return [name.strip() for name in [*found, piece] if name.strip()]


def with_share(text):
    """`市教育局(60%)` as ("市教育局", Decimal(60)); the share is None where none is named."""
    found = SHARE.search(folded(text))
    return (text[: found.start()].strip(), Decimal(found[1])) if found else (text, None)


def share_text(share):
    """The share as it stands behind the name of its unit; nothing where there is none."""
    return "" if share is None else f"({number_text(share)}%)"


def is_plain(name):
    """Whether a name read from a cell would be the same name: no mark in it means anything else."""
    plain = folded(name)
    inside = inside_brackets(plain)
    closed = all(place in inside for place, mark in enumerate(plain) if mark in BRACKETS)
    return bool(name) and closed and pieces(name) == [name] and not SHARE.search(plain) and not NUMBERED.search(plain)


def nothing(_text):
    return []


@dataclass
class Labels:
    """The rows of one kind by primary key, in the order in which cells name them.

    `meaning` says which rows a text means that somebody typed: none, one, or several for the name of a group;
    `guess` which ones it may have been meant for.
    """

    names: dict
    meaning: Callable
    guess: Callable = nothing
    guessed: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)

    def __post_init__(self):
        self.place = {pk: n for n, pk in enumerate(self.names)}

    def label(self, pk):
        """The name, or `name#12` where the name alone would mean another row, several, or none."""
        if pk not in self.written:
            name = said(self.names.get(pk, ""))
            is_enough = is_plain(name) and list(self.meaning(name)) == [pk]
            self.written[pk] = name if is_enough else self._numbered(name, pk)
        return self.written[pk]

    @staticmethod
    def _numbered(name, pk):
        tame = "".join(" " if mark in BRACKETS else mark for mark in folded(name))
        return f"{WILD.sub(' ', tame).strip()}#{pk}"

    def in_order(self, pks):
        return sorted(pks, key=lambda pk: (self.place.get(pk, len(self.place)), pk))

    def find(self, text):
        """The primary keys that a name in a cell means; none for a name nobody knows."""
        if found := NUMBERED.search(folded(text)):
            pk = int(found[1])
            is_meant = pk in self.names and solid(text) == solid(self._numbered(said(self.names[pk]), pk))
            return [pk] if is_meant else []
        return list(self.meaning(text))

    def guesses(self, text):
        """The labels of those that an unknown name may have meant, for the first few unknown names."""
        if text not in self.guessed and len(self.guessed) < MOST_GUESSES:
            self.guessed[text] = SEPARATOR.join(map(self.label, self.guess(text)))
        return self.guessed.get(text, "")
