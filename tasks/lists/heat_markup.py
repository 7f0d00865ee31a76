"""The table of a heat map, drawn in Python: thirty rows and two hundred units are six thousand cells."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.aspects import NONE
from tasks.heat import SECTION
from units.columns import Column
from units.markup import NOTHING, muted, text
from units.templatetags.badges import badge
from units.templatetags.components import progress

SHADES = 5


def shade(average):
    """From 0 (under a fifth) to 5 (all done)."""
    return int(average * SHADES / 100)


def asked(key):
    """A row's key as the address says it."""
    return NONE if key is None else str(key)


class Links:
    """Where the figures lead: to the list of the assignments that they count, and to one row or column alone."""

    def __init__(self, ledger, way, part=""):
        part = {"part": part} if part else {}
        rows = urlencode({"ledger": ledger.pk, "handed": "asked", **part})
        self.start = f"{reverse('tasks:assignments')}?{rows}"
        self.name = "section" if way == SECTION else "aspect"
        self.alone = f"?{urlencode({'by': way, **part})}"

    def row(self, key):
        """What narrows the list to a row."""
        return f"&{urlencode({self.name: asked(key)})}"

    @staticmethod
    def unit(pk):
        """What narrows the list to a unit, without those below it."""
        return f"&unit={pk}&alone=no"


def matrix(heat, links):
    """The inside of the table: a row for each indicator, a column for each unit, their totals first."""
    units = [(unit.pk, text(links.unit(unit.pk))) for unit in heat.units]
    start, lines = text(links.start), [head(heat, links)]
    totals = [heat.by_unit.get(pk) for pk, _url in units]
    lines.append(line(text(_("All together")), heat.whole, totals, start, units))
    for key, label in heat.rows:
        alone = text(f"{links.alone}&{urlencode({'row': asked(key)})}")
        cells = [heat.cells.get((key, pk)) for pk, _url in units]
        name = f'<a href="{alone}">{text(label)}</a>'
        lines.append(line(name, heat.by_row[key], cells, start + text(links.row(key)), units))
    return SafeString("".join(lines))


def head(heat, links):
    alone = text(links.alone)
    names = "".join(
        f'<th scope="col"><a href="{alone}&amp;unit={unit.pk}">{text(unit)}</a></th>' for unit in heat.units
    )
    return f'<thead><tr><td></td><th scope="col">{text(_("All units"))}</th>{names}</tr></thead>'


def line(name, total, cells, start, units):
    pairs = zip(cells, units, strict=True)
    drawn = "".join(cell_of(cell, f"{start}{unit}") if cell else "<td></td>" for cell, (_pk, unit) in pairs)
    return f'<tr><th scope="row">{name}</th>{cell_of(total, start)}{drawn}</tr>'


def cell_of(cell, url):
    """The average as a shade with its number; below it what is overdue."""
    red = f"<b>{cell.red}</b>" if cell.red else ""
    return f'<td class="heat-{shade(cell.average)}"><a href="{url}">{cell.average:.0f}{red}</a></td>'


def name_cell(row):
    return SafeString(f'<a class="row-link" href="{text(row["url"])}">{text(row["label"])}</a>')


def average_cell(row):
    return progress(round(row["cell"].average), 100)


def red_cell(row):
    red = row["cell"].red
    return badge("overdue", _("%(n)s overdue") % {"n": red}) if red else muted(NOTHING)


COLUMNS = [
    Column("label", gettext_lazy("What"), draw=name_cell, link=True),
    Column("cell", gettext_lazy("Approved"), draw=average_cell),
    Column("cell.n", gettext_lazy("Assignments"), kind="number"),
    Column("cell", gettext_lazy("Light"), draw=red_cell),
]


def parts(heat, links):
    """Each row of the map as a whole, leading to its units."""
    return [
        {"label": label, "cell": heat.by_row[key], "url": f"{links.alone}&{urlencode({'row': asked(key)})}"}
        for key, label in heat.rows
    ]


def of_unit(heat, links, unit):
    """One column of the map, leading to the assignments behind each cell."""
    start = f"{links.start}{links.unit(unit.pk)}"
    return [
        {"label": label, "cell": cell, "url": start + links.row(key)}
        for key, label in heat.rows
        if (cell := heat.cells.get((key, unit.pk)))
    ]


def of_row(heat, links, key):
    """One row of the map, leading to the assignments behind each cell."""
    start = f"{links.start}{links.row(key)}"
    return [
        {"label": unit, "cell": cell, "url": start + links.unit(unit.pk)}
        for unit in heat.units
        if (cell := heat.cells.get((key, unit.pk)))
    ]
