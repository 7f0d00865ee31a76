"""Text into markup, for what is written hundreds of times a page."""

from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

NOTHING = "—"


def text(value):
    """Escaped, unless it is markup already. Django's own function asks more questions and takes three times as long."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def short(value, length):
    """At most so many characters; Django's own function takes letters apart that no ledger holds."""
    return value if len(value) <= length else f"{value[: length - 1]}…"


def muted(words):
    return SafeString(f'<span class="muted">{text(words)}</span>')


def row_link(row, words):
    """The link of a table's row to its page; the whole row or card can be tapped."""
    return SafeString(f'<a class="row-link" href="{text(row.get_absolute_url())}">{text(words)}</a>')


def listed(values):
    """Several things in a row: `甲、乙` in Chinese, `A, B` in English."""
    return pgettext("between the things of a list", ", ").join(map(str, values))


def number_text(number):
    """A `Decimal` without zeros at its end: 120 and not 120.00, 0.5 and not 0.50."""
    return f"{number.normalize():f}"


def said_of(name, words):
    """What is said of one thing, behind its name."""
    return gettext("%(name)s: %(words)s") % {"name": name, "words": words}
