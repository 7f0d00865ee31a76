"""Names that every office computer can open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.package_names import DEVICES, LONGEST, MOST_BYTES, REFUSED, Names, safe


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Ⅱ-1-1)-① 实施方案", "Ⅱ-1-1)-① 实施方案"),
        ('关于"创文"的/通知?', "关于_创文_的_通知_"),
        ("总结. ", "总结"),
        ("CON", "_CON"),
        ("com1.2026", "_com1.2026"),
        ("控告", "控告"),
        ("a\u202egnp", "agnp"),
        ("行\r\n行", "行 行"),
        ("...", "_"),
        ("", "_"),
    ],
)
def test_a_name_is_made_safe(name, made):
    assert safe(name) == made


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_a_name_that_windows_takes(text):
    name = safe(text)

    assert name and not REFUSED.search(name) and not name.endswith((".", " ")) and not DEVICES.match(name)
    assert len(name) <= LONGEST and len(name.encode()) <= MOST_BYTES


def test_no_two_paths_are_the_same_for_windows():
    names = Names("00 资料目录.pdf")

    given_out = [names.give(["Ⅱ-1"], name, ".pdf") for name in ("Plan", "PLAN", "plan", "总结")]

    assert given_out == ["Ⅱ-1/Plan.pdf", "Ⅱ-1/PLAN (2).pdf", "Ⅱ-1/plan (3).pdf", "Ⅱ-1/总结.pdf"]


def test_nothing_takes_the_place_of_the_catalogue():
    assert Names("00 资料目录.pdf").give([], "00 资料目录", ".pdf") == "00 资料目录 (2).pdf"
