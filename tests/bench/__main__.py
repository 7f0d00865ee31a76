"""`make bench`: ratios of our work to the bare work, as a table. Not a test: machines differ, ratios less so.

`python -m tests.bench [NAME ...]` runs all measurements or those named. Each builds its data in a DATA_DIR of its
own (`.data/bench`), made once and kept; `BENCH_DIR` names another.
"""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ["DATA_DIR"] = os.environ.get("BENCH_DIR", str(ROOT / ".data" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django  # noqa: E402  the environment must be set before Django is

django.setup()

from django.db import connection  # noqa: E402

from tests.bench import exports, heatmap, imports, lists, packages, pdf, ranking  # noqa: E402

MEASUREMENTS = {
    "pdf": pdf.measure,
    "lists": lists.measure,
    "ranking": ranking.measure,
    "import": imports.measure,
    "exports": exports.measure,
    "heatmap": heatmap.measure,
    "packages": packages.measure,
}


def machine():
    with Path("/proc/meminfo").open() as file:
        memory = int(file.readline().split()[1]) // 1024 // 1024
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
    versions = [f"Python {platform.python_version()}", f"PostgreSQL {postgres}", f"Django {django.get_version()}"]
    versions += [f"{name} {version(name)}" for name in ("weasyprint", "openpyxl")]
    return ", ".join(
        [f"{os.cpu_count()} cores", f"{memory} GiB", f"{platform.system()} {platform.machine()}", *versions]
    )


def main(names):
    print(f"Machine: {machine()}\n")
    print("| what | ours | bare | ratio | limit | |\n|---|---|---|---|---|---|")
    failed = False
    for name in names or MEASUREMENTS:
        for row in MEASUREMENTS[name]():
            print(row, flush=True)
            failed |= not row.holds
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
