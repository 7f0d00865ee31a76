"""The heat map of a ledger."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tasks.forms.heat import HeatForm
from tasks.heat import heat_map, ways_of
from tasks.lights import Lights
from tasks.lists import heat_markup
from tasks.models import Ledger


@require_GET
def heat(request, pk):
    """Indicator × unit: all at once, or one of either as a list."""
    shown = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    ways = ways_of(shown)
    form = HeatForm(request.GET, ways=ways)
    asked = form.asked()
    rows = shown.asked_of(request.user)
    if asked["part"]:
        rows = rows.filter(part=asked["part"])
    if asked["group"]:
        rows = rows.filter(unit__peer_group=asked["group"])
    found = heat_map(rows, shown, asked["by"], Lights.load())
    form.offer(found)
    links = heat_markup.Links(shown, asked["by"], asked["part"])
    context = {"ledger": shown, "heat": found, "form": form, "columns": heat_markup.COLUMNS}
    context |= focus(found, links, request.GET)
    return render(request, "tasks/heat.html", context)


def focus(found, links, asked):
    """What is shown: the list of one unit or one row, or the whole with its rows for the phone."""
    unit = next((one for one in found.units if str(one.pk) == asked.get("unit")), None)
    if unit:
        return {"title": unit, "rows": heat_markup.of_unit(found, links, unit)}
    for key, label in found.rows:
        if heat_markup.asked(key) == asked.get("row"):
            return {"title": label, "rows": heat_markup.of_row(found, links, key)}
    return {"matrix": heat_markup.matrix(found, links) if found.whole else "", "rows": heat_markup.parts(found, links)}
