"""Rankings that cities have published, recomputed from their figures (tests/data/, each row with its source)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data"
XIANNING = [
    "ranking_xianning_2021-09",
    "ranking_xianning_2022-08",
    "ranking_xianning_2022-12",
    "ranking_xianning_2023-06",
]


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def published(make_unit, city, find, calculate, make_scheme):
    """Units with the published scores, each brought about by one finding; returns `{unit name: Score}`."""

    def rank(entries, group=lambda row: "县市区组", score=lambda row: row["score"]):
        for row in entries:
            unit = make_unit(row["unit"], parent=city, peer_group=group(row))
            find(unit, deduction=100 - Decimal(score(row)))
        ranking = calculate(make_scheme(deductions=100))
        return {score.unit.name: score for score in ranking.scores.exclude(total=None).select_related("unit")}

    return rank


@pytest.mark.parametrize("name", [*XIANNING, "ranking_yichang_counties_2023Q2"])
def test_a_published_ranking_comes_out_the_same(published, name):
    entries = rows(name)

    scores = published(entries)

    assert [(scores[row["unit"]].total, scores[row["unit"]].rank) for row in entries] == [
        (Decimal(row["score"]), int(row["rank"])) for row in entries
    ]


def test_zhenjiang_comes_out_the_same_without_its_rows_of_averages(published):
    entries = [row for row in rows("ranking_zhenjiang_2021-bimonthly3") if row["rank"]]

    scores = published(entries, score=lambda row: row["综合得分"])

    assert [scores[row["unit"]].rank for row in entries] == [1, 2, 3, 4, 5]


def test_xuchang_ranks_four_groups_apart_with_five_firsts_in_one(published):
    entries = rows("ranking_xuchang_2021-10")

    scores = published(entries, group=lambda row: row["group"])

    firsts = [score.unit.name for score in scores.values() if score.rank == 1]
    assert len({row["group"] for row in entries}) == 4
    assert len(firsts) == 3 + 5
    assert scores["市公安局"].rank == 6  # five share the first place
    assert scores["高铁北站"].total == 0


def test_jinhuas_weighted_totals_are_recomputed(make_unit, city, make_assignment, find, calculate, make_scheme):
    districts = [row for row in rows("ranking_jinhua_2022-03") if row["group"] == "各区"]
    others = ["示范街区街面管控", "队容风纪", "人行道停车秩序", "预留分值"]
    for row in districts:
        unit = make_unit(row["unit"], parent=city, peer_group="区")
        make_assignment(unit, percent=row["智慧城管得分"])  # weighs 40 of 100
        find(unit, deduction=60 - sum(Decimal(row[name]) for name in others))

    scores = calculate(make_scheme(tasks=40, deductions=60)).scores.exclude(total=None)

    reckoned = {score.unit.name: (score.total, score.rank) for score in scores.select_related("unit")}
    assert reckoned == {row["unit"]: (Decimal(row["总分"]), int(row["排名"])) for row in districts}
