"""Who may do what: users, and the roles they hold in units from a day until a day."""

import secrets
from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from units.models.tree import Unit
from units.roles import Role
from units.scoping import UnitScopedQuerySet

INVITATION_LASTS = timedelta(hours=72)
# No letters or digits that are mistaken for each other when a password is read out on the telephone.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password():
    """Twelve characters in three groups, about 59 bits: `k7pm-x2ad-9qhe`."""
    groups = ("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people who hold, or held, a role in a unit that `user` sees."""
        if user.is_superuser:
            return self
        return self.filter(memberships__unit__in=user.units_in_scope().values("pk")).distinct()

    def holding(self, *roles, unit):
        """Active people whose role reaches `unit` today: held in it or in a unit above it."""
        above = [int(pk) for pk in unit.path.strip("/").split("/")]
        held = Membership.objects.current().filter(role__in=roles, unit__in=above)
        return self.filter(is_active=True, pk__in=held.values("user_id"))

    def working_in(self, unit, *roles):
        """Active people who hold one of `roles` in exactly `unit` today."""
        held = Membership.objects.current().filter(role__in=roles, unit=unit)
        return self.filter(is_active=True, pk__in=held.values("user_id"))


class PeopleManager(UserManager.from_queryset(UserQuerySet)):
    @transaction.atomic
    def invite(self, *, username, name, unit, role, phone=""):
        """Make an account with a one-time password. Returns `(user, password)`; the password is shown this once.

        It must be changed at the first login and stops working after 72 hours.
        """
        password = one_time_password()
        user = self.create_user(
            username,
            password=password,
            name=name,
            phone=phone,
            must_change_password=True,
        )
        user.password_valid_until = timezone.now() + INVITATION_LASTS
        user.save(update_fields=["password_valid_until"])
        user.memberships.create(unit=unit, role=role)
        return user, password


@pghistory.track(model_name="UserHistory", exclude=["password", "last_login"])
class User(AbstractUser):
    """A person with an account. What they may do is in `memberships`, not here."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=64)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    password_valid_until = models.DateTimeField(_("password valid until"), null=True, blank=True)

    objects = PeopleManager()
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    @cached_property
    def roles(self):
        """The roles held today: a set of `(role, unit_id, path)`. Read once per request."""
        return set(self.memberships.current().values_list("role", "unit_id", "unit__path"))

    def has_role(self, role, unit):
        """Whether the role is held in `unit` or in a unit above it."""
        return any(held == role and unit.path.startswith(path) for held, _pk, path in self.roles)

    def holds(self, *roles):
        """Whether one of the roles is held anywhere."""
        return any(held in roles for held, _pk, _path in self.roles)

    def units_with_role(self, *roles):
        """The units in the subtrees where one of the roles is held, as a queryset."""
        paths = {path for role, _pk, path in self.roles if role in roles}
        return Unit.objects.below(paths)

    def units_in_scope(self):
        """The units in the subtrees of all roles, as a queryset."""
        return self.units_with_role(*Role.values)

    @cached_property
    def home_unit(self):
        """The highest unit in which the person holds a role today; None without one."""
        return Unit.objects.filter(pk__in={pk for _role, pk, _path in self.roles}).order_by("depth", "path").first()


class MembershipQuerySet(UnitScopedQuerySet):
    def current(self, on=None):
        """Those that count on the day `on` (default today) in a unit that still exists."""
        on = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on, unit__valid_from__lte=on).filter(
            Q(unit__valid_until=None) | Q(unit__valid_until__gte=on)
        )


@pghistory.track(model_name="MembershipHistory")
class Membership(models.Model):
    """A person holds a role in a unit, from a day until a day (both included)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["unit__path", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="units_membership_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="units_membership_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(until=None),
                name="units_membership_held_once",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class UserSession(models.Model):
    """A login on one device. A person keeps the newest ones; see `SESSIONS_PER_PERSON`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"
