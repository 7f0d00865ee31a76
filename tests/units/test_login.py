"""Logging in and out, the one-time password, the limit of devices, and what happens after wrong passwords."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.units.conftest import PASSWORD
from units.login import client_address
from units.models import User

LOGIN, PROFILE, PASSWORD_PAGE = "/account/login/", "/account/profile/", "/account/password/"
NEW = "quite-another-77"


def is_logged_in(client):
    return client.get(PROFILE).status_code == 200


def test_every_page_asks_for_a_login_first(client, db):
    assert client.get(PROFILE).url == f"{LOGIN}?next={PROFILE}"


def test_a_person_logs_in_with_name_and_password(client, person, log_in):
    assert log_in(person.username).url == reverse("home")
    assert is_logged_in(client)


def test_after_the_login_people_are_where_they_wanted_to_go(client, person):
    data = {"username": person.username, "password": PASSWORD, "next": PROFILE}

    assert client.post(LOGIN, data).url == PROFILE


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_login_leads_to_no_other_site(client, person, address):
    data = {"username": person.username, "password": PASSWORD, "next": address}

    assert client.post(LOGIN, data).url == reverse("home")


def test_a_wrong_password_is_said_in_the_form(client, person, log_in):
    answer = log_in(person.username, "wrong")

    assert answer.status_code == 422
    assert "用户名" in answer.content.decode()
    assert not is_logged_in(client)


@pytest.mark.parametrize("name", ["u" * 151, "u" * 5000, "a\x00b"])
def test_a_name_that_nobody_can_have_is_wrong_like_any_other(log_in, db, name):
    assert log_in(name, "wrong").status_code == 422


def test_passwords_are_kept_as_argon2(person):
    assert person.password.startswith("argon2")


def test_logging_out_ends_the_session(client, person, log_in):
    log_in(person.username)

    client.post("/account/logout/")

    assert not is_logged_in(client)
    assert not person.sessions.exists()


def test_logging_out_takes_a_button_and_not_a_link(client, person):
    client.force_login(person)

    assert client.get("/account/logout/").status_code == 405


def test_a_one_time_password_leads_to_its_change_before_anything_else(client, invited, log_in):
    user, password = invited

    log_in(user.username, password)

    assert client.get("/").url == client.get(PROFILE).url == PASSWORD_PAGE
    assert client.get(PASSWORD_PAGE).status_code == 200


def test_with_a_password_of_their_own_the_way_is_free(client, invited, log_in):
    user, password = invited
    log_in(user.username, password)

    client.post(PASSWORD_PAGE, {"new_password1": NEW, "new_password2": NEW})

    user.refresh_from_db()
    assert (user.must_change_password, user.password_valid_until) == (False, None)
    assert is_logged_in(client)


@pytest.mark.parametrize("bad", ["short-1", "1234567890", "password123"])
def test_a_weak_password_is_refused(client, invited, log_in, bad):
    user, password = invited
    log_in(user.username, password)

    assert client.post(PASSWORD_PAGE, {"new_password1": bad, "new_password2": bad}).status_code == 422


def test_the_one_time_password_cannot_be_kept(client, invited, log_in):
    user, password = invited
    log_in(user.username, password)

    answer = client.post(PASSWORD_PAGE, {"new_password1": password, "new_password2": password})

    assert answer.status_code == 422
    assert "不同" in answer.content.decode()


def test_a_one_time_password_runs_out(client, invited, log_in):
    user, password = invited
    User.objects.update(password_valid_until=timezone.now() - timedelta(minutes=1))

    answer = log_in(user.username, password)

    assert "一次性密码已过期" in answer.content.decode()
    assert not is_logged_in(client)


def test_only_the_right_password_learns_that_it_has_run_out(invited, log_in):
    User.objects.update(password_valid_until=timezone.now() - timedelta(minutes=1))

    assert "一次性密码已过期" not in log_in(invited[0].username, "wrong").content.decode()


def test_a_session_with_a_one_time_password_ends_when_it_runs_out(client, invited, log_in):
    user, password = invited
    log_in(user.username, password)

    User.objects.update(password_valid_until=timezone.now() - timedelta(minutes=1))

    assert client.get(PASSWORD_PAGE).status_code == 302


def test_the_old_password_is_asked_for_later_on(client, person, log_in):
    log_in(person.username)

    refused = client.post(PASSWORD_PAGE, {"old_password": "no", "new_password1": NEW, "new_password2": NEW})
    taken = client.post(PASSWORD_PAGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})

    assert (refused.status_code, taken.status_code) == (422, 302)


def test_a_new_password_logs_out_every_other_device(client, person, log_in):
    other = Client()
    log_in(person.username, client=other)
    log_in(person.username)

    client.post(PASSWORD_PAGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})

    assert is_logged_in(client)
    assert not is_logged_in(other)
    assert person.sessions.count() == 1


def test_a_third_device_ends_the_oldest_session(person, log_in):
    devices = [Client(), Client(), Client()]

    for device in devices:
        log_in(person.username, client=device)

    assert [is_logged_in(device) for device in devices] == [False, True, True]


def test_sessions_that_have_run_out_do_not_count(client, person, log_in):
    first = Client()
    log_in(person.username, client=first)
    second = Client()
    log_in(person.username, client=second)
    second.session.set_expiry(-1)
    second.session.save()
    person.sessions.first().delete()

    log_in(person.username)

    assert is_logged_in(first)


def test_a_person_ends_the_session_of_another_device(client, person, log_in):
    other = Client()
    log_in(person.username, client=other)
    session = person.sessions.get()
    log_in(person.username)

    client.post(f"/account/sessions/{session.pk}/end/")

    assert not is_logged_in(other)


def test_nobody_ends_the_session_of_somebody_else(client, person, lead, log_in):
    log_in(person.username, client=Client())
    client.force_login(lead)

    assert client.post(f"/account/sessions/{person.sessions.get().pk}/end/").status_code == 404


def fail(log_in, username, times=5, **extra):
    for _ in range(times):
        answer = log_in(username, "wrong", **extra)
    return answer


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client, person, log_in):
    assert fail(log_in, person.username).status_code == 429

    answer = log_in(person.username)

    assert answer.status_code == 429
    assert "尝试次数过多" in answer.content.decode()
    assert not is_logged_in(client)


def test_the_same_person_may_log_in_from_another_address(client, person, log_in):
    fail(log_in, person.username, REMOTE_ADDR="10.0.0.1")

    assert log_in(person.username, REMOTE_ADDR="10.0.0.2").status_code == 302


def test_a_colleague_at_the_same_address_is_not_locked_out(client, person, invited, log_in):
    fail(log_in, invited[0].username)

    assert log_in(person.username).status_code == 302


def test_a_right_password_forgives_the_wrong_ones(person, log_in):
    for _ in range(2):
        fail(log_in, person.username, times=4)
        assert log_in(person.username).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "x", None),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, header, address):
    settings.PROXY_COUNT = proxies

    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=header, REMOTE_ADDR="10.0.0.9")) == address


def test_a_request_of_half_a_gigabyte_is_refused_unread(client, db, settings):
    settings.REQUEST_MAX_BYTES = 100

    assert client.post(LOGIN, {"username": "a" * 200}).status_code == 400


def test_the_back_door_uses_the_same_login(client, db):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url.startswith(LOGIN)


def test_the_back_door_is_for_the_superuser(client, admin_user, office):
    client.force_login(office)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGIN)

    client.force_login(admin_user)

    assert client.get("/admin/units/user/").status_code == 200
    assert client.get(f"/admin/units/user/{admin_user.pk}/change/").status_code == 200
