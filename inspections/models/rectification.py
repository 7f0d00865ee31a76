"""A finding handed to a unit with a deadline, until a second person has seen that it is put right."""

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models.finding import Finding
from units.events import Event
from units.models import Attachment, Unit, User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import Step, Workflow


class State(models.TextChoices):
    ISSUED = "issued", _("issued")
    SIGNED = "signed", _("signed for")
    SUBMITTED = "submitted", _("to be verified")
    RETURNED = "returned", _("returned")
    DISPUTED = "disputed", _("disputed")
    CLOSED = "closed", _("closed")


UNIT_SIDE = frozenset({State.ISSUED, State.SIGNED, State.RETURNED})
CHECKERS = frozenset({Role.OFFICE, Role.INSPECTOR})


class RectificationQuerySet(UnitScopedQuerySet):
    def unfinished(self):
        return self.exclude(state=State.CLOSED)

    def with_the_unit(self):
        """Waiting for the unit: the clock runs."""
        return self.filter(state__in=UNIT_SIDE)

    def to_verify(self):
        return self.filter(state=State.SUBMITTED)

    def past_due(self, now):
        """With the unit after the deadline, whether or not the clock has marked it yet."""
        return self.with_the_unit().filter(due_at__lt=now)


@pghistory.track(model_name="RectificationItemHistory")
class RectificationItem(Workflow):
    """The item of one finding. `overdue_at` is set once by the clock and stays: late is late, also when closed."""

    State = State
    steps = {
        "sign": Step(
            frozenset({State.ISSUED}), State.SIGNED, UNIT_ROLES, _("Sign for it")
        ),
        "submit": Step(
            UNIT_SIDE,
            State.SUBMITTED,
            frozenset({Role.UNIT_LEAD, Role.UNIT_STAFF}),
            _("Report as fixed"),
        ),
        "dispute": Step(
            frozenset({State.ISSUED, State.SIGNED}),
            State.DISPUTED,
            frozenset({Role.UNIT_LEAD}),
            _("Not ours"),
            reason=True,
        ),
        "verify": Step(
            frozenset({State.SUBMITTED}),
            State.CLOSED,
            CHECKERS,
            _("Verified, close"),
            not_by="submitted_by",
        ),
        "return": Step(
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            CHECKERS,
            _("Return"),
            not_by="submitted_by",
            reason=True,
        ),
        "reassign": Step(
            frozenset({State.DISPUTED, State.ISSUED, State.SIGNED}),
            State.ISSUED,
            frozenset({Role.OFFICE}),
            _("Reassign"),
            reason=True,
        ),
        "expire": Step(UNIT_SIDE, None, None),
    }

    finding = models.OneToOneField(
        Finding, models.PROTECT, related_name="rectification", verbose_name=_("finding")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="rectifications",
        verbose_name=_("responsible unit"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.ISSUED
    )
    requirement = models.TextField(_("what is required"), blank=True)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    due_at = models.DateTimeField(_("deadline"))
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    measure = models.TextField(_("measure taken"), blank=True)
    submitted_at = models.DateTimeField(_("reported as fixed"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    photos = models.ManyToManyField(
        Attachment, through="FixPhoto", related_name="rectifications"
    )

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification item")
        verbose_name_plural = _("rectification items")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="inspections_item_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="closed", closed_at__isnull=False, closed_by__isnull=False
                )
                | (~Q(state="closed") & Q(closed_at=None, closed_by=None)),
                name="inspections_closed_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(submitted_by__isnull=False) & ~Q(closed_by=F("submitted_by")),
                name="inspections_closed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("issued_at")),
                name="inspections_due_after_issue",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "state", "due_at"], name="inspections_items_of_unit"
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(
                    overdue_at=None, state__in=["issued", "signed", "returned"]
                ),
                name="inspections_items_running",
            ),
        ]

    def __str__(self):
        return str(self.finding)

    def get_absolute_url(self):
        return reverse("inspections:item", args=[self.pk])

    def sign(self, *, by, note=""):
        return self.take("sign", by=by, note=note, signed_at=timezone.now())

    @transaction.atomic
    def submit(self, *, by, measure, photos=()):
        """Report as fixed: what was done, and `photos` (attachments) that show it."""
        event = self.take(
            "submit",
            by=by,
            note=measure,
            measure=measure,
            submitted_at=timezone.now(),
            submitted_by=by,
        )
        self.fix_photos.bulk_create(
            FixPhoto(item=self, attachment=photo, event=event) for photo in photos
        )
        return event

    def dispute(self, *, by, note):
        return self.take("dispute", by=by, note=note)

    def verify(self, *, by, note=""):
        """Close it. Refused to the person who reported it as fixed."""
        return self.take(
            "verify", by=by, note=note, closed_at=timezone.now(), closed_by=by
        )

    def send_back(self, *, by, note):
        return self.take("return", by=by, note=note)

    @transaction.atomic
    def reassign(self, *, by, unit, due_at, note):
        """Hand it to another unit with a new deadline; the finding and its score go along."""
        event = self.take(
            "reassign",
            by=by,
            note=note,
            unit=unit,
            due_at=due_at,
            signed_at=None,
            overdue_at=None,
        )
        self.finding.unit = unit
        self.finding.save(update_fields=["unit"])
        return event

    def expire(self, *, now):
        """The clock's step: the deadline has passed with the unit. Marked once."""
        return self.take("expire", by=None, overdue_at=now)


class RectificationEvent(Event):
    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    def subject(self):
        step = RectificationItem.steps.get(self.step)
        return f"{(step.verb if step and step.verb else _('Overdue') if self.step == 'expire' else _('Issued'))}: {self.item}"

    def readers(self):
        """The checkers hear the unit, the unit hears the checkers and the clock."""
        unit = self.item.unit
        if self.step in {"submit", "dispute"}:
            return User.objects.holding(Role.OFFICE, unit=unit)
        if self.step == "sign":
            return []
        return User.objects.working_in(unit, *UNIT_ROLES)

    def get_absolute_url(self):
        return self.item.get_absolute_url()


class FixPhoto(models.Model):
    """A photo that shows the place put right, and the submission it came with."""

    item = models.ForeignKey(
        RectificationItem, models.CASCADE, related_name="fix_photos"
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="fix_photos"
    )
    event = models.ForeignKey(RectificationEvent, models.PROTECT, related_name="photos")

    class Meta:
        verbose_name = _("photo of the result")
        verbose_name_plural = _("photos of the result")
        ordering = ["pk"]

    def __str__(self):
        return str(self.attachment)
