"""What a unit reports on its assignment, and the files that prove it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from units.models import Attachment
from units.roles import UNIT_ROLES
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState


class DraftChanged(NotInThisState):
    """Somebody has kept another draft since this one was opened. `now` is the draft that stands."""

    def __init__(self, now):
        super().__init__("another draft was kept meanwhile")
        self.now = now


class Progress(models.Model):
    """One report of a unit on its assignment: a draft until `submitted_at`, then with the office, then decided."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")

    assignment = models.ForeignKey("tasks.Assignment", models.CASCADE, related_name="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    percent = models.DecimalField(_("progress in percent"), max_digits=5, decimal_places=2)
    quantity = models.DecimalField(_("quantity reached"), max_digits=12, decimal_places=2, null=True, blank=True)
    narrative = models.TextField(_("what was done"))
    written_at = models.DateTimeField(_("written"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    review_note = models.TextField(_("reason"), blank=True)
    files = models.ManyToManyField(Attachment, through="Evidence", related_name="progress")

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(submitted_at=None), name="tasks_one_draft_per_assignment"
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(submitted_at__isnull=False, verdict=""),
                name="tasks_one_report_under_review",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="tasks_progress_percent_of_hundred"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="tasks_progress_quantity_counts_up"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="tasks_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at=None, reviewed_by=None)
                | (
                    ~Q(verdict="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False, submitted_at__isnull=False)
                ),
                name="tasks_verdict_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("submitted_by")),
                name="tasks_reviewed_by_a_second_person",
            ),
        ]

    def __str__(self):
        return f"{self.assignment} {self.percent} %"

    @property
    def version(self):
        """Changes whenever the report is handed in anew: says which text a reviewer has read."""
        return f"{self.pk}-{self.submitted_at:%Y%m%d%H%M%S%f}" if self.submitted_at else f"{self.pk}-draft"

    def says(self, percent, narrative, quantity=None):
        """Whether it says just this: the same words sent twice are no conflict."""
        return (self.percent, self.narrative, self.quantity) == (percent, narrative, quantity)

    @property
    def draft_version(self):
        """Changes whenever the draft is kept: says which text a writer began with."""
        return f"{self.pk}-{self.written_at:%Y%m%d%H%M%S%f}"


class EvidenceQuerySet(UnitScopedQuerySet):
    unit_path = "progress__assignment__unit"

    def visible_to(self, user):
        """What was handed in by a unit in the user's scope; a draft's files only for the unit's own people."""
        if user.is_superuser:
            return self
        own = Q(progress__assignment__unit__in=user.units_with_role(*UNIT_ROLES).values("pk"))
        return super().visible_to(user).filter(Q(progress__submitted_at__isnull=False) | own)

    def under_review(self, assignments):
        """Files of the reports of `assignments` that wait for a verdict."""
        waiting = {"progress__verdict": "", "progress__submitted_at__isnull": False}
        return self.filter(progress__assignment__in=assignments, **waiting)

    def uses_seen_by(self, user):
        """Files of reports that were handed in and not returned, see `units.reuse`."""
        handed_in = self.visible_to(user).filter(progress__submitted_at__isnull=False)
        related = ("attachment", "progress__assignment__unit", "progress__assignment__task")
        return handed_in.exclude(progress__verdict=Progress.Verdict.RETURNED).select_related(*related)


class Evidence(models.Model):
    """A file that proves a report."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="evidence")
    caption = models.CharField(_("caption"), max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["progress", "attachment"], name="tasks_evidence_once")]

    def __str__(self):
        return self.caption or str(self.attachment)

    @property
    def used_for(self):
        return self.progress.assignment

    @property
    def url(self):
        return reverse("tasks:evidence-file", args=[self.pk])

    @property
    def thumb_url(self):
        return f"{self.url}?size=thumb"
