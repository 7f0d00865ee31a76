"""The numbers in the navigation: what waits, counted anew when the person has done something."""

import pytest
from django.test import override_settings
from django.urls import reverse

from config.counts import counts, key_of
from units.remembered import SECONDS

pytestmark = pytest.mark.django_db
MINE = ["tasks:my-tasks"]
NO_REDIS = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere/redis.socket"}
}


def test_what_waits_is_counted_once_for_many_pages(lead, make_assignment, django_assert_num_queries):
    make_assignment()
    assert counts(lead, MINE)["tasks:my-tasks"] == 1
    make_assignment()

    with django_assert_num_queries(1):  # the messages
        assert counts(lead, MINE)["tasks:my-tasks"] == 1


def test_the_numbers_are_kept_for_half_a_minute(lead, redis_client):
    counts(lead, MINE)

    key = next(key for key in redis_client.scan_iter() if key.endswith(key_of(lead).encode()))

    assert 0 < redis_client.ttl(key) <= SECONDS == 30


def test_what_the_person_does_shows_at_once(client, lead, assignment):
    client.force_login(lead)
    assert counts(lead, MINE)["tasks:my-tasks"] == 1

    client.post(reverse("tasks:assignment-submit", args=[assignment.pk]), {"percent": 50, "narrative": "已清理"})

    assert counts(lead, MINE)["tasks:my-tasks"] == 0


def test_looking_at_a_page_counts_nothing_anew(client, lead, make_assignment):
    client.force_login(lead)
    shown = make_assignment()
    client.get(shown.get_absolute_url())
    make_assignment()

    client.get(shown.get_absolute_url())

    assert counts(lead, MINE)["tasks:my-tasks"] == 1


def test_a_new_role_shows_its_numbers_at_once(city, lead, make_assignment):
    make_assignment()
    counts(lead, [])

    assert counts(lead, MINE)["tasks:my-tasks"] == 1


def test_pages_are_shown_without_redis_too(client, lead, make_assignment):
    make_assignment()
    client.force_login(lead)

    with override_settings(CACHES=NO_REDIS):
        page = client.get(reverse("tasks:my-tasks"))

    assert page.status_code == 200
