"""The one digest of a day: whose hands, how many, once, in whose language."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tasks import jobs, reminders
from tasks.lights import Lights
from tasks.models import Digest
from tests.inspections.rivals import race
from tests.makers import at
from tests.tasks.conftest import LATE, MORNING
from units.models import CalendarDay, Notice, User, WorkCalendar
from units.roles import Role

pytestmark = pytest.mark.django_db
SOON, FAR = "2026-09-21", "2026-12-31"


def subjects(user):
    return list(user.notices.values_list("subject", flat=True))


def test_what_presses_is_told_to_those_who_work_in_the_unit(remind, ask, bureau, lead, staff, other_lead, office):
    late, soon = ask(bureau), ask(bureau, SOON)
    ask(bureau, FAR)

    remind()

    digest = Digest.objects.get(user=lead)
    assert (digest.overdue, digest.due_soon, digest.most_urgent) == (1, 1, [late.pk, soon.pk])
    assert [Notice.objects.filter(user=user).count() for user in (lead, staff, other_lead, office)] == [1, 1, 0, 0]


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_what_does_not_lie_with_the_unit_is_no_reminder(remind, put_in, lead, state):
    row = put_in(state)
    type(row).objects.filter(pk=row.pk).update(deadline=LATE)

    remind()

    assert not Digest.objects.exists()


def test_a_section_with_people_is_reminded_itself(remind, ask, bureau, make_unit, make_member, lead):
    section = make_unit("市容科", parent=bureau)
    clerk = make_member(section, Role.UNIT_STAFF)
    ask(section)

    remind()

    assert list(Digest.objects.values_list("user", flat=True)) == [clerk.pk]


def test_what_nobody_works_in_lies_in_the_hands_of_the_nearest_unit_above(remind, ask, bureau, make_unit, lead):
    ask(make_unit("第三中学", parent=make_unit("学校", parent=bureau)))

    remind()

    assert list(Digest.objects.values_list("user", flat=True)) == [lead.pk]


@pytest.mark.parametrize("gone", [{"is_active": False}, {}])
def test_who_has_left_is_not_reminded(remind, ask, bureau, lead, gone):
    User.objects.filter(pk=lead.pk).update(**gone)
    if not gone:
        lead.memberships.get().end()
    ask(bureau)

    remind("2099-09-18 08:00")

    assert not Digest.objects.exists()


def test_at_most_ten_are_named_the_longest_late_first(remind, ask, bureau, lead):
    for day in range(14, 2, -1):
        ask(bureau, f"2026-09-{day:02}", title=f"{day}日到期")

    remind()

    digest, notice = Digest.objects.get(), lead.notices.get()
    assert (digest.overdue, len(digest.most_urgent), digest.more) == (12, 10, 2)
    lines = notice.note.splitlines()
    assert "3日到期" in lines[0]
    assert "12日到期" in lines[9]
    assert len(lines) == 11


def test_there_is_one_digest_a_day(remind, ask, bureau, lead):
    ask(bureau)
    remind()
    ask(bureau)
    remind("2026-09-18 08:15")
    assert len(subjects(lead)) == 1

    remind("2026-09-21 08:00")

    assert Digest.objects.count() == len(subjects(lead)) == 2


@pytest.mark.parametrize("moment", ["2026-09-19 08:00", "2026-09-20 08:00"])
def test_days_off_are_quiet(remind, ask, bureau, lead, moment):
    ask(bureau)

    remind(moment)

    assert subjects(lead) == []


def test_a_working_sunday_is_not(remind, ask, bureau, lead):
    CalendarDay.objects.create(date="2026-09-20", is_working=True)
    ask(bureau)

    remind("2026-09-20 08:00")

    assert len(subjects(lead)) == 1


def test_each_reads_it_in_their_own_language(remind, ask, bureau, lead, staff):
    User.objects.filter(pk=staff.pk).update(language="en")
    ask(bureau)

    remind()

    assert subjects(staff) == ["Your tasks today: 1 overdue"]
    assert subjects(lead) != subjects(staff)
    assert "working days late" in staff.notices.get().note
    assert "working days late" not in lead.notices.get().note


def test_a_job_that_broke_off_is_made_good_by_the_next(remind, ask, bureau, lead, staff, monkeypatch, caplog):
    ask(bureau)
    tell = type(Notice.objects).tell

    def fail_for_the_second(self, digest):
        if digest.user_id == staff.pk:
            raise ZeroDivisionError
        tell(self, digest)

    with monkeypatch.context() as patch:
        patch.setattr(type(Notice.objects), "tell", fail_for_the_second)
        remind()
    assert list(Digest.objects.values_list("user", flat=True)) == [lead.pk]
    assert "cannot remind" in caplog.text

    remind("2026-09-18 08:15")

    assert (len(subjects(lead)), len(subjects(staff))) == (1, 1)


def test_the_database_refuses_a_second_digest_of_the_day(lead):
    Digest.objects.create(user=lead, day="2026-09-18")

    with pytest.raises(IntegrityError, match="tasks_one_digest_a_day"), transaction.atomic():
        Digest.objects.create(user=lead, day="2026-09-18")


def test_ones_digest_shows_its_rows_as_they_stand_now(remind, ask, bureau, lead, staff, client):
    row = ask(bureau)
    remind()
    type(row).objects.filter(pk=row.pk).update(state="submitted")
    client.force_login(lead)

    page = client.get(lead.notices.get().link)

    assert [(one.pk, one.light) for one in page.context["rows"]] == [(row.pk, "")]
    client.force_login(staff)
    assert client.get(reverse("tasks:digest", args=[Digest.objects.get(user=lead).pk])).status_code == 404


def test_no_more_queries_for_more_rows(ask, bureau, lead, django_assert_max_num_queries):
    lights = Lights.on(at(MORNING), WorkCalendar())
    for _ in range(30):
        ask(bureau)

    with django_assert_max_num_queries(16):
        reminders.make_digest(lead, {bureau.pk}, lights, at(MORNING))


def both_remind(lead, bureau):
    """Two workers make the same person's digest at once."""
    lights = Lights.on(at(MORNING), WorkCalendar())
    return race(*[lambda: reminders.make_digest(lead, {bureau.pk}, lights, at(MORNING))] * 2)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_workers_waits_and_tells_nothing(ask, bureau, lead):
    ask(bureau)

    has_waited, rival = both_remind(lead, bureau)

    assert has_waited
    assert (rival.error, rival.result) == (None, None)
    assert Digest.objects.count() == len(subjects(lead)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_would_tell(ask, bureau, lead):
    """The counter-proof: nothing else than the constraint holds the second one back."""
    ask(bureau)
    constraint = next(one for one in Digest._meta.constraints if one.name == "tasks_one_digest_a_day")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Digest, constraint)
    try:
        both_remind(lead, bureau)

        assert Digest.objects.count() == len(subjects(lead)) == 2
    finally:
        Digest.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Digest, constraint)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_the_job_twice_and_tells_once(celery_worker_process, ask, bureau, lead, monkeypatch):
    today = timezone.localdate()
    CalendarDay.objects.create(date=today, is_working=True)
    ask(bureau, today - timedelta(days=9))

    for _ in range(2):
        jobs.remind_of_the_day.delay()

    celery_worker_process.wait(lambda: celery_worker_process.log.read_text().count("succeeded in") >= 2, "no job done")
    assert Digest.objects.count() == len(subjects(lead)) == 1
