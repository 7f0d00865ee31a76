"""The lists of required pieces: what they can be asked for, and their columns."""

import django_filters as filters
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tasks.catalogue_numbers import criterion_code
from tasks.lists.material_lists import TITLE, CriterionFilter
from tasks.models import AskedPiece, Criterion, Indicator
from tasks.models.material import may_file
from units.filters import MOST_WORDS, RowChoiceFilter, UnitChoiceFilter
from units.forms.attrs import SEARCH
from units.lists import Column
from units.markup import NOTHING, short, text
from units.models import Unit
from units.templatetags.badges import badge
from units.templatetags.components import progress

GROUP = 100
THERE = [("missing", pgettext_lazy("material", "missing")), ("done", pgettext_lazy("material", "there"))]


def units_asked(request):
    rows = Unit.objects.visible_to(request.user) if request else Unit.objects.none()
    return rows.filter(pk__in=AskedPiece.objects.order_by().values("unit")).order_by("order", "pk")


def criteria_asked(request):
    if request is None:
        return Criterion.objects.none()
    asked = AskedPiece.objects.visible_to(request.user).order_by().values("criterion")
    return Criterion.objects.filter(pk__in=asked).in_order().select_related("indicator")


def indicators_asked(request):
    return Indicator.objects.filter(pk__in=criteria_asked(request).order_by().values("indicator"))


class AskedPieceFilter(filters.FilterSet):
    """Required pieces by who owes them, for what, and whether they are there."""

    q = filters.CharFilter(label=gettext_lazy("Search"), method="search")
    unit = UnitChoiceFilter(label=gettext_lazy("Unit"), queryset=units_asked)
    indicator = RowChoiceFilter(
        label=gettext_lazy("Indicator"), queryset=indicators_asked, field_name="criterion__indicator"
    )
    criterion = CriterionFilter(label=gettext_lazy("Criterion"), queryset=criteria_asked)
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=THERE, method="by_state")

    class Meta:
        model = AskedPiece
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("unit", "indicator", "criterion"):
            self.form.fields[name].widget.attrs.update(SEARCH)

    def search(self, rows, _name, words):
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(Q(piece__name__icontains=word) | Q(criterion__text__icontains=word))
        return rows

    def by_state(self, rows, _name, value):
        return rows.missing() if value == "missing" else rows.filed()


def piece_cell(row):
    return SafeString(
        f'<div>{text(row.piece.name)}<br><small class="muted">{text(row.criterion.code)} '
        f"{text(short(row.criterion.text, TITLE))}</small></div>"
    )


def filed_cell(row):
    """The number under which it is filed, leading to it; else the way to file it."""
    if row.filed_id:
        address = reverse("tasks:material", args=[row.filed.material_id])
        return SafeString(f'<a class="nowrap" href="{address}">{text(row.filed.number)}</a>')
    if not row.is_ours:
        return NOTHING
    place = f"{row.criterion_id}-{row.piece_id}"
    address = f"{reverse('tasks:material-new')}?unit={row.unit_id}&amp;place={place}"
    words = text(_("File it"))
    return SafeString(f'<a href="{address}">{words}</a>')


def state_cell(row):
    return badge("done", _("there")) if row.filed_id else badge("missing", _("missing"))


ASKED = [
    Column("piece", gettext_lazy("Required piece"), sort="criterion__order", draw=piece_cell, link=True),
    Column("unit", gettext_lazy("Unit"), sort="unit__path"),
    Column("state", gettext_lazy("State"), draw=state_cell),
    Column("filed", gettext_lazy("Catalogue number"), draw=filed_cell),
]

# The same on the page of one criterion.
PIECES = [Column("piece", gettext_lazy("Required piece")), *ASKED[1:]]


def mark_ours(rows, user):
    """Tell each row whether `user` may file for its unit."""
    for row in rows:
        row.is_ours = may_file(user, row.unit)


def have_cell(row):
    """How many of the listed pieces are there."""
    return progress(row["have"], row["listed"])


def group_cell(row):
    """An indicator, a criterion or a unit, leading to its pieces."""
    code = criterion_code(row["code"], row.get("number", "")) if "code" in row else ""
    code = f'<span class="nowrap">{text(code)}</span> ' if code else ""
    return SafeString(f'<a href="{text(row["url"])}">{code}{text(short(row["name"], GROUP))}</a>')


def missing_cell(row):
    address = f"{row['url']}&state=missing"
    return SafeString(f'<a href="{text(address)}">{row["missing"]}</a>') if row["missing"] else "0"
