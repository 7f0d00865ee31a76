"""Which unit a name in a ledger means."""

import pytest

from units.matching import Matcher
from units.models import PeerGroup, UnitName


@pytest.fixture
def health(make_unit, city):
    return make_unit("安澜市卫生健康委员会", parent=city, short_name="市卫健委")


@pytest.fixture
def market(make_unit, city):
    return make_unit("市市场监督管理局", parent=city)


def match(city, name):
    return Matcher(city).match(name)


@pytest.mark.parametrize("name", ["市教育局", "教育局", "安澜市教育局", "安澜教育局", "市 教育局", "市教育局(牵头)"])
def test_a_bureau_is_found_with_and_without_the_citys_name(city, other_bureau, name):
    assert match(city, name) == other_bureau


@pytest.mark.parametrize(
    "name", ["卫生健康委员会", "市卫生健康委员会", "市卫健委", "卫健委", "安澜市卫健委", "安澜市卫生健康委员会"]
)
def test_a_bureau_is_found_by_its_full_name_as_by_its_short_one(city, health, name):
    assert match(city, name) == health


@pytest.mark.parametrize("name", ["市场监督管理局", "市市场监督管理局", "安澜市市场监督管理局"])
def test_a_name_that_begins_with_market_keeps_its_first_letter(city, market, name):
    assert match(city, name) == market


def test_a_short_form_that_nobody_has_taught_is_not_guessed(city, health):
    assert match(city, "卫健局") is None


def test_an_alias_is_known_from_then_on(city, health):
    matcher = Matcher(city)

    matcher.remember("卫健局", health)

    assert matcher.match("卫健局") == health
    assert match(city, "市卫健局") == health


def test_an_alias_goes_to_the_unit_it_was_given_to_last(city, health, bureau):
    Matcher(city).remember("创建专班", bureau)

    Matcher(city).remember("创建专班", health)

    assert match(city, "创建专班") == health
    assert not bureau.names.exists()


def test_remembering_twice_keeps_one_alias(city, health):
    matcher = Matcher(city)

    matcher.remember("卫健局", health)
    matcher.remember("卫健局", health)

    assert UnitName.objects.count() == 1


def test_a_renamed_unit_is_found_under_its_former_name(city, health):
    health.rename("市卫生健康局", on="2026-01-01")

    assert match(city, "卫生健康委员会") == health
    assert match(city, "市卫生健康局") == health


def test_a_merged_unit_is_found_as_the_one_it_went_into(city, bureau, other_bureau):
    bureau.merge_into(other_bureau, on="2026-01-01")

    assert match(city, "城管局") == other_bureau


def test_a_name_that_two_units_have_means_neither(city, make_unit, bureau, other_bureau):
    make_unit("办公室", parent=bureau)
    make_unit("办公室", parent=other_bureau)

    assert match(city, "办公室") is None


def test_in_the_citys_ledger_a_bureau_is_the_citys_and_not_a_districts(city, make_unit, other_bureau):
    district = make_unit("东湖区", parent=city)
    own = make_unit("教育局", parent=district)

    assert match(city, "教育局") == other_bureau
    assert match(district, "教育局") == own
    assert match(district, "区教育局") == own


def test_a_unit_further_down_is_not_found_by_a_name_it_does_not_have(city, make_unit):
    make_unit("市实验小学", parent=make_unit("东湖区", parent=city))

    assert match(city, "实验小学") is None
    assert match(city, "市实验小学").name == "市实验小学"


def test_a_unit_that_has_ended_is_not_found(city, make_unit):
    make_unit("市粮食局", parent=city, valid_until="2021-01-01")

    assert match(city, "粮食局") is None


def test_a_unit_outside_the_scope_is_not_found(city, make_unit, other_bureau):
    assert match(make_unit("外市"), "市教育局") is None


def test_a_group_name_means_its_units_in_the_scope(city, make_unit):
    group = PeerGroup.objects.create(name="区县组", aliases=["各区", "各县区"])
    district = make_unit("东湖区", parent=city, peer_group=group)
    make_unit("外区", parent=make_unit("外市"), peer_group=group)
    matcher = Matcher(city)

    assert matcher.match("各区") == matcher.match("各县(区)") == group
    assert matcher.expand(group) == [district]


def test_a_unit_expands_to_itself(city, bureau):
    assert Matcher(city).expand(bureau) == [bureau]
    assert Matcher(city).expand(None) == []


def test_the_nearest_names_are_suggested(city, health, market, bureau):
    assert Matcher(city).suggest("市卫生健康局")[0] == health
    assert Matcher(city).suggest("xyz") == []


def test_reading_the_names_takes_three_queries(city, health, market, django_assert_num_queries):
    with django_assert_num_queries(3):
        matcher = Matcher(city)
        for name in ("市卫健委", "市市场监督管理局", "各区", "没有的单位"):
            matcher.match(name)
