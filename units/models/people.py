"""Who may do what: users, and the roles they hold in units from a day until a day."""

import secrets
from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from units.devices import device_name
from units.models.terms import Term
from units.models.tree import Unit
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change

INVITATION_LASTS = timedelta(hours=72)
# Who may change units.
UNIT_MANAGERS = (Role.ADMIN, Role.OFFICE)
ROOT_SLASHES = 2  # in the path of a unit at the top
# No letters or digits that are mistaken for each other when a password is read out on the telephone.
CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password():
    """Twelve characters in three groups, about 59 bits: `k7pm-x2ad-9qhe`."""
    groups = ("".join(secrets.choice(CLEAR_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people who hold, or held, a role in a unit that `user` sees."""
        if user.is_superuser:
            return self
        held = Membership.objects.visible_to(user)
        return self.filter(pk__in=held.values("user_id"))

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
    def invite(self, *, username, name, unit, role, phone="", since=None, until=None):
        """Make an account with a one-time password. Returns `(user, password)`; the password is shown this once.

        It must be changed at the first login and stops working after 72 hours.
        """
        user = self.create_user(username, name=name, phone=phone)
        user.memberships.create(unit=unit, role=role, since=since or timezone.localdate(), until=until)
        return user, user.reset_password()


@pghistory.track(model_name="UserHistory", exclude=["password", "last_login"])
class User(AbstractUser):
    """A person with an account. What they may do is in `memberships`, not here."""

    first_name = None
    last_name = None
    name = models.CharField(_("full name"), max_length=64)
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

    def get_absolute_url(self):
        return reverse("units:person", args=[self.pk])

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    @property
    def invitation_has_run_out(self):
        """Whether a one-time password was never used in time: only a new one helps."""
        until = self.password_valid_until
        return bool(self.must_change_password and until and until < timezone.now())

    @transaction.atomic
    def reset_password(self):
        """Give the account a new one-time password and end every session. Returns the password, shown this once."""
        password = one_time_password()
        self.set_password(password)
        self.must_change_password = True
        self.password_valid_until = timezone.now() + INVITATION_LASTS
        self.save(update_fields=["password", "must_change_password", "password_valid_until"])
        self.end_sessions()
        return password

    @transaction.atomic
    def choose_password(self, password):
        """The person's own password: from now on no other is asked for, and other devices are logged out."""
        self.set_password(password)
        self.must_change_password, self.password_valid_until = False, None
        self.save(update_fields=["password", "must_change_password", "password_valid_until"])
        self.end_sessions()

    @transaction.atomic
    def deactivate(self):
        """Close the account at once, on every device. Its roles and its history stay."""
        self.is_active = False
        self.save(update_fields=["is_active"])
        self.end_sessions()

    def reactivate(self):
        """Open a closed account again."""
        self.is_active = True
        self.save(update_fields=["is_active"])

    def end_sessions(self, *keys):
        """Log the person out: of the sessions with these keys, or of all."""
        ending = self.sessions.filter(session_key__in=keys) if keys else self.sessions.all()
        Session.objects.filter(session_key__in=list(ending.values_list("session_key", flat=True))).delete()
        ending.delete()

    @cached_property
    def current_memberships(self):
        """Those that count today, with their units. Read once per request."""
        return list(self.memberships.current().select_related("unit"))

    @cached_property
    def roles(self):
        """The roles held today: a set of `(role, unit_id, path)`."""
        return {(held.role, held.unit_id, held.unit.path) for held in self.current_memberships}

    def has_role(self, role, unit):
        """Whether the role is held in `unit` or in a unit above it."""
        return any(held == role and unit.path.startswith(path) for held, _pk, path in self.roles)

    def sees(self, unit):
        """Whether the unit lies in the person's scope, as `visible_to` would say."""
        return self.is_superuser or any(unit.path.startswith(path) for _role, _pk, path in self.roles)

    def holds(self, *roles):
        """Whether one of the roles is held anywhere."""
        return any(held in roles for held, _pk, _path in self.roles)

    def reads_people(self):
        """Whether the person may look up who works where, with telephone numbers."""
        return self.is_superuser or self.holds(Role.ADMIN, Role.OFFICE, Role.UNIT_LEAD, Role.LEADER)

    def manages_lists(self):
        """Whether the person may change what all units share: kinds, peer groups, the work calendar."""
        roots = {path for role, _pk, path in self.roles if role in UNIT_MANAGERS and path.count("/") == ROOT_SLASHES}
        return self.is_superuser or bool(roots)

    def manages_unit(self, unit):
        """Whether the person may change the unit: the office or an administrator at its level or above."""
        return self.is_superuser or any(self.has_role(role, unit) for role in UNIT_MANAGERS)

    def manages_people_of(self, unit):
        """Whether the person may give and take roles in the unit."""
        return self.is_superuser or self.has_role(Role.ADMIN, unit)

    def manages_person(self, person):
        """Whether the person may close or reset another's account: only if every role of it lies in their hands.

        Otherwise a district's administrator could take over the account of somebody who also works for the city.
        """
        if self.is_superuser:
            return True
        every = person.memberships.select_related("unit")
        # Also a role that begins tomorrow: the password would still be the same.
        held = every.not_over() or every
        units = [membership.unit for membership in held]
        return not person.is_superuser and bool(units) and all(self.manages_people_of(unit) for unit in units)

    @cached_property
    def reach(self):
        """The querysets of `units_with_role`, by roles: a page asks for the same ones many times."""
        return {}

    def units_with_role(self, *roles):
        """The units in the subtrees where one of the roles is held, as a queryset."""
        if roles not in self.reach:
            paths = {path for role, _pk, path in self.roles if role in roles}
            self.reach[roles] = Unit.objects.below(paths)
        return self.reach[roles].all()

    def units_in_scope(self):
        """The units in the subtrees of all roles, as a queryset."""
        return self.units_with_role(*Role.values)

    @cached_property
    def office_unit(self):
        """The highest unit whose office the person works for; None for who works for none."""
        units = [held.unit for held in self.current_memberships if held.role == Role.OFFICE]
        return min(units, key=lambda unit: (unit.depth, unit.path), default=None)

    @cached_property
    def home_unit(self):
        """The highest unit in which the person holds a role today; None without one."""
        units = [held.unit for held in self.current_memberships]
        return min(units, key=lambda unit: (unit.depth, unit.path), default=None)


class MembershipQuerySet(UnitScopedQuerySet):
    def current(self, on=None):
        """Those that count on the day `on` (default today) in a unit that still exists."""
        on = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on, unit__valid_from__lte=on).filter(
            Q(unit__valid_until=None) | Q(unit__valid_until__gte=on)
        )

    def not_over(self):
        """Those that count today or will."""
        today = timezone.localdate()
        return self.filter(
            Q(until=None) | Q(until__gte=today), Q(unit__valid_until=None) | Q(unit__valid_until__gte=today)
        )


@pghistory.track(*every_change(), model_name="MembershipHistory")
class Membership(Term):
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

    def end(self):
        """From today on the role does not count: its last day was yesterday, also if it began only today."""
        self.until = timezone.localdate() - timedelta(days=1)
        self.since = min(self.since, self.until)
        self.save(update_fields=["since", "until"])


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

    @property
    def device_name(self):
        return device_name(self.device)
