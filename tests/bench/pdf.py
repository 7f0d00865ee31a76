"""The scoreboard of 69 units: against a bare WeasyPrint call, and against the slow way round."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from reports import render
from reports.city.tables import rows
from tests.bench.stopwatch import Row, in_turn, milliseconds
from tests.reports.papers import board

UNITS = 69
NOTO = '"Noto Serif CJK SC"'
# A fresh process each time, its imports not counted. The library is hidden the way WeasyPrint itself finds that it is
# missing, and then draws with fontTools.
FRESH = """
import json, sys, time
from reports import render
page, hide = json.load(sys.stdin)
if hide:
    from weasyprint.pdf import fonts
    fonts.harfbuzz_subset = None
start = time.perf_counter()
pdf = render.to_pdf(page)
assert pdf.startswith(b"%PDF")
print(time.perf_counter() - start)
"""


def snapshot():
    """The board of 69 units with the names of the demonstration city: as many different characters as on paper."""
    names = [unit["name"] for unit in rows("units") if unit["name"]]
    return board(units=UNITS, names=list(dict.fromkeys(names))[:UNITS])


def with_files(html, folder):
    """The page for a bare call: style sheet and faces as files, nothing of ours in it."""
    sheet = (render.STATIC / "paper/scoreboard_v1.css").read_text()
    path = Path(folder, "sheet.css")
    path.write_text(sheet.replace(render.OURS, f"{render.STATIC.as_uri()}/"))
    return html.replace("ours:paper/scoreboard_v1.css", path.as_uri())


def in_noto(html):
    """The same page with Noto Serif CJK for every face."""
    sheet = (render.STATIC / "paper/scoreboard_v1.css").read_text()
    sheet = re.sub(r"@font-face \{[^}]*\}", "", sheet)
    sheet = re.sub(rf"\b(Song|Fang|Hei|Kai), {NOTO}", NOTO, sheet)
    return re.sub(r'<link rel="stylesheet"[^>]*>', lambda _found: f"<style>{sheet}</style>", html)


def fresh(html, *, hide=False):
    """Seconds for the paper in a process of its own, or None when that one went wrong."""
    command = [sys.executable, "-c", FRESH]
    done = subprocess.run(command, input=json.dumps([html, hide]), capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure():
    """Warm against a bare call, with and without a FontConfiguration kept; fresh against the slow way."""
    facts = snapshot()
    html = render.to_html(facts)
    kept = FontConfiguration()
    with tempfile.TemporaryDirectory() as folder:
        page = with_files(html, folder)

        def ours():
            render.to_pdf(render.to_html(facts))

        times = in_turn(ours, lambda: HTML(string=page).write_pdf(), runs=7)
        yield row("scoreboard of 69 units, snapshot to PDF; bare: `HTML(…).write_pdf()`", times)
        times = in_turn(ours, lambda: HTML(string=page).write_pdf(font_config=kept), runs=7)
        yield row("the same; bare: with one FontConfiguration kept, as ours", times)
    slow_page = in_noto(html)
    pairs = [(fresh(html), fresh(slow_page, hide=True)) for _ in range(3)]
    quick, slow = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    what = "times faster than Noto Serif CJK without libharfbuzz-subset"
    yield Row(what, milliseconds(quick), milliseconds(slow), ratio, 5, at_least=True)


def row(what, times):
    ours, bare, ratio = times
    return Row(what, milliseconds(ours), milliseconds(bare), ratio, 1.3)
