"""Cells of methods of assessment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.method_cells import read_methods

PAPERS, SITE, SURVEY = "材料审核", "实地考察", "问卷调查"


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        ("材料审核、实地考察", [PAPERS, SITE]),
        ("查阅资料\n实地查看\n问卷", [PAPERS, SITE, SURVEY]),
        ("材料\n审核", [PAPERS]),
        ("材\n料\n审\n核\n实地\n考察", [PAPERS, SITE]),
        ("问卷调查和实地考察相结合", [SURVEY, SITE]),
        ("材料审核、材料审核", [PAPERS]),
        ("听汇报,网络申报,总体观察", ["听取汇报", "网上申报", "整体观察"]),
    ],
)
def test_methods_are_named_in_the_words_of_the_glossary(text, methods):
    cell = read_methods(text)

    assert (cell.methods, cell.material, cell.unknown) == (methods, "", [])


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("材料审核\n说明制度建设的情况", "说明制度建设的情况"),
        ("材料审核:提供文件", "提供文件"),
        ("材料审核\uff08附件\uff09\uff1b问卷调查", "\uff08附件\uff09"),
        ("说明本市这项制度建设的全部情况", "说明本市这项制度建设的全部情况"),
    ],
)
def test_what_is_no_method_is_the_material(text, material):
    assert read_methods(text).material == material


def test_short_words_among_methods_are_unknown_methods():
    assert read_methods("材料审核、数据统计").unknown == ["数据统计"]


@pytest.mark.parametrize(
    "text",
    ["1)材料审核\n2)3)问卷调查", "①材料审核②问卷调查③问卷", "1.材料审核 2.问卷调查 3.问卷", "1)材料审核;2)-3)问卷调查"],
)
def test_numbered_methods_stay_with_their_numbers(text):
    cell = read_methods(text)

    assert cell.by_number == {"1": [PAPERS], "2": [SURVEY], "3": [SURVEY]}
    assert cell.methods == [PAPERS, SURVEY]


def test_methods_without_numbers_count_for_every_standard():
    assert read_methods("材料审核").of("7") == [PAPERS]


@given(st.text(alphabet="材料审核问卷调查12345)(、,;-\n 说明①②", max_size=60))
def test_no_text_breaks_the_reading(text):
    read_methods(text)
