"""A finding handed to a unit with a deadline, until a second person has seen that it is put right."""

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.models.finding import Finding
from inspections.models.visit import Answer
from units.events import Event, told
from units.models import Attachment, Unit, User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState, Step, Workflow

# For findings without a checklist item: the middle one of the usual limits (24 hours, 3 days, 7 days).
USUAL_DAYS = 3


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

    def verified_by(self, user):
        """Those that wait for a check which `user` may make: handed out by the own level, not reported by oneself."""
        level = user.units_with_role(*CHECKERS).values("pk")
        at = Q(finding__visit__round__unit__in=level) | Q(finding__visit=None, unit__in=level)
        return self.to_verify().filter(at).exclude(submitted_by=user)

    @transaction.atomic
    def issue(self, finding, *, by, due_at, now, requirement=""):
        """Hand `finding` to its unit with a deadline. Returns the item; the unit is told after commit."""
        item = self.create(finding=finding, unit=finding.unit, due_at=due_at, issued_at=now, requirement=requirement)
        item.record("issue", by=by, note=requirement)
        return item


@pghistory.track(model_name="RectificationItemHistory")
class RectificationItem(Workflow):
    """The item of one finding. `overdue_at` is the deadline that passed: set once by the clock and kept."""

    State = State
    steps = {
        "sign": Step(frozenset({State.ISSUED}), State.SIGNED, UNIT_ROLES, _("Sign for it")),
        "submit": Step(UNIT_SIDE, State.SUBMITTED, frozenset({Role.UNIT_LEAD}), _("Report as fixed")),
        "prepare": Step(UNIT_SIDE, None, UNIT_ROLES, _("Draft the answer")),
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
            at="level",
        ),
        "return": Step(
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            CHECKERS,
            _("Return"),
            not_by="submitted_by",
            reason=True,
            at="level",
        ),
        "uphold": Step(
            frozenset({State.DISPUTED}),
            State.ISSUED,
            frozenset({Role.OFFICE}),
            _("It stays with this unit"),
            reason=True,
            at="level",
        ),
        "reassign": Step(
            frozenset({State.DISPUTED, State.ISSUED, State.SIGNED}),
            State.ISSUED,
            frozenset({Role.OFFICE}),
            _("Reassign"),
            reason=True,
            at="level",
        ),
        "expire": Step(UNIT_SIDE, None, None),
    }

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="rectification", verbose_name=_("finding"))
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="rectifications",
        verbose_name=_("responsible unit"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ISSUED)
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
    photos = models.ManyToManyField(Attachment, through="FixPhoto", related_name="rectifications")

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
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None, closed_by=None)),
                name="inspections_closed_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(submitted_by__isnull=False) & ~Q(closed_by=F("submitted_by")),
                name="inspections_closed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "closed"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="inspections_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("issued_at")),
                name="inspections_due_after_issue",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_at"], name="inspections_items_of_unit"),
            models.Index(fields=["state", "due_at", "id"], name="inspections_items_in_state"),
            models.Index(fields=["due_at", "id"], name="inspections_items_by_deadline"),
            # The list begins with what still runs, a small part of what lies behind the closed ones.
            models.Index(fields=["due_at", "id"], condition=~Q(state="closed"), name="inspections_items_unfinished"),
            models.Index(
                fields=["due_at"],
                condition=Q(overdue_at=None, state__in=["issued", "signed", "returned"]),
                name="inspections_items_running",
            ),
        ]

    def __str__(self):
        return str(self.finding)

    def get_absolute_url(self):
        return reverse("inspections:item", args=[self.pk])

    @property
    def level(self):
        """The unit whose office handed the item out: that of the round, else the unit itself."""
        visit = self.finding.visit
        return visit.round.unit if visit else self.unit

    @property
    def version(self):
        """Changes whenever it is reported as fixed anew: says which answer a checker has read."""
        return f"{self.submitted_at:%Y%m%d%H%M%S%f}" if self.submitted_at else ""

    def must_be_open(self, step, user):
        """Raise what `take` would raise, before a page asks for the words of a step."""
        if not self.steps[step].allows(user, self):
            raise PermissionDenied
        if self.state not in self.steps[step].sources:
            raise NotInThisState(f"cannot {step} while {self.state}")

    def is_late_at(self, now):
        return self.state in UNIT_SIDE and self.due_at < now

    def days_left(self, calendar, today):
        """Working days until the deadline, negative when it has passed; None while the clock does not run."""
        if self.state not in UNIT_SIDE:
            return None
        return calendar.days_between(today, timezone.localdate(self.due_at))

    def sign(self, *, by, note=""):
        return self.take("sign", by=by, note=note, signed_at=timezone.now())

    def prepare(self, *, by, measure, photos=()):
        """Keep a draft of the answer for the lead, who submits it."""
        return self._answer("prepare", by=by, measure=measure, photos=photos)

    def submit(self, *, by, measure, photos=()):
        """Report as fixed: what was done, and `photos` (attachments) that show it."""
        changes = {"submitted_at": timezone.now(), "submitted_by": by}
        return self._answer("submit", by=by, measure=measure, photos=photos, **changes)

    @transaction.atomic
    def _answer(self, step, *, by, measure, photos, **changes):
        event = self.take(step, by=by, note=measure, measure=measure, **changes)
        self.fix_photos.bulk_create(FixPhoto(item=self, attachment=photo, event=event) for photo in photos)
        return event

    def dispute(self, *, by, note):
        """Say with a reason that it is not this unit's. The clock stands still until the office has decided."""
        return self.take("dispute", by=by, note=note)

    @transaction.atomic
    def verify(self, *, by, note="", seen=""):
        """Close it. Refused to the person who reported it as fixed.

        `seen` is the `version` of the answer that was read: if the unit has answered anew since, nobody has read
        that, and `NotInThisState` is raised.
        """
        event = self.take("verify", by=by, note=note, closed_at=timezone.now(), closed_by=by)
        self._must_be(seen)
        return event

    @transaction.atomic
    def send_back(self, *, by, note, calendar, now, seen=""):
        """Return it with a reason. The deadline stays, but the unit has at least the next working day. `seen` as in
        `verify`."""
        event = self.take("return", by=by, note=note)
        self._must_be(seen)
        self.due_at = max(self.due_at, calendar.add_days(now, 1))
        self.save(update_fields=["due_at"])
        return event

    def _must_be(self, seen):
        if seen and seen != self.version:
            raise NotInThisState("the answer that was read is no longer the last one")

    def uphold(self, *, by, note, calendar, now):
        """Decide a dispute: the item stays with its unit and has its full time anew."""
        return self._issue_again("uphold", by=by, note=note, calendar=calendar, now=now)

    @transaction.atomic
    def reassign(self, *, by, unit, note, calendar, now):
        """Hand it to another unit of the actor's office with its full time anew; the finding and its score go along."""
        if not by.has_role(Role.OFFICE, unit):
            raise PermissionDenied
        event = self._issue_again(
            "reassign", by=by, note=note, calendar=calendar, now=now, unit=unit, overdue_at=None, measure=""
        )
        self.finding.unit = unit
        self.finding.save(update_fields=["unit"])
        Answer.objects.filter(visit=self.finding.visit_id, item=self.finding.item_id).update(unit=unit)
        return event

    @transaction.atomic
    def _issue_again(self, step, *, calendar, now, **changes):
        """Back to a unit as on the first day: not signed, and with the time the checklist gives from `now` on."""
        checked = self.finding.item
        due_at = checked.due(now, calendar) if checked else calendar.add_days(now, USUAL_DAYS)
        return self.take(step, due_at=due_at, signed_at=None, **changes)

    @transaction.atomic
    def expire(self, *, now):
        """The clock's step: the deadline has passed with the unit. Marked once, else `NotInThisState`."""
        self.refresh_from_db(from_queryset=RectificationItem.objects.select_for_update(of=("self",)))
        if self.overdue_at or self.due_at >= now:
            raise NotInThisState("not late, or marked already")
        return self.take("expire", by=None, overdue_at=self.due_at)


DONE = {
    "issue": _("Issued"),
    "sign": _("Signed for"),
    "prepare": _("Answer drafted"),
    "submit": _("Reported fixed"),
    "dispute": _("Disputed: not ours"),
    "uphold": _("Stays with the unit"),
    "reassign": _("Reassigned"),
    "return": _("Returned"),
    "verify": _("Verified and closed"),
    "expire": _("Overdue"),
}


class RectificationEvent(Event):
    item = models.ForeignKey(RectificationItem, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    def words(self):
        """What was done, as words."""
        return DONE.get(self.step, self.step)

    def subject(self):
        return told(self.words(), self.item)

    def readers(self):
        """The checkers hear the unit, the unit hears the checkers and the clock, the lead hears of a draft."""
        unit = self.item.unit
        if self.step in {"submit", "dispute"}:
            return User.objects.holding(Role.OFFICE, unit=self.item.level)
        if self.step == "prepare":
            return User.objects.working_in(unit, Role.UNIT_LEAD)
        if self.step == "sign":
            return []
        return User.objects.working_in(unit, *UNIT_ROLES)

    def get_absolute_url(self):
        return self.item.get_absolute_url()


class FixPhotoQuerySet(UnitScopedQuerySet):
    unit_path = "item__unit"

    def uses_seen_by(self, user):
        """See `units.reuse`."""
        return self.visible_to(user).select_related("attachment", "item__finding")


class FixPhoto(models.Model):
    """A photo that shows the place put right, and the submission it came with."""

    item = models.ForeignKey(RectificationItem, models.CASCADE, related_name="fix_photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="fix_photos")
    event = models.ForeignKey(RectificationEvent, models.PROTECT, related_name="photos")

    objects = FixPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of the result")
        verbose_name_plural = _("photos of the result")
        ordering = ["pk"]

    def __str__(self):
        return str(self.attachment)

    # What the photo strip of the pages asks for.

    @property
    def name(self):
        return self.item.measure or str(self.item)

    @property
    def url(self):
        return reverse("inspections:fix-photo-file", args=[self.pk])

    @property
    def thumb_url(self):
        return f"{self.url}?size=thumb"

    @property
    def used_for(self):
        return self.item
