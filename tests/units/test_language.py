"""Chinese unless somebody wants English, and remembered."""

import pytest
from django.conf import settings

PROFILE, LANGUAGE = "/account/profile/", "/account/language/"


def test_the_site_speaks_chinese_whatever_the_browser_prefers(client, db):
    assert 'lang="zh-hans"' in client.get("/account/login/", HTTP_ACCEPT_LANGUAGE="en-US,en").content.decode()


def test_anybody_may_switch_to_english_before_the_login(client, db):
    answer = client.post(LANGUAGE, {"language": "en", "next": "/account/login/"})

    assert answer.url == "/account/login/"
    assert "Log in" in client.get("/account/login/").content.decode()


def test_the_choice_of_a_person_is_remembered_on_every_device(client, person):
    client.force_login(person)
    client.post(LANGUAGE, {"language": "en"})
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)

    assert "My account" in client.get(PROFILE).content.decode()


def test_the_profile_keeps_language_and_telephone(client, person):
    client.force_login(person)

    client.post(PROFILE, {"language": "en", "phone": "0000-123"})

    person.refresh_from_db()
    assert (person.language, person.phone) == ("en", "0000-123")
    assert "My account" in client.get(PROFILE).content.decode()


@pytest.mark.parametrize("language", ["", "fr", "../en"])
def test_an_unknown_language_is_refused(client, db, language):
    assert client.post(LANGUAGE, {"language": language}).status_code == 400


def test_the_switch_leads_to_no_other_site(client, db):
    assert client.post(LANGUAGE, {"language": "en", "next": "//evil.example/"}).url == "/"
