"""What is said: frozen facts, and the documents made from them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.period import Period
from reports.models.ranking import Ranking
from units.events import Event
from units.models import Unit, User
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.workflow import Step, Workflow


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReportQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The level that keeps it sees every report; the units below it see what was issued."""
        if user.is_superuser:
            return self
        above = {
            int(pk)
            for _role, _pk, path in user.roles
            for pk in path.strip("/").split("/")
        }
        own = Q(unit__in=user.units_in_scope().values("pk"))
        return self.filter(own | Q(unit__in=above, state=State.ISSUED))

    def issued(self):
        return self.filter(state=State.ISSUED)


class Report(Workflow):
    """`data` is the snapshot the paper is drawn from (its `version` names the template); it never changes after issue."""

    class Kind(models.TextChoices):
        SCOREBOARD = "scoreboard", _("scoreboard")

    State = State
    steps = {
        "issue": Step(
            frozenset({State.DRAFT}), State.ISSUED, frozenset({Role.OFFICE}), _("Issue")
        ),
        "withdraw": Step(
            frozenset({State.ISSUED}),
            State.WITHDRAWN,
            frozenset({Role.OFFICE}),
            _("Withdraw"),
            reason=True,
        ),
    }

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reports", verbose_name=_("issued by")
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.SCOREBOARD
    )
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="reports", verbose_name=_("period")
    )
    ranking = models.ForeignKey(
        Ranking, models.PROTECT, related_name="reports", verbose_name=_("ranking")
    )
    title = models.CharField(_("title"), max_length=200)
    data = models.JSONField(editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", issued_at=None)
                | (~Q(state="draft") & Q(issued_at__isnull=False)),
                name="reports_issued_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=Q(state="issued"),
                name="reports_one_issued_per_period",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.pk])

    def issue(self, *, by, note=""):
        return self.take("issue", by=by, note=note, issued_at=timezone.now())

    def withdraw(self, *, by, note):
        return self.take("withdraw", by=by, note=note)


class ReportEvent(Event):
    report = models.ForeignKey(Report, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    def subject(self):
        return f"{Report.steps[self.step].verb}: {self.report}"

    def readers(self):
        """Everybody who leads or runs something below the level that issued it."""
        heard = {Role.LEADER, Role.OFFICE, Role.UNIT_LEAD}
        return User.objects.filter(
            is_active=True,
            memberships__role__in=heard,
            memberships__unit__path__startswith=self.report.unit.path,
        ).distinct()

    def get_absolute_url(self):
        return self.report.get_absolute_url()
