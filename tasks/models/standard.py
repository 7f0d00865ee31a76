"""The assessment system: editions, their tree of indicators, and the criteria at its leaves."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.catalogue_numbers import criterion_code
from tasks.models.counting import counted
from tasks.models.frozen import CRITERION_TRIGGERS, INDICATOR_TRIGGERS, STANDARD_TRIGGERS
from units.models import Unit
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.workflow import NotInThisState

DEEPEST = 3  # levels of indicators above the criteria


class Method(models.TextChoices):
    """How a criterion is assessed (测评方法)."""

    MATERIAL = "material", _("material review")
    SITE = "site", _("site visit")
    SURVEY = "survey", _("survey")
    ONLINE = "online", _("online declaration")
    HEARING = "hearing", _("hearing a report")
    OVERALL = "overall", _("overall observation")


def methods_field():
    return ArrayField(
        models.CharField(max_length=8, choices=Method),
        verbose_name=_("assessment methods"),
        default=list,
        blank=True,
    )


class StandardQuerySet(UnitScopedQuerySet):
    def with_sizes(self):
        """Annotated with `aspect_count`, `indicator_count`, `content_count` (the indicators of level 1, 2 and 3),
        `criterion_count` and `negative_count`: the negative list is counted apart and adds to none of the others.
        """
        nodes = Indicator.objects.filter(standard=OuterRef("pk"), is_negative=False)
        leaves = Criterion.objects.filter(indicator__standard=OuterRef("pk"))
        return self.annotate(
            aspect_count=counted(nodes.filter(level=1), "standard"),
            indicator_count=counted(nodes.filter(level=2), "standard"),
            content_count=counted(nodes.filter(level=3), "standard"),
            criterion_count=counted(leaves.filter(indicator__is_negative=False), "indicator__standard"),
            negative_count=counted(leaves.filter(indicator__is_negative=True), "indicator__standard"),
        )


@pghistory.track(model_name="StandardHistory")
class Standard(models.Model):
    """One edition of an assessment system. An import adds what is missing and changes nothing that is there.

    It is frozen, by the database, as soon as it is used: changes go into a new version, which `replaces` it.
    """

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCE = "province", _("provincial")
        CITY = "city", _("city")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="standards", verbose_name=_("kept by"))
    name = models.CharField(_("name"), max_length=100)
    edition = models.CharField(_("edition"), max_length=32)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.NATIONAL)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment system")
        verbose_name_plural = _("assessment systems")
        ordering = ["-edition", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "edition"], name="tasks_edition_once"),
            models.CheckConstraint(condition=~Q(replaces=models.F("id")), name="tasks_edition_replaces_another"),
        ]
        triggers = STANDARD_TRIGGERS

    def __str__(self):
        return gettext("%(name)s (%(edition)s)") % {"name": self.name, "edition": self.edition}

    def get_absolute_url(self):
        return reverse("tasks:standard", args=[self.pk])

    def hold(self):
        """Lock the edition until the transaction ends: nobody changes it, freezes it or adds to it meanwhile."""
        self.refresh_from_db(from_queryset=Standard.objects.select_for_update(of=("self",)))

    def hold_open(self):
        """The same for whoever wants to change it. Raises `NotInThisState` when it is frozen by now."""
        self.hold()
        if self.frozen_at:
            raise NotInThisState("the edition is frozen")

    def hold_unused(self):
        """The same for whoever wants to delete it. Raises `NotInThisState` when another version replaces it, too."""
        self.hold_open()
        if self.replaced_by.exists():
            raise NotInThisState("another version replaces the edition")

    @transaction.atomic
    def new_version(self, *, name, edition, level):
        """A copy of the whole tree that may be changed. Raises `IntegrityError` when the edition exists."""
        self.hold()
        new = Standard.objects.create(unit=self.unit, name=name, edition=edition, level=level, replaces=self)
        nodes, copies = list(self.indicators.all()), {}
        for depth in range(1, DEEPEST + 1):
            of_level = [one for one in nodes if one.level == depth]
            made = Indicator.objects.bulk_create(
                Indicator(
                    standard=new, parent=copies.get(one.parent_id), level=depth, code=one.code, name=one.name,
                    order=one.order, is_negative=one.is_negative,
                )
                for one in of_level
            )  # fmt: skip
            copies |= {old.pk: copy for old, copy in zip(of_level, made, strict=True)}
        criteria = list(Criterion.objects.filter(indicator__standard=self).prefetch_related("pieces"))
        made = Criterion.objects.bulk_create(
            Criterion(
                indicator=copies[one.indicator_id], number=one.number, text=one.text, methods=one.methods,
                order=one.order,
            )
            for one in criteria
        )  # fmt: skip
        copy_pieces(zip(criteria, made, strict=True))
        return new


def copy_pieces(pairs):
    """Require of each criterion's copy what is required of the criterion."""
    pieces = Criterion.pieces.rel.related_model.objects
    pieces.bulk_create(
        pieces.model(criterion=copy, name=one.name, note=one.note, asked_of=one.asked_of, order=one.order)
        for criterion, copy in pairs
        for one in criterion.pieces.all()
    )


class IndicatorQuerySet(UnitScopedQuerySet):
    unit_path = "standard__unit"


@pghistory.track(*every_change(), model_name="IndicatorHistory", level=pghistory.Statement)
class Indicator(models.Model):
    """A node of a standard: level 1 测评项目 (Ⅰ), level 2 测评指标 (Ⅱ), level 3 测评内容 (Ⅲ).

    `is_negative`: a node of the negative list 负面清单, whose criteria say what must not happen. All below it is, too.
    """

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("below")
    )
    level = models.PositiveSmallIntegerField(_("level"))
    code = models.CharField(_("code"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=300)
    order = models.PositiveIntegerField(_("order"), default=0)
    is_negative = models.BooleanField(_("negative list"), default=False, db_default=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3),
                name="tasks_indicator_has_three_levels",
            ),
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__gt=1, parent__isnull=False),
                name="tasks_indicator_top_has_no_parent",
            ),
        ]
        triggers = INDICATOR_TRIGGERS

    def __str__(self):
        return f"{self.code} {self.name}".strip()


class CriterionQuerySet(UnitScopedQuerySet):
    unit_path = "indicator__standard__unit"

    def visible_to(self, user):
        """Those of the standards in the user's scope, and those that tasks ask of a unit in it."""
        if user.is_superuser:
            return self
        asked = self.model._base_manager.filter(tasks__assignments__unit__in=user.units_in_scope().values("pk"))
        own = super().visible_to(user)
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=asked.values("pk")))

    def in_order(self):
        """As the standard lists them."""
        return self.order_by("indicator__standard_id", "indicator__order", "order", "pk")

    def with_place(self):
        """With the edition and the indicators above, of which the pages speak."""
        return self.select_related("indicator__standard__unit", "indicator__parent__parent")


@pghistory.track(*every_change(), model_name="CriterionHistory", level=pghistory.Statement)
class Criterion(models.Model):
    """The leaf: what must be true, and how it is assessed. In the negative list: what must not happen."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="criteria", verbose_name=_("indicator"))
    number = models.CharField(_("number"), max_length=20, blank=True)
    text = models.TextField(_("criterion"))
    methods = methods_field()
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]
        triggers = CRITERION_TRIGGERS

    def __str__(self):
        return f"{self.number} {self.text}".strip()

    @property
    def is_negative(self):
        return self.indicator.is_negative

    @property
    def place(self):
        """The indicators above it, the outermost first."""
        found, one = [], self.indicator
        while one:
            found.append(one)
            one = one.parent
        return found[::-1]

    @property
    def code(self):
        """`Ⅱ-1-1)`: how offices refer to it."""
        return criterion_code(self.indicator.code, self.number)

    def method_labels(self):
        return [Method(method).label for method in self.methods]
