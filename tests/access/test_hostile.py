"""What nobody types: every page and every button of the site given what is no number, no day, no text and no key."""

import re
from itertools import cycle
from urllib.parse import urlencode

import django_filters
import pytest
from django import forms
from django.urls import get_resolver, reverse

from tests.access.table import DOORS, PUBLIC, page
from tests.access.tries import address, in_savepoint, is_let_in
from tests.test_house import APPS, sources
from units.roles import Role

pytestmark = pytest.mark.django_db

# What names are sent, in turn: what `isdigit` takes for a number, what is no text, and what is out of bounds.
NONSENSE = [["²"], ["长" * 300 + "\0\ud800"], ["-1", "99999999999999999999", "0000-00-00"]]
# What opens the way to the fields behind it; and a version that names a row, as our lists write it.
SOUND = {"verdict": "returned", "note": "请补拍正面", "sure": "1", "deadlines": "shift", "kind": "dispatch"}
SOUND |= {"seen": "²-1:²"}

READ = re.compile(r"""\b(?:GET|POST|FILES|query|asked|said)(?:\.get|\.getlist|\.pop)?[(\[]["']([\w-]+)["']""")
ON_PAGE = re.compile(r'\bname="([\w-]+)"')


def of_ours(base):
    for kind in base.__subclasses__():
        yield from of_ours(kind)
        if kind.__module__.partition(".")[0] in APPS:
            yield kind


@pytest.fixture(scope="module")
def known():
    """The names that our code reads out of an address or a form."""
    assert get_resolver().url_patterns  # loads every module with a form
    names = {name for file in sources(*APPS) for name in READ.findall(file.read_text())}
    names |= {name for form in of_ours(forms.BaseForm) for name in form.base_fields}
    for one in of_ours(django_filters.FilterSet):
        names |= {f"{name}{end}" for name in one.base_filters for end in ("", "_after", "_before", "_min", "_max")}
    return names


def packed(names, values):
    sent = dict(zip(sorted(names), cycle(values), strict=False))
    return urlencode(sent if "-1" in values else sent | SOUND, errors="surrogatepass")


def tries(client, door, url, names):
    """The answers of the door to all that is hostile."""
    if door.method == "GET":
        shown = client.get(url)
        names = names | set(ON_PAGE.findall("" if shown.streaming else shown.content.decode()))
    for values in NONSENSE:
        query = packed(names - {"csrfmiddlewaretoken"}, values)
        if door.method == "GET":
            yield in_savepoint(lambda query=query: client.get(f"{url}?{query}"))
        words = {"data": query, "content_type": "application/x-www-form-urlencoded"}
        sent = in_savepoint(lambda words=words: client.post(url, **words))
        if sent.status_code == 405:
            continue
        yield sent


@pytest.mark.parametrize("name", sorted(DOORS))
def test_no_door_breaks_over_what_nobody_types(client, world, known, name):
    door = DOORS[name]
    client.force_login(
        next((user for role, user in world.people.items() if is_let_in(door, role)), world.people[Role.OFFICE])
    )

    answers = [one.status_code for one in tries(client, door, address(name, door, "own", world), known)]

    assert answers and max(answers) < 500


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_no_door_to_the_street_breaks_either(client, world, known, name):
    url = reverse(name, args=[1] if name == "public:disclosure" else [])

    answers = [one.status_code for one in tries(client, page(""), url, known)]

    assert answers and max(answers) < 500


# A place's code has letters too, and may have no number in it.
NUMBERED = sorted(name for name, door in DOORS.items() if door.of and name != "inspections:place-by-code")


@pytest.mark.parametrize("name", NUMBERED)
def test_a_row_that_no_number_of_the_database_names_is_not_there(client, world, name):
    """An address with a number longer than any key."""
    url = re.sub(r"\d+", "9" * 20, address(name, DOORS[name], "own", world), count=1)
    client.force_login(world.people[Role.OFFICE])

    answer = in_savepoint(lambda: client.post(url) if DOORS[name].method == "POST" else client.get(url))

    assert answer.status_code in {403, 404}
