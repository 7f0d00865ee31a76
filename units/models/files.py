"""Files that people hand in. The original is sealed; what is shown is a cleaned copy."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from units.models.tree import Unit
from units.scoping import UnitScopedQuerySet


def private_storage():
    """Where handed-in files lie: never below a public URL."""
    return storages["private"]


def original_name(attachment, _filename):
    return f"original/{attachment.sha256[:2]}/{attachment.pk}"


def shown_name(attachment, filename):
    return f"shown/{attachment.sha256[:2]}/{attachment.pk}-{filename}"


# Of 64 bits; the same scene on another day differs by 10 and more.
ALIKE = 5
MOST_ALIKE = 200


class Apart(Func):
    """In how many of their 64 bits two looks differ."""

    template = "bit_count((%(expressions)s)::bit(64))"
    arg_joiner = " # "
    output_field = IntegerField()

    def __init__(self, look, other):
        super().__init__(F(look), Cast(Value(other), BigIntegerField()))


class AttachmentQuerySet(UnitScopedQuerySet):
    def same_or_alike(self, attachments):
        """The files with the content of one of `attachments`, and photos that look like one.

        The same come first, the newest before the older. Those themselves are among them; of others there are at
        most `MOST_ALIKE`.
        """
        same = found = Q(sha256__in=[one.sha256 for one in attachments])
        for look in {one.look for one in attachments if one.look}:
            found |= Q(LessThanOrEqual(Apart("look", look), ALIKE)) & ~Q(look=0)
        rows = self.filter(found).alias(is_same=ExpressionWrapper(same, BooleanField()))
        return rows.order_by("-is_same", "-uploaded_at", "-pk")[: MOST_ALIKE + len(attachments)]

    def without_look(self):
        """Photos handed in before looks were kept."""
        return self.filter(family=Attachment.Family.IMAGE, look=None)


class Attachment(models.Model):
    """One file of a unit. Made only by `units.files.accept`, which sniffs, measures, hashes and cleans it.

    `original` is what was sent, byte for byte (sizes in bytes, SHA-256 in hex). An image also has `shown`
    (turned upright, metadata stripped, at most 1,600 px) and `thumb` (320 px), both JPEG; other files are
    shown as they are. What a file proves is said by the floors above, which also open it to their readers.

    `look` is the hash of what a picture shows (`units.pictures.look_of`), 0 when that is too little; None for other
    files and for pictures handed in before it was kept.
    """

    class Family(models.TextChoices):
        IMAGE = "image", _("image")
        DOCUMENT = "document", _("document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attachments", verbose_name=_("unit"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    family = models.CharField(max_length=8, choices=Family)
    content_type = models.CharField(max_length=100)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, db_index=True)
    original = models.FileField(storage=private_storage, upload_to=original_name)
    shown = models.FileField(storage=private_storage, upload_to=shown_name, blank=True)
    thumb = models.FileField(storage=private_storage, upload_to=shown_name, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    look = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["uploaded_at", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="units_file_is_not_empty")]
        triggers = [
            pgtrigger.ReadOnly(
                name="original_is_sealed",
                fields=["unit", "uploaded_by", "uploaded_at", "content_type", "size", "sha256", "original"],
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_image(self):
        return self.family == self.Family.IMAGE
