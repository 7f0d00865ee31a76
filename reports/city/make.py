"""The whole city in one transaction: all of it or nothing."""

from django.db import connection, transaction

from inspections.models import Finding, Place, RectificationItem
from inspections.seeds import seed_checklist
from reports.city.ground import make_ground
from reports.city.inspecting import make_inspections
from reports.city.people import make_people
from reports.city.places import make_places
from reports.city.scene import Scene
from units.models import Unit, User


@transaction.atomic
def make_city(plan):
    """Fill the empty database. Returns how many rows of the main tables there are."""
    check_at_once()
    ground = make_ground(plan)
    people = make_people(plan, ground)
    checklist = seed_checklist(ground.root)
    scene = Scene(plan, ground, people, checklist, make_places(plan, ground))
    make_inspections(scene)
    tables = [Unit, User, Place, Finding, RectificationItem]
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in tables}


def check_at_once():
    """Check foreign keys with each statement, not all at the end.

    The history trigger opens a subtransaction for each row, and PostgreSQL walks through all checks put off so far
    whenever one of them ends: with fifty thousand rows that is hours.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
