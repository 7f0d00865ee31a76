"""Places: the list, one place with its QR code and history, and the forms of the office."""

import io

import segno
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from inspections.filters import PlaceFilter
from inspections.forms.desk import PlaceForm
from inspections.models import Finding, Place, PlaceResponsibility, Round
from inspections.views.desk import must_be_office, sent
from inspections.views.rounds import edited
from units.history import entries
from units.lists import Column, Listing
from units.roles import Role
from units.twins import saved

COLUMNS = [
    Column("name", _("Place"), sort="name", link=True),
    Column("place_type", _("Type"), sort="place_type__order"),
    Column("unit", _("Territory"), sort="unit__path"),
    Column("lead_unit", _("Answers first")),
    Column("address", _("Address"), phone=False),
    Column("is_active", _("In use"), sort="is_active", kind="yes", phone=False),
]
FOUND = [
    Column("text", _("Problem"), sort="text", link=True),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("count", _("Occurrences"), sort="count", kind="number"),
    Column("deduction", _("Deduction"), sort="deduction", kind="score"),
    Column("rectification", _("Rectification"), sort="rectification__state", kind="badge"),
    Column("found_at", _("Found"), sort="found_at", kind="date"),
]


@require_GET
def places(request):
    rows = Place.objects.visible_to(request.user).with_units()
    listing = Listing(request, rows, PlaceFilter, COLUMNS, default_sort="unit__path", empty=_("No places yet."))
    return listing.render("inspections/places.html", {"is_office": request.user.holds(Role.OFFICE)})


@require_GET
def place(request, pk):
    row = get_object_or_404(Place.objects.visible_to(request.user).with_units(), pk=pk)
    found = Finding.objects.visible_to(request.user).filter(place=row).select_related("unit", "rectification")
    listing = Listing(request, found, None, FOUND, default_sort="-found_at", empty=_("Nothing was found here yet."))
    today = timezone.localdate()
    context = {
        "place": row,
        "history": entries(row, PlaceResponsibility.pgh_event_model.objects.filter(place=row)),
        "may_edit": request.user.has_role(Role.OFFICE, row.unit),
        "sheet_stop": row.stops.filter(round__in=Round.objects.inspected_by(request.user).running(today)).first(),
        "stops": row.stops.filter(round__in=Round.objects.visible_to(request.user))
        .select_related("round", "team")
        .order_by("-round__starts_on", "-pk"),
    }
    return listing.render("inspections/place.html", context)


@require_http_methods(["GET", "POST"])
def place_add(request):
    must_be_office(request.user)
    form = PlaceForm(sent(request), user=request.user)
    if form.is_valid() and (row := saved(form)):
        return redirect(row)
    return edited(request, form, _("Add a place"), reverse("inspections:places"), _("Places"))


@require_http_methods(["GET", "POST"])
@transaction.atomic
def place_edit(request, pk):
    row = get_object_or_404(Place.objects.visible_to(request.user).select_related("unit"), pk=pk)
    must_be_office(request.user, row.unit)
    form = PlaceForm(sent(request), instance=row, user=request.user)
    if form.is_valid() and saved(form):
        return redirect(row)
    return edited(request, form, _("Change the place"), row.get_absolute_url(), row)


@require_GET
def place_qr(request, pk):
    """The QR code as a picture: it opens the place on the phone that scans it."""
    row = get_object_or_404(Place.objects.visible_to(request.user), pk=pk)
    address = request.build_absolute_uri(reverse("inspections:place-by-code", args=[row.code]))
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=8, border=2, xmldecl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
