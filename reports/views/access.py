"""Who may do what at the closing desk, said once for its pages."""

from django.core.exceptions import PermissionDenied

from reports.models.handing_in import MAKERS, may_make
from reports.models.ranking import READERS
from units.roles import Role


def reads(user, unit):
    """Whether the person sees what is not issued yet at the level of `unit`."""
    return user.is_superuser or any(user.has_role(role, unit) for role in READERS)


def must_read(user, unit):
    if not reads(user, unit):
        raise PermissionDenied


def must_see(user, row, unit):
    """What was withdrawn keeps its figures and its paper for those who see what is not issued yet."""
    if row.state == row.State.WITHDRAWN:
        must_read(user, unit)


def works(user, unit):
    """Whether the person runs the office at the level of `unit`."""
    return user.has_role(Role.OFFICE, unit)


def must_work(user, unit):
    if not works(user, unit):
        raise PermissionDenied


def must_make(user, unit=None):
    """403 for who does not hand in what `unit` and those below it have filed; without a unit: of none."""
    if not (may_make(user, unit) if unit else user.holds(*MAKERS)):
        raise PermissionDenied
