"""The numbers of the material catalogue, as offices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.catalogue_numbers import catalogue_number, circled


@pytest.mark.parametrize(
    ("project", "number", "place", "written"),
    [
        ("Ⅱ-1", "1)", 1, "Ⅱ-1-1)-①"),
        ("Ⅱ—1", "（1）", 2, "Ⅱ-1-1)-②"),
        ("Ⅱ－1", "1.", 3, "Ⅱ-1-1)-③"),
        ("Ⅱ-1", "1、", 3, "Ⅱ-1-1)-③"),
        ("Ⅲ-12", "③", 20, "Ⅲ-12-3)-⑳"),
        ("Ⅲ-12", "", 21, "Ⅲ-12-㉑"),
        ("Ⅲ-12", "Ⅲ—12", 1, "Ⅲ-12-①"),
        ("", "12", 36, "12)-㊱"),
        ("Ⅱ-1", "1)", 50, "Ⅱ-1-1)-㊿"),
        ("Ⅱ-1", "1)", 51, "Ⅱ-1-1)-(51)"),
    ],
)
def test_a_number_is_written_as_the_offices_do(project, number, place, written):
    assert catalogue_number(project, number, place) == written


@given(st.integers(1, 300), st.integers(1, 300))
def test_no_two_places_have_the_same_number(place, other):
    assert (circled(place) == circled(other)) == (place == other)


def test_places_are_counted_from_one():
    with pytest.raises(ValueError, match="counted from 1"):
        circled(0)
