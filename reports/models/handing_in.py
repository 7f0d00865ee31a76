"""What is handed in: packages of filed material, and sheets of photos; and the work of making their files."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.job import FileJob
from tasks.models import Standard
from units.models import Unit
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet

# Who hands in for a unit; leaders read along.
MAKERS = frozenset({*UNIT_ROLES, Role.OFFICE})
READERS = MAKERS | {Role.LEADER}


def may_make(user, unit):
    """Whether `user` hands in what `unit` and the units below it have filed."""
    return any(user.has_role(role, unit) for role in MAKERS)


class HandedInQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """Those of the units where the person works, and of the units below; not for who only looks in."""
        if user.is_superuser:
            return self
        return self.filter(unit__in=user.units_with_role(*READERS).values("pk"))


class HandedIn(models.Model):
    """A frozen list of files of a unit and the units below it; `data` is what the file is made from."""

    kind = ""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=200)
    data = models.JSONField(editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = HandedInQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="%(app_label)s_%(class)s_has_a_title"),
        ]

    def __str__(self):
        return self.title


class HandInPackage(HandedIn):
    """The filed material of a unit, of all standards or of one, to be handed in as a ZIP with its catalogue."""

    kind = "hand_in"

    standard = models.ForeignKey(
        Standard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        verbose_name=_("assessment system"),
    )

    class Meta(HandedIn.Meta):
        verbose_name = _("hand-in package")
        verbose_name_plural = _("hand-in packages")
        triggers = [pgtrigger.ReadOnly(name="package_unchanged")]

    def get_absolute_url(self):
        return reverse("reports:package", args=[self.pk])


class PackageJob(FileJob):
    """The ZIP of a package."""

    thing = "package"
    folder = "packages"
    extension = "zip"

    package = models.ForeignKey(HandInPackage, models.CASCADE, related_name="jobs")

    class Meta(FileJob.Meta):
        verbose_name = _("package job")
        verbose_name_plural = _("package jobs")


class PhotoSheet(HandedIn):
    """Photos to be printed, one on each page with its time, place and theme."""

    kind = "photo_sheet"

    class Meta(HandedIn.Meta):
        verbose_name = _("photo sheet")
        verbose_name_plural = _("photo sheets")
        triggers = [pgtrigger.ReadOnly(name="photo_sheet_unchanged")]

    def get_absolute_url(self):
        return reverse("reports:photo-sheet", args=[self.pk])


class PhotoSheetJob(FileJob):
    """The paper of a photo sheet."""

    thing = "sheet"
    folder = "photo_sheets"

    sheet = models.ForeignKey(PhotoSheet, models.CASCADE, related_name="jobs")

    class Meta(FileJob.Meta):
        verbose_name = _("photo sheet job")
        verbose_name_plural = _("photo sheet jobs")
