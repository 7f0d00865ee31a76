"""Rounds: the list, planning one, its teams, the places they go to, and how far it is."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inspections.forms.desk import RoundForm, StopsForm, TeamForm
from inspections.models import Round, Team, Visit
from inspections.views.desk import must_be_office, selected, sent
from units.history import entries
from units.lists import Column, Listing
from units.markup import row_link
from units.roles import Role
from units.twins import saved

COLUMNS = [
    Column("name", _("Round"), sort="name", link=True),
    Column("unit", _("Run by"), sort="unit__path"),
    Column("starts_on", _("From"), sort="starts_on", kind="date"),
    Column("ends_on", _("Until"), sort="ends_on", kind="date"),
    Column("places_done", _("Visited"), template="inspections/_progress_cell.html"),
    Column("found", _("Findings"), sort="found", kind="number"),
]
STOPS = [
    Column("place", _("Place"), sort="place__name", link=True, draw=lambda stop: row_link(stop.place, stop.place)),
    Column("place.place_type", _("Type"), sort="place__place_type__order"),
    Column("place.unit", _("Territory"), sort="place__unit__path", phone=False),
    Column("team", _("Team"), sort="team__name"),
    Column("visited", _("Visited"), sort="visited", kind="yes"),
    Column("findings", _("Findings"), sort="findings", kind="number"),
]


ANSWERS = [
    Column("item", _("Standard")),
    Column("outcome", _("Verdict"), kind="state"),
    Column("count", _("Occurrences"), kind="number"),
    Column("unit", _("Unit"), kind="nowrap", phone=False),
]
FOUND = [
    Column("text", _("Problem"), link=True),
    Column("unit", _("Unit")),
    Column("count", _("Occurrences"), kind="number"),
    Column("deduction", _("Deduction"), kind="score"),
    Column("rectification", _("Rectification"), kind="badge"),
]


@require_GET
def rounds(request):
    rows = Round.objects.visible_to(request.user).select_related("unit").with_progress()
    listing = Listing(request, rows, None, COLUMNS, default_sort="-starts_on", empty=_("No round has been planned."))
    return listing.render("inspections/rounds.html", {"is_office": request.user.holds(Role.OFFICE)})


def round_of(request, pk, *, office=False):
    round_ = get_object_or_404(Round.objects.visible_to(request.user).select_related("unit", "checklist"), pk=pk)
    if office:
        must_be_office(request.user, round_.unit)
    return round_


@require_GET
def round_page(request, pk):
    round_ = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("unit", "checklist").with_progress(), pk=pk
    )
    stops = round_.stops.with_visits().select_related("place__place_type", "place__unit", "team")
    is_office = request.user.has_role(Role.OFFICE, round_.unit)
    bulk = {"bulk": "inspections/_drop_bulk.html", "bulk_url": reverse("inspections:round-drop", args=[pk])}
    empty = _("No places have been chosen yet.")
    listing = Listing(request, stops, None, STOPS, default_sort="order", empty=empty, **(bulk if is_office else {}))
    teams = round_.teams.with_progress().order_by("pk").prefetch_related("members")
    context = {"round": round_, "round_pk": str(round_.pk), "teams": teams, "is_office": is_office}
    return listing.render("inspections/round.html", context)


@require_GET
def round_changes(request, pk):
    """What happened to the round itself."""
    row = round_of(request, pk)
    return render(request, "components/changes_page.html", {"thing": row, "history": entries(row)})


def edited(request, form, title, back, back_label):
    """The one page for a form of the office; 422 while it is not valid."""
    context = {"form": form, "title": title, "back": back, "back_label": back_label}
    return render(request, "inspections/desk_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def round_add(request):
    must_be_office(request.user)
    form = RoundForm(sent(request), user=request.user)
    if form.is_valid():
        return redirect(form.save())
    return edited(request, form, _("Plan a round"), reverse("inspections:rounds"), _("Rounds"))


@require_http_methods(["GET", "POST"])
def round_edit(request, pk):
    round_ = round_of(request, pk, office=True)
    form = RoundForm(sent(request), instance=round_, user=request.user)
    if form.is_valid():
        return redirect(form.save())
    return edited(request, form, _("Change the round"), round_.get_absolute_url(), round_)


@require_http_methods(["GET", "POST"])
def team_add(request, pk):
    round_ = round_of(request, pk, office=True)
    form = TeamForm(sent(request), instance=Team(round=round_))
    if form.is_valid() and saved(form):
        return redirect(round_)
    return edited(request, form, _("Add a team"), round_.get_absolute_url(), round_)


@require_http_methods(["GET", "POST"])
def team_edit(request, pk):
    team = get_object_or_404(Team.objects.select_related("round__unit").visible_to(request.user), pk=pk)
    must_be_office(request.user, team.round.unit)
    form = TeamForm(sent(request), instance=team)
    if form.is_valid() and saved(form):
        return redirect(team.round)
    return edited(request, form, _("Change the team"), team.round.get_absolute_url(), team.round)


@require_http_methods(["GET", "POST"])
def round_places(request, pk):
    """Add places: first how many are meant, then, by `add`, into the round."""
    round_ = round_of(request, pk, office=True)
    form = StopsForm(sent(request), round_=round_, user=request.user)
    count = None
    if form.is_valid():
        if "add" in request.POST:
            round_.add_places(form.places(), team=form.cleaned_data["team"])
            return redirect(round_)
        count = form.places().count()
    context = {"round": round_, "form": form, "count": count}
    return render(request, "inspections/round_places.html", context, status=422 if form.errors else 200)


@require_POST
def round_drop(request, pk):
    """Take the selected places off the list of the round. What was found there stays."""
    round_ = round_of(request, pk, office=True)
    round_.stops.filter(pk__in=selected(request)).delete()
    return redirect(round_)


@require_GET
def visit(request, pk):
    """One visit as it was written down."""
    rows = Visit.objects.visible_to(request.user).select_related("round", "place__place_type", "team", "by")
    row = get_object_or_404(rows, pk=pk)
    context = {
        "visit": row,
        "answer_columns": ANSWERS,
        "found_columns": FOUND,
        "answers": row.answers.select_related("item", "unit").order_by("item__order"),
        "found": row.findings.select_related("unit", "rectification").order_by("pk"),
    }
    return render(request, "inspections/visit.html", context)
