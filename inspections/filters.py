"""How findings, rectification items and places are searched."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models import ChecklistItem, Finding, Place, PlaceType, RectificationItem, Round, Source
from units.filters import RowChoiceFilter, UnitChoiceFilter
from units.forms.attrs import SEARCH
from units.lists import DateRange
from units.models import Unit


def units_seen(request):
    """The units a person may filter by: those in their scope that exist today."""
    return Unit.objects.visible_to(request.user).current().in_tree_order()


def rounds_seen(request):
    return Round.objects.visible_to(request.user)


class UnitFilter(UnitChoiceFilter):
    """A unit stands for itself and all below it."""

    def __init__(self, **kwargs):
        search = forms.Select(SEARCH)
        super().__init__(queryset=units_seen, label=_("Unit"), widget=search, **kwargs)

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__path__startswith": value.path}) if value else qs


class FindingFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Problem or place"))
    unit = UnitFilter(field_name="unit")
    source = django_filters.ChoiceFilter(choices=Source, label=_("Source"))
    place_type = RowChoiceFilter(
        field_name="place__place_type", queryset=PlaceType.objects.all(), label=_("Type of place")
    )
    round = RowChoiceFilter(field_name="visit__round", queryset=rounds_seen, label=_("Round"))
    found = django_filters.DateFromToRangeFilter(field_name="found_at", widget=DateRange, label=_("Found"))

    class Meta:
        model = Finding
        fields = []

    def search(self, queryset, _name, value):
        return queryset.filter(Q(text__icontains=value) | Q(place__name__icontains=value))


class ItemFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Problem or place"))
    unit = UnitFilter(field_name="unit")
    state = django_filters.ChoiceFilter(choices=RectificationItem.State, label=_("State"))
    late = django_filters.BooleanFilter(method="only_late", widget=forms.CheckboxInput, label=_("Only late ones"))
    source = django_filters.ChoiceFilter(field_name="finding__source", choices=Source, label=_("Source"))
    place_type = RowChoiceFilter(
        field_name="finding__place__place_type", queryset=PlaceType.objects.all(), label=_("Type of place")
    )
    issued = django_filters.DateFromToRangeFilter(field_name="issued_at", widget=DateRange, label=_("Issued"))

    class Meta:
        model = RectificationItem
        fields = []

    def search(self, queryset, _name, value):
        return queryset.filter(Q(finding__text__icontains=value) | Q(finding__place__name__icontains=value))

    def only_late(self, queryset, _name, value):
        return queryset.past_due(timezone.now()) if value else queryset


class PlaceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or address"))
    unit = UnitFilter(field_name="unit")
    place_type = RowChoiceFilter(queryset=PlaceType.objects.all(), label=_("Type of place"))
    is_active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = Place
        fields = []

    def search(self, queryset, _name, value):
        return queryset.filter(Q(name__icontains=value) | Q(address__icontains=value))


class ChecklistItemFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="text", lookup_expr="icontains", label=_("Words of the standard"))
    place_type = RowChoiceFilter(queryset=PlaceType.objects.all(), label=_("Type of place"))

    class Meta:
        model = ChecklistItem
        fields = []
