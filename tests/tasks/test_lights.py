"""Red, yellow, green: how a deadline stands on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.lights import Light, Lights
from tasks.models import Assignment
from tests.makers import at
from units.models import CalendarDay
from units.working_time import WorkingTime

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


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_what_is_handed_in_or_completed_has_no_light(state):
    assert Lights.load(at(FRIDAY)).of(date(2026, 9, 1), state) == ""


@pytest.mark.parametrize("state", ["not_started", "doing", "returned"])
def test_what_lies_with_the_unit_has_its_light(state):
    assert Lights.load(at(FRIDAY)).of(date(2026, 9, 1), state) == "overdue"


def test_a_report_puts_the_light_out_until_it_comes_back(put_in, lead, office):
    assignment = put_in("doing")
    Assignment.objects.filter(pk=assignment.pk).update(deadline="2020-01-31")
    assert Assignment.objects.overdue().count() == 1

    assignment.submit(by=lead)
    assert Assignment.objects.overdue().count() == 0

    assignment.send_back(by=office, note="请补拍正面")
    assert Assignment.objects.overdue().count() == 1


@pytest.mark.parametrize(("days", "deadline"), [(1, date(2026, 9, 17)), (2, date(2026, 9, 16)), (5, date(2026, 9, 13))])
def test_so_many_working_days_late(days, deadline):
    lights = Lights.load(at(FRIDAY))

    assert lights.last_deadline_missed_by(days) == deadline
    assert lights.days_left(deadline) == -days
    assert lights.days_left(deadline + timedelta(days=1)) > -days


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
NEAR = st.integers(-40, 40)
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=60).map(lambda days: WorkingTime(days=days))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(today=DAYS, calendar=CALENDARS, off=NEAR, state=st.sampled_from(Assignment.State.values), has_day=st.booleans())
def test_sql_and_python_agree_on_any_day_by_any_calendar(assignment, today, calendar, off, state, has_day):
    lights = Lights.on(at(f"{today} 10:00"), calendar)
    deadline = today + timedelta(days=off) if has_day else None
    done = {"completed_at": at(f"{today} 09:00"), "percent": 100} if state == "completed" else {}
    rows = Assignment.objects.filter(pk=assignment.pk)
    rows.update(deadline=deadline, state=state, **{"completed_at": None, "percent": 0, **done})

    light = lights.of(deadline, state)

    assert [one for one in Light.values if rows.in_light(one, lights).exists()] == ([light] if light else [])
