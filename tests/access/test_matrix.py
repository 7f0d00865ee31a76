"""Every door of the site, tried by every role with our own, another unit's and another city's row."""

import pytest
from django.urls import reverse

from tests.access.table import DOORS, LETTERS, PUBLIC
from tests.access.tries import MISSING, address, in_savepoint, is_let_in
from tests.test_house import url_patterns
from units.roles import Role

pytestmark = pytest.mark.django_db
BUREAU_ROLES = {Role.UNIT_LEAD, Role.UNIT_STAFF}


# Kept by the city and shown to the units that have a part in it, so another bureau's is our own.
COMMON = {"ledger"}


def expected(door, role, side, *, shared):
    """`in`, 403 or 404: what the table says about this person at this door."""
    let_in = is_let_in(door, role)
    if not door.of or shared:
        return "in" if let_in else (404 if door.hidden else 403)
    if door.of in MISSING:
        return 404 if let_in or door.hidden else 403
    if role == "nobody":
        return 404
    sees = side == "own" or (side == "other" and (role not in BUREAU_ROLES or door.of in COMMON))
    if not sees or (door.city and role in BUREAU_ROLES):
        return 404
    if let_in:
        return "in"
    return 404 if door.hidden and not any(LETTERS[letter] == role for letter in door.sees) else 403


def answer(client, user, door, url):
    client.force_login(user)
    response = client.post(url) if door.method == "POST" else client.get(url)
    if response.status_code in {403, 404}:
        return response.status_code
    assert response.status_code < 500, (url, response.status_code)
    assert not response.headers.get("Location", "").startswith(reverse("login")) or "logout" in url
    return "in"


def test_every_page_of_the_site_stands_in_the_table():
    names = {name for name, _pattern in url_patterns()}

    assert names - set(DOORS) - PUBLIC == set()
    assert set(DOORS) - names == set()


def test_the_foreign_rows_exist(world):
    for side in (world.own, world.other, world.elsewhere):
        missing = [door.of for door in DOORS.values() if door.of and not known(door.of, side, world)]

        assert missing == []


def known(kind, rows, world):
    return (
        kind in MISSING | {"day", "calendar_day", "place_code"} or hasattr(world.shared, kind) or getattr(rows, kind).pk
    )


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_opens_for_whom_the_table_says(client, world, name):
    door = DOORS[name]
    shared = door.of in {*vars(world.shared), "calendar_day"}
    sides = ["own", "other", "elsewhere"] if door.of and not shared and door.of not in MISSING else ["own"]
    wrong = []

    for role, user in world.people.items():
        for side in sides:
            with_rows = address(name, door, side, world)
            got = in_savepoint(lambda u=user, url=with_rows: answer(client, u, door, url))
            if got != expected(door, role, side, shared=shared):
                wrong.append((str(role), side, got, expected(door, role, side, shared=shared)))

    assert wrong == []


@pytest.mark.parametrize("name", sorted(DOORS))
def test_nobody_comes_in_without_a_login(client, world, name):
    url = address(name, DOORS[name], "own", world)

    response = in_savepoint(lambda: client.post(url) if DOORS[name].method == "POST" else client.get(url))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))
