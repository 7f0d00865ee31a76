"""What the rows of a ledger are grouped by: the indicators of its assessment system, or the sections of its table.

A ledger made from a standard is asked by indicator (`aspect`), one without by the section that stands above its rows;
a list offers the one that it has.
"""

import django_filters as filters
from django.db.models import Exists, Min, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tasks.models import Indicator, Ledger, Task
from units.filters import RowChoiceField, RowChoiceFilter, RowIterator, whole

UPPER = 2  # levels of the tree that are offered: 测评项目 and 测评指标
NONE = "null"
INDENT = "　"
FIRST = ["q", "aspect", "section"]  # in the filter bar
WITHOUT_CRITERION, WITHOUT_SECTION = _("without a criterion"), _("without a section")


class AspectIterator(RowIterator):
    def choice(self, indicator):
        return indicator.pk, f"{INDENT * (indicator.level - 1)}{indicator}"


class AspectField(RowChoiceField):
    iterator = AspectIterator


class AspectFilter(RowChoiceFilter):
    field_class = AspectField


def in_tree_order(indicators):
    """The upper two levels, each aspect before its indicators."""
    return indicators.order_by("standard", Coalesce("parent__order", "order"), "level", "order", "pk")


def ledgers_asked(request):
    """The ledgers whose aspects are offered: the one that is asked for, or all that the person sees."""
    seen, one = Ledger.objects.visible_to(request.user), whole(request.GET.get("ledger", ""))
    return seen if one is None else seen.filter(pk=one)


def aspects_asked(request):
    if request is None:
        return Indicator.objects.none()
    found = Indicator.objects.filter(level__lte=UPPER, standard__in=ledgers_asked(request).values("standard"))
    return in_tree_order(found)


def sections_of(ledger):
    """The sections of a ledger's table, in its order."""
    rows = Task.objects.filter(ledger=ledger).exclude(section="").order_by().values_list("section")
    return [section for section, _first in rows.annotate(first=Min("order")).order_by("first", "section")]


def has_criteria(ledger):
    """Whether its tasks were made from criteria, so that indicators say more than sections."""
    links = Task.criteria.through.objects.filter(task=OuterRef("pk"))
    return Task.objects.filter(Exists(links), ledger=ledger).exists()


class AspectFilterSet(filters.FilterSet):
    """The two filters for the list of tasks, or of something that leads to `task`."""

    task = ""  # how a row leads to its task: "" for a task, "task__" for an assignment

    aspect = AspectFilter(
        label=_("Aspect"),
        queryset=aspects_asked,
        method="by_aspect",
        null_label=WITHOUT_CRITERION,
        null_value=NONE,
    )
    section = filters.ChoiceFilter(label=_("Section"), method="by_section")

    def __init__(self, *args, ledger=None, **kwargs):
        super().__init__(*args, **kwargs)
        ledger = (ledger or self.asked_ledger()) if "section" in self.filters else None
        if ledger and not has_criteria(ledger):
            self.filters.pop("aspect", None)
            self.filters["section"].extra["choices"] = [
                *((one, one) for one in sections_of(ledger)),
                (NONE, WITHOUT_SECTION),
            ]
        else:
            self.filters.pop("section", None)
        for name in FIRST[::-1]:
            if name in self.filters:
                self.filters.move_to_end(name, last=False)

    def asked_ledger(self):
        """The ledger that the address asks for, where its rows may be of several."""
        pk = whole(self.data.get("ledger")) if "ledger" in self.filters else None
        return Ledger.objects.visible_to(self.request.user).filter(pk=pk).first() if pk else None

    def by_aspect(self, rows, _name, indicator):
        tasks = Task.objects.under(None if indicator == NONE else indicator)
        return rows.filter(**{f"{self.task}pk__in": tasks.values("pk")})

    def by_section(self, rows, _name, section):
        return rows.filter(**{f"{self.task}section": "" if section == NONE else section})
