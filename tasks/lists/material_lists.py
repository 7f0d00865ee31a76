"""The lists of material: what they can be asked for, and their columns."""

from itertools import groupby

import django_filters as filters
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import CatalogueNumber, Criterion, Material, MaterialRevision, Standard
from units.filters import MOST_WORDS, RowChoiceField, RowChoiceFilter, UnitChoiceFilter, whole
from units.forms.attrs import SEARCH
from units.lists import Column
from units.markup import muted, row_link, short, text
from units.models import Attachment, Unit

TITLE = 60
SHOWN_NUMBERS = 3
NUMBERED = [("yes", gettext_lazy("with a number")), ("no", gettext_lazy("without a number"))]


def numbers_in(standard):
    """The numbers of a material in one edition, or in all."""
    numbers = CatalogueNumber.objects.filter(material=OuterRef("pk")).order_by()
    return numbers.filter(criterion__indicator__standard=standard) if standard else numbers


def ranked(materials, standard=None):
    """Annotated with `rank`: where its first number stands in the catalogue of `standard`, or among all editions, the
    newest first, as `newest_edition_first`; None without one."""
    indicator = "criterion__indicator"
    places = [-F(f"{indicator}__standard_id"), F(f"{indicator}__order"), F("criterion__order"), F("place")]
    place = Func(*places, template="ARRAY[%(expressions)s]::bigint[]", output_field=ArrayField(BigIntegerField()))
    ranks = numbers_in(standard).annotate(rank=place).order_by("rank").values("rank")
    return materials.annotate(rank=Subquery(ranks[:1]))


def editions_filed(request):
    """The editions under which something that the person sees is filed."""
    if request is None:
        return Standard.objects.none()
    numbers = CatalogueNumber.objects.visible_to(request.user).order_by()
    return Standard.objects.filter(pk__in=numbers.values("criterion__indicator__standard")).order_by("-pk")


def units_filing(request):
    rows = Unit.objects.visible_to(request.user) if request else Unit.objects.none()
    return rows.filter(pk__in=Material.objects.order_by().values("unit")).order_by("order", "pk")


def criteria_proved(request):
    if request is None:
        return Criterion.objects.none()
    numbers = CatalogueNumber.objects.visible_to(request.user).order_by()
    if standard := whole(request.GET.get("standard", "")):
        numbers = numbers.filter(criterion__indicator__standard=standard)
    criteria = Criterion.objects.filter(pk__in=numbers.values("criterion")).in_order()
    return criteria.select_related("indicator__standard")


class CriterionField(RowChoiceField):
    names_editions = False

    def label_from_instance(self, criterion):
        words = f"{criterion.code} {short(criterion.text, TITLE)}"
        return f"{words} · {criterion.indicator.standard}" if self.names_editions else words


class CriterionFilter(RowChoiceFilter):
    """A criterion by its code."""

    field_class = CriterionField


class MaterialFilter(filters.FilterSet):
    """Material by its words, its unit, what it proves and what kind of file it is, each row with its `rank`.

    Where editions meet they are told apart: one can be chosen; else a number names its own (`names_editions`).
    """

    q = filters.CharFilter(label=gettext_lazy("Search"), method="search")
    unit = UnitChoiceFilter(label=gettext_lazy("Unit"), queryset=units_filing, method="below")
    standard = RowChoiceFilter(label=gettext_lazy("Assessment system"), queryset=editions_filed, method="in_edition")
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
        several = editions_filed(self.request).count() > 1
        if not several:
            del self.filters["standard"]
        for name in ("unit", "criterion"):
            self.form.fields[name].widget.attrs.update(SEARCH)
        self.form.is_valid()
        self.names_editions = several and not self.edition
        self.form.fields["criterion"].names_editions = self.names_editions

    @property
    def edition(self):
        """The one that was chosen, if any, whatever else is wrong."""
        return getattr(self.form, "cleaned_data", {}).get("standard")

    def filter_queryset(self, rows):
        rows = ranked(super().filter_queryset(rows), self.edition)
        chosen = Value(self.edition and self.edition.pk, IntegerField(null=True))
        return rows.annotate(edition=chosen, names_editions=Value(self.names_editions))

    def in_edition(self, rows, _name, standard):
        return rows.filter(Exists(numbers_in(standard)))

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
    """Its numbers in the edition that is asked for; in several, each edition's under its name."""
    numbers = [one for one in material.numbers.all() if material.edition in (None, edition_of(one).pk)]
    if not numbers:
        return muted(_("none yet"))
    lines = []
    for edition, given in groupby(numbers[:SHOWN_NUMBERS], edition_of):
        lines += [f'<span class="nowrap">{text(one)}</span>' for one in given]
        lines += [f"<small>{muted(edition)}</small>"] if material.names_editions else []
    more = f" +{len(numbers) - SHOWN_NUMBERS}" if len(numbers) > SHOWN_NUMBERS else ""
    return SafeString("<br>".join(lines) + more)


def edition_of(number):
    return number.criterion.indicator.standard


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
