"""What the lists of tasks and assignments can be asked for. Addresses are shared: parameters keep their names."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tasks.lights import Lights
from tasks.models import Assignment, Ledger, Method, Task
from units.filters import RowChoiceFilter, UnitChoiceFilter
from units.models import Unit

LATE, SOON = "true", "soon"
DEADLINES = [(LATE, _("overdue")), (SOON, _("due soon"))]
REVIEWS = [("waiting", _("waiting for review")), ("returned", _("returned")), ("unreported", _("nothing reported"))]
WITHOUT, ONLY = "without", "only"
HANDED = [(WITHOUT, _("not handed down")), (ONLY, _("handed down only"))]
SEARCH = {"data-search": ""}
MOST_WORDS = 10  # each is a look at every row


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


def unfinished_by(value, lights):
    """Assignments that are overdue or due soon."""
    if value == LATE:
        return ~Q(state="completed") & Q(due_on__lt=lights.today)
    return ~Q(state="completed") & Q(due_on__gte=lights.today, due_on__lte=lights.soon)


def reviewed_as(value):
    return {
        "waiting": Q(state="submitted"),
        "returned": Q(state="returned"),
        "unreported": ~Q(state="completed") & Q(progress=None),
    }[value]


class AssignmentFilter(filters.FilterSet):
    """Assignments by what they are and how they stand."""

    q = filters.CharFilter(label=_("Search"), method="search")
    unit = UnitChoiceFilter(label=_("Unit"), queryset=units_asked, method="below")
    part = filters.ChoiceFilter(label=_("Part"), choices=Assignment.Part.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=Assignment.State.choices)
    late = filters.ChoiceFilter(label=_("Deadline"), choices=DEADLINES, method="by_deadline")
    ledger = RowChoiceFilter(label=_("Ledger"), queryset=ledgers_seen, field_name="task__ledger")
    handed = filters.ChoiceFilter(label=_("Second decomposition"), choices=HANDED, method="by_parent")

    class Meta:
        model = Assignment
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["unit"].widget.attrs.update(SEARCH)

    def search(self, rows, _name, words):
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(Q(task__title__icontains=word) | Q(task__requirement__icontains=word))
        return rows

    def below(self, rows, _name, unit):
        """The unit itself and the units below it."""
        return rows.filter(unit__path__startswith=unit.path)

    def by_deadline(self, rows, _name, value):
        return rows.filter(unfinished_by(value, Lights.load()))

    def by_parent(self, rows, _name, value):
        """What is asked of the person's units, or what these handed down among themselves."""
        asked = Assignment.objects.asked_of(self.request.user).values("pk")
        return rows.filter(pk__in=asked) if value == WITHOUT else rows.exclude(pk__in=asked)


class MyTasksFilter(AssignmentFilter):
    """What a unit asks of its own list; the state is in the tabs."""

    state = None
    handed = None


class TaskFilter(filters.FilterSet):
    """Tasks of one ledger. Unit, part, state, deadline and review are asked of one and the same assignment."""

    q = filters.CharFilter(label=_("Search"), method="search")
    unit = UnitChoiceFilter(label=_("Unit"), queryset=units_asked, method="nothing")
    part = filters.ChoiceFilter(label=_("Part"), choices=Assignment.Part.choices, method="nothing")
    state = filters.ChoiceFilter(label=_("State"), choices=Assignment.State.choices, method="nothing")
    review = filters.ChoiceFilter(label=_("Review"), choices=REVIEWS, method="nothing")
    late = filters.ChoiceFilter(label=_("Deadline"), choices=DEADLINES, method="nothing")
    method = filters.ChoiceFilter(label=_("Method"), choices=Method.choices, method="by_method")
    key = filters.ChoiceFilter(label=_("Key task"), choices=[("true", _("key tasks only"))], method="only_key")

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
            narrowed = narrowed.filter(unfinished_by(asked["late"], Lights.load()))
        if asked.get("review"):
            narrowed = narrowed.filter(reviewed_as(asked["review"]))
        if narrowed is given:
            return rows
        return rows.filter(Exists(narrowed if unit else narrowed.asked_by_ledgers()))
