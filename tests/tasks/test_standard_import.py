"""Tables of assessment systems: codes, several numbered criteria with a method each, the negative list, again."""

import pytest

from tasks.models import Criterion, Ledger, Standard
from tasks.reading.ledger_file import read_ledger
from tasks.standards.standard_import import FrozenEdition, plan, store
from tests.tasks.conftest import SAMPLES
from tests.tasks.workbooks import TODAY, read, workbook

pytestmark = pytest.mark.django_db
HEADS = ("测评项目", "测评指标", "测评内容", "测评标准", "测评方法")
ROADS = ("Ⅰ-1 公共环境", "Ⅱ-1 市容", "Ⅲ-1 街面", "1)无占道;\n2)无乱贴", "1)实地考察\n2)实地考察、材料审核")
GREEN = (None, None, "Ⅲ-2 绿化", "1)绿地完好", "实地考察")
BAD = [
    ("序号", "负面清单内容", "测评方法"),
    (1, "发生重大刑事案件", "材料审核"),
    (2, "发生重大火灾", "材料审核、网上申报"),
]


def imported(draft, city, year=2025):
    return store(draft, unit=city, year=year, name="测评体系")


def leaves(standard):
    found = Criterion.objects.filter(indicator__standard=standard).select_related("indicator").order_by("order")
    return [(one.indicator.name, one.number, one.text, one.methods, one.is_negative) for one in found]


def test_each_numbered_criterion_has_the_methods_of_its_number(city):
    standard, _outcome = imported(read(HEADS, ROADS, GREEN), city)

    assert leaves(standard) == [
        ("街面", "1", "无占道", ["site"], False),
        ("街面", "2", "无乱贴", ["site", "material"], False),
        ("绿化", "1", "绿地完好", ["site"], False),
    ]


def test_a_criterion_with_a_circled_code_keeps_it_as_its_number(city):
    sample = read_ledger(SAMPLES / "ledger_wuhan_2014.xlsx", today=TODAY)
    imported(sample, city)

    first = Criterion.objects.order_by("order").first()
    assert (first.number, str(first.indicator), str(first.indicator.parent)[:4]) == (
        "Ⅲ-1-①", "Ⅲ-1 健全学习制度", "Ⅱ-1 ",
    )  # fmt: skip


def test_the_national_sample_again_changes_nothing(city):
    sample = read_ledger(SAMPLES / "standard_national_2015.xlsx", today=TODAY)
    standard, first = imported(sample, city)
    before = leaves(standard)

    again, second = imported(sample, city)

    assert (again, first["criteria"], second) == (
        standard, 8, {"indicators": 0, "criteria": 0, "negative": 0, "same": 8},
    )  # fmt: skip
    assert leaves(standard) == before


NEGATIVE = {
    "a sheet of its own": lambda: read_book(负面清单=BAD),
    "a sheet with another name and a title": lambda: read_book(附表=[("测评体系负面清单",), *BAD]),
    "a section with headings of its own": lambda: read_book(("负面清单",), *BAD),
}


def read_book(*more, **sheets):
    return read_ledger(workbook(HEADS, ROADS, *more, **sheets), today=TODAY)


@pytest.mark.parametrize("way", NEGATIVE)
def test_a_negative_list_becomes_a_branch_of_its_own(city, way):
    standard, outcome = imported(NEGATIVE[way](), city)

    assert leaves(standard)[2:] == [
        ("负面清单", "1", "发生重大刑事案件", ["material"], True),
        ("负面清单", "2", "发生重大火灾", ["material", "online"], True),
    ]
    assert outcome["negative"] == 2
    assert Standard.objects.with_sizes().get().aspect_count == 1


def test_a_section_of_the_same_table_keeps_its_indicators_below_the_negative_list(city):
    row = ("Ⅰ-1 公共环境", "Ⅱ-1 市容", "", "发生重大火灾", "材料审核")
    standard, _outcome = imported(read(HEADS, ROADS, ("负面清单",), row), city)

    last = Criterion.objects.order_by("order").last()
    assert (str(last.indicator), str(last.indicator.parent.parent), last.text) == (
        "Ⅱ-1 市容", "负面清单", "发生重大火灾",
    )  # fmt: skip
    assert standard.indicators.filter(name="市容").count() == 2


def test_a_corrected_table_adds_what_is_missing(city):
    imported(read(HEADS, ROADS), city)

    standard, outcome = imported(read(HEADS, ROADS, GREEN), city)

    assert (outcome["indicators"], outcome["criteria"], outcome["same"]) == (1, 1, 2)
    assert Standard.objects.get() == standard


def test_nothing_is_added_to_an_edition_that_is_used(city):
    standard, _outcome = imported(read(HEADS, ROADS), city)
    Ledger.objects.create(unit=city, year=2026, name="分解表", standard=standard)

    with pytest.raises(FrozenEdition):
        imported(read(HEADS, ROADS, GREEN), city)

    assert len(leaves(standard)) == 2


def test_the_same_table_again_is_welcome_to_an_edition_that_is_used(city):
    standard, _outcome = imported(read(HEADS, ROADS), city)
    Ledger.objects.create(unit=city, year=2026, name="分解表", standard=standard)

    assert imported(read(HEADS, ROADS), city)[1]["same"] == 2


def test_a_plan_stores_nothing(city):
    planned = plan(read(HEADS, ROADS, GREEN))

    assert (planned.outcome["criteria"], Criterion.objects.count()) == (3, 0)
