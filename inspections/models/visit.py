"""A round of inspections: teams, the places they go to, their visits and the answers given there."""

import uuid
from datetime import datetime, time, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models.checklist import Checklist, ChecklistItem
from inspections.models.place import Place
from units.models import Unit
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState

# So long after its last day a round takes what was found within it: phones without a network send later.
LATE_ARRIVALS = timedelta(days=3)


def number(counted):
    """A subquery that counts as `n`, or 0."""
    return Coalesce(Subquery(counted.values("n")), 0)


class RoundQuerySet(UnitScopedQuerySet):
    def running(self, on):
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def with_progress(self):
        """Each with `places_total`, `places_done` (a visit was finished) and `found` (how many findings)."""
        stops = RoundPlace.objects.filter(round=OuterRef("pk")).order_by().values("round")
        visits = Visit.objects.filter(round=OuterRef("pk")).order_by().values("round")
        done = visits.filter(finished_at__isnull=False).annotate(n=Count("place", distinct=True))
        return self.annotate(
            places_total=number(stops.annotate(n=Count("pk"))),
            places_done=number(done),
            found=number(visits.annotate(n=Count("findings"))),
        )

    def inspected_by(self, user):
        """The rounds in which `user` may log what is found: those of the own office, and those of the own teams."""
        if user.is_superuser:
            return self
        visible = self.visible_to(user)
        if not user.holds(Role.INSPECTOR):
            return visible.filter(unit__in=user.units_with_role(Role.OFFICE).values("pk"))
        mine = Team.objects.filter(members=user).values("round")
        return visible.filter(Q(unit__in=user.units_with_role(Role.OFFICE).values("pk")) | Q(pk__in=mine))


# A checklist that a round uses never changes again, whoever makes the round and however.
FREEZE = """
UPDATE inspections_checklist SET frozen_at = now() WHERE id = NEW.checklist_id AND frozen_at IS NULL;
RETURN NEW;
"""


@pghistory.track(model_name="RoundHistory")
class Round(models.Model):
    """An inspection campaign between two days (both included) with one checklist, which it freezes."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name=_("run by"))
    name = models.CharField(_("name"), max_length=100)
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="rounds", verbose_name=_("checklist"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    places = models.ManyToManyField(Place, through="RoundPlace", related_name="rounds")

    objects = RoundQuerySet.as_manager()

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
        triggers = [
            pgtrigger.Trigger(
                name="freeze_checklist",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("checklist_id"),
                func=FREEZE,
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("inspections:round", args=[self.pk])

    def is_running(self, on=None):
        return self.starts_on <= (on or timezone.localdate()) <= self.ends_on

    @property
    def takes_until(self):
        """The last day on which what was found within the round is taken."""
        return self.ends_on + LATE_ARRIVALS

    def takes(self, at, *, now):
        """Whether what was done on site at the moment `at` is taken at the moment `now`."""
        return self.is_running(timezone.localdate(at)) and timezone.localdate(now) <= self.takes_until

    def moment(self, said, *, now):
        """When something was done on site: as the phone says, if that lies between the round's begin and now."""
        first = timezone.make_aware(datetime.combine(self.starts_on, time.min))
        return said if said and first <= said <= now else now

    def visited_words(self):
        """How far it is, of a round `with_progress`."""
        return f"{self.places_done} / {self.places_total}"

    def add_places(self, places, *, team=None):
        """Put places on the list, after those that are there; one that is on it already stays as it is."""
        first = self.stops.count()
        self.stops.bulk_create(
            [
                RoundPlace(round=self, place=place, team=team, order=order)
                for order, place in enumerate(places, start=first)
            ],
            ignore_conflicts=True,
        )


class TeamQuerySet(UnitScopedQuerySet):
    unit_path = "round__unit"

    def with_progress(self):
        """Each with `places_total` and `places_done` (a visit to the place was finished, by whatever team)."""
        stops = RoundPlace.objects.filter(team=OuterRef("pk")).order_by().values("team")
        finished = Visit.objects.filter(round=OuterRef("round"), place=OuterRef("place"), finished_at__isnull=False)
        return self.annotate(
            places_total=number(stops.annotate(n=Count("pk"))),
            places_done=number(stops.filter(Exists(finished)).annotate(n=Count("pk"))),
        )


class Team(models.Model):
    """The people who go together in one round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=40)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", verbose_name=_("members"))

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="inspections_team_once")]

    def __str__(self):
        return self.name


class StopQuerySet(UnitScopedQuerySet):
    unit_path = "round__unit"

    def for_person(self, user):
        """The places of the person's teams and those given to no team; all of them in the rounds of the own office."""
        office = user.units_with_role(Role.OFFICE).values("pk")
        return self.filter(
            Q(team=None) | Q(team__in=Team.objects.filter(members=user).values("pk")) | Q(round__unit__in=office)
        )

    def with_visits(self):
        """Each with `visited` (a visit was finished), `begun` (one is open) and `findings` (how many in this round)."""
        visits = Visit.objects.filter(round=OuterRef("round"), place=OuterRef("place"))
        return self.annotate(
            visited=Exists(visits.filter(finished_at__isnull=False)),
            begun=Exists(visits.filter(finished_at=None)),
            findings=number(visits.order_by().values("round", "place").annotate(n=Count("findings"))),
        )


class RoundPlace(models.Model):
    """A place on a round's list, given to one of its teams."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="stops")
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of the round")
        verbose_name_plural = _("places of the round")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="inspections_place_once_in_a_round")]

    def __str__(self):
        return f"{self.round}: {self.place}"


class VisitQuerySet(UnitScopedQuerySet):
    unit_path = "round__unit"

    def unfinished(self):
        return self.filter(finished_at=None)

    def begin(self, *, uuid, round, place, by, now):
        """The visit with this uuid, else the one `by` has open at the place, else a new one; locked. Raises `Taken`.

        It began at the earliest moment `now` that it was ever asked for: what was found first may arrive last.
        """
        visit = self.filter(uuid=uuid).first()
        if visit is None:
            visit, _created = self.get_or_create(
                round=round,
                place=place,
                by=by,
                finished_at=None,
                defaults={"uuid": uuid, "started_at": now, "team": round.teams.filter(members=by).first()},
            )
        if (visit.round_id, visit.place_id, visit.by_id) != (round.pk, place.pk, by.pk):
            raise Taken("the visit")
        visit = self.select_for_update(of=("self",)).get(pk=visit.pk)
        if now < visit.started_at:
            visit.started_at = now
            visit.save(update_fields=["started_at"])
        return visit


class Taken(NotInThisState):
    """Something else was saved under this uuid before. Answered as 409; nothing is changed."""


class Visit(models.Model):
    """One visit of a team to a place. `uuid` is made by the phone: sent twice, it is one visit.

    A person has at most one open visit at a place. Until it is finished only failures and what does not apply are
    written down; finishing it writes that all else met the standard.
    """

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("looking on site")
        HEARING = "hearing", _("hearing a report")
        PAPERS = "papers", _("reading the papers")
        SURVEY = "survey", _("asking people")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="visits", verbose_name=_("round"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits", verbose_name=_("place"))
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
    way = models.CharField(_("visit method"), max_length=8, choices=Way, default=Way.ON_SITE)
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
            ),
            models.UniqueConstraint(
                fields=["round", "place", "by"],
                condition=Q(finished_at=None),
                name="inspections_one_open_visit_each",
            ),
        ]
        indexes = [models.Index(fields=["round", "place"], name="inspections_visits_of_place")]

    def __str__(self):
        return f"{self.place} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("inspections:visit", args=[self.pk])

    def items(self):
        """The checklist items of this kind of place."""
        return ChecklistItem.objects.filter(checklist__rounds=self.round_id, place_type__places=self.place_id)

    @transaction.atomic
    def set_aside(self, item, *, applies):
        """Write that `item` does not apply here, or take that back. What was found wrong stays as it is.

        Only until the visit is finished: afterwards its answers are judged by, and `NotInThisState` is raised.
        """
        if Visit.objects.select_for_update(of=("self",)).get(pk=self.pk).finished_at:
            raise NotInThisState("the visit is finished")
        if applies:
            self.answers.filter(item=item, outcome=Answer.Outcome.NA).delete()
        else:
            unit = self.place.lead_unit()
            self.answers.get_or_create(item=item, defaults={"unit": unit, "outcome": Answer.Outcome.NA})

    @transaction.atomic
    def finish(self, *, now, note=""):
        """All items without an answer have met the standard. Finishing twice changes nothing."""
        self.refresh_from_db(from_queryset=Visit.objects.select_for_update(of=("self",)))
        if self.finished_at:
            return
        unit = self.place.lead_unit()
        answered = self.answers.values("item")
        self.answers.bulk_create(
            Answer(visit=self, item=item, unit=unit, outcome=Answer.Outcome.PASS)
            for item in self.items().exclude(pk__in=answered)
        )
        self.finished_at, self.note = now, note
        self.save(update_fields=["finished_at", "note"])


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
            models.UniqueConstraint(fields=["visit", "item"], name="inspections_answered_once"),
            models.CheckConstraint(
                condition=Q(outcome="fail", count__gte=1) | (~Q(outcome="fail") & Q(count=0)),
                name="inspections_only_failures_are_counted",
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.get_outcome_display()}"
