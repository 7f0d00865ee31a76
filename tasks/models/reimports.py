"""An edited workbook between upload, preview and confirmation."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.models.ledger import Ledger
from units.models import Attachment
from units.scoping import UnitScopedQuerySet


class ReimportQuerySet(UnitScopedQuerySet):
    unit_path = "ledger__unit"


class Reimport(models.Model):
    """A ledger's workbook that was edited, on its way back into the ledger.

    The file itself is the truth: it is read again for each preview and once more to confirm. `outcome` is what came of
    it, in numbers.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("to be confirmed")
        CONFIRMED = "confirmed", _("imported")
        DISCARDED = "discarded", _("discarded")

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="reimports", verbose_name=_("ledger"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    outcome = models.JSONField(default=dict)

    objects = ReimportQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-import")
        verbose_name_plural = _("re-imports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["preview", "confirmed", "discarded"]),
                name="tasks_reimport_state_is_known",
            )
        ]

    def __str__(self):
        return str(self.attachment)

    def get_absolute_url(self):
        return reverse("tasks:reimport-preview", args=[self.pk])
