"""Checklists: what is looked for. A version that a round has used is read only; changes go into a new one."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.filters import ChecklistItemFilter
from inspections.forms.desk import ChecklistForm, ItemForm
from inspections.models import Checklist, ChecklistItem
from inspections.views.desk import must_be_office, selected, sent
from inspections.views.rounds import edited
from units.history import entries
from units.lists import Column, Listing
from units.roles import Role
from units.twins import saved
from units.workflow import NotInThisState

COLUMNS = [
    Column("name", _("Checklist"), sort="name", link=True),
    Column("version", _("Version"), sort="version", kind="number"),
    Column("unit", _("Kept by"), sort="unit__path"),
    Column("size", _("Items"), sort="size", kind="number"),
    Column("frozen_at", _("Frozen"), sort="frozen_at", kind="date"),
]
ITEMS = [
    Column("text", _("Standard"), sort="text", link=True, template="inspections/_item_cell.html"),
    Column("place_type", _("Type of place"), sort="place_type__order"),
    Column("points", _("Points"), sort="points", kind="score"),
    Column("deduction", _("Each"), sort="deduction", kind="score"),
    Column("limit", _("Limit"), kind="nowrap"),
]


@require_GET
def checklists(request):
    rows = Checklist.objects.visible_to(request.user).select_related("unit").with_size()
    listing = Listing(request, rows, None, COLUMNS, default_sort="name", empty=_("No checklist yet."))
    return listing.render("inspections/checklists.html", {"is_office": request.user.holds(Role.OFFICE)})


def checklist_of(request, pk):
    return get_object_or_404(Checklist.objects.visible_to(request.user).select_related("unit"), pk=pk)


@require_GET
def checklist(request, pk):
    row = checklist_of(request, pk)
    items = row.items.select_related("place_type")
    is_office = request.user.has_role(Role.OFFICE, row.unit)
    may_edit = is_office and not row.frozen_at
    bulk = {"bulk": "inspections/_drop_bulk.html", "bulk_url": reverse("inspections:checklist-drop", args=[pk])}
    listing = Listing(
        request, items, ChecklistItemFilter, ITEMS, default_sort="order", per_page=50, **(bulk if may_edit else {})
    )
    for item in listing.rows:
        item.may_edit = may_edit
    return listing.render("inspections/checklist.html", {"checklist": row, "is_office": is_office})


@require_GET
def checklist_changes(request, pk):
    """What happened to the checklist and its items."""
    row = checklist_of(request, pk)
    history = entries(row, ChecklistItem.pgh_event_model.objects.filter(checklist=row))
    return render(request, "components/changes_page.html", {"thing": row, "history": history})


@require_http_methods(["GET", "POST"])
def checklist_add(request):
    must_be_office(request.user)
    form = ChecklistForm(sent(request), user=request.user)
    if form.is_valid() and (row := saved(form)):
        return redirect(row)
    return edited(request, form, _("New checklist"), reverse("inspections:checklists"), _("Checklists"))


@require_POST
def checklist_copy(request, pk):
    row = checklist_of(request, pk)
    must_be_office(request.user, row.unit)
    return redirect(row.copy())


def changeable(request, row):
    must_be_office(request.user, row.unit)
    if row.frozen_at:
        raise NotInThisState("the checklist is frozen")


@require_POST
def checklist_drop(request, pk):
    """Take the selected items out of a checklist that no round has used yet."""
    row = checklist_of(request, pk)
    changeable(request, row)
    row.items.filter(pk__in=selected(request)).delete()
    return redirect(row)


@require_http_methods(["GET", "POST"])
def checklist_item_add(request, pk):
    row = checklist_of(request, pk)
    changeable(request, row)
    form = ItemForm(sent(request), instance=ChecklistItem(checklist=row, order=row.items.count() + 1))
    if form.is_valid():
        form.save()
        return redirect(row)
    return edited(request, form, _("Add an item"), row.get_absolute_url(), row)


@require_http_methods(["GET", "POST"])
def checklist_item_edit(request, pk):
    items = ChecklistItem.objects.visible_to(request.user).select_related("checklist__unit")
    item = get_object_or_404(items, pk=pk)
    changeable(request, item.checklist)
    form = ItemForm(sent(request), instance=item)
    if form.is_valid():
        form.save()
        return redirect(item.checklist)
    return edited(request, form, _("Change the item"), item.checklist.get_absolute_url(), item.checklist)
