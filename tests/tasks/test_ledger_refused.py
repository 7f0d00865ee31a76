"""Files that are no ledger, damaged, too large or made to harm: one clear message, never a trace, never for long."""

import io
import random
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from tasks.reading.ledger_file import read_ledger
from tests.tasks.workbooks import TODAY, edited, read, read_lines, titles, workbook
from units import cells
from units.spreadsheets import UnreadableFile

HEAD = ["序号", "工作任务", "责任单位", "完成时限"]
ROW = [1, "甲", "A局", "6月底前"]
NO_DEADLINE = ""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NO_WORKBOOKS = [
    *(b"", b"   \n", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(99), b"%PDF-1.7 x", b"PK\x03\x04" + bytes(99), bytes(500)),
    *(
        b"<html><table></table></html>",
        b"<?xml version='1.0'?><Workbook/>",
        b"\xff\xfe\x00\xd8",
        b"\x81\xff,\x81\xff\n",
    ),
    *(OLD, OLD + "EncryptedPackage".encode("utf-16-le")),
]
LONG_CELLS = [
    *(
        "(" * 32_000,
        "[" + "(" * 16_000 + "]" * 15_000,
        "、" * 32_000,
        "牵头" * 16_000,
        "各县" + "、区" * 16_000,
        "…" * 32_000 + "x",
        "一" * 32_000,
    ),
    *(
        "1" + " " * 32_000 + "x",
        "1)" * 16_000,
        "Ⅰ-1" * 10_000,
        "等" * 32_000,
        "6月" * 16_000,
        "x\n" * 16_000,
        "1.1." * 8_000,
    ),
]


def refused(file):
    with pytest.raises(UnreadableFile) as error:
        read_ledger(file, today=TODAY)
    return str(error.value)


def large(rows, row):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, row(number))
    book.close()
    return file


@pytest.mark.parametrize("content", NO_WORKBOOKS)
def test_what_is_no_workbook_is_refused(content):
    assert refused(io.BytesIO(content))


def test_a_password_is_told_apart_from_an_old_format():
    assert refused(io.BytesIO(OLD)) != refused(io.BytesIO(OLD + "EncryptedPackage".encode("utf-16-le")))


def test_another_kind_of_zip_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("word/document.xml", "<w/>")

    assert ".xlsx" in refused(file)


@pytest.mark.parametrize("rows", [[], [["a", "b"], [1, 2]], [HEAD], [["序号", "联系人"], [1, "某某"]]])
def test_a_workbook_without_tasks_is_refused(rows):
    assert refused(workbook(*rows))


def test_a_text_that_names_no_units_is_refused():
    with pytest.raises(UnreadableFile):
        read_lines("1.甲", "2.乙")


def test_every_damaged_workbook_ends_in_a_message_or_a_draft():
    whole, dice = workbook(HEAD, ROW).getvalue(), random.Random(1)
    for _time in range(100):
        broken = bytearray(whole[: dice.choice([len(whole), len(whole) // 2])])
        for _byte in range(dice.randint(1, 20)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            read_ledger(io.BytesIO(bytes(broken)), today=TODAY)
        except UnreadableFile as error:
            assert str(error)


@pytest.mark.parametrize("area", [b"A1:XFD1048576", b"A1:BDWGN1048576"])
def test_a_declared_size_of_a_million_columns_is_listed(area):
    draft = read_ledger(edited(workbook(HEAD, ROW), sheet=lambda xml: xml.replace(b"A1:D2", area)), today=TODAY)

    assert (titles(draft), len(draft.problems)) == ([(2, "甲")], 1)


@pytest.mark.parametrize(("before", "row"), [(b"", 2), (b'</row><row r="3">', 3)], ids=["beside a task", "alone"])
def test_a_cell_far_to_the_right_is_listed(before, row):
    far = before + b'<c r="XFD1"><v>1</v></c></row></sheetData>'

    draft = read_ledger(
        edited(workbook(HEAD, ROW), sheet=lambda xml: xml.replace(b"</row></sheetData>", far)), today=TODAY
    )

    assert (titles(draft), [problem.row for problem in draft.problems]) == ([(2, "甲")], [row])


@pytest.mark.parametrize(
    "added",
    [
        b"</sheetData>" + b" " * (cells.MAX_PART_BYTES + 1),
        b"<row><c t='inlineStr'><is><t>" + b"x" * 40_000 + b"</t></is></c></row></sheetData>",
        b"<row><c><f>" + b"x" * 40_000 + b"</f></c></row></sheetData>",
        b"<row><c><v>" + b"x" * 40_000 + b"</v></c></row></sheetData>",
        b"<row><c t='s'><v>99999</v></c></row></sheetData>",
        b"<row><c>&bomb;</c></row></sheetData>",
        b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 100_001 + b"</mergeCells>",
        b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ],
    ids=[
        *("unpacks too far", "long cell", "long formula", "long number"),
        *("no such text", "entity", "merged areas", "all merged"),
    ],
)
def test_a_sheet_made_to_harm_is_refused(added):
    assert refused(edited(workbook(HEAD, ROW), sheet=lambda xml: xml.replace(b"</sheetData>", added)))


@pytest.mark.parametrize(
    "endless",
    [
        b"<a>" * 1_000_000 + b"</a>" * 1_000_000,
        b"<a b='/>'>" * 1_000_000 + b"</a>" * 1_000_000,
        b"<row><c t='inlineStr'><is><t>" + b"x" * 40_000_000 + b"</t></is></c></row>",
    ],
    ids=["depth", "depth that looks flat", "text"],
)
def test_what_goes_on_without_end_is_refused_before_it_fills_the_memory(endless):
    file = edited(workbook(HEAD, ROW), sheet=lambda xml: xml.replace(b"</sheetData>", endless + b"</sheetData>"))
    tracemalloc.start()

    refused(file)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15_000_000


def test_a_text_table_of_a_million_columns_is_refused():
    assert refused(io.BytesIO("序号,工作任务,责任单位\n1,甲,A局\n".encode() + b"," * 1_000_000))


def test_entities_are_refused():
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'

    assert "XML" in refused(edited(workbook(HEAD, ROW), sheet=lambda xml: evil))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(cells, "MAX_ROWS", 20)

    assert refused(large(30, lambda number: [number, f"任务{number}", "A局", NO_DEADLINE]))


@pytest.mark.parametrize("file", [workbook(HEAD, ROW), io.BytesIO("1.甲(责任单位:A局)".encode())], ids=["book", "text"])
def test_reading_ends_when_its_time_is_over(monkeypatch, file):
    monkeypatch.setattr(cells.Stopwatch.__init__, "__defaults__", (-1,))

    assert refused(file)


@pytest.mark.parametrize("text", LONG_CELLS)
def test_no_cell_takes_long(text):
    start = time.process_time()

    read([*HEAD, "测评方法"], [1, text, "A局", NO_DEADLINE], [2, "甲", text, text, text], [3, "乙", "B局", "6月", text])

    assert time.process_time() - start < 2


def test_a_long_prose_is_read_in_one_go():
    draft = read_lines("1.甲", *["更多文字"] * 20_000, "责任单位:甲局")

    assert draft.tasks[0].lead == ["甲局"]
