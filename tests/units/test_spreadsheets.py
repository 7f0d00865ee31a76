"""Tables in and out."""

import collections
import datetime
import io
import tracemalloc
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from units.cells import Stopwatch
from units.spreadsheets import CellError, Formula, MonthOnly, UnreadableFile, read_sheets, read_text, write_rows
from units.xlsx_values import DAY, MONTH, shows


def written(*rows, header=("甲", "乙"), **options):
    file = io.BytesIO()
    write_rows(file, header, rows, **options)
    return file


def rows_of(file):
    return [list(sheet.rows()) for sheet in read_sheets(file)]


def styled(value, number_format):
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"].value, book.active["A1"].number_format = value, number_format
    book.save(file)
    ((_number, row),) = rows_of(file)[0]
    return row[1]


def test_what_is_written_is_read_again():
    file = written(["文字", 7], [datetime.date(2026, 6, 30), 1.5], [None, Decimal("2.25")])

    assert rows_of(file) == [
        [(1, {1: "甲", 2: "乙"}), (2, {1: "文字", 2: 7}), (3, {1: datetime.date(2026, 6, 30), 2: 1.5}), (4, {2: 2.25})]
    ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30))
def test_any_text_comes_back_as_text(text):
    file = written([text], header=["x"])

    assert rows_of(file)[0][1:] == [(2, {1: text})]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "http://example.org", "0012"])
def test_text_written_is_never_a_formula_or_a_link(text):
    cell = openpyxl.load_workbook(written([text], header=["x"])).active["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_rows_keep_their_numbers_over_blank_ones():
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["B3"], book.active["AA7"] = "x", "y"
    book.save(file)

    assert rows_of(file) == [[(3, {2: "x"}), (7, {27: "y"})]]


def test_merged_areas_are_known_before_the_rows():
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active.merge_cells("A1:C4")
    book.save(file)

    (sheet,) = read_sheets(file)
    assert [(span.top, span.left, span.bottom, span.right) for span in sheet.merges] == [(1, 1, 4, 3)]


def test_a_formula_is_read_as_its_text_whatever_it_once_gave():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet().write_formula(0, 0, "=1+1", value="市文明办")
    book.close()

    ((_number, row),) = rows_of(file)[0]
    assert (row[1], type(row[1])) == ("=1+1", Formula)


def test_an_error_of_the_spreadsheet_is_told_from_text():
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"].value, book.active["A1"].data_type = "#REF!", "e"
    book.save(file)

    assert type(rows_of(file)[0][0][1][1]) is CellError


@pytest.mark.parametrize(
    "shown", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d/yy h:mm", "[$-804]yyyy年m月d日", "mm-dd-yy"]
)
def test_a_number_shown_as_a_date_is_a_date(shown):
    assert styled(46203, shown) == datetime.date(2026, 6, 30)


def test_a_date_shown_without_its_day_is_the_month():
    value = styled(46183, 'yyyy"年"m"月"')

    assert (type(value), value.year, value.month) == (MonthOnly, 2026, 6)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *[(code, None) for code in ("General", "0.00", '0"天"', "h:mm:ss", "[h]:mm", "#,##0;[Red]-0")],
        *[(code, MONTH) for code in ("mmm-yy", 'm"月"', "yyyy年m月")],
        *[(code, DAY) for code in ("d", "yyyy", "yyyy-mm-dd", "m/d/yy h:mm")],
    ],
)
def test_formats_show_days_months_or_neither(code, kind):
    assert shows(code) == kind


def test_rich_text_is_joined_without_its_reading_aid():
    texts = b"<sst><si><r><t>wen</t></r><r><t>ming</t></r><rPh><t>aid</t></rPh></si></sst>"
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet().write_string(0, 0, "x")
    book.close()

    assert rows_of(replaced(file, "xl/sharedStrings.xml", texts)) == [[(1, {1: "wenming"})]]


def replaced(file, part, content):
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return made


def test_an_upload_is_read_like_a_file():
    upload = SimpleUploadedFile("a.xlsx", written(["文字", 7]).getvalue())

    assert len(rows_of(upload)[0]) == 2


def test_a_path_is_read_like_a_file(tmp_path):
    (tmp_path / "a.csv").write_bytes('甲,乙\n\n1,"2\n3"\n'.encode("gb18030"))

    assert rows_of(tmp_path / "a.csv") == [[(1, {1: "甲", 2: "乙"}), (3, {1: "1", 2: "2\n3"})]]


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr("units.cells.MAX_BYTES", 10)

    with pytest.raises(UnreadableFile):
        read_text(io.BytesIO(b"x" * 11))


def test_the_watch_stops_what_takes_too_long():
    with pytest.raises(UnreadableFile):
        Stopwatch(seconds=-1).check()


def test_a_fault_of_the_reader_of_rows_is_not_blamed_on_the_file():
    file = written(["文字", 7])

    with pytest.raises(ZeroDivisionError):
        for sheet in read_sheets(file):
            for _row in sheet.rows():
                1 / 0  # noqa: B018


def peak_of_reading(file):
    tracemalloc.start()
    for sheet in read_sheets(file):
        collections.deque(sheet.rows(), maxlen=0)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_rows_read():
    small, large = (written(*([f"文字{number}", number] for number in range(rows))) for rows in (2_000, 20_000))

    assert peak_of_reading(large) < 1.5 * peak_of_reading(small) + 500_000
