"""The ladder: who is told after how many days, each rung once, and what the pages say of it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tasks import reminders
from tasks.lights import Lights
from tasks.models import Assignment, Digest, Escalation, Rung
from tasks.reminders import Hands, climb
from tests.inspections.rivals import race
from tests.makers import at
from tests.tasks.conftest import LATE, MORNING
from units.models import WorkCalendar
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(city):
    def rung(tells, days=1, unit=city):
        return Rung.objects.create(unit=unit, tells=tells, days=days)

    return rung


def told(tells):
    """The names of those who were told by a rung."""
    return sorted(Escalation.objects.filter(tells=tells).values_list("readers__name", flat=True))


@pytest.mark.parametrize(
    ("tells", "names"), [("lead", ["城管局联络员"]), ("office", ["文明办小周"]), ("leader", ["市领导"])]
)
def test_a_rung_tells_its_people(remind, ask, rung, bureau, lead, staff, office, leader, tells, names):
    ask(bureau)
    rung(tells)

    remind()

    assert told(tells) == names


def test_a_rung_waits_for_its_day(remind, ask, rung, bureau, office):
    ask(bureau, "2026-09-15")
    rung("office", days=4)

    remind("2026-09-18 08:00")
    assert told("office") == []

    remind("2026-09-21 08:00")
    assert told("office") == ["文明办小周"]
    assert Escalation.objects.get().days_late == 4


def test_each_rung_is_climbed_once(remind, ask, rung, bureau, office):
    ask(bureau)
    rung("office")

    for day in ("18", "21", "22"):
        remind(f"2026-09-{day} 08:00")

    assert Escalation.objects.count() == 1
    assert office.notices.count() == 1


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_what_does_not_lie_with_the_unit_climbs_nothing(remind, put_in, rung, office, state):
    row = put_in(state)
    Assignment.objects.filter(pk=row.pk).update(deadline=LATE)
    rung("office")

    remind()

    assert not Escalation.objects.exists()


def test_the_head_is_told_by_the_own_account(remind, ask, rung, bureau, lead, make_member):
    make_member(bureau, Role.LEADER, name="程局长")
    bureau.persons.create(position="head", name="程局长", since="2020-01-01")
    ask(bureau)
    rung("head")

    remind()

    assert told("head") == ["程局长"]


def test_a_head_without_an_account_is_told_through_the_lead(remind, ask, rung, bureau, lead, client):
    bureau.persons.create(position="head", name="程局长", since="2020-01-01")
    bureau.persons.create(position="head", name="旧局长", since="2019-01-01", until="2019-12-31")
    ask(bureau)
    rung("head")

    remind()

    assert told("head") == ["城管局联络员"]
    client.force_login(lead)
    page = client.get(Digest.objects.get().get_absolute_url())
    assert [one.why for one in page.context["rows"]] == ["请转告主要负责人：程局长"]


def test_what_a_unit_handed_down_is_told_to_its_lead_and_not_to_the_office(
    remind, ask, give, rung, bureau, make_unit, make_member, lead, office, leader
):  # fmt: skip
    above = ask(bureau, "2026-12-31")
    section = make_unit("市容科", parent=bureau)
    make_member(section, Role.UNIT_STAFF)
    give(above.task, section, parent=above, deadline=LATE)
    rung("office")
    rung("leader")

    remind()

    assert (told("office"), told("leader")) == (["城管局联络员"], [])
    assert Digest.objects.get(user=lead).raised == 1


def test_an_office_has_the_ladder_of_its_own_ledgers(remind, ask, rung, bureau, make_unit, office):
    ask(bureau)
    rung("office", unit=make_unit("别市"))

    remind()

    assert not Escalation.objects.exists()


def test_the_office_is_told_in_one_digest(remind, ask, rung, bureau, other_bureau, office):
    for unit in (bureau, other_bureau) * 8:
        ask(unit)
    rung("office")

    remind()

    digest = Digest.objects.get(user=office)
    assert (digest.overdue, digest.raised, digest.more) == (0, 16, 6)
    assert office.notices.count() == 1


def test_what_was_climbed_after_ones_digest_comes_with_the_next(remind, ask, rung, bureau, office):
    ask(bureau)
    rung("office")
    Digest.objects.create(user=office, day="2026-09-18", made_at=at(MORNING))

    remind()
    assert office.notices.count() == 0

    remind("2026-09-21 08:00")
    assert Digest.objects.get(user=office, day="2026-09-21").raised == 1


def test_the_history_of_the_assignment_says_who_was_told(remind, ask, rung, bureau, office, client):
    row = ask(bureau)
    rung("office")
    remind()
    client.force_login(office)

    history = client.get(row.get_absolute_url()).context["history"]

    assert (row.escalations.get().text, "文明办小周") in [(entry.text, entry.note) for entry in history]


def test_the_database_refuses_a_rung_twice(ask, bureau, rung):
    facts = {"assignment": ask(bureau), "tells": "office", "days_late": 1, "due_on": LATE, "at": at(MORNING)}
    Escalation.objects.create(**facts)
    rung("office")

    with pytest.raises(IntegrityError, match="tasks_each_rung_once"), transaction.atomic():
        Escalation.objects.create(**facts)
    with pytest.raises(IntegrityError, match="tasks_one_rung_for_each"), transaction.atomic():
        rung("office")
    with pytest.raises(IntegrityError, match="tasks_a_rung_is_late"), transaction.atomic():
        rung("head", days=0)
    with pytest.raises(IntegrityError, match="tasks_a_rung_tells_somebody"), transaction.atomic():
        rung("mayor")


def both_climb(step):
    lights, now = Lights.on(at(MORNING), WorkCalendar()), at(MORNING)
    hands = Hands(lights.today)
    return race(*[lambda: climb(step.pk, hands, lights, now)] * 2)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_workers_waits_and_finds_nothing(ask, rung, bureau, office):
    ask(bureau)

    has_waited, rival = both_climb(rung("office"))

    assert has_waited
    assert rival.result == 0
    assert Escalation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_only_the_constraint_stops_the_second(ask, rung, bureau, office, monkeypatch):
    """The counter-proof: the rival finds the same assignments late, and runs into the constraint."""
    ask(bureau)
    monkeypatch.setattr(Rung.objects, "select_for_update", lambda **_how: Rung.objects.all())

    _has_waited, rival = both_climb(rung("office"))

    assert "tasks_each_rung_once" in str(rival.error)


def test_the_office_sets_its_ladder(client, office, city):
    client.force_login(office)
    address = reverse("tasks:ladder")

    client.post(address, {"lead": 1, "head": 3, "office": 5, "leader": ""})
    client.post(address, {"lead": 2, "head": "", "office": 5, "leader": 10})

    assert dict(city.ladder.values_list("tells", "days")) == {"lead": 2, "office": 5, "leader": 10}
    assert client.get(address).context["form"].initial == {"lead": 2, "office": 5, "leader": 10}


@pytest.mark.parametrize("asked", [{"lead": 0}, {"lead": -1}, {"head": "x"}, {"lead": 5, "leader": 3}, {"lead": 9999}])
def test_a_ladder_goes_upwards(client, office, city, asked):
    client.force_login(office)

    assert client.post(reverse("tasks:ladder"), asked).status_code == 422
    assert not city.ladder.exists()


def test_a_district_has_a_ladder_of_its_own(client, make_unit, make_member, city):
    district = make_unit("东湖区", parent=city)
    client.force_login(make_member(district, Role.OFFICE))

    client.post(reverse("tasks:ladder"), {"lead": 2})

    assert (district.ladder.count(), city.ladder.count()) == (1, 0)


def test_one_rung_that_fails_does_not_stop_the_others(remind, ask, rung, bureau, office, leader, monkeypatch, caplog):
    ask(bureau)
    broken = rung("leader")
    rung("office", days=2)
    plain = reminders.climb

    def fail_for_one(pk, *given):
        if pk == broken.pk:
            raise ZeroDivisionError
        return plain(pk, *given)

    monkeypatch.setattr(reminders, "climb", fail_for_one)

    remind()

    assert told("office") == ["文明办小周"]
    assert "cannot remind" in caplog.text
