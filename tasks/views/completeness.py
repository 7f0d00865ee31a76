"""Which pieces of material are required, and whether they are there."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks.forms.material import PieceForm
from tasks.lists.piece_lists import ASKED, AskedPieceFilter, group_cell, have_cell, mark_ours, missing_cell
from tasks.models import AskedPiece, Criterion, Ledger, RequiredPiece, Standard
from tasks.standards.standard_tree import branches, unfold
from units.filters import whole
from units.lists import Column, Listing, Tab
from units.roles import Role
from units.twins import saved

PER_PAGE = 25
INDICATOR, CRITERION, UNIT = "", "criterion", "unit"
NODE, NUMBER = "criterion__indicator", "criterion__number"
# What each tab groups by: its label, the head of its column, the fields of a group, their order.
GROUPS = {
    INDICATOR: (
        gettext_lazy("By indicator"),
        gettext_lazy("Indicator"),
        {"key": F(NODE), "code": F(f"{NODE}__code"), "name": F(f"{NODE}__name")},
        [f"{NODE}__order"],
    ),
    CRITERION: (
        gettext_lazy("By criterion"),
        gettext_lazy("Criterion"),
        {
            "key": F("criterion"),
            "code": F(f"{NODE}__code"),
            "number": F("criterion__number"),
            "name": F("criterion__text"),
        },
        [f"{NODE}__order", "criterion__order", "criterion"],
    ),
    UNIT: (
        gettext_lazy("By unit"),
        gettext_lazy("Unit"),
        {"key": F("unit"), "name": F("unit__name")},
        ["unit__path"],
    ),
}


def group_columns(label):
    return [
        Column("name", label, draw=group_cell, link=True),
        Column("have", _("There"), draw=have_cell),
        Column("missing", _("Missing"), draw=missing_cell, kind="number"),
    ]


@require_GET
def completeness(request, pk):
    """How much of the required material of a ledger is there: by indicator, criterion or unit."""
    ledger = ledger_of(request, pk)
    asked = AskedPiece.objects.visible_to(request.user).filter(ledger=ledger)
    chosen = request.GET.get("by", INDICATOR)
    chosen = chosen if chosen in GROUPS else INDICATOR
    address = reverse("tasks:asked-pieces", args=[ledger.pk])
    page = Paginator(grouped(asked, chosen), PER_PAGE).get_page(request.GET.get("page"))
    rows = with_addresses(page, chosen, address)
    tabs = [Tab(words, f"?by={name}", name == chosen) for name, (words, *_rest) in GROUPS.items()]
    context = {
        "ledger": ledger,
        "figures": asked.counts(),
        "rows": rows,
        "page": page,
        "query": f"by={chosen}",
        "columns": group_columns(GROUPS[chosen][1]),
        "tabs": tabs,
        "address": address,
        "standard": ledger.standard if keeps(request.user, ledger.standard) else None,
    }
    return render(request, "tasks/completeness.html", context)


def grouped(asked, by):
    """The figures of each group."""
    _tab, _head, fields, order = GROUPS[by]
    return asked.counted_by(**fields).order_by(*order)


def with_addresses(page, by, address):
    """The groups of a page, each with the address of the rows behind it."""
    rows = list(page)
    for row in rows:
        row["url"] = f"{address}?{by or 'indicator'}={row['key']}"
    return rows


def ledger_of(request, pk):
    rows = Ledger.objects.visible_to(request.user).select_related("unit", "standard__unit")
    return get_object_or_404(rows, pk=pk)


def keeps(user, standard):
    return standard is not None and user.has_role(Role.OFFICE, standard.unit)


@require_GET
def asked_pieces(request, pk):
    """The pieces behind the figures."""
    ledger = ledger_of(request, pk)
    related = ("unit", "piece", "criterion__indicator", "filed")
    rows = AskedPiece.objects.visible_to(request.user).filter(ledger=ledger).select_related(*related)
    empty = _("No piece is required here.")
    listing = Listing(request, rows, AskedPieceFilter, ASKED, default_sort="criterion__order", empty=empty)
    mark_ours(listing.rows, request.user)
    return listing.render("tasks/asked_pieces.html", {"ledger": ledger})


@require_GET
def pieces(request, pk):
    """The required pieces of each criterion of a standard, aspect by aspect; `?criterion=` opens the aspect of one."""
    standard = get_object_or_404(Standard.objects.visible_to(request.user).select_related("unit"), pk=pk)
    words, asked = request.GET.get("q", "").strip(), whole(request.GET.get("criterion"))
    found = unfold(branches(standard, words=words), searched=bool(words), criterion=asked)
    prefetch_related_objects([leaf for branch in found for leaf in branch.leaves], "pieces")
    context = {
        "standard": standard,
        "branches": [branch for branch in found if branch.count],
        "words": words,
        "found": sum(branch.count for branch in found),
        "keeps": keeps(request.user, standard),
    }
    return render(request, "tasks/pieces.html", context)


def criterion_of(request, pk):
    """A criterion, for the office that keeps its standard."""
    rows = Criterion.objects.visible_to(request.user).select_related("indicator__standard__unit")
    found = get_object_or_404(rows, pk=pk)
    if not keeps(request.user, found.indicator.standard):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
def piece_new(request, pk):
    """One more piece for the criterion `pk`."""
    criterion = criterion_of(request, pk)
    form = PieceForm(request.POST or None, instance=RequiredPiece(criterion=criterion))
    if request.method == "POST" and form.is_valid() and saved(form, partial(add, criterion, form)):
        return redirect(address_of(criterion))
    return form_page(request, form, criterion)


def add(criterion, form):
    return RequiredPiece.objects.add(criterion, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def piece_edit(request, pk):
    piece = piece_of(request, pk)
    form = PieceForm(request.POST or None, instance=piece)
    if request.method == "POST" and form.is_valid() and saved(form):
        return redirect(address_of(piece.criterion))
    return form_page(request, form, piece.criterion)


def piece_of(request, pk):
    rows = RequiredPiece.objects.filter(criterion__in=Criterion.objects.visible_to(request.user))
    found = get_object_or_404(rows.select_related("criterion__indicator__standard__unit"), pk=pk)
    if not keeps(request.user, found.standard):
        raise PermissionDenied
    return found


def form_page(request, form, criterion):
    context = {"form": form, "criterion": criterion, "address": address_of(criterion)}
    return render(request, "tasks/piece_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def piece_delete(request, pk):
    """Require it no longer. What was filed for it stays filed under the criterion."""
    piece = piece_of(request, pk)
    address = address_of(piece.criterion)
    piece.delete()
    messages.success(request, _("“%(piece)s” is not required any more.") % {"piece": piece})
    return redirect(address)


def address_of(criterion):
    """The criterion on the page of all required pieces."""
    page = reverse("tasks:pieces", args=[criterion.indicator.standard_id])
    return f"{page}?criterion={criterion.pk}#criterion-{criterion.pk}"
