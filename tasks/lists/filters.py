"""What the lists of tasks and assignments can be asked for. Addresses are shared: parameters keep their names."""

from functools import reduce
from operator import or_

import django_filters as filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tasks.aspects import AspectFilterSet
from tasks.lights import Light, Lights
from tasks.models import Assignment, Ledger, Method, SelfCheck, Standard, Task
from units.filters import MOST_WORDS, DateRange, RowChoiceFilter, UnitChoiceFilter
from units.forms.attrs import SEARCH
from units.models import Unit

# The parameter `late` is older than its green light.
LIGHTS = {"true": Light.OVERDUE, "soon": Light.DUE_SOON, "no": Light.ON_TRACK}
LIGHT_CHOICES = [(value, light.label) for value, light in LIGHTS.items()]
REVIEWS = [("waiting", _("waiting for review")), ("returned", _("returned")), ("unreported", _("nothing reported"))]
SHORT_OF = [(verdict.value, verdict.label) for verdict in (SelfCheck.Verdict.MOSTLY, SelfCheck.Verdict.UNMET)]
KEY = [("true", _("key tasks only"))]
HANDED = [
    ("asked", _("asked of our units")),
    ("down", _("handed down by the unit above")),
    ("on", _("handed on to units below")),
]
ALONE = [("no", _("this unit alone"))]


def units_asked(request):
    """The units in the person's scope that have assignments, for a select."""
    if request is None:
        return Unit.objects.none()
    return (
        Unit.objects.visible_to(request.user)
        .filter(pk__in=Assignment.objects.order_by().values("unit"))
        .order_by("order", "pk")
    )


def ledgers_seen(request):
    return Ledger.objects.visible_to(request.user) if request else Ledger.objects.none()


def reviewed_as(value):
    return {
        "waiting": Q(state="submitted"),
        "returned": Q(state="returned"),
        "unreported": ~Q(state="completed") & Q(progress=None),
    }[value]


class AssignmentFilter(AspectFilterSet):
    """Assignments by what they are and how they stand."""

    task = "task__"

    q = filters.CharFilter(label=_("Search"), method="search")
    unit = UnitChoiceFilter(label=_("Unit"), queryset=units_asked, method="below")
    alone = filters.ChoiceFilter(label=_("Units below"), choices=ALONE, method="nothing")
    part = filters.ChoiceFilter(label=_("Part"), choices=Assignment.Part.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=Assignment.State.choices)
    late = filters.ChoiceFilter(label=_("Light"), choices=LIGHT_CHOICES, method="by_light")
    due = filters.DateFromToRangeFilter(label=_("Deadline"), field_name="due_on", widget=DateRange)
    key = filters.ChoiceFilter(label=_("Key task"), choices=KEY, method="only_key")
    method = filters.ChoiceFilter(label=_("Method"), choices=Method.choices, method="by_method")
    handed = filters.ChoiceFilter(label=_("Handed down"), choices=HANDED, method="by_way")
    ledger = RowChoiceFilter(label=_("Ledger"), queryset=ledgers_seen, field_name="task__ledger")

    class Meta:
        model = Assignment
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.data.get("alone"):  # a cell of the heat map asks so; the bar is long enough without it
            self.filters.pop("alone", None)
        self.form.fields["unit"].widget.attrs.update(SEARCH)

    def search(self, rows, _name, words):
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(Q(task__title__icontains=word) | Q(task__requirement__icontains=word))
        return rows

    def below(self, rows, _name, unit):
        """The unit itself and the units below it, or it alone."""
        if self.form.cleaned_data.get("alone"):
            return rows.filter(unit=unit)
        return rows.filter(unit__path__startswith=unit.path)

    def by_light(self, rows, _name, value):
        return rows.in_light(LIGHTS[value], Lights.load())

    def only_key(self, rows, _name, _value):
        return rows.filter(task__is_key=True)

    def by_method(self, rows, _name, value):
        return rows.filter(task__methods__contains=[value])

    def by_way(self, rows, _name, value):
        if value == "asked":  # also of a section, by the unit above: not what our units hand down among themselves
            return rows.filter(pk__in=Assignment.objects.asked_of(self.request.user).values("pk"))
        return rows.handed_on() if value == "on" else rows.filter(parent__isnull=False)

    def nothing(self, rows, _name, _value):
        """Asked together with the unit."""
        return rows


class MyTasksFilter(AssignmentFilter):
    """What a unit asks of its own list; the state is in the tabs."""

    alone = state = method = aspect = section = None


class ReviewFilter(AssignmentFilter):
    """What a reviewer asks of the queue: all in it is handed in, and has no light."""

    alone = state = late = None


class DeadlineFilter(AssignmentFilter):
    """What the calendar of deadlines is asked; it leads to the list of assignments with the same words."""

    q = alone = state = late = due = method = aspect = section = None


class TaskFilter(AspectFilterSet):
    """Tasks of one ledger. Unit, part, state, light and review are asked of one and the same assignment."""

    q = filters.CharFilter(label=_("Search"), method="search")
    unit = UnitChoiceFilter(label=_("Unit"), queryset=units_asked, method="nothing")
    part = filters.ChoiceFilter(label=_("Part"), choices=Assignment.Part.choices, method="nothing")
    state = filters.ChoiceFilter(label=_("State"), choices=Assignment.State.choices, method="nothing")
    review = filters.ChoiceFilter(label=_("Review"), choices=REVIEWS, method="nothing")
    late = filters.ChoiceFilter(label=_("Light"), choices=LIGHT_CHOICES, method="nothing")
    method = filters.ChoiceFilter(label=_("Method"), choices=Method.choices, method="by_method")
    key = filters.ChoiceFilter(label=_("Key task"), choices=KEY, method="only_key")

    class Meta:
        model = Task
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["unit"].widget.attrs.update(SEARCH)

    def search(self, rows, _name, words):
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(requirement__icontains=word)
                | Q(section__icontains=word)
                | Q(number__istartswith=word)
            )
        return rows

    def by_method(self, rows, _name, value):
        return rows.filter(methods__contains=[value])

    def only_key(self, rows, _name, _value):
        return rows.filter(is_key=True)

    def nothing(self, rows, _name, _value):
        """Asked together with the others, in `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        given = Assignment.objects.filter(task=OuterRef("pk"))
        narrowed = given
        if unit := asked.get("unit"):
            # As that unit sees it: with what was handed down to it, without what it handed down itself.
            above = Q(parent=None) | ~Q(parent__unit__path__startswith=unit.path)
            narrowed = narrowed.filter(above, unit__path__startswith=unit.path)
        for name in ("part", "state"):
            if asked.get(name):
                narrowed = narrowed.filter(**{name: asked[name]})
        if asked.get("late"):
            narrowed = narrowed.in_light(LIGHTS[asked["late"]], Lights.load())
        if asked.get("review"):
            narrowed = narrowed.filter(reviewed_as(asked["review"]))
        if narrowed is given:
            return rows
        return rows.filter(Exists(narrowed if unit else narrowed.asked_by_ledgers()))


class StandardFilter(filters.FilterSet):
    """Editions by name and level."""

    q = filters.CharFilter(label=_("Search"), method="search")
    level = filters.ChoiceFilter(label=_("Level"), choices=Standard.Level.choices)

    class Meta:
        model = Standard
        fields = []

    def search(self, rows, _name, words):
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(Q(name__icontains=word) | Q(edition__icontains=word))
        return rows


class UnitNameFilter(filters.FilterSet):
    """Units by their name."""

    q = filters.CharFilter(label=_("Unit"), method="search")

    class Meta:
        model = Unit
        fields = []

    def search(self, rows, _name, words):
        return rows.filter(Q(name__icontains=words) | Q(short_name__icontains=words))


class ChecksShortFilter(filters.FilterSet):
    """What is not fully met, by unit, words of the criterion and verdict."""

    q = filters.CharFilter(label=_("Unit or criterion"), method="search")
    verdict = filters.ChoiceFilter(label=_("Self-check"), choices=SHORT_OF)

    class Meta:
        model = SelfCheck
        fields = []

    def search(self, rows, _name, words):
        said = ("criterion__text", "assignment__task__title", "assignment__unit__name", "assignment__unit__short_name")
        return rows.filter(reduce(or_, (Q(**{f"{field}__icontains": words}) for field in said)))
