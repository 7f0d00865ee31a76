"""Assessment systems: the editions side by side, and the tree of one."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tasks.lists import columns
from tasks.lists.filters import StandardFilter
from tasks.models import Criterion, Indicator, Method, Standard
from tasks.standards.standard_tree import branches, newest_ledger, standing
from units.history import entries
from units.lists import Listing
from units.roles import Role

NO_EDITION = gettext_lazy("No assessment system yet. Import one, or make one by hand.")


@require_GET
def standards(request):
    """The editions in the person's scope."""
    rows = Standard.objects.visible_to(request.user).select_related("unit").with_sizes()
    listing = Listing(request, rows, StandardFilter, columns.STANDARDS, default_sort="-edition", empty=NO_EDITION)
    return listing.render("tasks/standards.html", {"may_add": request.user.holds(Role.OFFICE)})


def seen(request, pk):
    """The edition, for who sees it."""
    rows = Standard.objects.visible_to(request.user).select_related("unit", "replaces")
    return get_object_or_404(rows, pk=pk)


@require_GET
def standard(request, pk):
    """One edition: its aspects, the indicators below them, and how each criterion stands. `?edit=1` shows the pens."""
    shown = seen(request, pk)
    words, method = request.GET.get("q", "").strip(), request.GET.get("method", "")
    method = method if method in Method.values else ""
    found = branches(shown, words=words, method=method)
    ledger = newest_ledger(shown, request.user)
    states = standing(ledger, request.user)
    for leaf in (leaf for branch in found for line in branch.lines for leaf in line.leaves):
        leaf.standing = states.get(leaf.pk)
    is_office = request.user.has_role(Role.OFFICE, shown.unit)
    context = {
        "standard": Standard.objects.with_sizes().get(pk=pk),
        "replaces": shown.replaces,
        "replaced_by": shown.replaced_by.all(),
        "branches": [branch for branch in found if not branch.is_negative],
        "negative": [branch for branch in found if branch.is_negative],
        "found": sum(branch.count for branch in found),
        "ledger": ledger,
        "words": words,
        "method": method,
        "methods": Method.choices,
        "is_office": is_office,
        "may_make": request.user.holds(Role.OFFICE),
        "may_edit": is_office and not shown.frozen_at,
        "edits": is_office and not shown.frozen_at and "edit" in request.GET,
    }
    return render(request, "tasks/standard.html", context)


@require_GET
def standard_changes(request, pk):
    """What happened to the edition, its indicators and its criteria."""
    shown = seen(request, pk)
    of_indicators = Indicator.pgh_event_model.objects.filter(standard=shown)
    of_criteria = Criterion.pgh_event_model.objects.filter(indicator__standard=shown)
    history = entries(shown, of_indicators, of_criteria)
    return render(request, "components/changes_page.html", {"thing": shown, "history": history})
