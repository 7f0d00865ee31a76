"""A draft that several people write: whose words were replaced, and when it is ready for the lead."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.progress import Progress
from units.roles import Role
from units.workflow import NotInThisState


def set_aside(draft, *, by, percent, narrative, quantity=None):
    """Call before the words of `draft` are replaced by these: what another has written is kept.

    Words changed by somebody who does not hand in are no longer ready for the lead, until that is said again.
    """
    if draft is None or draft.says(percent, narrative, quantity):
        return
    if draft.by_id != by.pk and draft.narrative:
        ReplacedDraft.objects.create(
            assignment_id=draft.assignment_id,
            by_id=draft.by_id,
            percent=draft.percent,
            quantity=draft.quantity,
            narrative=draft.narrative,
            written_at=draft.written_at,
            replaced_by=by,
        )
    if not by.has_role(Role.UNIT_LEAD, draft.assignment.unit):
        HandOver.objects.filter(progress=draft).delete()


class ReplacedDraft(models.Model):
    """What somebody had written in a draft before another kept other words: nobody's text is lost."""

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="replaced_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    percent = models.DecimalField(_("progress in percent"), max_digits=5, decimal_places=2)
    quantity = models.DecimalField(_("quantity reached"), max_digits=12, decimal_places=2, null=True, blank=True)
    narrative = models.TextField(_("what was done"))
    written_at = models.DateTimeField(_("written"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("replaced by")
    )
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)

    class Meta:
        verbose_name = _("replaced draft")
        verbose_name_plural = _("replaced drafts")
        ordering = ["-replaced_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=models.F("replaced_by")), name="tasks_draft_replaced_by_another"),
        ]

    def __str__(self):
        return f"{self.by} {self.written_at:%Y-%m-%d %H:%M}"


class HandOverManager(models.Manager):
    @transaction.atomic
    def ask(self, assignment, *, by):
        """Say that the draft is ready; the lead is told. Saying it of the same words again changes nothing.

        Raises `PermissionDenied` for whom may not write, `NotInThisState` where there is no draft to hand in.
        """
        assignment.lock()
        if not assignment.may_write(by):
            raise PermissionDenied
        draft = assignment.draft
        if assignment.state not in assignment.OPEN or draft is None:
            raise NotInThisState("there is no draft to hand in")
        asked, is_new = self.get_or_create(progress=draft, defaults={"by": by})
        if is_new:
            assignment.record("ready", by=by, before=assignment.state)
        return asked


class HandOver(models.Model):
    """The mark on a draft that its writer is done and the lead may hand it in (请负责人提交)."""

    progress = models.OneToOneField(Progress, models.CASCADE, related_name="hand_over")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = HandOverManager()

    class Meta:
        verbose_name = _("request to hand in")
        verbose_name_plural = _("requests to hand in")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"
