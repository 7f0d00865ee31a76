"""What is said to everybody below a level: who reads it, and who is told."""

from django.db.models import Q

from reports.models.ranking import READERS
from units.models import Membership, User
from units.roles import Role
from units.scoping import UnitScopedQuerySet

DRAFT = "draft"


class SaidQuerySet(UnitScopedQuerySet):
    """Rows with a `unit` that says them and a `state` that begins with `draft`."""

    def visible_to(self, user):
        """Office and leaders of the level see drafts too; everybody below it sees what was said."""
        if user.is_superuser:
            return self
        above = {int(pk) for _role, _pk, path in user.roles for pk in path.strip("/").split("/")}
        said = Q(unit__in=user.units_in_scope().values("pk")) | Q(unit__in=above)
        drafts = Q(unit__in=user.units_with_role(*READERS).values("pk"))
        return self.filter(drafts | said & ~Q(state=DRAFT))


def told_below(unit):
    """Everybody who leads or runs something at the level of `unit` or below it."""
    told = {Role.LEADER, Role.OFFICE, Role.UNIT_LEAD}
    held = Membership.objects.current().filter(role__in=told, unit__path__startswith=unit.path)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))
