"""Cells of unit names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.unit_cells import LEAD, RESPONSIBLE, SUPPORTING, pieces, share_out, split_persons, split_units

LEFT, RIGHT, COMMA, SEMICOLON, COLON = "\uff08\uff09\uff0c\uff1b\uff1a"  # full width


def names(text):
    return list(split_units(text).parts)


def shares(text, part=RESPONSIBLE, rest=None):
    said = share_out([(part, rest, split_units(text))])
    return said.lead, said.responsible, said.supporting


@given(st.text(alphabet=f"市局办和等 \t\n\u3000、,;。()[]【】{LEFT}{RIGHT}{COMMA}{SEMICOLON}牵头:", max_size=60))
def test_cutting_loses_nothing_but_separators(text):
    cut = pieces(text)

    assert "".join(before + piece for before, piece in cut) == text
    assert not "".join(before for before, _piece in cut).strip(f" \t\n\u3000、,;。{COMMA}{SEMICOLON}")


@given(
    st.lists(
        st.sampled_from(["市教育局", "城发集团", "各区", f"各街道{LEFT}办事处、社区{RIGHT}"]), min_size=1, unique=True
    ),
    st.data(),
)
def test_names_come_back_whatever_separates_them(units, data):
    separator = st.sampled_from(["、", ",", ";", " ", "\n", COMMA, SEMICOLON, "、\n", "\u3000"])
    text = units[0] + "".join(data.draw(separator) + unit for unit in units[1:])

    assert names(text) == units


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text):
    split_units(text, with_persons=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("教 育 局、公\n安\n局", ["教育局", "公安局"]),
        ("市委宣传\n部、市文明办", ["市委宣传部", "市文明办"]),
        ("市人力资源和\n社会保障局", ["市人力资源和社会保障局"]),
        ("甲 乙 丙", ["甲", "乙", "丙"]),
        ("市文明办(牵头、市教育局", ["市文明办", "市教育局"]),
        ("市直部门(城管局、住建局等),各区", ["市直部门(城管局、住建局等)", "各区"]),
        ("市文明办、市教育局、市文明办", ["市文明办", "市教育局"]),
        ("市高等专科学校、市中等职业学校", ["市高等专科学校", "市中等职业学校"]),
        ("无", []),
        ("甲局、乙局。", ["甲局", "乙局"]),
    ],
)
def test_names_are_told_apart(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市直各单位等", ["市直各单位"]),
        ("甲局、乙局等部门", ["甲局", "乙局"]),
        ("甲局、乙局等8个单位", ["甲局", "乙局"]),
        ("甲局等市直各部门", ["甲局", "市直各部门"]),
        ("甲局、等。", ["甲局"]),
    ],
)
def test_a_list_left_open_is_told(text, expected):
    cell = split_units(text)

    assert (list(cell.parts), cell.is_open) == (expected, True)


@pytest.mark.parametrize(
    ("text", "lead", "responsible", "supporting"),
    [
        ("甲局、乙局、丙局", ["甲局"], ["乙局", "丙局"], []),
        ("甲局(牵头)、乙局、丙局(配合)", ["甲局"], ["乙局"], ["丙局"]),
        (f"甲局{LEFT}牵头单位{RIGHT}{COMMA}乙局{LEFT}配合{RIGHT}", ["甲局"], [], ["乙局"]),
        ("乙局、甲局(牵头)", ["甲局"], ["乙局"], []),
        ("牵头单位:甲局;配合单位:乙局、丙局", ["甲局"], [], ["乙局", "丙局"]),
        (f"牵头单位{COLON}甲局\n责任单位{COLON}乙局\n配合单位{COLON}丙局", ["甲局"], ["乙局"], ["丙局"]),
        ("牵头单位 甲局 配合单位 乙局", ["甲局"], [], ["乙局"]),
        ("甲局牵头,乙局、丙局配合", ["甲局"], [], ["乙局", "丙局"]),
        ("由甲局牵头,各县区按职责分工负责", ["甲局"], ["各县区"], []),
        ("甲局、乙局配合", ["甲局"], [], ["乙局"]),
        ("【牵头】甲局;【配合】乙局", ["甲局"], [], ["乙局"]),
        ("主办:甲局;协办:乙局;参与:丙局", ["甲局"], [], ["乙局", "丙局"]),
        ("责任单位:甲局、乙局", ["甲局"], ["乙局"], []),
        ("配合单位:甲局", [], [], ["甲局"]),
    ],
)
def test_words_in_the_cell_give_the_part(text, lead, responsible, supporting):
    assert shares(text) == (lead, responsible, supporting)


def test_all_units_of_a_leading_column_lead():
    said = share_out([(LEAD, None, split_units("甲局、乙局")), (RESPONSIBLE, None, split_units("丙局、甲局"))])

    assert (said.lead, said.responsible) == (["甲局", "乙局"], ["丙局"])


def test_an_empty_leading_column_lets_the_first_unit_lead():
    said = share_out([(LEAD, None, split_units("")), (RESPONSIBLE, None, split_units("丙局、丁局"))])

    assert (said.lead, said.responsible) == (["丙局"], ["丁局"])


def test_in_a_column_of_leading_units_with_supporting_ones_the_first_leads():
    assert shares("甲局、乙局、丙局", part=LEAD, rest=SUPPORTING) == (["甲局"], [], ["乙局", "丙局"])


@pytest.mark.parametrize("text", ["市城管局 张伟", "市城管局(张伟)", "市城管局\n张伟", f"市城管局{COLON}张伟"])
def test_a_person_beside_the_unit_is_no_unit(text):
    cell = split_units(text, with_persons=True)

    assert (list(cell.parts), cell.persons) == (["市城管局"], ["张伟"])


def test_a_spread_name_is_one_person():
    assert split_persons("张 三、李小明") == ["张三", "李小明"]


def test_ten_thousand_brackets_take_no_time():
    assert names("[" + "(" * 10_000 + "]" * 10_000 + "、甲局")[-1] == "甲局"
