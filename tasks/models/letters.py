"""Responsibility letters: what a ledger asks of a unit, put on one paper, issued by the office, signed by the unit."""

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks.models.duties import digest_of
from tasks.models.ledger import Ledger
from units.events import Event, told
from units.models import Attachment, Unit, User
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet
from units.workflow import NotInThisState, Step, Workflow

KEEPERS = (Role.OFFICE, Role.LEADER)  # who see drafts at the level that keeps the ledger
READERS = (*KEEPERS, *UNIT_ROLES)


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", pgettext_lazy("letter", "waits for signature")
    SIGNED = "signed", pgettext_lazy("letter", "signed")
    REPLACED = "replaced", pgettext_lazy("letter", "replaced")
    WITHDRAWN = "withdrawn", _("withdrawn")


STANDING = (State.ISSUED, State.SIGNED)


class OutOfDate(NotInThisState):
    """The ledger asks something else by now: the letter has to be drawn up anew first."""


class LetterQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The unit's own people read what was issued to it; the office and leaders of the ledger read drafts too."""
        if user.is_superuser:
            return self
        kept = Q(ledger__unit__in=user.units_with_role(*KEEPERS).values("pk"))
        own = Q(unit__in=user.units_with_role(*READERS).values("pk"))
        return self.filter(kept | own & ~Q(state=State.DRAFT))

    def standing(self):
        """Those that count: issued or signed, and neither replaced nor withdrawn."""
        return self.filter(state__in=STANDING)

    def drafts(self):
        return self.filter(state=State.DRAFT)

    def to_sign(self, user):
        """Those that wait for the signature of a unit that `user` leads."""
        return self.filter(state=State.ISSUED, unit__in=user.units_with_role(Role.UNIT_LEAD).values("pk"))

    def with_now(self):
        """Annotated with `digest_now`: the mark of what the ledger asks of the unit now."""
        return self.annotate(digest_now=digest_of(OuterRef("ledger"), OuterRef("unit")))

    def out_of_date(self):
        """Those that say something else than the ledger asks now."""
        return self.with_now().exclude(digest=F("digest_now"))


class ResponsibilityLetter(Workflow):
    """One edition of the letter of one unit. `data` is what its paper is drawn from, `digest` the mark of its duties.

    A draft may be drawn up anew; once issued it has its number and never changes. Issuing a new edition replaces the
    one that stood, which stays readable. The unit's lead signs with the own account; or the office records who signed
    on paper.
    """

    State = State
    kind = "letter"
    OFFICE_STEP = {"roles": frozenset({Role.OFFICE}), "at": "kept_by"}
    steps = {
        "issue": Step(frozenset({State.DRAFT}), State.ISSUED, verb=pgettext_lazy("letter", "Issue"), **OFFICE_STEP),
        "sign": Step(
            frozenset({State.ISSUED}), State.SIGNED, frozenset({Role.UNIT_LEAD}), pgettext_lazy("letter", "Sign")
        ),
        "record": Step(frozenset({State.ISSUED}), State.SIGNED, verb=_("Record the signature"), **OFFICE_STEP),
        "withdraw": Step(frozenset(STANDING), State.WITHDRAWN, verb=_("Withdraw"), reason=True, **OFFICE_STEP),
        "replace": Step(frozenset(STANDING), State.REPLACED, verb=_("Replaced by a new edition"), **OFFICE_STEP),
    }

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="letters", verbose_name=_("ledger"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="letters", verbose_name=_("unit"))
    title = models.CharField(pgettext_lazy("meeting", "title"), max_length=120)
    edition = models.PositiveSmallIntegerField(_("edition"))
    serial = models.PositiveIntegerField(_("number"), null=True, blank=True, editable=False)
    data = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    issued_at = models.DateTimeField(pgettext_lazy("letter", "issued"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signer = models.CharField(_("signed by"), max_length=64, blank=True)
    signer_position = models.CharField(_("position"), max_length=64, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account that signed")
    )
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("scanned copy")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsibility letter")
        verbose_name_plural = _("responsibility letters")
        ordering = ["-ledger__year", "serial", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "serial"], name="tasks_letter_number_once"),
            models.UniqueConstraint(fields=["ledger", "unit", "edition"], name="tasks_letter_edition_once"),
            models.UniqueConstraint(
                fields=["ledger", "unit"], condition=Q(state="draft"), name="tasks_one_draft_of_a_letter"
            ),
            models.UniqueConstraint(
                fields=["ledger", "unit"], condition=Q(state__in=STANDING), name="tasks_one_letter_stands"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="tasks_letter_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft", serial=None, issued_at=None)
                | ~Q(state="draft") & Q(serial__isnull=False, issued_at__isnull=False),
                name="tasks_issued_letter_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "issued"], signed_on=None, signer="", signed_by=None, scan=None)
                | Q(state="signed", signed_on__isnull=False) & ~Q(signer="")
                | Q(state__in=["replaced", "withdrawn"]),
                name="tasks_signed_letter_has_a_signer",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="letter_is_frozen",
                operation=pgtrigger.UpdateOf("data", "digest", "title", "edition", "serial", "ledger_id", "unit_id"),
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.data, OLD.digest, OLD.title, OLD.edition, OLD.serial, OLD.ledger_id,"
                    " OLD.unit_id) IS DISTINCT FROM (NEW.data, NEW.digest, NEW.title, NEW.edition, NEW.serial,"
                    " NEW.ledger_id, NEW.unit_id)"
                ),
            ),
            pgtrigger.Protect(
                name="letter_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
            ),
        ]

    def __str__(self):
        return gettext("%(title)s (%(unit)s)") % {"title": self.title, "unit": self.unit}

    def get_absolute_url(self):
        return reverse("tasks:letter", args=[self.pk])

    @property
    def kept_by(self):
        """The unit that asks: its office issues and withdraws."""
        return self.ledger.unit

    @property
    def number(self):
        """`2026-003`; empty before it is issued."""
        return f"{self.ledger.year}-{self.serial:03}" if self.serial else ""

    @property
    def version(self):
        """Changes whenever a draft is drawn up anew: says which text was read."""
        return f"{self.pk}-{self.made_at:%Y%m%d%H%M%S%f}"

    def steps_open_to(self, user):
        """The buttons. Nobody replaces a letter by hand, and who signs does not also record it."""
        hidden = {"replace", "record"} if "sign" in (names := super().steps_open_to(user)) else {"replace"}
        return [name for name in names if name not in hidden]

    def may_edit(self, user):
        """Whether `user` draws up and throws away drafts."""
        return self.steps["issue"].allows(user, self)

    def may_file(self, user):
        """Whether `user` adds the scanned copy: who signs, or who records it."""
        return any(self.steps[step].allows(user, self) for step in ("sign", "record"))

    def is_out_of_date(self):
        """Whether the ledger asks something else of the unit now. One query."""
        return type(self).objects.filter(pk=self.pk).out_of_date().exists()

    def lock(self):
        """Hold the row until the transaction ends, and know its newest state; a draft may be gone: `NotInThisState`."""
        try:
            self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
        except ResponsibilityLetter.DoesNotExist as gone:
            raise NotInThisState("the draft was thrown away meanwhile") from gone

    @transaction.atomic
    def issue(self, *, by, note="", seen="", now=None):
        """Give it its number and put it in the place of the edition that stood, at `now`.

        Raises `OutOfDate` when the ledger asks something else by now, and `NotInThisState` when the draft was drawn up
        anew since `seen`, its `version`, was read.
        """
        # Whoever issues letters of this ledger waits here: numbers have no holes and no twins.
        Ledger.objects.select_for_update().get(pk=self.ledger_id)
        self.lock()
        if not self.may_edit(by):
            raise PermissionDenied
        if seen and seen != self.version:
            raise NotInThisState("the draft that was read was drawn up anew")
        if self.state == State.DRAFT and self.is_out_of_date():
            raise OutOfDate("the ledger asks something else by now")
        of_ledger = type(self).objects.filter(ledger=self.ledger_id)
        before = of_ledger.standing().filter(unit=self.unit_id).exclude(pk=self.pk).first()
        self.serial = (of_ledger.aggregate(last=Max("serial"))["last"] or 0) + 1
        now, serial, number = now or timezone.now(), self.serial, self.number
        if before:
            before.take("replace", by=by, note=number)
        replaces = before.number if before else ""
        data = self.data | {"number": number, "issued_on": timezone.localdate(now).isoformat(), "replaces": replaces}
        return self.take("issue", by=by, note=note, serial=serial, issued_at=now, data=data)

    @transaction.atomic
    def sign(self, *, by, signer, position="", on, scan=None):
        """Record that `signer` has signed for the unit on the day `on`: its lead with the own account, or somebody on
        paper, of which the office tells. `scan` is the attachment with the signed paper, if there is one already."""
        in_person = self.steps["sign"].allows(by, self)
        said = {"signer": signer, "signer_position": position, "signed_on": on, "scan": scan}
        return self.take("sign" if in_person else "record", by=by, signed_by=by if in_person else None, **said)

    @transaction.atomic
    def file_scan(self, scan, *, by):
        """Add the scanned copy of the signed paper, or put a better one in its place; the earlier file is kept."""
        self.lock()
        if not self.may_file(by):
            raise PermissionDenied
        if self.state != State.SIGNED:
            raise NotInThisState("only a signed letter has a scanned copy")
        self.scan = scan
        self.save(update_fields=["scan"])
        return self.record("scan", by=by, before=self.state, note=scan.name)

    def withdraw(self, *, by, note):
        """Take it back with a reason: the unit is without a letter until another is issued."""
        return self.take("withdraw", by=by, note=note)

    @transaction.atomic
    def discard(self, *, by):
        """Throw a draft away. What was issued is withdrawn instead."""
        self.lock()
        if not self.may_edit(by):
            raise PermissionDenied
        if self.state != State.DRAFT:
            raise NotInThisState("only a draft is thrown away")
        self.delete()


class LetterEvent(Event):
    letter = models.ForeignKey(ResponsibilityLetter, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        step = ResponsibilityLetter.steps.get(self.step)
        return step.verb if step else _("Scanned copy added")

    def subject(self):
        return told(self.text, self.letter)

    def readers(self):
        """The unit hears what the office did, the office what the unit did. The new edition tells of the old one."""
        if self.step == "replace":
            return []
        if self.step in {"issue", "withdraw", "record"}:
            return User.objects.working_in(self.letter.unit, Role.UNIT_LEAD)
        return User.objects.holding(Role.OFFICE, unit=self.letter.kept_by)

    def get_absolute_url(self):
        return self.letter.get_absolute_url()
