"""Exporting 88,800 assignments: against a bare XlsxWriter loop over the same tuples, and how memory grows."""

import re
import subprocess
import sys
from tempfile import TemporaryFile

import xlsxwriter

from tasks import exports
from tasks.models import Assignment
from tasks.workbook.writing import write_ledger
from tests.bench.ledger import large_ledger
from tests.bench.stopwatch import Row, in_turn, milliseconds

FEW = 8_880
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
# Each in a process of its own, which tells the most memory that it ever held.
ALONE = """
import sys, django
django.setup()
from tasks.models import Ledger
from tests.bench import exports
getattr(exports, sys.argv[1])(Ledger.objects.get(pk=sys.argv[2]), int(sys.argv[3]))
print(open("/proc/self/status").read())
"""


def rows_of(ledger, most=None):
    """The assignments as the list of all of them shows and orders them."""
    rows = Assignment.objects.filter(task__ledger=ledger).with_everything().order_by("due_on", "pk")
    return rows[:most] if most else rows


def ours(ledger, most=None):
    """The export of the list."""
    exports.assignment_workbook(rows_of(ledger, most)).close()


def for_editing(ledger, _most):
    """The whole ledger as a workbook for editing."""
    with TemporaryFile() as file:
        write_ledger(file, ledger)


def tuples(ledger):
    """What the workbook says, ready in memory."""
    parts, states, names = exports.labels(Assignment.Part), exports.labels(Assignment.State), exports.LedgerNames()
    fields = (*exports.ASKED, "percent", "state", *exports.DUE)
    return [
        (task, unit, parts[part], percent, states[state], day or words, names[name, year])
        for task, unit, part, percent, state, day, words, name, year in rows_of(ledger).values_list(*fields)
    ]


def bare(rows):
    """The loop that a programmer writes in two minutes."""
    with TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        book.close()


def peak(work, ledger, most):
    given = [work, str(ledger.pk), str(most)]
    done = subprocess.run([sys.executable, "-c", ALONE, *given], capture_output=True, text=True, check=True)
    return int(PEAK.search(done.stdout)[1]) / 1024


def measure():
    ledger = large_ledger()
    rows = tuples(ledger)
    took, least, ratio = in_turn(lambda: ours(ledger), lambda: bare(rows), runs=5)
    yield Row(f"export of {len(rows):,} assignments", milliseconds(took), milliseconds(least), ratio, 1.5)
    most, few = peak("ours", ledger, len(rows)), peak("ours", ledger, FEW)
    yield memory(f"most memory for {len(rows):,} assignments; bare: for {FEW:,}", most, few)
    yield memory("most memory for the ledger for editing; bare: as above", peak("for_editing", ledger, 0), few)


def memory(what, most, few):
    return Row(what, f"{most:.0f} MB", f"{few:.0f} MB", most / few, 1.5)
