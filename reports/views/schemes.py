"""Schemes: what is counted and how much it weighs, in versions."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.forms import SchemeForm
from reports.models import Component, Scheme
from reports.models.ranking import READERS
from reports.seeds import default_scheme
from reports.views.access import must_read, must_work, works
from units.history import entries
from units.lists import Column, Listing
from units.roles import Role
from units.twins import saved
from units.workflow import NotInThisState

COLUMNS = [
    Column("name", _("Scheme"), sort="name", link=True),
    Column("version", _("Version"), sort="version", kind="number"),
    Column("unit", _("Kept by"), sort="unit__path", phone=False),
    Column("basis", _("Basis"), phone=False),
    Column("frozen_at", _("Frozen"), sort="frozen_at", kind="date", empty_last=True),
]


@require_GET
def schemes(request):
    if not (request.user.is_superuser or request.user.holds(*READERS)):
        raise PermissionDenied
    rows = Scheme.objects.visible_to(request.user).select_related("unit")
    listing = Listing(request, rows, None, COLUMNS, default_sort="-pk", empty=_("No scheme has been written."))
    return listing.render("reports/schemes.html", {"may_add": request.user.holds(Role.OFFICE)})


@require_POST
def scheme_new(request):
    """Begin with the usual scheme at the person's own level, to be changed."""
    unit = request.user.units_with_role(Role.OFFICE).order_by("depth", "path").first()
    if unit is None:
        raise PermissionDenied
    return redirect(default_scheme(unit))


def scheme_of(request, pk):
    return get_object_or_404(Scheme.objects.visible_to(request.user).select_related("unit"), pk=pk)


@require_GET
def scheme(request, pk):
    scheme = scheme_of(request, pk)
    must_read(request.user, scheme.unit)
    context = {
        "scheme": scheme,
        "components": scheme.components.all(),
        "versions": Scheme.objects.filter(unit=scheme.unit_id, name=scheme.name),
        "works": works(request.user, scheme.unit),
        "was_used": scheme.was_used,
        "history": entries(scheme, Component.pgh_event_model.objects.filter(scheme=scheme)),
    }
    return render(request, "reports/scheme.html", context)


@require_http_methods(["GET", "POST"])
def scheme_edit(request, pk):
    scheme = scheme_of(request, pk)
    must_work(request.user, scheme.unit)
    if scheme.was_used:
        raise NotInThisState("something was calculated by it: change a new version")
    form = SchemeForm(request.POST if request.method == "POST" else None, instance=scheme)
    if form.is_valid() and saved(form, lambda: kept(form)):
        return redirect(scheme)
    status = 422 if form.is_bound else 200
    return render(request, "reports/scheme_edit.html", {"scheme": scheme, "form": form}, status=status)


def kept(form):
    """The scheme as the form says it, with its components."""
    scheme = form.save()
    scheme.set_components(form.components())
    return scheme


@require_POST
def scheme_copy(request, pk):
    """A new version to be changed; results scored by the old one keep it."""
    scheme = scheme_of(request, pk)
    must_work(request.user, scheme.unit)
    return redirect("reports:scheme-edit", scheme.next_version().pk)
