"""The real samples, read as they are."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tasks.reading.ledger_file import read_ledger
from tests.tasks.workbooks import TODAY, problems, titles

LEDGERS = Path(__file__).parent.parent / "data" / "ledgers"
FILES = sorted(path.name for path in LEDGERS.iterdir() if path.suffix in (".xlsx", ".txt", ".csv"))


def sample(name, **options):
    return read_ledger(LEDGERS / name, today=TODAY, **{"known": lambda name: True, **options})


def task(draft, row):
    return next(task for task in draft.tasks if task.row == row)


@pytest.mark.parametrize("name", FILES)
def test_a_sample_reads_as_its_json_says(name):
    expected = json.loads((LEDGERS / name).with_suffix(".json").read_text())

    with translation.override("en"):
        assert sample(name).as_json() == expected


def test_a_code_of_the_standard_is_told_from_its_words():
    first = task(sample("ledger_wuhan_2014.xlsx"), 3)

    assert (first.code, first.content[:11]) == ("Ⅲ-1-①", "把学习贯彻讲话精神作为")
    assert [code for code, _name in first.path] == ["Ⅰ-1", "Ⅱ-1", "Ⅲ-1"]
    assert first.path[0][1] == "中央文明委重点工作"


def test_an_indicator_named_in_a_cell_counts_for_the_rows_below():
    draft = sample("ledger_wuhan_2014.xlsx")

    assert task(draft, 5).path[-1] == ("Ⅲ-1", "健全学习制度")
    assert task(draft, 6).path[-1] == ("Ⅲ-2", "党员干部学习")


def test_the_first_unit_leads_where_nothing_says_who_does():
    row = task(sample("ledger_wuhan_2014.xlsx"), 5)

    assert (row.lead, row.responsible) == (["市委组织部"], ["市委宣传部", "各区"])


def test_units_are_split_whatever_stands_between_them():
    row = task(sample("ledger_tongcheng_2020.xlsx"), 7)

    assert row.lead == ["市场监督管理局"]
    assert row.responsible == ["商务局", "卫健局", "文旅局", "交通局", "人行", "城发集团", "隽水镇", "教育局"]


def test_a_merged_unit_counts_for_every_goal_it_covers():
    draft = sample("ledger_district_2010.xlsx")

    assert [row.lead for row in draft.tasks] == [["区委办"]] * 4 + [[], []]
    assert problems(draft) == [(8, "责任单位"), (9, "责任单位")]


def test_a_method_cell_may_hold_the_material_too():
    row = task(sample("ledger_district_2010.xlsx"), 4)

    assert (row.methods, row.material[:4]) == (["材料审核"], "说明区委")


def test_the_block_title_is_a_section():
    draft = sample("ledger_district_2010.xlsx")

    assert [row.section for row in draft.tasks] == [""] * 4 + ["第二组"] * 2


def test_each_numbered_standard_keeps_its_method():
    row = task(sample("standard_national_2015.xlsx"), 5)

    assert [point.methods for point in row.criteria] == [["材料审核"], ["材料审核", "问卷调查"]]
    assert row.methods == ["材料审核", "问卷调查"]


def test_the_same_rows_as_csv_are_the_same_tasks():
    book, text = sample("ledger_tongcheng_2020.xlsx"), sample("decomposition_tongcheng_2020.csv")

    assert [row.title for row in book.tasks] == [row.title for row in text.tasks]
    assert [row.units() for row in book.tasks] == [row.units() for row in text.tasks]


def test_prose_is_read_by_its_line_numbers():
    draft = sample("ledger_bengbu_prose.txt")

    assert [row for row, _title in titles(draft)] == [2, 3, 4]
    assert task(draft, 2).responsible == ["市直机关工委", "市文明办", "市直各部门", "各县区"]
    assert problems(draft) == [(2, "责任单位"), (3, "责任单位"), (4, ""), (4, "责任单位")]


def test_names_the_tree_does_not_know_are_listed_by_row():
    draft = sample("ledger_wuhan_2014.xlsx", known={"市委宣传部", "市委组织部", "各区"}.__contains__)

    assert [(unit.row, unit.text) for unit in draft.unknown_units] == [(3, "市委党校"), (4, "市委党校")]


def test_the_year_of_the_title_counts_for_deadlines():
    assert sample("ledger_wuhan_2014.xlsx").year == 2014
    assert sample("standard_national_2015.xlsx").year == TODAY.year


def test_reading_twice_says_the_same():
    first, second = (read_ledger(LEDGERS / FILES[0], today=date(2026, 1, 1)) for _time in range(2))

    assert first.as_json() == second.as_json()
