"""What is said: frozen facts, and the documents made from them."""

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.models.period import Period
from reports.models.ranking import Ranking
from reports.models.said import SaidQuerySet, told_below
from units.events import Event, told
from units.models import Unit
from units.roles import Role
from units.workflow import NotInThisState, Step, Workflow


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", pgettext_lazy("report", "issued")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReportQuerySet(SaidQuerySet):
    def issued(self):
        return self.filter(state=State.ISSUED)


class Report(Workflow):
    """`data` is the snapshot the paper is drawn from; its `version` names the template. It never changes."""

    class Kind(models.TextChoices):
        SCOREBOARD = "scoreboard", _("scoreboard")

    State = State
    steps = {
        "issue": Step(
            frozenset({State.DRAFT}), State.ISSUED, frozenset({Role.OFFICE}), pgettext_lazy("report", "Issue")
        ),
        "withdraw": Step(
            frozenset({State.ISSUED}),
            State.WITHDRAWN,
            frozenset({Role.OFFICE}),
            _("Withdraw"),
            reason=True,
        ),
    }

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name=_("issued by"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SCOREBOARD)
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name=_("period"))
    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="reports", verbose_name=_("ranking"))
    title = models.CharField(_("title"), max_length=200)
    data = models.JSONField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    issued_at = models.DateTimeField(pgettext_lazy("report", "issued"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", issued_at=None) | (~Q(state="draft") & Q(issued_at__isnull=False)),
                name="reports_issued_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=Q(state="issued"),
                name="reports_one_issued_per_period",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="facts_are_frozen", exclude=["state", "issued_at"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.pk])

    @transaction.atomic
    def issue(self, *, by, note=""):
        """Publish it, and freeze the scheme it was scored by. Refused while another one of the period is public."""
        # Two drafts of one period issued at once: the second waits here and then sees the first.
        Period.objects.select_for_update().get(pk=self.period_id)
        rivals = Report.objects.issued().filter(kind=self.kind, period=self.period_id)
        if rivals.exclude(pk=self.pk).exists():
            raise NotInThisState("another report of this period is issued")
        now = timezone.now()
        event = self.take("issue", by=by, note=note, issued_at=now)
        self.ranking.scheme.freeze(now)
        return event

    def withdraw(self, *, by, note):
        return self.take("withdraw", by=by, note=note)


class ReportEvent(Event):
    report = models.ForeignKey(Report, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        """What happened, for the page that says of what."""
        return Report.steps[self.step].verb

    def subject(self):
        return told(self.text, self.report)

    def readers(self):
        return told_below(self.report.unit)

    def get_absolute_url(self):
        return self.report.get_absolute_url()
