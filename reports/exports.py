"""What is said as workbooks: the same numbers as the paper."""

from decimal import Decimal
from tempfile import TemporaryFile

from reports.disclosure import COUNTS
from units.spreadsheets import write_rows

HEADER = ["考核分组", "单位", "责任分工", "已完成", "推进中", "未启动", "逾期", "核定进度(%)"]
WIDTHS = [16, 30, 10, 10, 10, 10, 10, 14]


def disclosure_workbook(data):
    """One row for each unit of a disclosure's snapshot, then the sums; an open file, read from its start."""
    rows = [line(group["name"], row["name"], row) for group in data["groups"] for row in group["rows"]]
    rows += [line(group["name"], "小计", group["sums"]) for group in data["groups"]]
    rows.append(line("", "合计", data["sums"]))
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_rows(file, HEADER, rows, sheet=f"截至{data['as_of'][:10]}", widths=WIDTHS)
    file.seek(0)
    return file


def line(group, name, figures):
    progress = figures["progress"]
    counts = [figures[count] for count in COUNTS]
    return [group, name, *counts, None if progress is None else Decimal(progress)]
