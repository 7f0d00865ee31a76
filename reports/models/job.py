"""Long work as a row: the row is the truth, the queue only the doorbell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from units.models.files import private_storage


class ReportJob(models.Model):
    """Making one file of one report. `key` (kind, report, hash of the data) exists once, so work is never doubled.

    `attempt` counts the starts; the file is stored by an update that names the attempt, so that a worker thought
    dead cannot overwrite the one that took over.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=120, unique=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="jobs")
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.QUEUED
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file = models.FileField(storage=private_storage, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("report job")
        verbose_name_plural = _("report jobs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", file__gt="", finished_at__isnull=False)
                | ~Q(state="done"),
                name="reports_done_has_a_file",
            )
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(state__in=["queued", "running"]),
                name="reports_jobs_waiting",
            )
        ]

    def __str__(self):
        return self.key
