"""The whole city in one transaction: all of it or nothing."""

from django.db import transaction

from inspections.models import Place
from inspections.seeds import seed_checklist
from reports.city.ground import make_ground
from reports.city.people import make_people
from reports.city.places import make_places
from units.models import Unit, User


@transaction.atomic
def make_city(plan):
    """Fill the empty database. Returns how many rows of the main tables there are."""
    ground = make_ground(plan)
    make_people(plan, ground)
    seed_checklist(ground.root)
    make_places(plan, ground)
    tables = [Unit, User, Place]
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in tables}
