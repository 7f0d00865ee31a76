"""The whole city in one transaction: all of it or nothing."""

from django.db import connection, transaction

from inspections.models import Finding, Place, Round, Visit
from inspections.seeds import seed_checklist
from reports.city.asking import make_asking
from reports.city.bulk import make_answers
from reports.city.disclosing import make_disclosures
from reports.city.dividing import make_divisions
from reports.city.ground import make_ground
from reports.city.inspecting import make_inspections
from reports.city.ledgers import make_ledgers
from reports.city.letters import make_letters
from reports.city.material import make_material
from reports.city.meetings import make_meetings
from reports.city.people import make_people
from reports.city.photos import make_photos
from reports.city.places import make_places
from reports.city.quarters import make_notices, make_quarters
from reports.city.reminding import make_reminders
from reports.city.reporting import make_reports
from reports.city.scene import Scene
from reports.city.tables import take_stock
from tasks.models import Assignment, Task
from units import holidays
from units.models import Unit, User


@transaction.atomic
def make_city(plan):
    """Fill the empty database. Returns how many rows of the main tables there are."""
    check_at_once()
    holidays.seed(plan.quarters[0].year)
    ground = make_ground(plan)
    people = make_people(plan, ground)
    checklist = seed_checklist(ground.root)
    scene = Scene(plan, ground, people, checklist, make_places(plan, ground))
    works = make_reports(scene, make_ledgers(scene))
    make_divisions(scene)
    courses = make_inspections(scene)
    take_stock()
    make_letters(scene)
    make_meetings(scene)
    make_photos(scene, courses, works)
    make_asking(scene, works)
    make_material(scene)
    if plan.answers:
        make_answers(scene, Round.objects.latest("starts_on"))
    make_quarters(scene)
    make_disclosures(scene)
    make_notices(scene)
    make_reminders(scene)
    tables = [Unit, User, Place, Task, Assignment, Visit, Finding]
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in tables}


def check_at_once():
    """Check foreign keys with each statement, not all at the end.

    The history trigger opens a subtransaction for each row, and PostgreSQL walks through all checks put off so far
    whenever one of them ends: with fifty thousand rows that is hours.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
