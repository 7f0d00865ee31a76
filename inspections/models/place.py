"""Where inspectors go: kinds of places, places, and the units that answer for them."""

import secrets

import pghistory
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from units.models import Unit
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change


def place_code():
    """The short secret in a place's QR code: 10 characters, about 60 bits."""
    return secrets.token_urlsafe(8)[:10]


class PlaceType(models.Model):
    """A kind of place (主干道, 农贸市场, 小区 …)."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("type of place")
        verbose_name_plural = _("types of places")
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class PlaceQuerySet(UnitScopedQuerySet):
    def with_units(self):
        """Each with its kind, its territory and the units that answer for it: two queries, whatever the number."""
        answers = PlaceResponsibility.objects.select_related("unit")
        return self.select_related("place_type", "unit").prefetch_related(models.Prefetch("responsibilities", answers))

    def visible_to(self, user):
        """The places on the ground of the user's units and those their units answer for."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        answered = PlaceResponsibility.objects.filter(unit__in=scope).values("place_id")
        return self.filter(Q(unit__in=scope) | Q(pk__in=answered))


@pghistory.track(model_name="PlaceHistory")
class Place(models.Model):
    """A place to visit. `unit` is the territory it stands on (街道, 社区); coordinates are WGS-84 degrees."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="places", verbose_name=_("territory"))
    place_type = models.ForeignKey(
        PlaceType,
        models.PROTECT,
        related_name="places",
        verbose_name=_("type of place"),
    )
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    code = models.CharField(_("QR code"), max_length=16, unique=True, default=place_code, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    responsible = models.ManyToManyField(
        Unit,
        through="PlaceResponsibility",
        related_name="answered_places",
        verbose_name=_("responsible units"),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["unit__path", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="inspections_place_once"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="inspections_place_on_earth",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("inspections:place", args=[self.pk])

    def lead_unit(self):
        """The unit that answers first for the place: the named lead, else the territory."""
        lead = next((r for r in self.responsibilities.all() if r.is_lead), None)
        return lead.unit if lead else self.unit

    @transaction.atomic
    def set_responsible(self, lead, joint):
        """Say which unit answers first (None: the territory) and which join."""
        wanted = {(unit.pk, False) for unit in joint} | ({(lead.pk, True)} if lead else set())
        there = {(row.unit_id, row.is_lead): row.pk for row in self.responsibilities.all()}
        self.responsibilities.filter(pk__in=[pk for said, pk in there.items() if said not in wanted]).delete()
        self.responsibilities.bulk_create(
            PlaceResponsibility(place=self, unit_id=unit, is_lead=is_lead)
            for unit, is_lead in sorted(wanted - there.keys())
        )

    def answering_units(self):
        """The units that a finding here may be given to, the first to answer first: lead, joint units, territory."""
        joint = [r.unit for r in self.responsibilities.all()]
        return list(dict.fromkeys([self.lead_unit(), *joint, self.unit]))


@pghistory.track(*every_change(), model_name="PlaceResponsibilityHistory")
class PlaceResponsibility(models.Model):
    """A unit answers for a place: one leads, the others join."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="place_responsibilities")
    is_lead = models.BooleanField(_("leads"), default=False)

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "unit"], name="inspections_unit_once_at_a_place"),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(is_lead=True),
                name="inspections_one_lead_at_a_place",
            ),
        ]

    def __str__(self):
        return f"{self.place}: {self.unit}"
