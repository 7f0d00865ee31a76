"""The tree of units, the list of units, and the page of one."""

from collections import Counter

import django_filters
from django import forms
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from units.branches import rows_of
from units.filters import RowChoiceFilter
from units.history import entries
from units.lists import Column, Listing, Tab
from units.models import Honour, Membership, PeerGroup, Unit, UnitKind, UnitName, UnitPerson
from units.models.people import UNIT_MANAGERS
from units.roles import Role
from units.views.pages import visible_unit

COLUMNS = [
    Column("name", gettext_lazy("Unit"), sort="name", link=True),
    Column("short_name", gettext_lazy("Short name"), sort="short_name", phone=False),
    Column("kind", gettext_lazy("Kind"), sort="kind__order"),
    Column("parent", gettext_lazy("Superior unit"), sort="parent__name"),
    Column("peer_group", gettext_lazy("Peer group"), sort="peer_group__order", empty_last=True),
    Column("leads", gettext_lazy("Unit leads"), sort="leads", kind="number"),
]
ENDED = Column("valid_until", gettext_lazy("Ended"), sort="valid_until", kind="date", empty_last=True)


RANKS = {position: rank for rank, position in enumerate(UnitPerson.Position.values)}


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=gettext_lazy("Name or code"), method="named")
    kind = RowChoiceFilter(label=gettext_lazy("Kind"), queryset=UnitKind.objects.all())
    peer_group = RowChoiceFilter(label=gettext_lazy("Peer group"), queryset=PeerGroup.objects.all())
    without_lead = django_filters.BooleanFilter(
        label=gettext_lazy("Without a unit lead"), method="lacking", widget=forms.CheckboxInput
    )
    ended = django_filters.BooleanFilter(
        label=gettext_lazy("Also those that have ended"), method="over", widget=forms.CheckboxInput
    )

    class Meta:
        model = Unit
        fields = []

    def named(self, rows, _name, words):
        """By any name it has or had."""
        also = UnitName.objects.filter(name__icontains=words)
        named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__iexact=words)
        return rows.filter(named | Q(pk__in=also.values("unit_id")))

    def lacking(self, rows, _name, wanted):
        return rows.filter(leads=0) if wanted else rows

    def over(self, rows, _name, wanted):
        return rows if wanted else rows.current()


def unit_rows(user):
    """The units in the person's scope with the number of their leads."""
    today = Membership.objects.current().filter(role=Role.UNIT_LEAD, user__is_active=True)
    leads = Count("memberships", filter=Q(memberships__in=today.values("pk")))
    return Unit.objects.visible_to(user).select_related("kind", "parent", "peer_group").annotate(leads=leads)


def tabs(request, here):
    """The parts of the directory that the person may open."""
    shown = [("tree", _("Tree")), ("list", _("List"))]
    if request.user.holds(*UNIT_MANAGERS):
        shown.append(("import", _("Import and export")))
    if request.user.manages_lists():
        shown.append(("kinds", _("Kinds and groups")))
    return [Tab(label, reverse(f"units:{name}"), name == here) for name, label in shown]


@require_GET
def tree(request):
    """All current units in the person's scope, as a tree that opens and closes without JavaScript."""
    units = Unit.objects.visible_to(request.user).current().select_related("kind").order_by("order", "pk")
    rows = rows_of(units, open_to=None if request.GET.get("open") == "all" else 2)
    kinds = Counter(row.unit.kind for row in rows)
    context = {
        "rows": rows,
        "kinds": sorted(kinds.items(), key=lambda item: (item[0].order, item[0].name)),
        "tabs": tabs(request, "tree"),
        "may_change": request.user.is_superuser or request.user.holds(*UNIT_MANAGERS),
    }
    return render(request, "units/tree.html", context)


@require_GET
def unit_list(request):
    columns = [*COLUMNS, ENDED] if request.GET.get("ended") else COLUMNS
    listing = Listing(request, unit_rows(request.user), UnitFilter, columns, default_sort="path")
    return listing.render("units/list.html", {"tabs": tabs(request, "list")})


@require_GET
def unit(request, pk):
    """Everything about one unit: who leads it, who has accounts, what it holds, what is below it, what happened."""
    row = visible_unit(request, pk)
    belongings = (UnitName, UnitPerson, Honour, Membership)
    memberships = row.memberships.current().select_related("user").order_by("role", "user__name")
    context = {
        "unit": row,
        "ancestors": row.ancestors(),
        "names": row.names.all(),
        "persons": sorted(row.persons.all(), key=lambda one: (not one.is_current, RANKS[one.position], one.pk)),
        "honours": row.honours.all(),
        "memberships": memberships,
        "children": row.children.current().select_related("kind").order_by("order", "pk"),
        "timeline": entries(row, *[model.pgh_event_model.objects.filter(unit=row) for model in belongings]),
        "may_change": request.user.manages_unit(row) and row.is_current,
        "may_invite": request.user.manages_people_of(row) and row.is_current,
        "sees_people": request.user.reads_people(),
    }
    return render(request, "units/unit.html", context)
