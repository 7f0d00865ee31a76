"""Deadlines as people write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.deadline_text import read_deadline
from units.spreadsheets import MonthOnly


def day(value, year=2026):
    return read_deadline(value, year=year).day


JUNE = (
    "6月底前|6月|6月份|2026年6月|2026.6|上半年|第二季度|二季度末|Q2|6月下旬|六月三十日前|二〇二六年六月|2026年6月30日前"
    "|6.30|6/30|2026-06-30|2026/6/30|2026.06.30|20260630|2026年6月30日17:00|3-6月|3月—6月|2026年3月1日至6月30日"
    "|6月1日-30日|6月底前完成并长期坚持|2026 年 6 月 30 日|\uff12\uff10\uff12\uff16年\uff16月|26年6月"
)
YEAR_END = (
    "年底前|年内|2026年底|2026年年底前|全年|2026年|本年度|第四季度|下半年|十二月底|3、6、9、12月底前"
    "|6月底前完成60%,年底前全部完成|年底前,每季度报送一次|即日起至12月31日"
)
UNCLEAR = "尽快|2月30日|2026年6月31日|13月|完成1/3|月底前|一个月内|按要求|2026年“七一”前"


@pytest.mark.parametrize("text", JUNE.split("|"))
def test_the_last_day_of_what_is_named_counts(text):
    found = read_deadline(text, year=2026)

    assert (found.day, found.is_clear) == (date(2026, 6, 30), True)


@pytest.mark.parametrize("text", YEAR_END.split("|"))
def test_the_year_ends_on_its_last_day(text):
    assert day(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2月底前", date(2026, 2, 28)),
        ("6月中旬", date(2026, 6, 20)),
        ("明年6月底", date(2027, 6, 30)),
        ("2026年12月至次年3月", date(2027, 3, 31)),
        ("12月-3月", date(2027, 3, 31)),
        ("2026-2028年", date(2028, 12, 31)),
        ("2026.3-2027.12", date(2027, 12, 31)),
    ],
)
def test_years_and_months_turn_as_they_are_meant(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    "text", ["长期坚持", "常年", "持续推进", "每季度末", "每月25日前", "每年6月底前", "贯穿全年", "定期开展", "随时"]
)
def test_work_without_an_end_has_no_day(text):
    found = read_deadline(text, year=2026)

    assert (found.day, found.text, found.is_clear) == (None, text, True)


@pytest.mark.parametrize("text", [*UNCLEAR.split("|"), "一" * 5000])
def test_what_cannot_be_read_is_told(text):
    found = read_deadline(text, year=2026)

    assert (found.day, found.is_clear) == (None, False)


@pytest.mark.parametrize(
    "value", [date(1, 1, 1), date(1999, 12, 31), date(2101, 1, 1), date(9999, 12, 31), "1926年6月底"]
)
def test_a_day_that_nobody_can_mean_is_told(value):
    found = read_deadline(value, year=2026)

    assert (found.day, found.is_clear) == (None, False)


def test_the_year_of_the_table_counts_for_texts_without_one():
    assert day("第三季度", year=2014) == date(2014, 9, 30)


def test_a_real_date_is_taken_as_it_is():
    found = read_deadline(datetime(2026, 7, 15).date(), year=2020)  # noqa: DTZ001

    assert (found.day, found.text) == (date(2026, 7, 15), "2026-07-15")


def test_a_cell_that_shows_only_the_month_means_all_of_it():
    found = read_deadline(MonthOnly(2026, 6, 1), year=2020)

    assert (found.day, found.text) == (date(2026, 6, 30), "2026年6月")


NUMBERS = {
    46203: date(2026, 6, 30),
    20260630: date(2026, 6, 30),
    6.15: date(2026, 6, 15),
    2026: date(2026, 12, 31),
    6.3: None,
}


@pytest.mark.parametrize(("number", "expected"), NUMBERS.items())
def test_numbers_are_days_unless_a_nought_may_be_lost(number, expected):
    assert day(number) == expected


@given(st.text(alphabet="0123456789年月日底前至到-.,、第一二三季度每长期上半 ", max_size=40))
def test_no_text_breaks_the_reading(text):
    read_deadline(text, year=2026)
