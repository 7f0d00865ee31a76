"""What each cell of a ledger says, and what is listed as a problem."""

import datetime

import pytest

from tests.tasks.workbooks import problems, read, read_lines, titles

HEAD = ["序号", "工作任务", "责任单位", "完成时限"]
NO = None


def only(draft):
    (task,) = draft.tasks
    return task


@pytest.mark.parametrize(
    ("head", "cells", "lead", "responsible", "supporting"),
    [
        (["牵头单位", "责任单位", "配合单位"], ["甲局", "乙局", "丙局、各区"], ["甲局"], ["乙局"], ["丙局", "各区"]),
        (["主办单位", "协办单位", "备注"], ["甲局", "乙局", "丙局"], ["甲局"], [], ["乙局"]),
        (["承办单位", "参与单位", "责任人"], ["甲局 乙局", "丁局", "某某"], ["甲局"], ["乙局"], ["丁局"]),
        (["牵头、配合单位", "分管领导", "进展情况"], ["甲局、乙局", "某某", "顺利"], ["甲局"], [], ["乙局"]),
        (["牵头单位", "责任单位", "分管市领导"], [NO, "甲局、乙局", "某某"], ["甲局"], ["乙局"], []),
        (["责任分工", "负责人", "联系电话"], ["甲局、乙局", "某某", "110"], ["甲局"], ["乙局"], []),
    ],
)
def test_headings_give_the_part(head, cells, lead, responsible, supporting):
    task = only(read(["任务", *head], ["甲", *cells]))

    assert (task.lead, task.responsible, task.supporting) == (lead, responsible, supporting)


def test_a_column_of_units_with_their_persons_gives_both():
    task = only(
        read(["任务", "牵头单位及主要负责人", "责任单位(责任人)"], ["甲", "市城管局 张伟", "市住建局(王强)、市教育局"])
    )

    assert task.units() == ["市城管局", "市住建局", "市教育局"]
    assert task.persons == ["张伟", "王强"]


def test_a_heading_may_say_that_the_brackets_hold_persons():
    task = only(read(["任务", "责任单位(括号内为责任领导)"], ["甲", "市城管局(张伟)、市住建局(房管科)"]))

    assert (task.units(), task.persons) == (["市城管局", "市住建局(房管科)"], ["张伟"])


def test_a_list_left_open_is_a_problem_of_its_row():
    draft = read(HEAD, [1, "甲", "A局、B局等", NO])

    assert only(draft).units() == ["A局", "B局"]
    assert [(one.row, one.column, one.value) for one in draft.problems] == [(2, "责任单位", "A局、B局等")]


def test_a_row_with_supporting_units_only_is_a_problem():
    assert problems(read(["任务", "牵头单位", "配合单位"], ["甲", NO, "A局"])) == [(2, "配合单位")]


def test_a_deadline_that_cannot_be_read_is_a_problem_with_its_text_kept():
    draft = read(HEAD, [1, "甲", "A局", "尽快"])

    assert (only(draft).deadline, only(draft).deadline_text) == (None, "尽快")
    assert problems(draft) == [(2, "完成时限")]


def test_dates_of_the_workbook_are_deadlines():
    task = only(read(HEAD, [1, "甲", "A局", datetime.date(2026, 7, 15)]))

    assert task.as_json()["deadline"] == task.deadline_text == "2026-07-15"


def test_the_year_of_a_heading_counts_for_its_column():
    task = only(read(["工作任务", "责任单位", "完成时限(2024年)"], ["甲", "A局", "6月底前"]))

    assert task.deadline == datetime.date(2024, 6, 30)


@pytest.mark.parametrize("title", ["二〇二四年任务分解表", "二○二四年度分解表", "\uff12\uff10\uff12\uff14年任务分解表"])
def test_the_year_of_a_title_may_be_written_out(title):
    task = only(read([title], HEAD, [1, "甲", "A局", "6月底前"]))

    assert task.deadline == datetime.date(2024, 6, 30)


@pytest.mark.parametrize("text", ["=1+1", "+甲", "-甲", "@甲", "=HYPERLINK(1)"])
def test_what_looks_like_a_formula_stays_text_and_is_listed(text):
    draft = read(HEAD, [1, text, "A局", NO])

    assert titles(draft) == [(2, text)]
    assert problems(draft) == [(2, "工作任务")]


def test_a_formula_names_no_units_but_itself():
    draft = read(HEAD, [1, "甲", "=VLOOKUP(A1,B:C,2,0)", "=TODAY()"])

    assert only(draft).units() == ["=VLOOKUP(A1,B:C,2,0)"]
    assert (only(draft).deadline, problems(draft)) == (None, [(2, "责任单位"), (2, "完成时限")])


@pytest.mark.parametrize("dash", ["-", "—", "——", "/"])
def test_a_dash_says_nothing(dash):
    assert problems(read(HEAD, [1, "甲", "A局", dash])) == []


def test_the_same_row_twice_is_one_task():
    draft = read(HEAD, [1, "甲", "A局", "6月"], [2, "乙", "A局", "6月"], [3, "甲", "A局", "6月"])

    assert titles(draft) == [(2, "甲"), (3, "乙")]
    assert problems(draft) == [(4, "工作任务")]
    assert "2" in str(draft.problems[0].reason)


@pytest.mark.parametrize("again", ["清扫 道路,洗路", "清扫道路\uff0c洗路。", "清扫\n道路,洗路"])
def test_white_space_and_width_make_no_other_row(again):
    draft = read(HEAD, [1, "清扫道路,洗路", "A局", "6月"], [2, again, "A局", "6 月"])

    assert titles(draft) == [(2, "清扫道路,洗路")]
    assert problems(draft) == [(3, "工作任务")]


@pytest.mark.parametrize("head", ["点位", "责任片区"])
def test_the_same_words_for_another_place_are_another_task(head):
    draft = read(
        ["序号", head, "存在问题", "责任单位"], [1, "人民路", "垃圾未清", "A局"], [2, "中山路", "垃圾未清", "A局"]
    )

    assert (len(draft.tasks), draft.problems) == (2, [])


def test_a_remark_makes_no_other_row():
    draft = read(["工作任务", "责任单位", "备注"], ["甲", "A局", "急"], ["甲", "A局", "缓"])

    assert (titles(draft), problems(draft)) == ([(2, "甲")], [(3, "工作任务")])


def test_the_same_title_for_other_units_is_another_task():
    draft = read(HEAD, [1, "甲", "A局", NO], [2, "甲", "B局", NO])

    assert (len(draft.tasks), draft.problems) == (2, [])


def test_a_row_that_names_no_task_is_listed():
    draft = read(HEAD, [1, "甲", "A局", NO], [2, NO, "B局", NO], [3, NO, NO, NO])

    assert (titles(draft), problems(draft)) == ([(2, "甲")], [(3, "工作任务")])


def test_methods_keep_their_numbers():
    draft = read(
        ["测评内容", "测评标准", "测评方法", "责任单位"], ["甲", "1)一;2)二;3)三", "1)-2)材料审核 3)实地查看", "A局"]
    )

    assert [(point.number, point.text, point.methods) for point in only(draft).criteria] == [
        ("1", "一", ["材料审核"]),
        ("2", "二", ["材料审核"]),
        ("3", "三", ["实地考察"]),
    ]


def test_methods_of_numbers_that_are_not_there_are_listed():
    draft = read(
        ["测评内容", "测评标准", "测评方法", "责任单位"], ["甲", "1)一;2)二", "1)材料审核 2)实地考察 3)问卷调查", "A局"]
    )

    assert problems(draft) == [(2, "测评方法")]


def test_an_unknown_method_is_listed():
    draft = read(["测评内容", "测评方法", "责任单位"], ["甲", "查阅资料、数据统计、问卷", "A局"])

    assert only(draft).methods == ["材料审核", "问卷调查"]
    assert [(one.row, one.value) for one in draft.problems] == [(2, "数据统计")]


def test_a_text_cut_off_is_listed():
    assert problems(read(HEAD, [1, "做好火车站、汽车…", "A局", NO])) == [(2, "工作任务")]


def test_prose_with_the_units_after_the_sentence():
    draft = read_lines(
        "2025年宣传任务", "(一)形式", "1、电视宣传。在广场播放。责任单位:开发区、城管局。完成时限:6月底前。"
    )

    task = only(draft)
    assert (task.row, task.title, task.requirement, task.section) == (3, "电视宣传", "在广场播放。", "(一)形式")
    assert (task.lead, task.responsible, task.deadline) == (["开发区"], ["城管局"], datetime.date(2025, 6, 30))


def test_prose_with_the_units_on_lines_of_their_own():
    draft = read_lines(
        "一、形式", "1.电视宣传", "在广场播放。", "牵头单位:甲局", "配合单位:乙局、丙局", "2.网络宣传(责任单位:丁局)"
    )

    assert titles(draft) == [(2, "电视宣传"), (6, "网络宣传")]
    assert (draft.tasks[0].lead, draft.tasks[0].supporting) == (["甲局"], ["乙局", "丙局"])


@pytest.mark.parametrize("brackets", ["()", "【】", "〔〕", "[]", "\uff08\uff09"])
def test_prose_with_the_units_in_any_brackets(brackets):
    opener, closer = brackets
    task = only(read_lines(f"1.电视宣传{opener}牵头单位:甲局(一科);配合单位:乙局{closer}。"))

    assert (task.title, task.lead, task.supporting) == ("电视宣传", ["甲局(一科)"], ["乙局"])


def test_prose_whose_brackets_say_who_leads_without_a_label():
    draft = read_lines(
        "1.电视宣传。(甲局牵头,乙局、丙局配合)", "2.网络宣传。(丁局负责)", "3.入户(含社区)宣传(责任单位:甲局)"
    )

    assert titles(draft) == [(1, "电视宣传"), (2, "网络宣传"), (3, "入户(含社区)宣传")]
    assert [(task.lead, task.supporting) for task in draft.tasks] == [
        (["甲局"], ["乙局", "丙局"]),
        (["丁局"], []),
        (["甲局"], []),
    ]


def test_points_below_a_task_of_prose_belong_to_it():
    draft = read_lines("1.电视宣传(责任单位:甲局)", "(1)在广场;", "(2)在车站。", "2.网络宣传(责任单位:乙局)")

    assert [(task.title, task.requirement) for task in draft.tasks] == [
        ("电视宣传", "(1)在广场; (2)在车站。"),
        ("网络宣传", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_are_read_in_every_usual_encoding(encoding, separator):
    lines = [separator.join(["序号", "工作任务", "责任单位"]), separator.join(["1", "甲", "市文明办、市教育局"])]

    assert titles(read_lines(*lines, encoding=encoding)) == [(2, "甲")]
