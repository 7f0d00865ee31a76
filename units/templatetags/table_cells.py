"""How a value is shown in a table. Put together in Python, not in templates: a page has hundreds of cells.

Part of the library `components`; pages load that one.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from units.columns import NUMBERS, read
from units.markup import NOTHING, listed, muted, row_link, short, text
from units.templatetags.badges import icon, state_badge

DASHES = frozenset({NOTHING, muted(NOTHING)})  # how an empty cell is drawn
SIDE_BY_SIDE = 3  # so many figures, and more
register = template.Library()
register.filter(listed)
register.filter(short)


def as_number(value, _column):
    return f"{value:,}" if isinstance(value, int | Decimal) else value


def as_score(value, _column):
    return f"{value:.2f}"


def as_percent(value, _column):
    return f"{value:.1f}".removesuffix(".0") + "%"


def as_date(value, _column):
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return SafeString(f'<span class="nowrap">{moment:%Y-%m-%d}</span>') if isinstance(moment, date) else moment


def as_datetime(value, _column):
    return SafeString(f'<span class="nowrap">{timezone.localtime(value):%Y-%m-%d %H:%M}</span>')


def as_nowrap(value, _column):
    return SafeString(f'<span class="nowrap">{text(value)}</span>')


def as_badge(value, _column):
    """The state of another row, leading there."""
    return SafeString(f'<a href="{text(value.get_absolute_url())}">{state_badge(value)}</a>')


def as_yes(value, _column):
    return icon("check", _("yes")) if value else "—"


AS = {
    "number": as_number,
    "score": as_score,
    "percent": as_percent,
    "date": as_date,
    "datetime": as_datetime,
    "yes": as_yes,
    "nowrap": as_nowrap,
    "badge": as_badge,
}


@lru_cache(maxsize=64)
def cell_template(name):
    """The template without Django's wrapping, which would cost more than most cells."""
    return template.loader.get_template(name).template


def cell(row, column):
    """The inside of one cell."""
    if column.kind == "state":
        path, _dot, name = column.name.rpartition(".")
        holder = read(row, path) if path else row
        return state_badge(holder, name) if holder is not None else "—"
    if column.draw:
        return column.draw(row)
    value = column.value(row)
    if column.template:
        return cell_template(column.template).render(template.Context({"row": row, "value": value, "column": column}))
    if value is None or value == "":
        return "—"
    shown = AS[column.kind](value, column) if column.kind in AS else value
    if column.link:
        return row_link(row, shown)
    return shown


@register.filter
def mostly_figures(columns):
    """Whether a card of these columns puts its figures side by side: a line for each would be a long card."""
    return sum(column.kind in NUMBERS and column.phone for column in columns) >= SIDE_BY_SIDE


SELECT = (
    '<td class="select"><input type="checkbox" class="form-check-input" form="bulk" name="selected"'
    ' value="{}" aria-label="{} {}"></td>'
)


def opening(column, more=""):
    return f'<td class="{f"{column.classes} {more}".strip()}" data-label="{text(capfirst(column.label))}">'


def closed(column, shown, usual, empty):
    """The cell around what it shows. A dash is no line of a card, but for a score: that there is none, is told."""
    tells_nothing = shown.strip() in DASHES and not (column.link or column.kind == "score")
    return f"{empty if tells_nothing else usual}{shown}</td>"


@register.simple_tag
def table_rows(rows, columns, select=""):
    """All rows; with `select` each begins with its box. The label of a cell shows when the table becomes cards."""
    openings = [(column, opening(column), opening(column, "cell-nothing")) for column in columns]
    words = text(_("Select"))
    drawn = []
    for row in rows:
        box = SELECT.format(row.pk, words, text(row)) if select else ""
        cells = "".join(closed(column, text(cell(row, column)), *tags) for column, *tags in openings)
        drawn.append(f"<tr>{box}{cells}</tr>")
    return SafeString("\n".join(drawn))
