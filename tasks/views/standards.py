"""Assessment systems: the editions, and the tree of one."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tasks import columns
from tasks.models import Criterion, Standard
from units.history import entries
from units.lists import Listing


@require_GET
def standards(request):
    """The editions in the person's scope."""
    rows = Standard.objects.visible_to(request.user).select_related("unit")
    rows = rows.with_sizes()
    empty = _("No assessment system yet. Import one.")
    listing = Listing(request, rows, columns=columns.STANDARDS, default_sort="-edition", empty=empty)
    return listing.render("tasks/standards.html")


@require_GET
def standard(request, pk):
    """One edition: indicators in their tree, each with its criteria. Three queries, and two for its history."""
    shown = get_object_or_404(Standard.objects.visible_to(request.user).select_related("unit"), pk=pk)
    criteria = {}
    for one in Criterion.objects.filter(indicator__standard=shown):
        criteria.setdefault(one.indicator_id, []).append(one)
    children = {}
    for one in shown.indicators.all():
        children.setdefault(one.parent_id, []).append(one)
    lines = list(branch(children, None))
    for one in lines:
        one.leaves = criteria.get(one.pk, [])
    context = {
        "standard": shown,
        "lines": lines,
        "criteria": sum(map(len, criteria.values())),
        "history": entries(shown),
    }
    return render(request, "tasks/standard.html", context)


def branch(children, parent):
    """The indicators below `parent`, each followed by those below it."""
    for one in children.get(parent, []):
        yield one
        yield from branch(children, one.pk)
