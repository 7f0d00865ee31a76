"""What everybody may know of a ledger (不间断公示): how far each unit has come, frozen and said in public."""

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.models.job import FileJob
from reports.models.said import SaidQuerySet, told_below
from tasks.models import Ledger
from units.events import Event, told
from units.models import Unit
from units.roles import Role
from units.workflow import NotInThisState, Step, Workflow


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class DisclosureQuerySet(SaidQuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def newest(self):
        """The published one with the newest facts, or None."""
        return self.published().order_by("-made_at", "-pk").first()


class Disclosure(Workflow):
    """The units of a ledger with how far they had come at `made_at`.

    `data` is what is shown and drawn; its `version` names the template. It never changes: what was wrong in it is put
    right by a new edition, and the wrong one withdrawn. An edition gets its number when it is published; those before
    it stay at their address.
    """

    State = State
    kind = "disclosure"
    OFFICE_STEP = {"roles": frozenset({Role.OFFICE})}
    steps = {
        "publish": Step(frozenset({State.DRAFT}), State.PUBLISHED, verb=_("Publish"), **OFFICE_STEP),
        "withdraw": Step(frozenset({State.PUBLISHED}), State.WITHDRAWN, verb=_("Withdraw"), reason=True, **OFFICE_STEP),
    }

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="disclosures", verbose_name=_("published by"))
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="disclosures", verbose_name=_("ledger"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("laid down by")
    )
    title = models.CharField(_("title"), max_length=100)
    data = models.JSONField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    edition = models.PositiveSmallIntegerField(pgettext_lazy("disclosure", "edition"), null=True, blank=True)
    made_at = models.DateTimeField(_("as of"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", edition=None, published_at=None, withdrawn_at=None)
                | Q(state="published", edition__gte=1, published_at__isnull=False, withdrawn_at=None)
                | Q(state="withdrawn", edition__gte=1, published_at__isnull=False, withdrawn_at__isnull=False),
                name="reports_disclosure_state_has_its_dates",
            ),
            models.UniqueConstraint(fields=["ledger", "edition"], name="reports_edition_once_of_a_ledger"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="disclosed_facts_are_frozen", exclude=["state", "edition", "published_at", "withdrawn_at"]
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:disclosure", args=[self.pk])

    def newer(self):
        """The published edition with newer facts than this one, or None."""
        others = Disclosure.objects.filter(ledger=self.ledger_id, made_at__gt=self.made_at)
        return others.exclude(pk=self.pk).newest()

    def before(self):
        """The edition that was published last with older facts, or None."""
        return Disclosure.objects.filter(ledger=self.ledger_id, made_at__lt=self.made_at).exclude(pk=self.pk).newest()

    @transaction.atomic
    def publish(self, *, by, note=""):
        """Say it in public as the next edition. `NotInThisState` when newer facts are public already."""
        # Two drafts published at once: the second waits here, and gets the next number or sees that it is too old.
        Ledger.objects.select_for_update().get(pk=self.ledger_id)
        if self.newer():
            raise NotInThisState("an edition with newer facts is published")
        last = Disclosure.objects.filter(ledger=self.ledger_id).aggregate(last=Max("edition"))["last"] or 0
        return self.take("publish", by=by, note=note, edition=last + 1, published_at=timezone.now())

    def withdraw(self, *, by, note):
        """Take it back. Its address says so; the reason stays within the house."""
        return self.take("withdraw", by=by, note=note, withdrawn_at=timezone.now())


class DisclosureEvent(Event):
    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        """What happened, for the page that says of what."""
        return Disclosure.steps[self.step].verb

    def subject(self):
        return told(self.text, self.disclosure)

    def readers(self):
        return told_below(self.disclosure.unit)

    def get_absolute_url(self):
        return self.disclosure.get_absolute_url()


class DisclosureJob(FileJob):
    """The paper of a disclosure."""

    thing = "disclosure"
    folder = "disclosures"

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="jobs")

    class Meta(FileJob.Meta):
        verbose_name = _("disclosure job")
        verbose_name_plural = _("disclosure jobs")
