"""The tree of units. `parent` is the truth; `path` is kept by the database for scope and subtrees."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from units.events import Event
from units.models.kinds import PeerGroup, UnitKind
from units.models.paths import PATH_TRIGGERS, lock_tree
from units.models.terms import Term, ends_after_it_began
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change

DEPTH_OF_OWN_NAMES = 2  # down to it the name of a unit says enough


class DatabaseTextField(models.TextField):
    """A text that a trigger fills: never written from here, read back after each insert."""

    db_returning = True


class DatabaseDepthField(models.PositiveSmallIntegerField):
    """The same for a small number."""

    db_returning = True


class UnitQuerySet(UnitScopedQuerySet):
    unit_path = "pk"

    def visible_to(self, user):
        return self if user.is_superuser else self.below({path for _role, _pk, path in user.roles})

    def below(self, paths):
        """The units on and under any of `paths`."""
        if not paths:
            return self.none()
        # A path under another one adds nothing, and a planner likes short conditions.
        tops = [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]
        condition = Q()
        for path in sorted(tops):
            condition |= Q(path__startswith=path)
        return self.filter(condition)

    def current(self, on=None):
        """Units that exist on the day `on` (default today)."""
        on = on or timezone.localdate()
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)

    def in_tree_order(self):
        return self.order_by("path")


@pghistory.track(model_name="UnitHistory", exclude=["path", "depth"])
class Unit(models.Model):
    """A participating body, a node of the tree (depth 1 is a root). Names change by `rename`, never by saving."""

    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=32, unique=True, null=True, blank=True)
    kind = models.ForeignKey(UnitKind, models.PROTECT, related_name="units", verbose_name=_("kind"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior unit"),
    )
    peer_group = models.ForeignKey(
        PeerGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("peer group"),
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("merged into"),
    )
    path = DatabaseTextField(editable=False, default="")
    depth = DatabaseDepthField(editable=False, default=0)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="units_unit_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(valid_until__isnull=False),
                name="units_merged_unit_has_ended",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(valid_until=None),
                nulls_distinct=False,
                name="units_name_once_below_a_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["path"],
                name="units_unit_subtree",
                opclasses=["text_pattern_ops"],
            ),
            models.Index(fields=["parent", "order"], name="units_unit_children"),
        ]
        triggers = PATH_TRIGGERS

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("units:unit", args=[self.pk])

    @property
    def said_above(self):
        """The unit above, where the own name does not say which is meant: many units have an 办公室 each."""
        return self.parent if self.depth > DEPTH_OF_OWN_NAMES else None

    def placed(self, name=""):
        """Its name (or `name`, as the page shows it) for a sentence with nothing beside it: with the unit above."""
        words = {"unit": name or self, "above": self.said_above}
        return gettext("%(unit)s (%(above)s)") % words if self.said_above else str(words["unit"])

    @property
    def unit(self):
        """A unit is its own scope, so that what asks a row for its unit may ask a unit too."""
        return self

    def subtree(self):
        return Unit.objects.below({self.path})

    @property
    def is_current(self):
        """Whether the unit exists today."""
        today = timezone.localdate()
        return self.valid_from <= today and (self.valid_until is None or self.valid_until >= today)

    def ancestors(self):
        """The units above, the root first."""
        pks = [int(pk) for pk in self.path.strip("/").split("/")[:-1]]
        return Unit.objects.filter(pk__in=pks).order_by("depth")

    def _hold(self):
        """Lock the row and read it anew: of two people who change a unit at once the second sees what the first did."""
        self.refresh_from_db(from_queryset=Unit.objects.select_for_update(of=("self",)))
        if self.valid_until is not None:
            raise ValidationError(_("%(unit)s has ended already.") % {"unit": self})

    def _refuse_to_raise(self, by, above):
        """Nobody becomes the administrator of units by hanging them below a unit that they administer."""
        if by and above and by.has_role(Role.ADMIN, above) and not by.manages_people_of(self):
            words = _("By this you would become the administrator of %(unit)s: let its administrator do it.")
            raise ValidationError(words % {"unit": self})

    @transaction.atomic
    def move(self, parent, *, by=None, note=""):
        """Hang the unit and all below it under `parent`. A circle is refused by the database (`units_no_circle`)."""
        lock_tree()
        self._hold()
        self._refuse_to_raise(by, parent)
        before, self.parent = self.parent, parent
        if parent is not None and parent.path.startswith(self.path):
            raise ValidationError(_("A unit cannot stand below itself."))
        self.save(update_fields=["parent"])
        self.refresh_from_db(fields=["path", "depth"])
        return self.events.create(actor=by, step="move", note=note or f"{before or '—'} → {parent or '—'}")

    @transaction.atomic
    def rename(self, name, *, on, by=None, short_name="", note="", keep=True):
        """Give the unit a new name from the day `on`. The old one stays findable as a former name, unless it was only
        written wrongly (`keep=False`)."""
        self._hold()
        if keep:
            for old in {self.name, self.short_name} - {"", name, short_name}:
                self.names.update_or_create(name=old, defaults={"kind": UnitName.Kind.FORMER, "until": on})
        before, self.name, self.short_name = self.name, name, short_name
        self.save(update_fields=["name", "short_name"])
        return self.events.create(actor=by, step="rename", note=note or f"{before} → {name}")

    @transaction.atomic
    def end(self, *, on, by=None, note=""):
        """Let the unit end with the day `on`. It must have no current units below it. Its rows stay as history."""
        self._hold()
        if self.children.current().exists():
            raise ValidationError(_("There are still units below it: move or end them first."))
        self.valid_until = on
        self.save(update_fields=["valid_until"])
        return self.events.create(actor=by, step="end", note=note)

    @transaction.atomic
    def merge_into(self, other, *, on, by=None, note=""):
        """End this unit with the day `on`. `other` takes over its names, the units below it and its people's roles;
        everything else stays where it is, as history."""
        lock_tree()
        self._hold()
        self._refuse_to_raise(by, other)
        if other.path.startswith(self.path):
            raise ValidationError(_("A unit cannot be merged into itself or a unit below it."))
        twins = other.children.current().filter(name__in=self.children.current().values("name"))
        if twins.exists():
            raise ValidationError(_("Both have a unit named %(name)s: rename one first.") % {"name": twins[0].name})
        self.valid_until, self.successor = on, other
        self.children.current().update(parent=other)
        for name in {self.name, self.short_name, *self.names.values_list("name", flat=True)} - {"", other.name}:
            other.names.get_or_create(name=name, defaults={"kind": UnitName.Kind.FORMER, "until": on})
        # An office merges units, but only an administrator makes administrators.
        gives_all = by is None or by.manages_people_of(other)
        for held in self.memberships.current().exclude(role="" if gives_all else Role.ADMIN):
            other.memberships.get_or_create(user_id=held.user_id, role=held.role, until=held.until)
        self.save(update_fields=["valid_until", "successor"])
        other.events.create(actor=by, step="absorb", note=self.name)
        return self.events.create(actor=by, step="merge", note=note or f"{self.name} → {other.name}")


@pghistory.track(*every_change(), model_name="UnitNameHistory")
class UnitName(models.Model):
    """Another name by which people and tables call a unit."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        ALIAS = "alias", _("also called")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.ALIAS)
    until = models.DateField(_("used until"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="units_other_name_once")]

    def __str__(self):
        return self.name


@pghistory.track(*every_change(), model_name="UnitPersonHistory")
class UnitPerson(Term):
    """A named person of a unit, who need not have an account: head, deputy or contact."""

    class Position(models.TextChoices):
        HEAD = "head", _("head")
        DEPUTY = "deputy", _("deputy in charge")
        CONTACT = "contact", _("contact person")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="persons", verbose_name=_("unit"))
    position = models.CharField(_("position"), max_length=8, choices=Position)
    name = models.CharField(_("full name"), max_length=64)
    title = models.CharField(_("title"), max_length=64, blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("person of the unit")
        verbose_name_plural = _("persons of the unit")
        ordering = ["position", "pk"]
        constraints = [ends_after_it_began("units_person_ends_after_it_began")]

    def __str__(self):
        return f"{self.get_position_display()} {self.name}"


@pghistory.track(*every_change(), model_name="HonourHistory")
class Honour(Term):
    """A title the unit holds (文明单位, 文明校园 …) with its level and dates."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCE = "province", _("provincial")
        CITY = "city", _("city")
        COUNTY = "county", _("county")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="honours", verbose_name=_("unit"))
    name = models.CharField(_("title"), max_length=64)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
        ordering = ["-since"]
        constraints = [ends_after_it_began("units_honour_ends_after_it_began")]

    def __str__(self):
        return f"{self.name} ({self.get_level_display()})"


class UnitEvent(Event):
    """Made, renamed, merged, moved, ended: what happened to a unit."""

    WORDS = {
        "create": _("Unit made"),
        "rename": _("Renamed"),
        "move": _("Moved to another superior unit"),
        "merge": _("Merged into another unit"),
        "absorb": _("Another unit was merged into it"),
        "end": _("Ended"),
        "import": _("Taken over from a spreadsheet"),
    }

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        pass

    @property
    def text(self):
        return self.WORDS.get(self.step, self.step)

    def subject(self):
        return f"{self.unit}: {self.text}"

    def readers(self):
        """Nobody is called from work for it; the unit's page shows it."""
        return []

    def get_absolute_url(self):
        return self.unit.get_absolute_url()
