"""The paper of a disclosure: drawn from the snapshot alone, with the figures of the page."""

import openpyxl
import pytest
from django.utils import translation

from reports.exports import disclosure_workbook
from reports.render import to_html, to_pdf
from tests.reports.test_render import faces_in, read, text_of

COUNTS = {"asked": 12, "completed": 5, "in_progress": 4, "not_started": 1, "overdue": 2, "progress": "71.25"}


def row(n):
    return {"unit": n, "name": f"安澜市第{n}单位", "short": f"第{n}单位", **COUNTS}


def snapshot(units=69, **changes):
    group = {"number": "一", "name": "市直部门组", "rows": [row(n) for n in range(1, units + 1)]}
    sums = {"units": units, "tasks": 111, **COUNTS}
    return {
        "version": 1,
        "kind": "disclosure",
        "title": "安澜市2026年创建文明城市目标任务完成情况公示",
        "unit": {"id": 1, "name": "安澜市"},
        "ledger": {"id": 1, "name": "目标任务分解表", "year": 2026},
        "as_of": "2026-08-15T10:00:00+08:00",
        "groups": [group | {"sums": sums}],
        "sums": sums,
        "sha256": "0" * 64,
    } | changes


@pytest.fixture(scope="module")
def paper():
    return to_pdf(to_html(snapshot()))


def test_the_same_snapshot_gives_the_same_bytes_in_whatever_language(paper):
    with translation.override("en"):
        assert to_pdf(to_html(snapshot())) == paper


def test_it_stands_on_a4_in_the_faces_of_official_papers(paper):
    pages = read(paper).pages

    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    assert faces_in(paper) == {"Song-Bold", "Fang", "Hei", "Kai"}
    assert [f"— {n} —" in page.extract_text() for n, page in enumerate(pages, start=1)] == [True] * len(pages)


def test_every_unit_stands_there_with_the_day_and_the_check_sum(paper):
    text = text_of(paper)

    assert all(f"安澜市第{n}单位" in text for n in range(1, 70))
    assert "截至2026年8月15日" in text and "71.25%" in text and "0" * 64 in text


def test_who_has_nothing_approved_yet_has_a_dash():
    rows = [row(1) | {"progress": None}]
    groups = [{"number": "一", "name": "组", "rows": rows, "sums": snapshot()["sums"]}]

    assert '<td class="number">—</td>' in to_html(snapshot(groups=groups))


def test_a_name_cannot_smuggle_markup_or_a_formula_into_the_files():
    name = "=1+1<img src='http://example.org/x.png'>"
    rows = [row(1) | {"name": name}]
    data = snapshot(groups=[{"number": "一", "name": "组", "rows": rows, "sums": snapshot()["sums"]}])

    assert "<img" not in to_html(data)
    cell = openpyxl.load_workbook(disclosure_workbook(data)).active["B2"]
    assert (cell.value, cell.data_type) == (name, "s")
