"""Findings: the list, and the page of one."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from inspections.filters import FindingFilter
from inspections.models import Finding
from units.history import entries
from units.lists import Column, Listing

COLUMNS = [
    Column("text", _("Problem"), sort="text", link=True),
    Column("place", _("Place"), sort="place__name"),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("get_source_display", _("Source"), sort="source", phone=False),
    Column("count", _("Occurrences"), sort="count", kind="number", phone=False),
    Column("deduction", _("Deduction"), sort="deduction", kind="score"),
    Column("rectification", _("Rectification"), sort="rectification__state", kind="badge"),
    Column("found_at", _("Found"), sort="found_at", kind="datetime"),
]


@require_GET
def findings(request):
    rows = Finding.objects.visible_to(request.user).select_related("place", "unit", "rectification")
    listing = Listing(request, rows, FindingFilter, COLUMNS, default_sort="-found_at", empty=_("Nothing found yet."))
    return listing.render("inspections/findings.html")


@require_GET
def finding(request, pk):
    related = ["place__place_type", "unit", "item__checklist", "found_by", "visit__round", "rectification"]
    rows = Finding.objects.visible_to(request.user).select_related(*related).with_photos()
    shown = get_object_or_404(rows, pk=pk)
    return render(request, "inspections/finding.html", {"finding": shown, "history": entries(shown)})
