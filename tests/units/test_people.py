"""Accounts and roles: who gives them, to whom, where; what closing an account does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from units.models import Membership, User
from units.models.people import one_time_password
from units.roles import Role


@pytest.fixture
def at_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def district_admin(make_member, bureau):
    return make_member(bureau, Role.ADMIN)


def invitation(unit, **changes):
    data = {"name": "王同志", "username": "wang", "unit": unit.pk, "role": "unit_staff", "since": "2026-01-01"}
    return data | changes


def address(person, step):
    return f"/units/people/{person.pk}/{step}/"


def test_the_one_time_password_is_shown_once(at_admin, bureau, log_in):
    answer = at_admin.post("/units/people/new/", invitation(bureau)).content.decode()

    person = User.objects.get(username="wang")
    password = answer.partition("一次性密码</dt>")[2].partition('secret">')[2].partition("<")[0]
    assert person.check_password(password)
    assert password not in at_admin.get(person.get_absolute_url()).content.decode()


def test_the_page_with_the_password_is_kept_by_no_browser(at_admin, bureau):
    assert "no-store" in at_admin.post("/units/people/new/", invitation(bureau))["Cache-Control"]


def test_one_time_passwords_are_long_and_readable():
    words = {one_time_password() for _ in range(100)}

    assert len(words) == 100
    assert not set("il1o0") & set("".join(words))


def test_a_user_name_is_given_once(at_admin, bureau, person):
    answer = at_admin.post("/units/people/new/", invitation(bureau, username=person.username.upper()))

    assert answer.status_code == 422


def test_nobody_invites_into_a_unit_outside_the_own_scope(client, district_admin, city, other_bureau):
    client.force_login(district_admin)

    for unit in (city, other_bureau):
        assert client.post("/units/people/new/", invitation(unit)).status_code == 422
    assert not User.objects.filter(username="wang").exists()


def test_an_administrator_makes_no_administrator_above(client, district_admin, bureau, city):
    client.force_login(district_admin)

    assert client.post("/units/people/new/", invitation(city, role="admin")).status_code == 422
    assert client.post("/units/people/new/", invitation(bureau, role="admin")).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_administrators_invite(client, make_member, city, role):
    client.force_login(make_member(city, role))

    assert client.get("/units/people/new/").status_code == 403
    assert client.post("/units/people/new/", invitation(city)).status_code == 403


def test_closing_an_account_ends_its_sessions(at_admin, person, log_in):
    device = Client()
    log_in(person.username, client=device)

    at_admin.post(address(person, "deactivate"))

    assert device.get("/account/profile/").status_code == 302
    assert not person.sessions.exists()
    assert log_in(person.username, client=device).status_code == 422


def test_a_closed_account_is_opened_again(at_admin, person, log_in):
    person.deactivate()

    at_admin.post(address(person, "reactivate"))

    assert log_in(person.username, client=Client()).status_code == 302


def test_a_reset_ends_the_old_password_and_every_session(at_admin, person, log_in):
    device = Client()
    log_in(person.username, client=device)

    at_admin.post(address(person, "password"))

    person.refresh_from_db()
    assert person.must_change_password
    assert device.get("/account/profile/").status_code == 302


@pytest.mark.parametrize("step", ["deactivate", "password", "roles/new"])
def test_nobody_closes_or_promotes_the_own_account(at_admin, admin, bureau, step):
    data = {"unit": bureau.pk, "role": "office", "since": "2026-01-01"}

    assert at_admin.post(address(admin, step), data).status_code == 403


@pytest.mark.parametrize("step", ["deactivate", "password", "reactivate"])
def test_an_account_with_a_role_elsewhere_is_not_taken_over(client, district_admin, person, city, step):
    person.memberships.create(unit=city, role=Role.OFFICE, since="2020-01-01")
    client.force_login(district_admin)

    assert client.post(address(person, step)).status_code == 403


def test_an_account_whose_role_above_begins_tomorrow_is_not_taken_over(client, district_admin, person, city):
    person.memberships.create(unit=city, role=Role.OFFICE, since=timezone.localdate() + timedelta(days=1))
    client.force_login(district_admin)

    assert client.post(address(person, "password")).status_code == 403


@pytest.mark.parametrize("step", ["deactivate", "password"])
def test_a_superuser_is_not_taken_over(at_admin, admin_user, bureau, step):
    admin_user.memberships.create(unit=bureau, role=Role.UNIT_STAFF)

    assert at_admin.post(address(admin_user, step)).status_code == 403


@pytest.mark.parametrize("step", ["deactivate", "password", "roles/new"])
def test_the_office_looks_people_up_and_changes_nothing(client, office, person, step):
    client.force_login(office)

    assert client.get(person.get_absolute_url()).status_code == 200
    assert client.post(address(person, step)).status_code == 403


def test_people_of_others_are_not_found(client, other_lead, person):
    client.force_login(other_lead)

    assert client.get(person.get_absolute_url()).status_code == 404
    assert client.post(address(person, "deactivate")).status_code == 404


def test_a_person_gets_one_more_role(at_admin, person, other_bureau):
    data = {"unit": other_bureau.pk, "role": "unit_lead", "since": "2026-01-01", "until": ""}

    at_admin.post(address(person, "roles/new"), data)

    assert User.objects.get(pk=person.pk).has_role(Role.UNIT_LEAD, other_bureau)


def test_the_same_role_is_not_given_twice(at_admin, person, bureau):
    data = {"unit": bureau.pk, "role": "unit_staff", "since": "2026-01-01"}

    assert at_admin.post(address(person, "roles/new"), data).status_code == 422


def test_a_role_that_has_ended_no_longer_counts(at_admin, person, bureau):
    membership = person.memberships.get()

    at_admin.post(f"/units/memberships/{membership.pk}/end/")

    assert not User.objects.get(pk=person.pk).has_role(Role.UNIT_STAFF, bureau)


def test_a_role_given_and_ended_on_one_day_no_longer_counts_but_is_remembered(person, other_bureau):
    membership = person.memberships.create(unit=other_bureau, role=Role.UNIT_LEAD)

    membership.end()

    assert membership not in Membership.objects.current()
    assert person.memberships.filter(unit=other_bureau).exists()


def test_a_role_is_extended(at_admin, person):
    membership = person.memberships.get()

    at_admin.post(f"/units/memberships/{membership.pk}/", {"since": "2020-01-01", "until": "2030-01-01"})

    membership.refresh_from_db()
    assert str(membership.until) == "2030-01-01"


def test_roles_in_units_of_others_are_not_changed(client, district_admin, other_lead, office):
    client.force_login(district_admin)

    for membership in (other_lead.memberships.get(), office.memberships.get()):
        assert client.post(f"/units/memberships/{membership.pk}/end/").status_code == 404


def test_roles_in_a_unit_that_has_ended_count_no_more(lead, bureau):
    bureau.end(on=timezone.localdate() - timedelta(days=1))

    assert User.objects.get(pk=lead.pk).roles == set()


def test_a_role_reaches_all_units_below_and_none_beside(lead, bureau, other_bureau, make_unit, city):
    section = make_unit("市容科", parent=bureau)

    assert lead.has_role(Role.UNIT_LEAD, section)
    assert not lead.has_role(Role.UNIT_LEAD, other_bureau)
    assert not lead.has_role(Role.UNIT_LEAD, city)


def test_roles_are_read_once_per_request(lead, bureau, django_assert_num_queries):
    fresh = User.objects.get(pk=lead.pk)

    with django_assert_num_queries(1):
        for _ in range(3):
            fresh.has_role(Role.UNIT_LEAD, bureau)


def test_a_person_works_in_several_units(lead, bureau, other_bureau):
    lead.memberships.create(unit=other_bureau, role=Role.UNIT_STAFF)

    assert set(lead.units_in_scope()) == {bureau, other_bureau}


def test_the_database_refuses_an_unknown_role(bureau, person):
    with pytest.raises(IntegrityError, match="units_membership_role_is_known"):
        person.memberships.create(unit=bureau, role="king")


def test_the_database_refuses_a_role_that_ends_before_it_began(bureau, person):
    with pytest.raises(IntegrityError, match="units_membership_ends_after_it_began"):
        person.memberships.create(unit=bureau, role="office", since="2026-01-02", until="2026-01-01")


def test_the_database_refuses_the_same_open_role_twice(bureau, person):
    with pytest.raises(IntegrityError, match="units_membership_held_once"):
        person.memberships.create(unit=bureau, role="unit_staff")


def test_an_ended_role_is_not_opened_beside_the_same_open_role(at_admin, bureau, person):
    ended = person.memberships.create(unit=bureau, role="unit_staff", since="2025-01-01", until="2025-12-31")

    answer = at_admin.post(f"/units/memberships/{ended.pk}/", {"since": "2025-01-01", "until": ""})

    assert answer.status_code == 422


def test_the_list_finds_people_by_unit_and_by_role(client, office, lead, other_lead):
    client.force_login(office)

    by_unit = client.get("/units/people/?q=城管").content.decode()
    by_role = client.get("/units/people/?role=office").content.decode()

    assert lead.name in by_unit and other_lead.name not in by_unit
    assert office.username in by_role and lead.name not in by_role


def test_closed_accounts_are_shown_when_asked_for(client, office, person):
    person.deactivate()
    client.force_login(office)

    assert person.name not in client.get("/units/people/").content.decode()
    assert person.name in client.get("/units/people/?closed=on").content.decode()
