"""Long work as a row: the row is the truth, the queue only the doorbell."""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from tasks.models import ResponsibilityLetter
from units.models.files import private_storage

# A worker that has not been heard of for so long is taken for dead; a living one beats every few seconds.
SILENT = timedelta(seconds=60)
MOST_LOST_WORKERS = 3


def key_of(thing):
    """The name of the work on a thing as it stands: another for other facts."""
    facts = json.dumps(thing.data, sort_keys=True, ensure_ascii=False)
    return f"{thing.kind}:{thing.pk}:{hashlib.sha256(facts.encode()).hexdigest()}"


class FileJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the thing sees how its file comes along."""
        things = self.model.thing_model().objects.visible_to(user)
        return self.filter(**{f"{self.model.thing}__in": things.values("pk")})

    def unheard(self, now):
        """Rung for but never begun, or begun by a worker that fell silent."""
        waiting = Q(state=FileJob.State.QUEUED, created_at__lt=now - SILENT)
        return self.filter(waiting | Q(state=FileJob.State.RUNNING, heartbeat_at__lt=now - SILENT))

    def asked_for(self, thing, by):
        """The job that makes the file of `thing` as it stands, made when it is first asked for."""
        return self.get_or_create(key=key_of(thing), defaults={self.model.thing: thing, "asked_by": by})[0]

    def of_now(self, thing):
        """The job that makes the file of `thing` as it stands, or None."""
        return self.filter(key=key_of(thing)).first()


class FileJob(models.Model):
    """Making one file of one thing. `key` (kind, thing, hash of its facts) exists once, so work is never doubled.

    A subclass names in `thing` its foreign key (`related_name="jobs"`) to a row with `kind`, frozen `data`, a scope and
    an address; in `folder` and `extension` where its files go. `reports.jobs` knows how each is written.

    `attempt` counts the starts and never goes back: every change by a worker names the attempt it belongs to, so
    that a worker thought dead cannot overwrite the one that took over. `lost` counts the workers that died on it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    class Trouble(models.TextChoices):
        LOST = "lost", _("The work was begun three times, and each time the worker ended in the middle of it.")
        TOO_LONG = "too_long", _("The work took longer than a worker may take.")
        NO_STORAGE = "no_storage", _("The file could not be stored: the disk may be full.")
        NOT_INLINE = "not_inline", _("The page asks for something outside of this house, which is never fetched.")
        CHANGED = "changed", _("A file is missing or is not what was handed in; the log of the worker says which one.")
        BROKEN = "broken", _("The page could not be drawn; the details are in the log of the worker.")

    thing = ""
    folder = "reports"
    extension = "pdf"

    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lost = models.PositiveSmallIntegerField(_("workers lost"), default=0)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=12, choices=Trouble, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file = models.FileField(storage=private_storage, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)

    objects = FileJobQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", file__gt="", finished_at__isnull=False) | ~Q(state="done"),
                name="%(app_label)s_%(class)s_done_has_a_file",
            )
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(state__in=["queued", "running"]),
                name="%(app_label)s_%(class)s_waiting",
            )
        ]

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return self.of.get_absolute_url()

    @classmethod
    def thing_model(cls):
        return cls._meta.get_field(cls.thing).related_model

    @property
    def of(self):
        """The thing whose file it makes."""
        return getattr(self, self.thing)

    @property
    def is_under_way(self):
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    def claim(self, now):
        """Begin the work as a new attempt. False when somebody else has begun it, or nothing is to be done."""
        mine = self._guarded(self.State.QUEUED).update(
            state=self.State.RUNNING, attempt=F("attempt") + 1, heartbeat_at=now, progress=0, error=""
        )
        self.attempt += mine
        return bool(mine)

    def beat(self, now):
        """Say that this attempt is alive. False when it has been given to another worker meanwhile."""
        return bool(self._guarded(self.State.RUNNING).update(heartbeat_at=now))

    def reach(self, percent, now):
        """Say how far this attempt has come."""
        return bool(self._guarded(self.State.RUNNING).update(progress=percent, heartbeat_at=now))

    def finish(self, name, sha256, size, now):
        """Make the stored file `name` the result, if this attempt is still the one that counts."""
        return bool(
            self._guarded(self.State.RUNNING).update(
                state=self.State.DONE,
                file=name,
                sha256=sha256,
                size=size,
                progress=100,
                finished_at=now,
            )
        )

    def fail(self, trouble):
        """End this attempt for good; a person may let it be tried again."""
        return bool(self._guarded(self.State.RUNNING).update(state=self.State.FAILED, error=trouble))

    def hand_on(self):
        """Take the work from a worker that fell silent. True when it waits for another one, False when given up."""
        again = self.lost + 1 < MOST_LOST_WORKERS
        state, error = (self.State.QUEUED, "") if again else (self.State.FAILED, self.Trouble.LOST)
        silent = self._guarded(self.State.RUNNING).filter(heartbeat_at=self.heartbeat_at)
        return bool(silent.update(state=state, lost=F("lost") + 1, error=error)) and again

    def retry(self, now):
        """Let a failed job wait again, as if it were new. False when it has not failed."""
        failed = type(self).objects.filter(pk=self.pk, state=self.State.FAILED)
        return bool(failed.update(state=self.State.QUEUED, lost=0, error="", progress=0, created_at=now))

    def _guarded(self, state):
        """This row, as long as it is in `state` and at our attempt: the guard of every change."""
        return type(self).objects.filter(pk=self.pk, state=state, attempt=self.attempt)


class ReportJob(FileJob):
    """The paper of a report."""

    thing = "report"

    report = models.ForeignKey(Report, models.CASCADE, related_name="jobs")

    class Meta(FileJob.Meta):
        verbose_name = _("report job")
        verbose_name_plural = _("report jobs")


class LetterJob(FileJob):
    """The paper of a responsibility letter; a draft that is drawn up anew gets another one."""

    thing = "letter"
    folder = "letters"

    # A draft may be thrown away, and its papers with it.
    letter = models.ForeignKey(ResponsibilityLetter, models.CASCADE, related_name="jobs")

    class Meta(FileJob.Meta):
        verbose_name = _("letter job")
        verbose_name_plural = _("letter jobs")
