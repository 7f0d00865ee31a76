"""The calendar of deadlines, and the file for another calendar."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from tasks import ics
from tasks.deadlines import month_asked
from units.models import CalendarDay

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
COUNT = re.compile(r'<li><a href="([^"]+)"><span class="state state-\w+">.*?</svg>(\d+) ')


@pytest.fixture
def month(client):
    """The month that somebody sees, by date."""

    def month(user, query=""):
        client.force_login(user)
        shown = client.get(f"{reverse('tasks:deadlines')}?{query}").context["month"]
        return {day.day.date: day for week in shown.weeks for day in week if day}

    return month


@pytest.fixture
def filled(make_task, give, bureau, other_bureau):
    first = TODAY().replace(day=1)
    give(make_task(deadline=first), bureau, state="completed", percent=100, completed_at=timezone.now())
    give(make_task(deadline=first), bureau, state="submitted")
    give(make_task("别人的", deadline=first), other_bureau)
    give(make_task(deadline=TODAY()), bureau)
    give(make_task(deadline=first - timedelta(days=1)), bureau)
    return first


def test_a_day_counts_what_is_due_by_light(month, filled, office):
    counts = month(office)[filled].counts

    late = "due_soon" if filled == TODAY() else "overdue"
    assert {**counts, late: counts[late] - (filled == TODAY())} == {late: 1, "submitted": 1, "completed": 1}
    assert sum(day.total for day in month(office).values()) == 4


def test_a_unit_sees_its_own_days(month, filled, lead):
    assert sum(day.total for day in month(lead).values()) == 3


def test_each_count_opens_its_rows(client, filled, office):
    client.force_login(office)
    page = client.get(reverse("tasks:deadlines")).content.decode()

    found = COUNT.findall(page)

    assert len(found) >= 6  # on the desk and on the phone
    for url, n in found:
        assert client.get(unescape(url)).context["listing"].count == int(n)


def test_the_months_are_leafed_through_with_their_filters(month, filled, office, other_bureau, client):
    before = filled - timedelta(days=1)

    assert sum(day.total for day in month(office, f"month={before:%Y-%m}").values()) == 1
    assert sum(day.total for day in month(office, f"unit={other_bureau.pk}").values()) == 1
    page = client.get(f"{reverse('tasks:deadlines')}?unit={other_bureau.pk}").content.decode()
    assert f"?month={before:%Y-%m}&amp;unit={other_bureau.pk}" in page


def test_the_work_calendar_marks_its_days(month, office):
    CalendarDay.objects.create(date="2026-10-01", is_working=False, name="国庆节")
    CalendarDay.objects.create(date="2026-10-10", is_working=True, name="国庆节调休")

    days = month(office, "month=2026-10")

    assert (days[date(2026, 10, 1)].day.tone, days[date(2026, 10, 10)].day.tone) == ("rest", "work")
    assert days[date(2026, 10, 11)].day.tone == "weekend"


NO_MONTHS = ["", "2026", "2026-13", "9999-12", "0001-01", "-", "²-1", "2026-00", "一-二", f"{'9' * 5000}-1"]


@pytest.mark.parametrize("words", NO_MONTHS)
def test_what_is_no_month_is_this_month(words):
    assert month_asked(words, date(2026, 9, 18)) == date(2026, 9, 1)


def unfolded(answer):
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_ones_own_open_deadlines_leave_as_a_calendar(client, make_task, give, lead, bureau, other_bureau):
    title = "清理占道经营;并建立,长效机制\n第二行" * 5
    (own,) = give(make_task(title, deadline="2026-09-30"), bureau)
    give(make_task(deadline="2026-09-30"), bureau, state="submitted")
    give(make_task(deadline="2026-09-30"), other_bureau)
    give(make_task(), bureau)
    client.force_login(lead)

    answer = client.get(reverse("tasks:deadlines-file"))

    lines = unfolded(answer)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20260930" in lines
    assert "DTEND;VALUE=DATE:20261001" in lines
    assert f"URL:http://testserver{own.get_absolute_url()}" in lines
    (summary,) = [line for line in lines if line.startswith("SUMMARY:")]
    assert summary.endswith("清理占道经营\\;并建立\\,长效机制\\n第二行")
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= ics.OCTETS


def test_no_letter_is_cut_in_two():
    assert ics.folded("责" * 60).replace(b"\r\n ", b"").decode() == "责" * 60


@pytest.mark.parametrize("day", [date.min, date.max, date.max - timedelta(days=30)])
def test_the_first_and_the_last_day_of_all_are_shown_like_others(client, make_task, give, lead, bureau, day):
    (own,) = give(make_task(deadline=day), bureau)
    client.force_login(lead)

    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in unfolded(client.get(reverse("tasks:deadlines-file")))
    assert client.get(own.get_absolute_url()).status_code == 200
