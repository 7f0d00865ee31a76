"""An uploaded ledger file between upload, preview and confirmation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.models.ledger import Ledger
from tasks.models.standard import Standard
from units.models import Attachment, Unit
from units.scoping import UnitScopedQuerySet


class LedgerImport(models.Model):
    """One file on its way into a ledger, or into an assessment system (`becomes`).

    The file itself is the truth: it is read again for each preview and once more to confirm. `choices` is what the
    office decided about names that the tree does not know: name → {"do": "match" | "create" | "leave", …}; `outcome`
    what came of it.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("to be confirmed")
        CONFIRMED = "confirmed", _("imported")
        DISCARDED = "discarded", _("discarded")

    class Becomes(models.TextChoices):
        LEDGER = "ledger", _("a ledger: tasks for units")
        STANDARD = "standard", _("an assessment system: indicators and criteria")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    becomes = models.CharField(_("becomes"), max_length=8, choices=Becomes, default=Becomes.LEDGER)
    ledger = models.ForeignKey(
        Ledger, models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("ledger")
    )
    standard = models.ForeignKey(
        Standard, models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("assessment system")
    )
    name = models.CharField(_("name"), max_length=150)
    year = models.PositiveSmallIntegerField(_("year"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEW)
    choices = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger import")
        verbose_name_plural = _("ledger imports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(ledger__isnull=False) | Q(standard__isnull=False),
                name="tasks_imported_into_something",
            )
        ]

    def __str__(self):
        return str(self.attachment)

    def get_absolute_url(self):
        return reverse("tasks:import-preview", args=[self.pk])
