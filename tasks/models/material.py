"""The material catalogue: what a unit files as proof, its revisions, and its numbers under the criteria it proves."""

import pghistory
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.catalogue_numbers import catalogue_number
from tasks.models.frozen import NUMBER_TRIGGERS
from tasks.models.required import RequiredPiece
from tasks.models.standard import Criterion
from units.models import Attachment, Unit
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.workflow import NotInThisState

# Who files material of a unit: its own people, and the office that collects it.
KEEPERS = frozenset({*UNIT_ROLES, Role.OFFICE})


class RevisionChanged(NotInThisState):
    """Somebody has filed another revision since this one was opened. `now` is the one that counts."""

    def __init__(self, now):
        super().__init__("another revision was filed meanwhile")
        self.now = now


class AlreadyFiled(NotInThisState):
    """The file is in the catalogue. `material` is its entry."""

    def __init__(self, material):
        super().__init__("the file is in the catalogue already")
        self.material = material


def may_file(user, unit):
    """Whether `user` files material of `unit`, and changes what is filed."""
    return any(user.has_role(role, unit) for role in KEEPERS)


class MaterialQuerySet(UnitScopedQuerySet):
    def with_everything(self):
        """With what lists show: `current` (a list of the revision that counts) and the numbers; two queries more."""
        newest = MaterialRevision.objects.newest().select_related("attachment", "by")
        numbers = CatalogueNumber.objects.newest_edition_first().select_related(
            "criterion__indicator__standard", "piece"
        )
        return self.select_related("unit").prefetch_related(
            Prefetch("revisions", newest, to_attr="current"), Prefetch("numbers", numbers)
        )

    def by_attachment(self, attachments):
        """The material that each of `attachments` is a revision of, with its `given` numbers: a dict, one query."""
        number, some = "material__numbers__number", Q(material__numbers__isnull=False)
        given = ArrayAgg(number, filter=some, order_by="material__numbers", default=Value([]))
        filed = MaterialRevision.objects.filter(attachment__in=attachments, material__in=self)
        found = {}
        for one in filed.select_related("material").annotate(given=given).order_by("-material_id"):
            one.material.given = one.given
            found[one.attachment_id] = one.material
        return found

    def with_photos(self):
        """Those whose file that counts is a photo."""
        photo = MaterialRevision.objects.newest().filter(attachment__family=Attachment.Family.IMAGE)
        return self.filter(Exists(photo.filter(material=OuterRef("pk"))))

    @transaction.atomic
    def file(self, attachment, *, title, places, by):
        """File `attachment` as new material of its unit under `places`: pairs of criterion and piece (or None).

        Raises `AlreadyFiled` when it is a revision of some material: of two who take one file, the second is told.
        """
        if not may_file(by, attachment.unit):
            raise PermissionDenied
        Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        if there := self.by_attachment([attachment.pk]):
            raise AlreadyFiled(there[attachment.pk])
        material = self.create(unit=attachment.unit, title=title, made_by=by)
        material.revisions.create(number=1, attachment=attachment, by=by)
        for criterion, piece in places:
            material.link(criterion, piece, by=by)
        return material


@pghistory.track(*every_change(), model_name="MaterialHistory")
class Material(models.Model):
    """One entry of the catalogue (资料) of a unit. The newest of its revisions counts, older ones stay readable.

    Its numbers say which criteria it proves: one file may prove many. Without a number it is filed, but in no
    catalogue yet.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="materials", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=200)
    made_at = models.DateTimeField(_("filed"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"), editable=False
    )

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("filed material")
        verbose_name_plural = _("filed material")
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="tasks_material_has_a_title")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("tasks:material", args=[self.pk])

    @property
    def newest(self):
        """The revision that counts."""
        if hasattr(self, "current"):
            return self.current[0]
        return self.revisions.newest().select_related("attachment", "by").get()

    def may_change(self, user):
        return may_file(user, self.unit)

    @transaction.atomic
    def revise(self, attachment, *, by, note="", read=0):
        """Make `attachment` the revision that counts and return it. What it replaces stays.

        `read` is the number of the revision that the person has seen: `RevisionChanged` is raised when a newer one
        counts by now. Raises `ValidationError` for a file of another unit.
        """
        self._lock(by)
        if attachment.unit_id != self.unit_id:
            raise ValidationError(_("This file belongs to another unit."))
        now = self.revisions.newest().select_related("attachment", "by").get()
        if read and read != now.number:
            raise RevisionChanged(now)
        now.replaced_at = timezone.now()
        now.save(update_fields=["replaced_at"])
        return self.revisions.create(number=now.number + 1, attachment=attachment, by=by, note=note)

    @transaction.atomic
    def link(self, criterion, piece=None, *, by):
        """Give it the next number under `criterion`, as the required `piece` if one is named. Returns the number.

        A number that it has there already serves, also as the piece if it was none yet.
        """
        self._lock(by)
        if piece is not None and piece.criterion_id != criterion.pk:
            raise ValidationError(_("This piece is required for another criterion."))
        # Two who file under one criterion get two numbers.
        criterion = Criterion.objects.select_for_update(of=("self",)).select_related("indicator").get(pk=criterion.pk)
        if there := self._number_under(criterion, piece):
            return there
        place = self._place_under(criterion)
        number = catalogue_number(criterion.indicator.code, criterion.number, place)
        return self.numbers.create(criterion=criterion, piece=piece, place=place, number=number)

    def _place_under(self, criterion):
        """The place that it had there before, else one that no material ever had: a number may stand on paper."""
        given = CatalogueNumber.pgh_event_model.objects.filter(criterion=criterion)
        own = given.filter(material=self).exclude(place__in=self.numbers.filter(criterion=criterion).values("place"))
        if before := own.order_by("pgh_id").first():
            return before.place
        return (given.aggregate(last=Max("place"))["last"] or 0) + 1

    def _number_under(self, criterion, piece):
        """The number it has there already, or None."""
        numbers = self.numbers.filter(criterion=criterion)
        if piece is None:
            return numbers.first()
        there = numbers.filter(piece=piece).first() or numbers.filter(piece=None).first()
        if there and there.piece_id is None:
            there.piece = piece
            there.save(update_fields=["piece"])
        return there

    @transaction.atomic
    def unlink(self, number, *, by):
        """Take it out of one place of the catalogue. The numbers of others stay as they are."""
        self._lock(by)
        number.delete()

    def _lock(self, by):
        if not self.may_change(by):
            raise PermissionDenied
        type(self).objects.select_for_update().get(pk=self.pk)


class RevisionQuerySet(UnitScopedQuerySet):
    unit_path = "material__unit"

    def newest(self):
        return self.filter(replaced_at=None)

    def uses_seen_by(self, user):
        """See `units.reuse`."""
        return self.visible_to(user).select_related("attachment", "material__unit")


class MaterialRevision(models.Model):
    """One state of a material. `replaced_at` None: the one that counts."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("revision"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="materials", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("filed"), default=timezone.now)
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="tasks_revision_once"),
            models.UniqueConstraint(
                fields=["material"], condition=Q(replaced_at=None), name="tasks_one_revision_counts"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="tasks_revisions_count_from_one"),
        ]

    def __str__(self):
        return f"{self.material} ({self.number})"

    @property
    def used_for(self):
        return self.material

    # What the photo strip of the pages asks for.

    @property
    def name(self):
        return str(self.material)

    @property
    def url(self):
        return reverse("tasks:material-file", args=[self.pk])

    @property
    def thumb_url(self):
        return f"{self.url}?size=thumb"


class CatalogueNumberQuerySet(UnitScopedQuerySet):
    unit_path = "material__unit"

    def in_order(self):
        """As a catalogue on paper lists them."""
        indicator = "criterion__indicator"
        return self.order_by(f"{indicator}__standard_id", f"{indicator}__order", "criterion__order", "place")

    def newest_edition_first(self):
        """As pages list them: people work with the newest edition."""
        edition, *within = self.in_order().query.order_by
        return self.order_by(f"-{edition}", *within)


@pghistory.track(*every_change(), model_name="CatalogueNumberHistory")
class CatalogueNumber(models.Model):
    """One place of a material in the catalogue: under a criterion, maybe as one of its required pieces.

    `number` is what was given (`Ⅱ-1-1)-①`) and never changes: it may stand on paper already.
    """

    material = models.ForeignKey(Material, models.CASCADE, related_name="numbers", verbose_name=_("filed material"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="materials", verbose_name=_("criterion"))
    piece = models.ForeignKey(
        RequiredPiece,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="numbers",
        verbose_name=_("required piece"),
    )
    place = models.PositiveSmallIntegerField(_("place"), editable=False)
    number = models.CharField(_("catalogue number"), max_length=60)

    objects = CatalogueNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue number")
        verbose_name_plural = _("catalogue numbers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "place"], name="tasks_catalogue_place_once"),
            models.UniqueConstraint(fields=["material", "piece"], name="tasks_material_once_for_a_piece"),
            models.CheckConstraint(condition=Q(place__gte=1), name="tasks_catalogue_places_from_one"),
        ]
        triggers = NUMBER_TRIGGERS

    def __str__(self):
        return self.number
