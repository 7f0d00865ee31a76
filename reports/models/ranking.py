"""A calculation kept: totals, ranks, parts, and for every lost point what it was lost for."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.models import Answer, Finding, RectificationItem
from reports.models.period import Period
from reports.models.scheme import Component, Scheme
from tasks.models import Assignment
from units.models import PeerGroup, Unit
from units.roles import Role
from units.scoping import UnitScopedQuerySet

# Who reads what is not issued yet, at the level that keeps the period.
READERS = (Role.OFFICE, Role.LEADER)


class RankingQuerySet(UnitScopedQuerySet):
    unit_path = "period__unit"


class Ranking(models.Model):
    """One calculation of one period by one scheme, of the rows as they were at `computed_at`.

    A new calculation is a new row; the database refuses to change an old one. With `has_lines` the causes of every
    lost point are kept too; without (a trial) they are looked up in the rows of today.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="rankings", verbose_name=_("period"))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="rankings", verbose_name=_("scheme"))
    computed_at = models.DateTimeField(_("calculated"), default=timezone.now)
    has_lines = models.BooleanField(_("with its causes"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("calculated by"),
    )

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ["-computed_at", "-pk"]
        triggers = [pgtrigger.ReadOnly(name="ranking_unchanged")]

    def __str__(self):
        return f"{self.period} ({timezone.localtime(self.computed_at):%Y-%m-%d %H:%M})"

    def get_absolute_url(self):
        return reverse("reports:ranking", args=[self.pk])


class ScoreQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """Office and leaders of the level see every calculation; the units see their own scores once issued."""
        if user.is_superuser:
            return self
        issued = Ranking.objects.filter(reports__state="issued").values("pk")
        level = Q(ranking__period__unit__in=user.units_with_role(*READERS).values("pk"))
        own = Q(unit__in=user.units_in_scope().values("pk"))
        return self.filter(level | own & Q(ranking__in=issued))


class Score(models.Model):
    """The total of one unit (points out of 100, rounded by the scheme) and its rank in its peer group.

    Both are null for a unit that could not be assessed: it is listed apart, not ranked.
    """

    ranking = models.ForeignKey(Ranking, models.CASCADE, related_name="scores")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="scores", verbose_name=_("unit"))
    peer_group = models.ForeignKey(
        PeerGroup,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("peer group"),
    )
    total = models.DecimalField(_("total"), max_digits=9, decimal_places=4, null=True)
    rank = models.PositiveIntegerField(_("rank"), null=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["peer_group__order", "rank", "unit__order", "unit__pk"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "unit"], name="reports_unit_once_in_a_ranking"),
            models.CheckConstraint(
                condition=Q(total=None, rank=None) | Q(total__isnull=False, rank__isnull=False),
                name="reports_ranked_when_assessed",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="score_unchanged")]

    def __str__(self):
        return f"{self.unit} {self.total}"

    def get_absolute_url(self):
        return reverse("reports:score", args=[self.pk])


class ScorePart(models.Model):
    """What one component gave a unit: `points` of `full`; null points mean that there was nothing to assess.

    `got`, `possible` and `cases` are the figures behind it, in the measure's own terms (see `reports.measures`).
    """

    score = models.ForeignKey(Score, models.CASCADE, related_name="parts")
    component = models.ForeignKey(Component, models.PROTECT, related_name="+")
    full = models.DecimalField(_("full mark"), max_digits=6, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=4, null=True)
    got = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    possible = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    cases = models.PositiveIntegerField(_("cases"), default=0)

    class Meta:
        verbose_name = _("part of a score")
        verbose_name_plural = _("parts of scores")
        ordering = ["component__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["score", "component"], name="reports_component_once_in_a_score"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0, points__lte=F("full")),
                name="reports_points_within_the_full_mark",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="part_unchanged")]

    def __str__(self):
        return f"{self.component} {self.points}"

    @property
    def lost(self):
        return None if self.points is None else self.full - self.points


class ScoreLine(models.Model):
    """One cause and the points it cost (never positive) in one component. Exactly one of the causes is set.

    The lines of a component add up to its lost points, to the last decimal. `uncut` is what the cause would have
    cost had the full mark not been used up before. `formula` holds the numbers, `rule` the words around them.
    """

    class Rule(models.TextChoices):
        EACH = "each", pgettext_lazy("rule", "per occurrence")
        ITEM_CAP = "item_cap", pgettext_lazy("rule", "per occurrence, up to the points of the item")
        FLAT = "flat", pgettext_lazy("rule", "as recorded")
        UNFINISHED = "unfinished", pgettext_lazy("rule", "not yet approved as done")
        LATE = "late", pgettext_lazy("rule", "put right too late")
        OPEN = "open", pgettext_lazy("rule", "past the deadline and still open")
        FAILED = "failed", pgettext_lazy("rule", "does not meet the standard")

    score = models.ForeignKey(Score, models.CASCADE, related_name="lines")
    component = models.ForeignKey(Component, models.PROTECT, related_name="+")
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=4)
    uncut = models.DecimalField(_("points before the cap"), max_digits=9, decimal_places=4)
    rule = models.CharField(_("rule"), max_length=12, choices=Rule)
    formula = models.CharField(_("formula"), max_length=60)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="score_lines")
    item = models.ForeignKey(RectificationItem, models.PROTECT, null=True, related_name="score_lines")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="score_lines")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="score_lines")

    class Meta:
        verbose_name = _("score line")
        verbose_name_plural = _("score lines")
        ordering = ["component__order", "points", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        *("finding", "item", "assignment", "answer"),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="reports_line_has_one_cause",
            ),
            models.CheckConstraint(condition=Q(points__lte=0), name="reports_a_line_never_gives_points"),
        ]
        triggers = [pgtrigger.ReadOnly(name="line_unchanged")]

    def __str__(self):
        return f"{self.points} {self.cause}"

    @property
    def cause(self):
        """The finding, rectification item, assignment or answer that cost the points."""
        return self.finding or self.item or self.assignment or self.answer

    @property
    def lost(self):
        """What it cost, as a positive number."""
        return -self.points

    @property
    def lost_uncut(self):
        return -self.uncut

    @property
    def is_cut(self):
        return self.points != self.uncut
