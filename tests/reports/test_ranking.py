"""Who is ranked, against whom, and what ties mean."""

import pytest
from django.db import InternalError, connection, transaction

from reports.models import Score


@pytest.fixture
def ranks(calculate, make_scheme, find):
    """Give units their deductions and return their ranks: `ranks({a: 1, b: 2})`."""

    def run(deductions, **options):
        for unit, deduction in deductions.items():
            find(unit, deduction=deduction)
        ranking = calculate(make_scheme(deductions=100, **options))
        return [ranking.scores.get(unit=unit).rank for unit in deductions]

    return run


@pytest.fixture
def bureaus(make_unit, city):
    return [make_unit(f"局{n}", parent=city, peer_group="市直部门组") for n in range(4)]


def test_units_with_equal_totals_share_a_rank_and_the_next_is_skipped(ranks, bureaus):
    assert ranks(dict(zip(bureaus, [1, 2, 2, 3], strict=True))) == [1, 2, 2, 4]


def test_a_dense_scheme_skips_no_rank(ranks, bureaus):
    assert ranks(dict(zip(bureaus, [1, 2, 2, 3], strict=True)), ties="dense") == [1, 2, 2, 3]


def test_totals_that_are_equal_after_rounding_share_a_rank(ranks, bureaus):
    assert ranks(dict(zip(bureaus, ["1.01", "1.04", "2", "3"], strict=True)), decimals=1) == [1, 1, 3, 4]


def test_ranks_begin_anew_in_each_peer_group(ranks, make_unit, city):
    street = make_unit("东街街道", parent=city, peer_group="街道组")
    bureau = make_unit("市水利局", parent=city, peer_group="市直部门组")

    assert ranks({street: 5, bureau: 1}) == [1, 1]


def test_a_unit_without_any_data_is_listed_without_a_rank(ranks, calculate, make_scheme, bureaus, make_unit, city):
    silent = make_unit("高铁北站", parent=city, peer_group="市直部门组")

    ranks(dict.fromkeys(bureaus, 1))

    assert list(Score.objects.filter(unit=silent).values_list("total", "rank")) == [(None, None)]


def test_a_section_counts_for_its_bureau(find, make_unit, bureau, make_scheme, calculate):
    section = make_unit("市容科", parent=bureau)
    find(section, deduction=3)

    ranking = calculate(make_scheme(deductions=100))

    assert list(ranking.scores.values_list("unit", "total")) == [(bureau.pk, 97)]


def test_a_community_counts_for_its_ranked_street_only(find, make_unit, city, make_scheme, calculate):
    district = make_unit("东湖区", parent=city, peer_group="区县组")
    street = make_unit("东街街道", parent=district, peer_group="街道组")
    community = make_unit("北门社区", parent=street)
    find(community, deduction=3)

    totals = dict(calculate(make_scheme(deductions=100)).scores.values_list("unit", "total"))

    assert (totals[street.pk], totals[district.pk]) == (97, None)


def test_a_merged_unit_counts_for_its_successor(find, make_unit, bureau, city, make_scheme, calculate):
    old = make_unit("市市容局", parent=city, peer_group="市直部门组")
    older = make_unit("市环卫处", parent=city, peer_group="市直部门组")
    find(older, deduction=3)
    older.merge_into(old, on="2026-08-20")
    old.merge_into(bureau, on="2026-09-01")

    ranking = calculate(make_scheme(deductions=100))

    assert list(ranking.scores.values_list("unit", "total")) == [(bureau.pk, 97)]


def test_a_unit_of_tomorrow_is_not_ranked_yet(make_unit, city, make_scheme, calculate, bureau):
    make_unit("市数据局", parent=city, peer_group="市直部门组", valid_from="2026-10-01")

    ranking = calculate(make_scheme(deductions=100))

    assert list(ranking.scores.values_list("unit", flat=True)) == [bureau.pk]


def test_a_new_calculation_leaves_the_old_one_as_it_was(find, bureau, make_scheme, calculate):
    scheme = make_scheme(deductions=100)
    find(bureau, deduction=1)
    before = calculate(scheme)

    find(bureau, deduction=1)
    after = calculate(scheme)

    assert [ranking.scores.get().total for ranking in (before, after)] == [99, 98]


@pytest.mark.parametrize("table", ["ranking", "score", "scorepart", "scoreline"])
def test_the_database_refuses_to_change_a_result(find, bureau, make_scheme, calculate, table):
    column = {"ranking": "period_id", "score": "total", "scorepart": "points", "scoreline": "points"}[table]
    find(bureau, deduction=1)
    calculate(make_scheme(deductions=100))

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_{table} SET {column} = {column} - 1")


@pytest.mark.parametrize("units", [2, 12])
def test_the_number_of_statements_does_not_grow(
    make_unit, city, find, make_scheme, calculate, django_assert_num_queries, units
):
    scheme = make_scheme(tasks=30, deductions=50, rectification=20)
    for n in range(units):
        find(make_unit(f"局{n}", parent=city, peer_group="市直部门组"))

    with django_assert_num_queries(9):
        calculate(scheme)

    assert Score.objects.exclude(total=None).count() == units
