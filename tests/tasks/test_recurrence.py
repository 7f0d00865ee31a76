"""Tasks that come again: an occurrence for each month or quarter, once and only once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from tasks import jobs
from tasks.models import Assignment, Digest, Escalation, Rung, Task, recurrence
from tasks.models.division import Given
from tests.tasks.rows import unit_rows
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 10)


@pytest.fixture
def pattern(make_task, bureau):
    """Each month on the 31st, from January 2026."""
    task = make_task("卫生大扫除", repeats="monthly", deadline=date(2026, 1, 31), is_key=True)
    task.assign({bureau: Given("lead", Decimal(100), date(2026, 1, 20), Decimal(4), "次", "每周一次")})
    return task


def days(pattern):
    return list(pattern.occurrences.order_by("occurs_on").values_list("occurs_on", "deadline"))


def test_each_month_until_today_has_one(pattern):
    recurrence.make_due(pattern.pk, MAY)

    assert days(pattern) == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 5, 31)),
    ]


def test_each_quarter_has_one_on_the_same_day_of_its_month(make_task):
    pattern = make_task(repeats="quarterly", deadline=date(2026, 2, 25))

    recurrence.make_due(pattern.pk, date(2026, 7, 1))

    expected = [(date(2026, m, 1), date(2026, m + 1, 25)) for m in (1, 4, 7)]
    assert days(pattern) == expected


@pytest.mark.parametrize(
    ("fields", "today", "made"),
    [
        ({"deadline": date(2026, 4, 10)}, MAY, [4, 5]),
        ({"repeats_until": date(2026, 3, 15)}, MAY, [1, 2, 3]),
        ({}, date(2027, 6, 1), list(range(1, 13))),
        ({}, date(2025, 12, 31), []),
    ],
)
def test_it_begins_with_its_deadline_and_ends_with_its_year(pattern, fields, today, made):
    Task.objects.filter(pk=pattern.pk).update(**fields)

    recurrence.make_due(pattern.pk, today)

    assert [day.month for day, _deadline in days(pattern)] == made


def test_made_twice_nothing_is_made_the_second_time(pattern):
    first, second = recurrence.make_due(pattern.pk, MAY), recurrence.make_due(pattern.pk, MAY)

    assert (len(first), second) == (5, [])


def test_the_database_refuses_a_second_one(pattern, make_task):
    recurrence.make_due(pattern.pk, date(2026, 1, 5))

    with pytest.raises(IntegrityError, match="tasks_occurs_once"):
        make_task(repeat_of=pattern, occurs_on=date(2026, 1, 1))


def test_an_occurrence_is_a_task_of_its_own_with_words_and_units(pattern, bureau):
    [_january, february] = recurrence.make_due(pattern.pk, date(2026, 2, 1))

    assert (february.title, february.is_key, february.repeats) == ("卫生大扫除（2026年2月）", True, "")
    expected = Given("lead", Decimal(100), date(2026, 2, 20), Decimal(4), "次", "每周一次")
    assert Given.of(february.assignments.get(unit=bureau)) == expected


def test_what_is_changed_in_the_pattern_counts_from_then_on(pattern, bureau, other_bureau):
    recurrence.make_due(pattern.pk, date(2026, 1, 5))
    pattern.assign({other_bureau: "lead"})

    recurrence.make_due(pattern.pk, date(2026, 2, 5))

    units = [one.assignments.get().unit for one in pattern.occurrences.order_by("occurs_on")]
    assert units == [bureau, other_bureau]


def test_a_unit_that_ended_is_left_out_or_followed_by_its_successor(pattern, bureau, other_bureau, make_unit, city):
    third = make_unit("市住建局", parent=city)
    pattern.assign({bureau: Given("lead", Decimal(60)), third: Given("responsible", Decimal(40))})
    bureau.merge_into(other_bureau, on=date(2026, 1, 1))
    third.end(on=date(2026, 1, 1))

    [one] = recurrence.make_due(pattern.pk, date(2026, 1, 5))

    row = one.assignments.get()
    assert (row.unit, row.part, row.share) == (other_bureau, "lead", None)


def test_a_unit_that_stands_elsewhere_by_now_is_left_out(pattern, bureau, other_bureau, make_unit):
    pattern.assign({bureau: Given("lead"), other_bureau: Given("responsible")})
    bureau.move(make_unit("宁川市"))

    [one] = recurrence.make_due(pattern.pk, date(2026, 1, 5))

    assert one.assignments.get().unit == other_bureau


def test_units_that_were_merged_in_a_circle_keep_nobody_waiting(pattern, bureau, other_bureau):
    bureau.merge_into(other_bureau, on=date(2026, 1, 1))
    other_bureau.merge_into(bureau, on=date(2026, 1, 2))

    [one] = recurrence.make_due(pattern.pk, date(2026, 1, 5))

    assert not one.assignments.exists()


def test_the_nightly_job_makes_them_and_one_bad_pattern_stops_no_other(pattern, make_task, monkeypatch):
    this_year = timezone.localdate().year
    pattern.ledger.year = this_year
    pattern.ledger.save()
    Task.objects.filter(pk=pattern.pk).update(deadline=date(this_year, 1, 31))
    bad, plain = make_task(repeats="monthly", deadline=date(this_year, 1, 5)), recurrence.make_due

    def make_due(pk, today):
        if pk == bad.pk:
            raise RuntimeError
        return plain(pk, today)

    monkeypatch.setattr(recurrence, "make_due", make_due)

    assert (jobs.make_occurrences(), jobs.make_occurrences()) == (timezone.localdate().month, 0)


# --- what a pattern is not ---


def test_a_pattern_is_asked_of_nobody(client, pattern, office, lead):
    client.force_login(office)
    page = client.get(pattern.ledger.get_absolute_url()).context
    client.force_login(lead)
    mine = client.get(reverse("tasks:my-tasks")).context["listing"]

    assert (page["figures"]["asked"], page["listing"].rows[0].asked, mine.count) == (0, 0, 0)
    assert not Assignment.objects.asked_by_ledgers().exists()


def test_a_pattern_reminds_nobody(remind, pattern, lead, office):
    Rung.objects.create(unit=pattern.ledger.unit, tells="lead", days=1)

    remind("2026-09-21 08:00")

    assert not Digest.objects.exists()
    assert not Escalation.objects.exists()


def test_a_pattern_stands_in_no_calendar_and_on_no_sheet(client, pattern, office, bureau):
    client.force_login(office)
    month = f"{reverse('tasks:deadlines')}?month={pattern.deadline:%Y-%m}"
    sheet = f"{reverse('tasks:self-check-sheet', args=[pattern.ledger_id])}?unit={bureau.pk}"

    assert client.get(month).context["total"] == 0
    assert client.get(sheet).context["lines"] == []


def test_a_pattern_without_its_first_deadline_makes_nothing_and_says_so(client, pattern, office):
    Task.objects.filter(pk=pattern.pk).update(deadline=None)
    client.force_login(office)

    assert recurrence.make_due(pattern.pk, MAY) == []
    assert "缺少首期期限" in client.get(pattern.get_absolute_url()).content.decode()


def test_a_pattern_is_not_reported_on(client, pattern, lead):
    given = pattern.assignments.get()
    client.force_login(lead)

    assert client.get(given.get_absolute_url()).context["form"] is None
    with pytest.raises(NotInThisState):
        given.write(by=lead, quantity=Decimal(1), narrative="已清扫")
    assert client.get(reverse("tasks:hand-down", args=[given.pk])).status_code == 409


def test_a_pattern_with_occurrences_is_not_deleted(pattern):
    recurrence.make_due(pattern.pk, MAY)
    pattern.assign({})

    with pytest.raises(ValidationError, match="已按它生成"):
        pattern.remove()


# --- pages ---


def test_the_office_makes_the_due_ones_by_a_button(client, pattern, office):
    client.force_login(office)
    this_year = timezone.localdate().year
    type(pattern.ledger).objects.update(year=this_year)
    Task.objects.update(deadline=date(this_year, 1, 31))

    client.post(reverse("tasks:occurrences-make", args=[pattern.pk]))

    page = client.get(pattern.get_absolute_url())
    assert len(page.context["occurrences"]) == timezone.localdate().month
    occurrence = page.context["occurrences"][0]
    assert pattern.get_absolute_url() in client.get(occurrence.get_absolute_url()).content.decode()


def form(pattern, bureau, **fields):
    words = {"title": "卫生大扫除", "deadline": "2026-01-31", "repeats": "monthly"} | fields
    return unit_rows((bureau, "lead"), **words)


def test_a_pattern_is_made_by_the_form_of_a_task(client, office, ledger, bureau):
    client.force_login(office)

    client.post(reverse("tasks:task-new", args=[ledger.pk]), form(None, bureau, repeats_until="2026-06-30"))

    assert (Task.objects.get().repeats, Task.objects.get().repeats_until) == ("monthly", date(2026, 6, 30))


@pytest.mark.parametrize("wrong", [{"deadline": ""}, {"repeats": ""}, {"repeats": "quarterly"}])
def test_a_pattern_keeps_its_deadline_and_its_rhythm(client, office, pattern, bureau, wrong):
    recurrence.make_due(pattern.pk, MAY)
    client.force_login(office)

    answer = client.post(reverse("tasks:task-edit", args=[pattern.pk]), form(pattern, bureau, **wrong))

    assert answer.status_code == 422


def test_a_task_that_was_reported_on_does_not_become_a_pattern(client, office, put_in, bureau):
    task = put_in("doing").task
    client.force_login(office)

    assert client.post(reverse("tasks:task-edit", args=[task.pk]), form(task, bureau)).status_code == 422
