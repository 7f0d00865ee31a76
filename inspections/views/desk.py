"""What the right of the office means on the pages that plan."""

from django.core.exceptions import PermissionDenied

from units.roles import Role

LONGEST_KEY = 18  # digits


def must_be_office(user, unit=None):
    """403 for everybody but the office: of `unit`, or of any unit."""
    allowed = user.is_superuser or (user.has_role(Role.OFFICE, unit) if unit else user.holds(Role.OFFICE))
    if not allowed:
        raise PermissionDenied


def is_key(text):
    """Whether the text can be a primary key: digits, and not more than the database counts."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def selected(request):
    """The primary keys that were ticked in a list."""
    return [int(text) for text in request.POST.getlist("selected") if is_key(text)]


def sent(request):
    """What was posted; None while a page is only looked at."""
    return request.POST if request.method == "POST" else None
