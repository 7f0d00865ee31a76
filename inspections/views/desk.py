"""What the right of the office means on the pages that plan."""

from django.core.exceptions import PermissionDenied

from units.filters import keys
from units.roles import Role


def must_be_office(user, unit=None):
    """403 for everybody but the office: of `unit`, or of any unit."""
    allowed = user.is_superuser or (user.has_role(Role.OFFICE, unit) if unit else user.holds(Role.OFFICE))
    if not allowed:
        raise PermissionDenied


def selected(request):
    """The primary keys that were ticked in a list."""
    return keys(request.POST.getlist("selected"))


def sent(request):
    """What was posted; None while a page is only looked at."""
    return request.POST if request.method == "POST" else None
