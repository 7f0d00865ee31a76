"""Which pieces of material a criterion needs, whom they are asked of, and which of them are there."""

import pghistory
from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from tasks.models.ledger import Ledger
from tasks.models.standard import Criterion
from units.models import Unit
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change


class RequiredPieceQuerySet(UnitScopedQuerySet):
    unit_path = "criterion__indicator__standard__unit"

    def add(self, criterion, **fields):
        """One more piece of a criterion, behind those there are."""
        last = self.filter(criterion=criterion).aggregate(last=Max("order"))["last"]
        return self.create(criterion=criterion, order=(last or 0) + 1, **fields)


@pghistory.track(*every_change(), model_name="RequiredPieceHistory")
class RequiredPiece(models.Model):
    """A piece of material that must be there for a criterion. Not part of the frozen text: the keeper changes it.

    It is asked of the lead of each task made from the criterion, or of `each` lead and responsible unit. Where a
    task has no lead, its responsible units are asked either way; supporting units never are.
    """

    class AskedOf(models.TextChoices):
        LEAD = "lead", _("the leading unit")
        EACH = "each", _("each leading and responsible unit")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="pieces", verbose_name=_("criterion"))
    name = models.CharField(_("name"), max_length=100)
    note = models.CharField(_("note"), max_length=300, blank=True)
    asked_of = models.CharField(_("asked of"), max_length=4, choices=AskedOf, default=AskedOf.LEAD)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RequiredPieceQuerySet.as_manager()

    class Meta:
        verbose_name = _("required piece")
        verbose_name_plural = _("required pieces")
        ordering = ["criterion", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "name"], name="tasks_piece_once_for_a_criterion"),
            models.CheckConstraint(condition=~Q(name=""), name="tasks_piece_has_a_name"),
            models.CheckConstraint(condition=Q(asked_of__in=["lead", "each"]), name="tasks_piece_asked_of_somebody"),
        ]

    def __str__(self):
        return self.name

    @property
    def standard(self):
        return self.criterion.indicator.standard


class AskedPieceQuerySet(UnitScopedQuerySet):
    def filed(self):
        return self.filter(filed__isnull=False)

    def missing(self):
        return self.filter(filed=None)

    def counts(self):
        """How many are `listed`, how many are there (`have`) and how many are `missing`."""
        return self.aggregate(**COUNTS)

    def counted_by(self, **fields):
        """The same for each group: a dictionary with `fields` (expressions by name) and the three figures."""
        return self.order_by().values(**fields).annotate(**COUNTS)


class AskedPiece(models.Model):
    """A required piece that one unit owes in one ledger; `filed` is where it stands in the catalogue, None: missing.

    A view of the database (`ASKED_PIECES` in the migration of material): nobody writes it. What a unit below has
    filed counts for the unit.
    """

    id = models.TextField(primary_key=True)
    ledger = models.ForeignKey(Ledger, models.DO_NOTHING, related_name="asked_pieces")
    criterion = models.ForeignKey(Criterion, models.DO_NOTHING, related_name="asked_pieces")
    piece = models.ForeignKey(RequiredPiece, models.DO_NOTHING, related_name="asked")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="asked_pieces", verbose_name=_("unit"))
    filed = models.ForeignKey("tasks.CatalogueNumber", models.DO_NOTHING, null=True, related_name="asked_pieces")

    objects = AskedPieceQuerySet.as_manager()

    class Meta:
        managed = False
        verbose_name = _("piece asked for")
        verbose_name_plural = _("pieces asked for")
        ordering = ["id"]

    def __str__(self):
        return f"{self.unit} · {self.piece}"

    @property
    def state(self):
        return "done" if self.filed_id else "missing"


COUNTS = {
    "listed": Count("pk"),
    "have": Count("pk", filter=Q(filed__isnull=False)),
    "missing": Count("pk", filter=Q(filed=None)),
}
