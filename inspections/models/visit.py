"""A round of inspections: teams, the places they go to, their visits and the answers given there."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models.checklist import Checklist, ChecklistItem
from inspections.models.place import Place
from units.models import Unit
from units.scoping import UnitScopedQuerySet


@pghistory.track(model_name="RoundHistory")
class Round(models.Model):
    """An inspection campaign between two days (both included) with one checklist."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="rounds", verbose_name=_("run by")
    )
    name = models.CharField(_("name"), max_length=100)
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="rounds", verbose_name=_("checklist")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    places = models.ManyToManyField(Place, through="RoundPlace", related_name="rounds")

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="inspections_round_ends_after_start",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("inspections:round", args=[self.pk])

    def is_running(self, on=None):
        return self.starts_on <= (on or timezone.localdate()) <= self.ends_on


class Team(models.Model):
    """The people who go together in one round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=40)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="teams", verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"], name="inspections_team_once"
            )
        ]

    def __str__(self):
        return self.name


class RoundPlace(models.Model):
    """A place on a round's list, given to one of its teams."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops")
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="stops"
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("place of the round")
        verbose_name_plural = _("places of the round")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place"], name="inspections_place_once_in_a_round"
            )
        ]

    def __str__(self):
        return f"{self.round}: {self.place}"


class VisitQuerySet(UnitScopedQuerySet):
    unit_path = "round__unit"


class Visit(models.Model):
    """One visit of a team to a place. `uuid` is made by the phone: sent twice, it is one visit."""

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("looking on site")
        HEARING = "hearing", _("hearing a report")
        PAPERS = "papers", _("reading the papers")
        SURVEY = "survey", _("asking people")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(
        Round, models.PROTECT, related_name="visits", verbose_name=_("round")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="visits", verbose_name=_("place")
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("team"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="visits",
        verbose_name=_("inspector"),
    )
    way = models.CharField(
        _("visit method"), max_length=8, choices=Way, default=Way.ON_SITE
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
                name="inspections_visit_ends_after_start",
            )
        ]
        indexes = [
            models.Index(fields=["round", "place"], name="inspections_visits_of_place")
        ]

    def __str__(self):
        return f"{self.place} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("inspections:visit", args=[self.pk])


class Answer(models.Model):
    """The verdict on one checklist item in one visit. `unit` is the unit judged by it."""

    class Outcome(models.TextChoices):
        PASS = "pass", _("meets the standard")
        FAIL = "fail", _("does not meet it")
        NA = "na", _("does not apply")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="answers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="answers")
    outcome = models.CharField(_("verdict"), max_length=4, choices=Outcome)
    count = models.PositiveSmallIntegerField(_("occurrences"), default=0)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item"], name="inspections_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="fail", count__gte=1)
                | (~Q(outcome="fail") & Q(count=0)),
                name="inspections_only_failures_are_counted",
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.get_outcome_display()}"
