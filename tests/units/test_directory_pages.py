"""The pages of the directory: what each person sees there and how many queries it costs."""

import pytest

from units.branches import rows_of
from units.models import Honour, Unit, UnitKind, UnitPerson
from units.roles import Role


def page(client, user, address):
    client.force_login(user)
    return client.get(address)


def text(client, user, address):
    return page(client, user, address).content.decode()


@pytest.fixture
def many_units(city, make_unit):
    """Makes n units, some levels deep."""

    def make(n):
        kind = UnitKind.objects.first()
        made = Unit.objects.bulk_create(Unit(name=f"局{i}", kind=kind, parent=city) for i in range(n // 2))
        Unit.objects.bulk_create(Unit(name=f"科{i}", kind=kind, parent=made[i % len(made)]) for i in range(n // 2))

    return make


def test_the_tree_shows_the_units_of_the_own_scope_only(client, lead, bureau, other_bureau, make_unit):
    section = make_unit("市容科", parent=bureau)

    answer = text(client, lead, "/units/")

    assert bureau.name in answer
    assert section.name in answer
    assert other_bureau.name not in answer


def test_the_tree_leaves_out_units_that_have_ended(client, office, make_unit, city):
    make_unit("市粮食局", parent=city, valid_until="2021-01-01")

    assert "市粮食局" not in text(client, office, "/units/")


def test_branches_open_and_close_by_themselves(client, office, many_units):
    many_units(100)

    tree = text(client, office, "/units/").partition('<ul class="tree">')[2]

    assert tree.count("<details") == tree.count("</details>") == 51
    assert tree.count("<details open") == 1


@pytest.mark.parametrize("address", ["/units/", "/units/list/", "/units/people/", "/units/kinds/"])
def test_a_page_costs_the_same_for_few_units_and_for_many(client, office, many_units, count_queries, address):
    few = count_queries(client, office, address)
    many_units(200)

    assert count_queries(client, office, address) == few <= 20


def test_the_page_of_a_unit_costs_the_same_for_little_and_for_much(client, office, city, many_units, count_queries):
    def add(n):
        for i in range(n):
            UnitPerson.objects.create(unit=city, position="head", name=f"人{i}")
            Honour.objects.create(unit=city, name=f"荣誉{i}", level="city", since="2026-01-01")

    add(1)
    few = count_queries(client, office, city.get_absolute_url())
    add(5)
    many_units(20)

    assert count_queries(client, office, city.get_absolute_url()) == few <= 20


def test_rows_close_as_many_branches_as_they_end(city, make_unit):
    a = make_unit("a", parent=city)
    make_unit("b", parent=a)
    make_unit("c", parent=city)

    rows = [(row.unit.name, row.kids, row.all_below, row.closes) for row in rows_of(Unit.objects.all())]

    assert rows == [("安澜市", 2, 3, 0), ("a", 1, 1, 0), ("b", 0, 0, 1), ("c", 0, 0, 1)]


def test_a_branch_without_its_superior_stands_at_the_top(bureau, make_unit):
    section = make_unit("市容科", parent=bureau)

    assert [row.unit for row in rows_of([section])] == [section]


@pytest.mark.parametrize("words", ["城管", "市城市管理办公室", "CG01"])
def test_a_unit_is_found_by_any_name_it_has_or_had(client, office, bureau, other_bureau, words):
    Unit.objects.filter(pk=bureau.pk).update(code="CG01")
    bureau.names.create(name="市城市管理办公室", kind="former")

    answer = text(client, office, f"/units/list/?q={words}")

    assert bureau.name in answer
    assert other_bureau.name not in answer


def test_units_that_nobody_can_answer_for_are_found(client, office, lead, bureau, other_bureau):
    answer = text(client, office, "/units/list/?without_lead=on")

    assert other_bureau.name in answer
    assert bureau.name not in answer


def test_units_that_have_ended_are_found_when_asked_for(client, office, bureau):
    bureau.end(on="2026-01-01")

    assert bureau.name not in text(client, office, "/units/list/")
    assert bureau.name in text(client, office, "/units/list/?ended=on")


def test_the_page_of_a_unit_of_others_is_not_found(client, lead, other_bureau):
    assert page(client, lead, other_bureau.get_absolute_url()).status_code == 404


def test_the_page_of_a_unit_tells_its_people_names_and_honours(client, office, bureau, lead):
    UnitPerson.objects.create(unit=bureau, position="head", name="赵局长", phone="0000-1")
    bureau.names.create(name="城管执法局")
    Honour.objects.create(unit=bureau, name="文明单位", level="province", since="2025-01-01")

    answer = text(client, office, bureau.get_absolute_url())

    assert all(words in answer for words in ("赵局长", "0000-1", "城管执法局", "文明单位", lead.name))


def test_a_unit_lead_sees_no_buttons_to_change_the_unit(client, lead, bureau):
    assert "更名" not in text(client, lead, bureau.get_absolute_url())


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.UNIT_STAFF, Role.MONITOR])
def test_telephone_numbers_are_not_for_everybody(client, make_member, bureau, role):
    assert page(client, make_member(bureau, role), "/units/people/").status_code == 403


def test_a_person_without_a_role_sees_an_empty_tree(client, make_member, bureau):
    nobody = make_member(bureau, Role.UNIT_STAFF)
    nobody.memberships.update(until="2021-01-01")

    assert bureau.name not in text(client, nobody, "/units/")
