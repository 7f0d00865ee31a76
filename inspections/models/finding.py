"""What was found: where, what is wrong, what it costs, and the photos that show it."""

import uuid
from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models.checklist import ChecklistItem
from inspections.models.place import Place
from inspections.models.visit import Visit
from units.models import Attachment, Unit
from units.scoping import UnitScopedQuerySet

MOST_PHOTOS = 9  # of one finding


class Source(models.TextChoices):
    ROUTINE = "routine", _("routine inspection")
    SPECIAL = "special", _("special inspection")
    SUPERIOR = "superior", _("superior's assessment")
    MEDIA = "media", _("media report")
    COMPLAINT = "complaint", _("public complaint")
    HOTLINE = "hotline", _("12345 hot line")
    SNAPSHOT = "snapshot", _("citizen's snapshot")
    MONITOR = "monitor", _("social monitor")
    MONITORING = "monitoring", _("monitoring point")


class FindingQuerySet(UnitScopedQuerySet):
    def with_photos(self):
        """Each with its photos and their files, two queries more."""
        return self.prefetch_related(
            models.Prefetch("finding_photos", FindingPhoto.objects.select_related("attachment"))
        )


@pghistory.track(model_name="FindingHistory")
class Finding(models.Model):
    """One problem. `uuid` is made by the phone: sent twice, it is one finding.

    `unit` answers for it. `deduction` (points, two decimals) is what the checklist's rule made of `count` on the
    day, kept so that a later edition of the checklist changes nothing.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    payload_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="findings",
        verbose_name=_("responsible unit"),
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="findings", verbose_name=_("place"))
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("visit"),
    )
    item = models.ForeignKey(
        ChecklistItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("checklist item"),
    )
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.ROUTINE)
    text = models.TextField(_("problem"))
    count = models.PositiveSmallIntegerField(_("occurrences"), default=1)
    deduction = models.DecimalField(_("deduction"), max_digits=6, decimal_places=2, default=Decimal(0))
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="findings",
        verbose_name=_("found by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    photos = models.ManyToManyField(Attachment, through="FindingPhoto", related_name="findings")

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deduction__gte=0),
                name="inspections_deduction_is_not_negative",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="inspections_finding_counts_one_or_more"),
        ]
        indexes = [
            models.Index(fields=["unit", "-found_at"], name="inspections_finding_of_unit"),
            models.Index(fields=["-found_at", "-id"], name="inspections_finding_newest"),
            models.Index(fields=["place", "item"], name="inspections_finding_at_place"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("inspections:finding", args=[self.pk])


class PhotoQuerySet(UnitScopedQuerySet):
    unit_path = "finding__unit"

    def uses_seen_by(self, user):
        """See `units.reuse`."""
        return self.visible_to(user).select_related("attachment", "finding")


class FindingPhoto(models.Model):
    """A photo of the finding. `uuid` is made by the phone: a photo sent twice is one photo."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="finding_photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="finding_photos")
    order = models.PositiveSmallIntegerField(default=0)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a finding")
        verbose_name_plural = _("photos of findings")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "order"], name="inspections_photos_in_order"),
            models.CheckConstraint(condition=Q(order__lt=MOST_PHOTOS), name="inspections_nine_photos_at_most"),
        ]

    def __str__(self):
        return str(self.attachment)

    # What the photo strip of the pages asks for.

    @property
    def name(self):
        return str(self.finding)

    @property
    def url(self):
        return reverse("inspections:finding-photo-file", args=[self.pk])

    @property
    def thumb_url(self):
        return f"{self.url}?size=thumb"

    @property
    def used_for(self):
        return self.finding
