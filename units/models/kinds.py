"""Two lists that the office edits: what kinds of units there are, and which are ranked against each other."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from units.trackers import every_change


@pghistory.track(*every_change(), model_name="UnitKindHistory")
class UnitKind(models.Model):
    """A kind of unit (党委部门, 县市区, 社区村 …): an editable list."""

    name = models.CharField(_("name"), max_length=32, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kind of unit")
        verbose_name_plural = _("kinds of units")
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


@pghistory.track(*every_change(), model_name="PeerGroupHistory")
class PeerGroup(models.Model):
    """Units that are ranked against each other. `aliases` are the words a ledger uses for all of them (各区)."""

    name = models.CharField(_("name"), max_length=32, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    aliases = ArrayField(
        models.CharField(max_length=32),
        verbose_name=_("names in ledgers"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("peer group")
        verbose_name_plural = _("peer groups")
        ordering = ["order", "name"]

    def __str__(self):
        return self.name
