"""Changing a unit: its facts, its name, its place in the tree, its end, and what belongs to it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from units.forms.tree import (
    EndForm,
    HonourForm,
    MergeForm,
    MoveForm,
    NameForm,
    NewUnitForm,
    RenameForm,
    UnitForm,
    UnitPersonForm,
)
from units.models import Honour, UnitName, UnitPerson
from units.models.people import UNIT_MANAGERS
from units.twins import saved
from units.views.pages import allow, form_page, managed_unit, took


def done(request, unit, words):
    messages.success(request, words)
    return redirect(unit)


@require_http_methods(["GET", "POST"])
def create(request):
    allow(request.user.is_superuser or request.user.holds(*UNIT_MANAGERS))
    initial = {"parent": request.GET.get("parent")}
    form = NewUnitForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid() and (unit := saved(form, lambda: made(form, request.user))):
        return done(request, unit, _("The unit is made."))
    return form_page(request, form, title=_("New unit"), back="/units/", verb=_("Make the unit"))


def made(form, by):
    unit = form.save()
    unit.events.create(actor=by, step="create")
    return unit


@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit(request, pk):
    unit = managed_unit(request, pk)
    form = UnitForm(request.POST or None, instance=unit)
    if form.is_valid() and saved(form):
        return done(request, unit, _("Saved."))
    return form_page(request, form, title=_("Edit the unit"), back=unit.get_absolute_url(), unit=unit)


@require_http_methods(["GET", "POST"])
def rename(request, pk):
    unit = managed_unit(request, pk)
    form = RenameForm(request.POST or None, initial={"name": unit.name, "short_name": unit.short_name})
    if took(form, unit.rename, by=request.user):
        return done(request, unit, _("The unit has its new name."))
    return form_page(request, form, title=_("Rename the unit"), back=unit.get_absolute_url(), unit=unit)


@require_http_methods(["GET", "POST"])
def move(request, pk):
    unit = managed_unit(request, pk)
    allow(unit.parent is None or request.user.manages_unit(unit.parent))
    form = MoveForm(request.POST or None, unit=unit, user=request.user, initial={"parent": unit.parent_id})
    if took(form, unit.move, by=request.user):
        return done(request, unit, _("The unit stands in its new place, with all units below it."))
    return form_page(request, form, title=_("Move the unit"), back=unit.get_absolute_url(), unit=unit)


@require_http_methods(["GET", "POST"])
def merge(request, pk):
    unit = managed_unit(request, pk)
    form = MergeForm(request.POST or None, unit=unit, user=request.user)
    if took(form, unit.merge_into, by=request.user):
        return done(request, unit.successor, _("%(unit)s has been merged into this unit.") % {"unit": unit.name})
    return form_page(
        request, form, title=_("Merge into another unit"), back=unit.get_absolute_url(), unit=unit,
        template="units/merge.html", verb=_("Merge"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request, pk):
    unit = managed_unit(request, pk)
    form = EndForm(request.POST or None)
    if took(form, unit.end, by=request.user):
        return done(request, unit, _("The unit has ended."))
    return form_page(
        request, form, title=_("End the unit"), back=unit.get_absolute_url(), unit=unit,
        template="units/end.html", verb=_("End the unit"),
    )  # fmt: skip


# What belongs to a unit: the words of its page, its table, its form.
BELONGINGS = {
    "name": (gettext_lazy("Another name"), UnitName, NameForm),
    "person": (gettext_lazy("Person of the unit"), UnitPerson, UnitPersonForm),
    "honour": (gettext_lazy("Honour"), Honour, HonourForm),
}


@require_http_methods(["GET", "POST"])
def add(request, pk, what):
    """Give the unit another name, a head or contact, an honour."""
    unit = managed_unit(request, pk)
    title, model, form_class = BELONGINGS[what]
    form = form_class(request.POST or None, instance=model(unit=unit))
    if form.is_valid() and saved(form):
        return done(request, unit, _("Saved."))
    return form_page(request, form, title=title, back=unit.get_absolute_url(), unit=unit)


def belonging(request, pk, what):
    """One of them, if its unit is visible (404) and in the person's hands (403)."""
    row = get_object_or_404(BELONGINGS[what][1].objects.select_related("unit"), pk=pk)
    return row, managed_unit(request, row.unit_id)


@require_http_methods(["GET", "POST"])
def change(request, pk, what):
    row, unit = belonging(request, pk, what)
    title, _model, form_class = BELONGINGS[what]
    form = form_class(request.POST or None, instance=row)
    if form.is_valid() and saved(form):
        return done(request, unit, _("Saved."))
    remove = reverse(f"units:{what}-delete", args=[row.pk])
    return form_page(request, form, title=title, back=unit.get_absolute_url(), unit=unit, remove=remove)


@require_POST
def remove(request, pk, what):
    row, unit = belonging(request, pk, what)
    row.delete()
    return done(request, unit, _("Removed. The history keeps it."))
