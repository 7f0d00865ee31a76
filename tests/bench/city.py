"""The city that is measured: made once, kept between runs."""

from django.core.management import call_command
from django.db import connection

from units.models import Unit, User


def large_city():
    """200 units and 50,000 findings in the database, made when it is empty."""
    call_command("migrate", verbosity=0)
    if Unit.objects.exists():
        return
    call_command("make_city", units=200, findings=50_000, seed=1, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what PostgreSQL does by itself a minute later


def person(role):
    """Somebody of the city who holds the role."""
    return User.objects.filter(is_active=True, memberships__role=role).order_by("pk").first()
