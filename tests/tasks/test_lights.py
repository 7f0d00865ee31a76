"""Red, yellow, green: how a deadline stands on a day."""

from datetime import date

import pytest

from tasks.lights import Lights
from tests.makers import at
from units.models import CalendarDay

pytestmark = pytest.mark.django_db
FRIDAY = "2026-09-18 10:00"


@pytest.mark.parametrize(
    ("deadline", "light"),
    [
        (None, ""),
        (date(2026, 9, 17), "overdue"),
        (date(2026, 9, 18), "due_soon"),
        (date(2026, 9, 25), "due_soon"),
        (date(2026, 9, 26), "on_track"),
    ],
)
def test_a_deadline_is_soon_within_five_working_days(deadline, light):
    assert Lights.load(at(FRIDAY)).of(deadline) == light


def test_days_left_are_working_days():
    lights = Lights.load(at(FRIDAY))

    assert lights.days_left(date(2026, 9, 18)) == 0
    assert lights.days_left(date(2026, 9, 21)) == 1
    assert lights.days_left(date(2026, 9, 17)) == -1


def test_a_day_off_after_the_deadline_is_late_too():
    lights = Lights.load(at("2026-09-19 10:00"))  # a Saturday

    assert lights.days_left(date(2026, 9, 18)) == -1


def test_holidays_do_not_count():
    for day in (21, 22, 23):
        CalendarDay.objects.create(date=date(2026, 9, day), is_working=False)

    assert Lights.load(at(FRIDAY)).soon == date(2026, 9, 30)
