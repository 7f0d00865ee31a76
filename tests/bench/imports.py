"""Importing 10,000 task rows, against the bare read of the workbook."""

import io
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter
from django.core.management import call_command
from django.db import connection, transaction

from tests.bench.city import large_city
from tests.bench.stopwatch import Row, in_turn, milliseconds

ROWS = 10_000
ALONE = """
import sys, django
django.setup()
from tests.bench import imports
imports.full_import(sys.argv[1])
print(open("/proc/self/status").read())
"""
UNITS = ["市委宣传部", "市教育局", "市城管局", "市公安局", "市市场监管局", "市卫健委"]


def workbook(folder, rows=ROWS):
    """A ledger of `rows` tasks, each with a lead and two more units."""
    path = Path(folder) / f"ledger{rows}.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [f"{date.today().year}年目标任务分解表"])  # noqa: DTZ011
    sheet.write_row(1, 0, ["序号", "工作任务", "具体要求", "测评方法", "责任单位", "完成时间"])
    for n in range(rows):
        units = "、".join(UNITS[(n + k) % len(UNITS)] for k in range(3))
        task = [str(n + 1), f"第{n + 1}项任务", f"要求{n}", "实地考察", units, f"{n % 12 + 1}月底前"]
        sheet.write_row(n + 2, 0, task)
    book.close()
    return path


def bare_read(path):
    """What reading costs at the least: every cell of the sheet, looked at and forgotten."""
    book = openpyxl.load_workbook(path, read_only=True)
    for row in book.active.iter_rows(values_only=True):
        for _value in row:
            pass
    book.close()


def full_import(path):
    """All of it into a new ledger, the checks of a commit included, and then forgotten: every run finds the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        call_command("import_ledger", str(path), name="测量", stdout=io.StringIO())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def peak(path):
    """The most memory, in MB, that a process of its own ever held which imports the file."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(path)], capture_output=True, text=True, check=True)
    return int(re.search(r"VmHWM:\s+(\d+) kB", done.stdout)[1]) / 1024


def measure():
    large_city()
    with tempfile.TemporaryDirectory() as folder:
        small, full = workbook(folder, rows=1000), workbook(folder)
        ours, bare, ratio = in_turn(lambda: read_only(full), lambda: bare_read(full), runs=5)
        yield Row("10,000 task rows read and checked", milliseconds(ours), milliseconds(bare), ratio, 3)
        ours, bare, ratio = in_turn(lambda: full_import(full), lambda: bare_read(full), runs=5)
        yield Row("10,000 task rows imported", milliseconds(ours), milliseconds(bare), ratio, 3)
        most, least = peak(full), peak(small)
        what = "most memory for 10,000 rows; bare: ours for 1,000"
        yield Row(what, f"{most:.0f} MB", f"{least:.0f} MB", most / least, 1.5)


def read_only(path):
    call_command("import_ledger", str(path), dry_run=True, json=True, stdout=io.StringIO())
