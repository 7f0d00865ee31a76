"""A calculation kept: totals, ranks, parts, and for every lost point what it was lost for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models import Finding, RectificationItem
from reports.models.period import Component, Period, Scheme
from tasks.models import Assignment
from units.models import PeerGroup, Unit
from units.scoping import UnitScopedQuerySet


class RankingQuerySet(UnitScopedQuerySet):
    unit_path = "period__unit"


class Ranking(models.Model):
    """One calculation of one period by one scheme. A new calculation is a new row; nothing is overwritten."""

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="rankings", verbose_name=_("period")
    )
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="rankings", verbose_name=_("scheme")
    )
    computed_at = models.DateTimeField(_("calculated"), auto_now_add=True)
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

    def __str__(self):
        return f"{self.period} ({self.computed_at:%Y-%m-%d %H:%M})"

    def get_absolute_url(self):
        return reverse("reports:ranking", args=[self.pk])


class ScoreQuerySet(UnitScopedQuerySet):
    pass


class Score(models.Model):
    """The total of one unit (points out of 100, rounded by the scheme) and its rank in its peer group.

    Both are null for a unit that could not be assessed: it is listed apart, not ranked.
    """

    ranking = models.ForeignKey(Ranking, models.CASCADE, related_name="scores")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="scores", verbose_name=_("unit")
    )
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
            models.UniqueConstraint(
                fields=["ranking", "unit"], name="reports_unit_once_in_a_ranking"
            ),
            models.CheckConstraint(
                condition=Q(total=None, rank=None)
                | Q(total__isnull=False, rank__isnull=False),
                name="reports_ranked_when_assessed",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.total}"

    def get_absolute_url(self):
        return reverse("reports:score", args=[self.pk])


class ScorePart(models.Model):
    """What one component gave a unit: `points` of `full`, from `got` out of `possible` in `cases` cases."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="parts")
    component = models.ForeignKey(Component, models.PROTECT, related_name="+")
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=4, null=True)
    got = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    possible = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    cases = models.PositiveIntegerField(_("cases"), default=0)

    class Meta:
        verbose_name = _("part of a score")
        verbose_name_plural = _("parts of scores")
        ordering = ["component__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["score", "component"], name="reports_component_once_in_a_score"
            )
        ]

    def __str__(self):
        return f"{self.component} {self.points}"


class ScoreLine(models.Model):
    """One cause and the points it cost (negative) in one component. Exactly one of the causes is set."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="lines")
    component = models.ForeignKey(Component, models.PROTECT, related_name="+")
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=4)
    rule = models.CharField(_("rule"), max_length=200)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, related_name="score_lines"
    )
    item = models.ForeignKey(
        RectificationItem, models.PROTECT, null=True, related_name="score_lines"
    )
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="score_lines"
    )

    class Meta:
        verbose_name = _("score line")
        verbose_name_plural = _("score lines")
        ordering = ["component__order", "points", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, item=None, assignment=None)
                | Q(finding=None, item__isnull=False, assignment=None)
                | Q(finding=None, item=None, assignment__isnull=False),
                name="reports_line_has_one_cause",
            )
        ]

    def __str__(self):
        return f"{self.points} {self.cause}"

    @property
    def cause(self):
        """The finding, rectification item or assignment that cost the points."""
        return self.finding or self.item or self.assignment
