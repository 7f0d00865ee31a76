"""Two people make the same at the same moment: a form says so to the second, a press is a conflict; never an error."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from inspections.models import Checklist
from reports.seeds import default_scheme
from tasks.models import Assignment, Ledger, Task
from tests.inspections.rivals import race
from tests.tasks.rows import unit_rows
from units.models import Membership, Unit, UnitKind, User
from units.roles import Role
from units.twins import Twin, once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(client, office, admin_user):
    """Post a form while another has just made the same and not committed yet. Returns the answer."""

    def post(make, address, data, user=office):
        client.force_login(user)
        has_waited, rival = race(make, lambda: client.post(address, data))
        assert has_waited, "the second did not meet the first"
        assert rival.error is None, rival.error
        return rival.result

    return post


def said_so(answer):
    return answer.status_code == 422 and "刚刚有人保存了相同的内容" in answer.content.decode()


def test_two_units_of_one_name(second, city):
    kind = UnitKind.objects.get()
    data = {"parent": city.pk, "name": "市文旅局", "kind": kind.pk, "order": 0, "valid_from": "2020-01-01"}

    answer = second(
        lambda: Unit.objects.create(name="市文旅局", parent=city, kind=kind), reverse("units:unit-create"), data
    )

    assert said_so(answer)
    assert Unit.objects.filter(name="市文旅局").count() == 1


def test_two_kinds_of_one_name(second, city):
    address = reverse("units:kind-create")

    assert said_so(second(lambda: UnitKind.objects.create(name="协会"), address, {"name": "协会", "order": 1}))


def test_two_invitations_for_one_user_name(second, bureau, admin_user):
    data = {"name": "王同志", "username": "wang", "unit": bureau.pk, "role": "unit_staff", "since": "2026-01-01"}

    answer = second(
        lambda: User.objects.create(username="wang", name="王某"), reverse("units:invite"), data, admin_user
    )

    assert said_so(answer)
    assert not Membership.objects.filter(user__username="wang").exists()


def test_one_role_given_twice(second, staff, other_bureau, admin_user):
    data = {"unit": other_bureau.pk, "role": Role.UNIT_LEAD.value, "since": "2026-01-01"}

    answer = second(
        lambda: staff.memberships.create(unit=other_bureau, role=Role.UNIT_LEAD),
        reverse("units:role-create", args=[staff.pk]),
        data,
        admin_user,
    )

    assert said_so(answer)


def test_two_ledgers_of_one_name_and_year(second, city):
    data = {"name": "分解表", "year": 2026, "unit": city.pk}

    assert said_so(
        second(lambda: Ledger.objects.create(unit=city, year=2026, name="分解表"), reverse("tasks:ledger-new"), data)
    )


def test_one_task_written_twice(second, city, bureau):
    ledger = Ledger.objects.create(unit=city, year=2026, name="分解表")
    key = Task.key_of("设置公益广告", "")

    answer = second(
        lambda: Task.objects.create(ledger=ledger, key=key, title="设置公益广告"),
        reverse("tasks:task-new", args=[ledger.pk]),
        unit_rows((bureau, "lead"), title="设置公益广告"),
    )

    assert said_so(answer)
    assert (Task.objects.count(), Assignment.objects.count()) == (1, 0)


def test_two_places_of_one_name(second, bureau, market):
    data = {"name": "人民路市场", "place_type": market.pk, "unit": bureau.pk}

    answer = second(
        lambda: bureau.places.create(name="人民路市场", place_type=market), reverse("inspections:place-add"), data
    )

    assert said_so(answer)


def test_a_checklist_copied_twice_is_a_conflict(second, checklist, city):
    answer = second(
        lambda: Checklist.objects.create(unit=city, name=checklist.name, version=2),
        reverse("inspections:checklist-copy", args=[checklist.pk]),
        {},
    )

    assert (answer.status_code, Checklist.objects.count()) == (409, 2)


def test_a_scheme_copied_twice_is_a_conflict(second, city):
    scheme = default_scheme(city)

    answer = second(lambda: scheme.next_version(), reverse("reports:scheme-copy", args=[scheme.pk]), {})

    assert (answer.status_code, city.schemes.count()) == (409, 2)


def test_what_is_no_twin_stays_an_error():
    with pytest.raises(IntegrityError, match="not-null"), once():
        UnitKind.objects.create(name=None)


def test_what_came_before_the_twin_is_taken_back(db):
    with pytest.raises(Twin), once():
        UnitKind.objects.create(name="协会")
        UnitKind.objects.create(name="协会")

    assert not UnitKind.objects.exists()
