"""Where a criterion stands, seen from the roof: tasks, units and evidence from below, and what was found on site."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.criterion_items import ItemsForm, take_over
from reports.models import findings_of
from reports.views.access import must_work, works
from tasks.lists.piece_lists import PIECES
from tasks.models import Criterion, Standard
from tasks.standards.criterion_standing import Standing
from units.lists import Column, Listing, Tab
from units.workflow import NotInThisState

FINDINGS = [
    Column("text", gettext_lazy("Problem"), sort="text", link=True),
    Column("place", gettext_lazy("Place"), sort="place__name"),
    Column("unit", gettext_lazy("Unit"), sort="unit__path"),
    Column("deduction", gettext_lazy("Deduction"), sort="deduction", kind="score"),
    Column("rectification", gettext_lazy("Rectification"), sort="rectification__state", kind="badge"),
    Column("found_at", gettext_lazy("Found"), sort="found_at", kind="datetime"),
]
TASKS = [
    Column("number", gettext_lazy("No."), kind="nowrap", phone=False),
    Column("title", gettext_lazy("Task"), link=True),
    Column("done", gettext_lazy("Completed"), kind="number"),
    Column("asked", gettext_lazy("Units"), kind="number"),
]
UNITS = [
    Column("unit", gettext_lazy("Unit"), link=True),
    Column("get_part_display", gettext_lazy("Part")),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("percent", gettext_lazy("Approved"), kind="percent"),
    Column("due_on", gettext_lazy("Deadline"), template="reports/_due_cell.html"),
]
LINKS = [
    Column("number", gettext_lazy("No."), kind="nowrap", phone=False),
    Column("text", gettext_lazy("Criterion"), sort="order", template="reports/_criterion_cell.html"),
    Column("linked", gettext_lazy("Checklist items"), sort="linked", kind="number"),
]


def scoped(request, pk):
    return get_object_or_404(Criterion.objects.visible_to(request.user).with_place(), pk=pk)


@require_GET
def criterion(request, pk):
    """Everything about one criterion. `?ledger=` chooses the year."""
    shown = scoped(request, pk)
    standing = Standing(shown, request.user, request.GET.get("ledger", ""))
    rows = findings_of(shown).visible_to(request.user).select_related("place", "unit", "rectification")
    figures = rows.aggregate(found=Count("pk"), open=Count("pk", filter=~Q(rectification__state="closed")))
    nothing = _("Nothing was found at the checklist items of this criterion.")
    listing = Listing(request, rows, None, FINDINGS, default_sort="-found_at", empty=nothing)
    context = {
        "criterion": shown,
        "standing": standing,
        "tabs": [Tab(str(one), f"?ledger={one.pk}", one == standing.ledger, None) for one in standing.ledgers],
        "tasks": TASKS,
        "units": UNITS,
        "pieces": PIECES,
        "items": [one.item for one in shown.checklist_items.select_related("item__place_type")],
        "figures": figures,
        "sees_edition": Standard.objects.visible_to(request.user).filter(pk=shown.indicator.standard_id).exists(),
        "may_link": works(request.user, shown.indicator.standard.unit),
    }
    return listing.render("reports/criterion.html", context)


@require_http_methods(["GET", "POST"])
def criterion_items(request, pk):
    """Which checklist items belong to the criterion."""
    shown = scoped(request, pk)
    must_work(request.user, shown.indicator.standard.unit)
    form = ItemsForm(request.POST if request.method == "POST" else None, criterion=shown, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("The checklist items are kept."))
        return redirect("reports:criterion", pk)
    status = 422 if form.is_bound else 200
    return render(request, "reports/criterion_items.html", {"criterion": shown, "form": form}, status=status)


def edition(request, pk):
    return get_object_or_404(Standard.objects.visible_to(request.user).select_related("unit", "replaces"), pk=pk)


@require_GET
def standard_items(request, pk):
    """The criteria of an edition with how many checklist items each has."""
    shown = edition(request, pk)
    rows = Criterion.objects.filter(indicator__standard=shown).with_place()
    rows = rows.annotate(linked=Count("checklist_items"))
    listing = Listing(request, rows, None, LINKS, default_sort="order", per_page=50, empty=_("No criteria yet."))
    context = {"standard": shown, "may_link": works(request.user, shown.unit)}
    return listing.render("reports/standard_items.html", context)


@require_POST
def standard_items_take(request, pk):
    """Take over the checklist items from the edition that this one replaces."""
    shown = edition(request, pk)
    must_work(request.user, shown.unit)
    if shown.replaces is None:
        raise NotInThisState("the edition replaces none")
    added = take_over(shown)
    words = ngettext("%(n)s checklist item was taken over.", "%(n)s checklist items were taken over.", added)
    messages.success(request, words % {"n": added})
    return redirect("reports:standard-items", pk)
