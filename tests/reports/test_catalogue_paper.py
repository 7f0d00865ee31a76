"""The columns of the paper catalogue: tabs that lead where the style sheet says."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reports.catalogue_paper import COLUMNS, TAB, TITLE, cut, in_columns, width, wrapped
from reports.render import STATIC

WORDS = st.text("关于印发文明城市工作的通知（2026）ABC il、“”《》", max_size=80)


def starts_of(line):
    """Where each text of a line begins, in mm: a tab leads to the next stop."""
    at, found = 0.0, []
    for text in re.split(r"(\t+)", line):
        if text.startswith("\t"):
            at = (int(at / TAB) + len(text)) * TAB
        elif text:
            found.append(at)
            at += width(text)
    return found


@given(st.lists(WORDS.filter(str.strip), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_every_cell_begins_at_its_column(texts):
    cells = [cut(text, column.width) for text, column in zip(texts, COLUMNS, strict=True)]

    starts = starts_of(in_columns(cells))

    assert [round(start / TAB, 6) for start in starts] == [column.left for column in COLUMNS]


@given(WORDS)
def test_no_line_of_a_title_is_wider_than_its_column(text):
    lines = wrapped(text, TITLE.width)

    assert all(width(line) <= TITLE.width for line in lines)
    assert "".join(lines) == " ".join(text.split())


def test_the_style_sheet_knows_the_same_tab_in_whole_pixels():
    """WeasyPrint cuts off parts of a pixel, and then every column would lie elsewhere."""
    said = re.search(r"tab-size: (\d+)px", (STATIC / "paper" / "hand_in_v1.css").read_text())

    assert int(said[1]) * 25.4 / 96 == TAB
