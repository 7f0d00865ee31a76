"""Deadlines as people write them, read as the last day that is meant."""

import calendar
import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tasks.reading.cell_text import text_of
from units.spreadsheets import MonthOnly
from units.years import YEARS, is_plausible

DIGITS = {mark: str(number) for number, mark in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "两": "2"}
WRITTEN_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*[年/.-])")
CHINESE_NUMBER = re.compile(r"[〇零○一二三四五六七八九十]+(?=年|月|日|号|季度)")
TO = "-—–~至到―"
RECURRING = re.compile(
    r"每(?!个?(?:单位|户|处|人|条|家|所|名))|按(?:年|月|季|周|旬|日)|逐[年月季周日]|定期|不定期|半年一次"
)
LASTING = re.compile(r"长期|常年|持续|常态|经常|日常|长效|全程|始终|不间断|贯穿|随时|常抓|坚持|永久|一直")
TOKEN = re.compile(
    r"(?<!\d)(?P<iso_year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<iso_month>\d{1,2})(?:(?P=mark)(?P<iso_day>\d{1,2}))?(?![\d月年])"
    r"|(?<!\d)(?P<solid_year>20\d\d)(?P<solid_month>0[1-9]|1[0-2])(?P<solid_day>0[1-9]|[12]\d|3[01])?(?!\d)"
    r"|(?P<half>[上下])半年"
    r"|(?<!\d)(?P<year>\d{4}|\d{2})年度?(?P<year_part>[底末内中初终])?"
    r"|(?P<shift>明|次|翌|来|今|本|当|同|后)年度?(?P<shift_part>[底末内中初终])?"
    r"|(?<!\d)(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})(?:日|号|(?=前|止|完成|$))|(?P<third>[上中下])旬|(?P<month_part>[初中]))?"
    r"|(?:第?(?P<quarter>[1-4])季度|第(?P<nth>[1-4])季(?!度)|(?<![a-z])q(?P<q>[1-4])(?!\d))"
    r"|(?P<whole>年底|年末|年终|年内|岁末|全年|年中)"
    rf"|(?<=[{TO}])(?P<later_day>\d{{1,2}})[日号]"
    rf"|(?:^|(?<=[{TO},;、年(]))(?P<short_month>\d{{1,2}})[./-](?P<short_day>\d{{1,2}})(?=$|[{TO},;、)]|前|之前|以前|止|完成|底)"
)  # fmt: skip
LONGEST = 200
SHIFTS = {"明": 1, "次": 1, "翌": 1, "来": 1, "后": 2}
WHOLE_YEAR = re.compile(rf"$|[{TO},;、()]|[之以]?前|内|底|末|完成|全年")
CLAUSE = re.compile(r"[,;。\n]|并(?=长期|持续|常态)")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day (None where there is none), the text it was read from, and whether the text could be understood."""

    day: datetime.date | None
    text: str
    is_clear: bool = True


def read_deadline(value, *, year):
    """The deadline a cell states; `year` counts for texts that name none. A day that nobody can mean is not clear."""
    found = meaning(value, year)
    return found if found.day is None or is_plausible(found.day) else Deadline(None, found.text, is_clear=False)


def meaning(value, year):
    text = " ".join(text_of(value).split())
    if isinstance(value, datetime.date):
        return Deadline(last_of_month(value.year, value.month) if isinstance(value, MonthOnly) else value, text)
    if isinstance(value, (int, float)):
        return from_number(value, text, year)
    if len(text) > LONGEST:
        return Deadline(None, text, is_clear=False)
    if text in ("", "无", "/", "-", "—", "——"):
        return Deadline(None, text)
    return from_text(text, year)


def last_of_month(year, month):
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def from_number(number, text, year):
    """A bare number: a day Excel shows as a number, 20260630, 2026, 6.15. Not 6.3, which may have been 6.30."""
    if 36_526 <= number <= 73_050:  # 2000 to 2099
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(number))
        return Deadline(day, day.isoformat())
    is_doubtful = isinstance(number, float) and text[-2:] in (".1", ".2", ".3")
    return Deadline(None, text, is_clear=False) if is_doubtful else from_text(text, year)


@lru_cache(maxsize=1024)
def from_text(text, year):
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    plain = CHINESE_NUMBER.sub(arabic, plain)
    clauses = [clause for clause in CLAUSE.split(plain) if clause]
    if re.fullmatch(r"20\d\d", plain):
        return Deadline(datetime.date(int(plain), 12, 31), text)
    dated = "".join(f"{clause}," for clause in clauses if not RECURRING.search(clause))
    try:
        days = days_named(dated, year)
    except ValueError:  # 31 June
        return Deadline(None, text, is_clear=False)
    lasts = bool(LASTING.search(plain) or RECURRING.search(plain))
    if days and not (LASTING.search(plain) and "全年" in plain):
        return Deadline(max(days), text)
    return Deadline(None, text, is_clear=lasts)


def arabic(found):
    """十二 → 12, 二〇二六 → 2026."""
    word = found[0]
    if "十" not in word:
        return "".join(DIGITS[mark] for mark in word)
    tens, ones = word.split("十", 1)
    if "十" in ones:
        return word
    return str(int(DIGITS.get(tens[-1:], "1")) * 10 + int(DIGITS.get(ones[:1], "0")))


def days_named(text, year):
    """Every day the text names, each the last of what is named; a year counts until the next one."""
    days, said_year, before, end_before = [], None, None, 0
    for found in TOKEN.finditer(text):
        kind = found.lastgroup
        if found["year"] or found["shift"]:
            said_year = year_of(found, said_year or year)
            day = year_part(found["year_part"] or found["shift_part"], said_year)
            if not WHOLE_YEAR.match(text, found.end()):
                continue  # 2026年6月: the year alone is not meant
        elif found["later_day"]:
            day = before and before.replace(day=int(found["later_day"]))
        else:
            day = day_of(found, said_year or year)
        if day is None:
            continue
        between = text[end_before : found.start()]
        if (
            before
            and day < before
            and re.search(f"[{TO}]", between)
            and kind not in ("iso_day", "iso_month", "solid_day")
        ):
            day = day_of(found, before.year + 1) or day
        days.append(day)
        before, end_before = day, found.end()
    return days


def year_of(found, year):
    if found["shift"]:
        return year + SHIFTS.get(found["shift"], 0)
    number = int(found["year"])
    return number if number > 99 else 2000 + number


def year_part(part, year):
    if part == "初":
        return None
    return datetime.date(year, 6, 30) if part == "中" else datetime.date(year, 12, 31)


def day_of(found, year):
    """The last day of one thing named; ValueError where the calendar has no such day."""
    if found["iso_year"]:
        return day_or_month(int(found["iso_year"]), found["iso_month"], found["iso_day"])
    if found["solid_year"]:
        return day_or_month(int(found["solid_year"]), found["solid_month"], found["solid_day"])
    if found["half"]:
        return datetime.date(year, 6, 30) if found["half"] == "上" else datetime.date(year, 12, 31)
    quarter = found["quarter"] or found["nth"] or found["q"]
    if quarter:
        return last_of_month(year, int(quarter) * 3)
    if found["whole"]:
        return year_part("中" if found["whole"] == "年中" else "", year)
    if found["short_month"]:
        return datetime.date(year, int(found["short_month"]), int(found["short_day"]))
    if found["month"]:
        part = {"上": "10", "中": "20", "初": "10"}.get(found["third"] or found["month_part"] or "")
        return day_or_month(year, found["month"], found["day"] or part)
    return None


def day_or_month(year, month, day):
    if not 1 <= int(month) <= 12:
        raise ValueError("no such month")
    return datetime.date(year, int(month), int(day)) if day else last_of_month(year, int(month))


def text_later(text, years):
    """The deadline as written, with each year in it so many later."""
    return WRITTEN_YEAR.sub(lambda found: str(int(found[0]) + years), text)


def leaves_the_years(text, years):
    """Whether a year in it that somebody may mean is none any more when it is so many later."""
    named = map(int, WRITTEN_YEAR.findall(text))
    return any(year in YEARS and year + years not in YEARS for year in named)
