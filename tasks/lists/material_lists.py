"""The lists of material and of required pieces: what they can be asked for, and their columns."""

import django_filters as filters
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tasks.catalogue_numbers import criterion_code
from tasks.models import AskedPiece, CatalogueNumber, Criterion, Indicator, Material, MaterialRevision
from tasks.models.material import may_file
from units.filters import RowChoiceField, RowChoiceFilter, UnitChoiceFilter
from units.forms.attrs import SEARCH
from units.lists import Column
from units.markup import NOTHING, muted, row_link, short, text
from units.models import Attachment, Unit
from units.templatetags.badges import badge
from units.templatetags.components import progress

MOST_WORDS = 10
TITLE, GROUP = 60, 100
SHOWN_NUMBERS = 3
NUMBERED = [("yes", gettext_lazy("with a number")), ("no", gettext_lazy("without a number"))]
THERE = [("missing", pgettext_lazy("material", "missing")), ("done", pgettext_lazy("material", "there"))]


def ranked(materials):
    """Annotated with `rank`: where its first number stands in the catalogue; None without one."""
    numbers = CatalogueNumber.objects.filter(material=OuterRef("pk")).order_by()
    by_order = Cast(F("criterion__indicator__order"), BigIntegerField()) * 10**9 + F("criterion__order") * 10**4
    ranks = numbers.annotate(rank=by_order + F("place")).order_by("rank").values("rank")
    return materials.annotate(rank=Subquery(ranks[:1]))


def units_filing(request):
    rows = Unit.objects.visible_to(request.user) if request else Unit.objects.none()
    return rows.filter(pk__in=Material.objects.order_by().values("unit")).order_by("order", "pk")


def criteria_proved(request):
    if request is None:
        return Criterion.objects.none()
    numbers = CatalogueNumber.objects.visible_to(request.user).order_by().values("criterion")
    return Criterion.objects.filter(pk__in=numbers).in_order().select_related("indicator")


class CriterionField(RowChoiceField):
    def label_from_instance(self, criterion):
        return f"{criterion.code} {short(criterion.text, TITLE)}"


class CriterionFilter(RowChoiceFilter):
    """A criterion by its code."""

    field_class = CriterionField


class MaterialFilter(filters.FilterSet):
    """Material by its words, its unit, what it proves and what kind of file it is."""

    q = filters.CharFilter(label=gettext_lazy("Search"), method="search")
    unit = UnitChoiceFilter(label=gettext_lazy("Unit"), queryset=units_filing, method="below")
    criterion = CriterionFilter(
        label=gettext_lazy("Criterion"), queryset=criteria_proved, field_name="numbers__criterion", distinct=True
    )
    numbered = filters.ChoiceFilter(label=gettext_lazy("Catalogue number"), choices=NUMBERED, method="by_number")
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind of file"), choices=Attachment.Family.choices, method="by_kind")

    class Meta:
        model = Material
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("unit", "criterion"):
            self.form.fields[name].widget.attrs.update(SEARCH)

    def search(self, rows, _name, words):
        newest = MaterialRevision.objects.newest().filter(material=OuterRef("pk"))
        numbers = CatalogueNumber.objects.filter(material=OuterRef("pk"))
        for word in words.split()[:MOST_WORDS]:
            by_file = Exists(newest.filter(attachment__name__icontains=word))
            by_number = Exists(numbers.filter(Q(number__icontains=word) | Q(criterion__text__icontains=word)))
            rows = rows.filter(Q(title__icontains=word) | Q(unit__name__icontains=word) | by_file | by_number)
        return rows

    def below(self, rows, _name, unit):
        return rows.filter(unit__path__startswith=unit.path)

    def by_number(self, rows, _name, value):
        has = Exists(CatalogueNumber.objects.filter(material=OuterRef("pk")))
        return rows.filter(has if value == "yes" else ~has)

    def by_kind(self, rows, _name, value):
        newest = MaterialRevision.objects.newest().filter(material=OuterRef("pk"))
        return rows.filter(Exists(newest.filter(attachment__family=value)))


def numbers_cell(material):
    numbers = [one.number for one in material.numbers.all()]
    if not numbers:
        return muted(_("none yet"))
    more = f" +{len(numbers) - SHOWN_NUMBERS}" if len(numbers) > SHOWN_NUMBERS else ""
    return SafeString("<br>".join(f'<span class="nowrap">{text(one)}</span>' for one in numbers[:SHOWN_NUMBERS]) + more)


def title_cell(material):
    file = material.newest.attachment
    return SafeString(
        f"<div>{row_link(material, short(material.title, TITLE))}"
        f'<br><small class="muted">{text(short(file.name, TITLE))}</small></div>'
    )


MATERIALS = [
    Column("numbers", gettext_lazy("Catalogue number"), sort="rank", draw=numbers_cell, empty_last=True),
    Column("title", gettext_lazy("Title"), sort="title", draw=title_cell, link=True),
    Column("unit", gettext_lazy("Unit"), sort="unit__path"),
    Column("newest.number", gettext_lazy("Revision"), kind="number", phone=False),
    Column("newest.by", gettext_lazy("Filed by"), phone=False),
    Column("newest.at", gettext_lazy("Filed on"), kind="date"),
]


def photo_cell(material):
    address = material.newest.thumb_url
    return SafeString(f'<img class="listed-photo" src="{address}" alt="" loading="lazy" width="72" height="54">')


# The same where photos are chosen.
PHOTOS = [Column("photo", gettext_lazy("Photo"), draw=photo_cell), *MATERIALS]


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
