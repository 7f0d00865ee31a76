"""Texts as a cell of a spreadsheet can keep them."""

import re

from django.conf import settings
from django.utils.translation import override

from units.cells import MAX_CELL_TEXT
from units.names import plain

# What XML cannot say; line breaks and tabs can.
UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WORST = 8  # how long one letter can become: "_x" is written as "_x005F_x", an emoji counts twice
CUT = "……"


def in_every_language(meant):
    """{word: what it means}, of (lazy word, meaning): a file may come from somebody who speaks another language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {plain(str(word)): meaning for word, meaning in meant}
    return found


def said(text):
    """The text as it is compared: line breaks of one kind, nothing a cell cannot hold, no blanks at its ends."""
    return UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fits(text):
    """Whether a cell holds the text, counted as a spreadsheet counts it."""
    if len(text) <= MAX_CELL_TEXT // WORST:
        return True
    return len(text.encode("utf-16-le")) // 2 + 6 * text.count("_x") <= MAX_CELL_TEXT


def fitted(text):
    """The text, or its beginning with `……` where a cell cannot hold it."""
    return text if fits(text) else text[: MAX_CELL_TEXT // WORST - len(CUT)] + CUT
