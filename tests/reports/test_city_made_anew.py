"""Making a city: on any day, of any size, only into an empty database, the same for the same seed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from inspections.models import Answer, Finding, Place, RectificationEvent, RectificationItem
from reports.city.make import make_city
from reports.city.people import PASSWORD
from reports.city.plan import Plan
from reports.city.tables import rows
from tasks.models import Assignment, Progress
from units.models import Unit, User

DAY = date(2026, 8, 20)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-25", "2026-10-09"])
def test_every_state_of_rectification_is_present_on_any_day(day):
    make_city(Plan(today=date.fromisoformat(day), findings=800))

    items = RectificationItem.objects.all()
    assert set(items.values_list("state", flat=True)) == set(RectificationItem.State.values)
    assert items.exclude(overdue_at=None).exclude(state="closed").exists()
    assert set(Assignment.objects.values_list("state", flat=True)) == set(Assignment.State.values)


def facts():
    """What one sees of a city, without the primary keys."""
    return [
        list(Unit.objects.order_by("code").values_list("code", "name", "parent__code")),
        list(User.objects.order_by("username").values_list("username", "name", "phone")),
        list(Place.objects.order_by("code").values_list("code", "name", "address", "latitude")),
        list(Finding.objects.order_by("uuid").values_list("uuid", "text", "found_at", "unit__name")),
        list(RectificationEvent.objects.order_by("at", "item__finding__uuid").values_list("step", "at", "note")),
        list(Progress.objects.order_by("pk").values_list("narrative", "percent", "submitted_at")),
    ]


def made(**wanted):
    """The facts of a city that is gone again."""
    with transaction.atomic():
        make_city(Plan(today=DAY, findings=150, **wanted))
        found = facts()
        transaction.set_rollback(True)
    return found


def test_the_seed_and_nothing_else_decides_which_city_it_is():
    first = made(seed=7)

    assert made(seed=7) == first
    assert made(seed=8) != first


def test_a_larger_city_is_as_large_as_it_is_asked_for():
    make_city(Plan(today=DAY, units=120, findings=400, answers=2000))

    assert Unit.objects.exclude(peer_group=None).count() == 120
    assert Finding.objects.count() == 400
    assert Answer.objects.count() >= 2000


def test_a_database_with_units_is_refused(city):
    with pytest.raises(CommandError, match="not empty"):
        call_command("make_city")

    assert Unit.objects.count() == 1


def test_if_empty_leaves_a_database_with_units_alone(city):
    call_command("make_city", "--if-empty")

    assert Unit.objects.count() == 1


def test_the_password_is_not_told_where_the_accounts_are_not(city):
    out = StringIO()
    call_command("make_city", "--accounts", stdout=out)

    assert out.getvalue() == ""


def test_the_command_tells_every_account_and_the_password():
    out = StringIO()
    call_command("make_city", "--findings", "50", stdout=out)

    assert all(row["login"] in out.getvalue() for row in rows("accounts"))
    assert PASSWORD in out.getvalue()
