"""Reports that the office decides together: each against the version that was listed, all in one entry."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.assignment import Assignment
from tasks.models.progress import Progress
from units.workflow import NotInThisState


class ReviewBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those with a report on an assignment that `user` sees."""
        if user.is_superuser:
            return self
        seen = Assignment.objects.visible_to(user).values("pk")
        with_one = self.model.reports.through.objects.filter(progress__assignment__in=seen).values("reviewbatch")
        return self.filter(Q(by=user) | Q(pk__in=with_one))

    @transaction.atomic
    def decide(self, listed, *, by, verdict, note=""):
        """Give `verdict` on each report of `listed`, a dict of assignment → the `version` that was listed.

        What has moved on since, and what is not for `by` to decide, is left out and named in the batch; all others
        are decided, in one transaction. Returns the batch.
        """
        batch = self.create(by=by, verdict=verdict, note=note)
        decided = []
        # In one order, so that two who decide on the same reports never wait for each other in a circle.
        for given in sorted(listed, key=lambda given: given.pk):
            report = given.under_review
            try:
                with transaction.atomic():
                    batch.decide_one(given, seen=listed[given])
                decided.append(report)
            except NotInThisState:
                batch.leave_out(given, ReviewBatch.MOVED)
            except PermissionDenied:
                batch.leave_out(given, ReviewBatch.NOT_YOURS)
        batch.reports.set(decided)
        batch.save(update_fields=["left_out"])
        return batch


class ReviewBatch(models.Model):
    """One verdict on several reports. `left_out` lists the assignments that were not decided: `[[pk, why], …]`."""

    MOVED, NOT_YOURS = "moved", "not_yours"
    WHY = {
        MOVED: _("It has moved on since the list was shown: decided by somebody else, taken back or handed in anew."),
        NOT_YOURS: _("It is not yours to decide."),
    }

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewed by"))
    at = models.DateTimeField(_("reviewed"), default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Progress.Verdict)
    note = models.TextField(_("reason"), blank=True)
    reports = models.ManyToManyField(Progress, related_name="batches")
    left_out = models.JSONField(default=list)

    objects = ReviewBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint review")
        verbose_name_plural = _("joint reviews")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="approved") | (Q(verdict="returned") & ~Q(note="")),
                name="tasks_joint_return_has_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("tasks:review-batch", args=[self.pk])

    def decide_one(self, given, *, seen):
        if not seen:
            raise NotInThisState("nobody has read it")
        if self.verdict == Progress.Verdict.APPROVED:
            given.approve(by=self.by, note=self.note, seen=seen)
        else:
            given.send_back(by=self.by, note=self.note, seen=seen)

    def leave_out(self, given, why):
        self.left_out.append([given.pk, why])

    def left_out_rows(self, user):
        """`(assignment, why in words)` of each that was not decided and that `user` sees."""
        seen = Assignment.objects.visible_to(user).with_everything()
        rows = seen.in_bulk([pk for pk, _why in self.left_out])
        return [(rows[pk], self.WHY[why]) for pk, why in self.left_out if pk in rows]
