"""How a table may be laid out: headings, sections, merged areas."""

import pytest

from tests.tasks.workbooks import problems, read, titles

HEAD = ["序号", "工作任务", "责任单位", "完成时限"]
NO = None


def units(draft):
    return [(task.lead, task.responsible, task.supporting) for task in draft.tasks]


def test_rows_keep_the_numbers_of_the_sheet():
    draft = read(["2025年任务分解表"], [], HEAD, [], [1, "甲", "A局", "6月底"])

    assert titles(draft) == [(5, "甲")]
    assert draft.tasks[0].deadline.isoformat() == "2025-06-30"


def test_headings_are_known_when_spread_over_lines_and_spaces():
    draft = read(["任\n务", "责 任 单 位", "责任\n领导"], ["甲", "A局", "某某"])

    assert units(draft) == [(["A局"], [], [])]
    assert draft.tasks[0].persons == ["某某"]


@pytest.mark.parametrize("merged", [("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"), ()])
def test_a_heading_may_take_two_rows(merged):
    draft = read(
        ["2026年分解表"],
        ["项目", "内容", "牵头部门", NO, "承办部门", NO, "达标时间"],
        [NO, NO, "部门", "责任人", "部门", "责任人", NO],
        ["卫生", "清扫", "甲局", "张三", "乙局、丙局", "李四", "6月底"],
        merged=merged,
    )

    assert titles(draft) == [(4, "清扫")]
    assert units(draft) == [(["甲局"], ["乙局", "丙局"], [])]
    assert draft.tasks[0].persons == ["张三", "李四"]


def test_groups_that_name_no_task_still_head_their_columns():
    draft = read(
        ["序号", "测评体系", NO, "责任落实", NO, "时限"],
        [NO, "测评项目", "测评内容", "牵头单位", "配合单位", NO],
        [1, "环境", "清扫", "A局", "B局", "年底前"],
    )

    assert units(draft) == [(["A局"], [], ["B局"])]
    assert draft.tasks[0].deadline_text == "年底前"


def test_a_heading_may_take_three_rows():
    draft = read(
        ["任务", "责任", NO, NO],
        [NO, "牵头", NO, "配合"],
        [NO, "单位", "责任人", "单位"],
        ["清扫", "A局", "张三", "B局"],
        merged=["A1:A3", "B1:D1", "B2:C2"],
    )

    assert (titles(draft), units(draft)) == ([(4, "清扫")], [(["A局"], [], ["B局"])])


@pytest.mark.parametrize("count", ["1234", "一二三四", "甲乙丙丁", [1, 2, 3, 4]])
def test_a_row_that_counts_the_columns_is_no_task(count):
    draft = read(HEAD, [*count], [1, "甲", "A局", NO])

    assert (titles(draft), draft.problems) == ([(3, "甲")], [])


def test_columns_for_every_quarter_do_not_hide_the_headings():
    draft = read(
        ["任务", "责任单位", "一季度", "二季度", "三季度", "四季度"], ["清扫", "A局", "调研", "启动", "推进", "验收"]
    )

    assert titles(draft) == [(2, "清扫")]


@pytest.mark.parametrize("due", ["计划完成时间", "限期", "2025年完成时限", "最迟完成时间", "完成时限\u200b"])
def test_a_deadline_is_known_by_many_headings(due):
    draft = read(["工作任务", "责任单位", due], ["清扫", "A局", "2025年6月"])

    assert draft.tasks[0].deadline_text == "2025年6月"


def test_a_further_heading_changes_the_columns():
    draft = read(HEAD[:3], [1, "甲", "A局"], ["责任单位", "序号", "工作任务"], ["B局", 1, "乙"])

    assert titles(draft) == [(2, "甲"), (4, "乙")]
    assert draft.tasks[1].lead == ["B局"]


@pytest.mark.parametrize(
    "section", [["二、环境整治"], ["第二组"], ["(三)秩序"], [NO, "一、宣传教育"], ["一", "宣传教育"]]
)
def test_a_text_alone_in_its_row_is_a_section(section):
    draft = read(HEAD, section, [1, "甲", "A局"])

    assert titles(draft) == [(3, "甲")]
    assert draft.tasks[0].section == " ".join(filter(None, section))


@pytest.mark.parametrize(("section", "task"), [("Ⅰ", 1), ("1", "1.1"), (2, 2.1), ("3", "3.1.1")])
def test_a_row_whose_number_heads_the_numbers_below_is_a_section(section, task):
    draft = read(HEAD, [section, "环境卫生"], [task, "甲", "A局"])

    assert [(task.title, task.section) for task in draft.tasks] == [("甲", f"{section} 环境卫生")]


def test_a_text_merged_over_the_table_is_a_section():
    draft = read(["工作任务", "责任单位"], ["甲", "A局"], ["思想道德", NO], ["乙", "B局"], merged=["A3:B3"])

    assert [(task.title, task.section) for task in draft.tasks] == [("甲", ""), ("乙", "思想道德")]


def test_a_text_alone_where_tasks_have_numbers_beside_them_is_a_section():
    draft = read(HEAD, [NO, "环境卫生"], [1, "甲", "A局"], [NO, "公共秩序"], [2, "乙", "B局"])

    assert [(task.title, task.section) for task in draft.tasks] == [("甲", "环境卫生"), ("乙", "公共秩序")]
    assert draft.problems == []


def test_below_a_task_a_text_alone_may_be_one_whose_cells_were_merged():
    draft = read(HEAD, [1, "甲", "A局"], [NO, "乙", NO])

    assert (titles(draft), problems(draft)) == ([(2, "甲"), (3, "乙")], [(3, "责任单位")])


def test_a_numbered_goal_without_a_unit_is_no_section():
    draft = read(["责任目标", "责任单位"], ["1.甲", "A局"], ["2.乙", NO])

    assert titles(draft) == [(2, "甲"), (3, "乙")]
    assert problems(draft) == [(3, "责任单位")]


def test_an_unnumbered_row_without_a_unit_is_listed_not_lost():
    draft = read(["工作任务", "责任单位"], ["清理小广告", NO], ["甲", "A局"])

    assert titles(draft) == [(2, "清理小广告"), (3, "甲")]
    assert problems(draft) == [(2, "责任单位")]


@pytest.mark.parametrize(
    "last", ["来源:http://example.org", "来源", "注:以上任务按月报送", "合计", "合  计", "填表人:某某", "备注:无"]
)
def test_notes_below_the_table_are_no_tasks(last):
    assert titles(read(HEAD, [1, "甲", "A局"], [last])) == [(2, "甲")]


def test_a_date_below_the_table_is_no_further_task():
    draft = read(HEAD, [1, "甲", "A局", "6月底"], [NO, NO, NO, "2026年3月5日"])

    assert (titles(draft), problems(draft)) == ([(2, "甲")], [(3, "工作任务")])


def test_a_sheet_of_sources_is_not_read():
    draft = read(HEAD, [1, "甲", "A局"], 来源=[["来源"], ["http://example.org"]])

    assert (titles(draft), draft.problems) == ([(2, "甲")], [])


def test_every_sheet_with_headings_is_read():
    draft = read(HEAD, [1, "甲", "A局"], 区级=[HEAD, [1, "乙", "B局"]])

    assert [(task.sheet, task.title) for task in draft.tasks] == [("Sheet1", "甲"), ("区级", "乙")]


def test_a_sheet_without_headings_is_listed():
    draft = read(HEAD, [1, "甲", "A局"], 通讯录=[["一些文字", "更多"], ["a", "b"]])

    assert problems(draft) == [(1, "")]


def test_merged_units_and_deadlines_count_for_every_row():
    draft = read(["任务", "责任单位", "时限"], ["1.甲", "A局、B局", "6月底"], ["2.乙"], merged=["B2:B3", "C2:C3"])

    assert units(draft) == [(["A局"], ["B局"], [])] * 2
    assert [task.deadline.month for task in draft.tasks] == [6, 6]


def test_units_are_not_guessed_where_no_merged_area_says_so():
    draft = read(["任务", "责任单位"], ["1.甲", "A局"], ["2.乙", NO])

    assert draft.tasks[1].lead == []


def test_levels_that_arrive_as_blanks_count_until_the_next_one():
    rows = [["Ⅰ-1 甲", "Ⅱ-1 乙", "Ⅲ-1 丙", "A局"], [NO, NO, "Ⅲ-2 丁", "B局"], [NO, "Ⅱ-2 戊"], [NO, NO, "Ⅲ-3 己", "C局"]]
    draft = read(["测评项目", "测评指标", "测评内容", "责任单位"], *rows, ["Ⅰ-2 庚", NO, "Ⅲ-4 辛", "D局"])

    codes = [[code for code, _name in task.path] for task in draft.tasks]
    assert codes == [["Ⅰ-1", "Ⅱ-1", "Ⅲ-1"], ["Ⅰ-1", "Ⅱ-1", "Ⅲ-2"], ["Ⅰ-1", "Ⅱ-2", "Ⅲ-3"], ["Ⅰ-2", "Ⅲ-4"]]


@pytest.mark.parametrize("merged", [("B2:B3",), ()])
def test_a_task_over_several_rows_keeps_its_name(merged):
    draft = read(
        ["序号", "工作任务", "具体要求", "责任单位"], [1, "整治", "清扫", "A局"], [2, NO, "清洗", "B局"], merged=merged
    )

    assert [(task.title, task.requirement) for task in draft.tasks] == [("整治", "清扫"), ("整治", "清洗")]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (["工作任务", "具体要求", "责任单位"], "a"),
        (["重点工作", "具体任务", "责任单位"], "b"),
        (["测评项目", "测评内容", "责任单位"], "b"),
        (["项目", "内容", "牵头部门"], "b"),
        (["测评指标", "测评标准", "责任单位"], "b"),
        (["项目", "标准", "责任单位"], "a"),
        (["类别", "整治事项", "承办单位"], "b"),
        (["工作内容", "工作要求", "部门"], "a"),
        (["点位名称", "存在问题", "责任单位"], "b"),
        (["点位", "整治重点", "责任单位"], "b"),
    ],
)
def test_the_best_column_names_the_task(head, title):
    assert read(head, ["a", "b", "A局"]).tasks[0].title == title


def test_numbers_at_the_head_of_titles_are_kept_apart():
    draft = read(
        ["工作任务", "责任单位"],
        ["1.甲", "A局"],
        ["(2)乙", "A局"],
        ["三、丙", "A局"],
        ["Ⅳ.丁", "A局"],
        ["3.15活动", "A局"],
    )

    assert [(task.number, task.title) for task in draft.tasks] == [
        ("1", "甲"),
        ("2", "乙"),
        ("三", "丙"),
        ("Ⅳ", "丁"),
        ("", "3.15活动"),
    ]


def test_a_title_of_several_lines_is_one_line():
    draft = read(["工作任务", "责任单位"], ["开展文明\n城市创建\n宣传", "A局"])

    assert draft.tasks[0].title == "开展文明城市创建宣传"


def test_ditto_means_what_stands_above():
    draft = read(["任务", "责任单位", "时限"], ["甲", "A局、B局", "6月底"], ["乙", "同上", "〃"])

    assert units(draft)[1] == (["A局"], ["B局"], [])
    assert draft.tasks[1].deadline.month == 6
