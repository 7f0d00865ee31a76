"""An uploaded ledger file between upload, preview and confirmation."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.models.ledger import Ledger
from units.models import Attachment, Unit
from units.scoping import UnitScopedQuerySet


class LedgerImport(models.Model):
    """One file on its way into a ledger: `draft` is what was read, `matches` what the office decided about names."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("to be confirmed")
        CONFIRMED = "confirmed", _("imported")
        DISCARDED = "discarded", _("discarded")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    ledger = models.ForeignKey(
        Ledger,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("ledger"),
    )
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    draft = models.JSONField(default=dict)
    matches = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger import")
        verbose_name_plural = _("ledger imports")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return str(self.attachment)

    def get_absolute_url(self):
        return reverse("tasks:import-preview", args=[self.pk])
