"""Fixtures for the tests of the ground floor."""

import pytest
from django.core.cache import cache

from units.models import User
from units.roles import Role

PASSWORD = "long-enough-42"


@pytest.fixture
def admin(make_member, city):
    """Keeps the accounts of the city."""
    return make_member(city, Role.ADMIN, name="系统管理员小郑")


@pytest.fixture
def person(make_member, bureau):
    """Somebody with a password of their own: `PASSWORD`."""
    user = make_member(bureau, Role.UNIT_STAFF, name="李同志")
    user.choose_password(PASSWORD)
    return user


@pytest.fixture
def invited(bureau):
    """`(user, one-time password)`"""
    return User.objects.invite(username="newcomer", name="王同志", unit=bureau, role=Role.UNIT_STAFF)


@pytest.fixture
def log_in(client):
    """Log in as a person does, with name and password on the page; returns the answer."""

    def log_in(username, password=PASSWORD, client=client, **extra):
        return client.post("/account/login/", {"username": username, "password": password}, **extra)

    return log_in


@pytest.fixture
def count_queries(django_assert_max_num_queries):
    """How many queries a page costs for a person at most: with nothing kept from an earlier page."""

    def count(client, user, address):
        client.force_login(user)
        cache.clear()
        with django_assert_max_num_queries(100) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count
