"""Working days with 调休, and deadlines counted by them."""

from datetime import date, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as some

from tests.makers import at
from units.holidays import seed
from units.models import CalendarDay, WorkCalendar, WorkingHours
from units.working_time import WorkingTime


@pytest.fixture
def calendar(db):
    seed(2026)
    return WorkCalendar.load()


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-01-01", False),  # 元旦, a Thursday
        ("2026-01-04", True),  # the Sunday that makes up for it
        ("2026-02-14", True),  # Saturday before 春节
        ("2026-02-17", False),
        ("2026-02-28", True),
        ("2026-04-06", False),  # the Monday after 清明
        ("2026-05-09", True),
        ("2026-09-20", True),  # Sunday
        ("2026-09-25", False),  # 中秋, a Friday
        ("2026-10-07", False),
        ("2026-10-10", True),  # Saturday
        ("2026-10-11", False),  # an ordinary Sunday
        ("2026-10-12", True),
    ],
)
def test_the_calendar_of_2026_is_that_of_the_notice(calendar, day, is_working):
    assert calendar.is_working(date.fromisoformat(day)) is is_working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-09-18 09:00", 1, "2026-09-20 18:00"),  # Friday: the working Sunday is the next day
        ("2026-09-30 17:00", 3, "2026-10-10 18:00"),  # across the golden week
        ("2026-10-03 12:00", 1, "2026-10-08 18:00"),  # found on a holiday
        ("2026-02-13 10:00", 2, "2026-02-24 18:00"),
    ],
)
def test_a_deadline_in_working_days_steps_over_the_holidays(calendar, start, days, due):
    assert calendar.add_days(at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-10-12 09:00", 2, "2026-10-12 11:00"),
        ("2026-10-12 11:00", 2, "2026-10-12 15:30"),  # over lunch
        ("2026-09-30 17:00", 2, "2026-10-08 09:30"),  # over the golden week
        ("2026-10-10 17:30", 1, "2026-10-12 09:00"),  # a working Saturday, then Sunday off
        ("2026-10-12 20:00", 1, "2026-10-13 09:30"),
    ],
)
def test_a_deadline_in_working_hours_runs_only_while_the_office_works(calendar, start, hours, due):
    assert calendar.add_hours(at(start), hours) == at(due)


def test_what_is_left_is_counted_in_working_days(calendar):
    assert calendar.days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.days_between(date(2026, 10, 10), date(2026, 9, 30)) == -3


MOMENTS = some.datetimes(
    min_value=at("2026-01-01").replace(tzinfo=None), max_value=at("2026-11-01").replace(tzinfo=None)
)


@given(moment=MOMENTS, hours=some.integers(1, 60))
def test_the_hours_to_a_deadline_are_the_hours_that_were_given(moment, hours):
    plain = WorkingTime(days={date(2026, 10, 1): False, date(2026, 10, 10): True})
    start = at(str(moment.replace(microsecond=0)))

    assert plain.hours_between(start, plain.add_hours(start, hours)) == timedelta(hours=hours)


@given(moment=MOMENTS, days=some.integers(1, 30))
def test_the_days_to_a_deadline_are_the_days_that_were_given(moment, days):
    plain = WorkingTime()
    start = at(str(moment.replace(microsecond=0)))

    assert plain.days_between(start.date(), plain.add_days(start, days).date()) == days


@pytest.mark.parametrize("hours", [0, -1])
def test_a_deadline_lies_ahead(calendar, hours):
    with pytest.raises(ValueError):
        calendar.add_hours(at("2026-10-12 09:00"), hours)


def test_a_calendar_without_working_days_is_called_broken():
    never = WorkingTime(days={date(2026, 1, 1) + timedelta(days=n): False for n in range(5000)})

    with pytest.raises(ValueError, match="no working days"):
        never.add_days(at("2026-01-01 09:00"), 1)


def test_seeding_again_changes_nothing(calendar):
    assert seed(2026) == (0, 0)


def test_a_day_that_the_office_has_set_stays(calendar):
    CalendarDay.objects.filter(date="2026-10-10").update(is_working=False, source=CalendarDay.Source.OFFICE)

    assert seed(2026) == (0, 0)
    assert CalendarDay.objects.get(date="2026-10-10").is_working is False


def test_a_notice_that_was_changed_is_followed(calendar):
    CalendarDay.objects.filter(date="2026-10-10").update(is_working=False)

    assert seed(2026) == (0, 1)


def test_the_command_tells_what_it_did(db):
    said = StringIO()

    call_command("seed_calendar", "--from-year", "2026", stdout=said)

    assert said.getvalue().startswith(f"{CalendarDay.objects.count()} days added")


def test_the_page_shows_the_year_and_counts_its_working_days(client, office, calendar):
    client.force_login(office)

    answer = client.get("/units/calendar/?year=2026").content.decode()

    assert "全年 248 个工作日" in answer
    assert "国庆节" in answer
    assert "尚未录入" not in answer


def test_a_year_without_a_notice_is_called_provisional(client, office, calendar):
    client.force_login(office)

    assert "尚未录入" in client.get("/units/calendar/?year=2035").content.decode()


@pytest.mark.parametrize("year", ["abc", "0", "99999", "-5", "²", "9" * 5000])
def test_a_year_that_is_none_shows_this_one(client, office, year):
    client.force_login(office)

    assert client.get(f"/units/calendar/?year={year}").status_code == 200


def test_the_office_sets_a_day(client, office, calendar):
    client.force_login(office)

    client.post("/units/calendar/2026-10-09/", {"is_working": "False", "name": "全市活动"})

    day = CalendarDay.objects.get(date="2026-10-09")
    assert (day.is_working, day.source) == (False, "office")
    assert not WorkCalendar.load().is_working(day.date)


def test_a_day_follows_its_weekday_again(client, office, calendar):
    client.force_login(office)
    day = CalendarDay.objects.get(date="2026-10-10")

    client.post(f"/units/calendar/days/{day.pk}/delete/")

    assert not WorkCalendar.load().is_working(day.date)


def test_the_hours_of_a_day_are_set(client, office, calendar):
    client.force_login(office)
    hours = {"first_starts": "09:00", "first_ends": "12:00", "second_starts": "13:00", "second_ends": "17:00"}

    client.post("/units/calendar/hours/", hours)

    assert WorkCalendar.load().hours == ((time(9), time(12)), (time(13), time(17)))


@pytest.mark.parametrize("wrong", [{"first_ends": "08:00"}, {"second_ends": ""}, {"second_starts": "11:00"}])
def test_hours_that_do_not_follow_each_other_are_refused(client, office, wrong):
    client.force_login(office)
    hours = {"first_starts": "09:00", "first_ends": "12:00", "second_starts": "13:00", "second_ends": "17:00"}

    assert client.post("/units/calendar/hours/", hours | wrong).status_code == 422


@pytest.mark.parametrize("address", ["2026-10-09/", "hours/"])
def test_only_the_office_at_the_top_changes_the_calendar(client, lead, address):
    client.force_login(lead)

    assert client.get(f"/units/calendar/{address}").status_code == 403
    assert client.get("/units/calendar/").status_code == 200


def test_a_day_that_is_none_is_not_found(client, office):
    client.force_login(office)

    assert client.get("/units/calendar/2026-02-30/").status_code == 404


def test_the_database_refuses_hours_that_end_before_they_start(db):
    with pytest.raises(IntegrityError, match="units_hours_end_after_start"):
        WorkingHours.objects.create(starts="12:00", ends="08:00")
