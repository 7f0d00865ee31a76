"""A snapshot is a copy of everything that is printed, and stays what it was."""

from decimal import Decimal

import pytest

from reports.closing import draft
from reports.models import Period
from reports.snapshots import fingerprint, numeral, scoreboard
from tests.makers import at


@pytest.fixture
def bureaus(make_unit, city):
    return [make_unit(f"局{n}", parent=city, peer_group="市直部门组", short_name=f"{n}局") for n in range(1, 6)]


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(deductions=100, red_list=2, black_list=1)


@pytest.fixture
def take(calculate, scheme, find):
    """Give each unit its deduction and take the snapshot."""

    def run(deductions, scheme=scheme, **options):
        for unit, deduction in deductions.items():
            find(unit, deduction=deduction)
        return scoreboard(calculate(scheme, **options))

    return run


def of(board, *names):
    return [tuple(row[name] for name in names) for group in board["groups"] for row in group["rows"]]


def test_rows_stand_in_the_order_of_their_ranks(take, bureaus):
    board = take(dict(zip(bureaus, [3, 1, 2, 1, 5], strict=True)))

    assert of(board, "rank", "name") == [(1, "局2"), (1, "局4"), (3, "局3"), (4, "局1"), (5, "局5")]


def test_decimals_are_strings_with_the_decimals_of_the_scheme(take, bureaus):
    board = take({bureaus[0]: Decimal("1.5")})

    assert of(board, "total") == [("98.50",)]
    assert board["groups"][0]["average"] == "98.50"


def test_equal_totals_at_the_edge_all_enter_the_red_list(take, bureaus):
    board = take(dict(zip(bureaus, [0.1, 2, 2, 2, 5], strict=True)))

    assert [(entry["place"], entry["name"]) for entry in board["red_list"]] == [
        (1, "局1"),
        (2, "局2"),
        (2, "局3"),
        (2, "局4"),
    ]


def test_a_unit_of_the_red_list_is_not_on_the_black_list(take, bureaus):
    board = take({bureaus[0]: 1, bureaus[1]: 2})

    assert [len(board[name]) for name in ("red_list", "black_list")] == [2, 0]


def test_the_black_list_holds_the_last_of_all_groups(take, bureaus, make_unit, city):
    street = make_unit("东街街道", parent=city, peer_group="街道组")

    board = take(dict(zip([*bureaus, street], [1, 2, 3, 4, 5, 9], strict=True)))

    assert [entry["name"] for entry in board["black_list"]] == ["东街街道"]


def test_units_without_data_are_listed_apart(take, bureaus):
    board = take({bureaus[0]: 1})

    assert {unit["name"] for unit in board["not_assessed"]} >= {"局2", "局3"}
    assert of(board, "name") == [("局1",)]


def test_the_change_is_reckoned_from_the_last_issued_board(take, bureaus, city, scheme, office, find, judge):
    spring = Period.objects.quarter(city, 2026, 2)
    for unit, deduction in zip(bureaus[:2], [5, 1], strict=True):
        find(unit, deduction=deduction, found_at=at("2026-05-05 10:00"))
    draft(spring, scheme, by=office).issue(by=office)

    board = take({bureaus[0]: 1, bureaus[1]: 2, bureaus[2]: 3})

    assert of(board, "name", "change") == [("局1", 1), ("局2", -1), ("局3", None)]
    assert board["before"]["period"] == "2026年第二季度"


def test_a_draft_of_the_quarter_before_is_no_board_to_compare_with(take, bureaus, city, scheme, office, find):
    find(bureaus[0], deduction=1, found_at=at("2026-05-05 10:00"))
    draft(Period.objects.quarter(city, 2026, 2), scheme, by=office)

    assert take({bureaus[0]: 1})["before"] is None


def test_the_hash_is_that_of_all_the_rest(take, bureaus):
    board = take({bureaus[0]: 1})

    assert board["sha256"] == fingerprint(board)
    assert fingerprint(board | {"title": "另一个"}) != board["sha256"]


def test_a_snapshot_read_back_from_the_database_keeps_its_hash(quarter, scheme, office, find, bureaus, now):
    find(bureaus[0], deduction=1)
    report = draft(quarter, scheme, by=office, now=now)

    report.refresh_from_db()

    assert fingerprint(report.data) == report.data["sha256"]


def test_the_denominators_of_each_component_are_printed(take, bureaus, judge):
    judge(bureaus[0], "pass")

    component = take({bureaus[0]: Decimal("1.5"), bureaus[1]: 2})["scheme"]["components"][0]

    assert (component["units"], component["possible"], component["cases"], component["got"]) == (2, "1", 2, "3.5")


@pytest.mark.parametrize(("n", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一")])
def test_headings_are_numbered_as_papers_are(n, words):
    assert numeral(n) == words


@pytest.mark.parametrize("units", [2, 5])
def test_a_snapshot_costs_the_same_queries_for_any_number_of_units(
    take, bureaus, calculate, scheme, find, django_assert_num_queries, units
):
    for unit in bureaus[:units]:
        find(unit, deduction=1)
    ranking = calculate(scheme)

    with django_assert_num_queries(4):
        scoreboard(ranking)
