"""The paper: drawn from the snapshot alone, in the faces of official papers, the same bytes each time."""

import io

import pytest
from django.utils import translation
from PIL import ImageFile
from pypdf import PdfReader

from reports.render import NotInline, to_html, to_pdf
from tests.reports.papers import board, row


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "".join(page.extract_text() for page in read(pdf).pages).replace("\n", "")


def faces_in(pdf):
    """The names of the embedded faces, without their subset mark."""
    fonts = [font for page in read(pdf).pages for font in page["/Resources"]["/Font"].values()]
    return {font.get_object()["/BaseFont"].rpartition("+")[2] for font in fonts}


@pytest.fixture(scope="module")
def paper():
    return to_pdf(to_html(board()))


def test_the_same_snapshot_gives_the_same_bytes(paper):
    assert to_pdf(to_html(board())) == paper


def test_the_paper_is_chinese_whatever_language_is_spoken(paper):
    with translation.override("en"):
        assert to_pdf(to_html(board())) == paper


def test_sixty_nine_units_fill_five_pages_of_a4(paper):
    pages = read(paper).pages

    assert len(pages) == 5
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


def test_every_page_has_its_number(paper):
    assert [f"— {n} —" in page.extract_text() for n, page in enumerate(read(paper).pages, start=1)] == [True] * 5


def test_the_faces_are_those_of_official_papers(paper):
    assert faces_in(paper) == {"Song-Bold", "Fang", "Hei", "Kai"}


def test_a_rare_character_falls_back_to_noto_serif():
    pdf = to_pdf(to_html(board(units=2, names=["㙟村乡", "𬭎桥街道"])))

    assert any("NotoSerifCJK" in face.replace("-", "").replace(" ", "") for face in faces_in(pdf))
    assert "㙟" in text_of(pdf) and "𬭎" in text_of(pdf)


def test_every_unit_stands_in_its_group_with_its_figures(paper):
    text = text_of(paper)

    assert all(f"安澜市第{n}单位" in text for n in range(1, 70))
    assert "99.90" in text and "满分50" in text


def test_the_last_page_says_how_it_was_computed(paper):
    last = read(paper).pages[-1].extract_text().replace("\n", "")

    assert "计算说明" in last and "第2版" in last and "四舍五入" in last and "0" * 64 in last


@pytest.mark.parametrize(("change", "words"), [(3, "↑3"), (-2, "↓2"), (0, "—"), (None, "新")])
def test_a_change_of_rank_is_an_arrow_with_its_number(change, words):
    group = {"number": "一", "name": "区县组", "average": "99.90", "rows": [row(1, change=change)]}

    assert f"<td>{words}</td>" in to_html(board(units=1, groups=[group]))


def test_without_an_earlier_board_nobody_is_called_new():
    group = {"number": "一", "name": "区县组", "average": "99.90", "rows": [row(1, change=None)]}

    assert "<td>—</td>" in to_html(board(units=1, groups=[group], before=None))


def test_units_without_data_are_listed_apart():
    html = to_html(board(units=1, not_assessed=[{"unit": 7, "name": "高铁北站", "group": "窗口行业组"}]))

    assert "未参加考核" in html and "高铁北站" in html


def test_a_name_cannot_smuggle_markup_into_the_paper():
    html = to_html(board(units=1, names=["<img src='http://example.org/x.png'>"]))

    assert "<img" not in html


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/logo.png",
        "https://example.org/logo.png",
        "file:///etc/passwd",
        "ours:../config/settings.py",
        "ours:fonts/fandol/COPYING",
        "ours:fonts/fandol/missing.otf",
    ],
)
def test_nothing_is_fetched_from_outside(url):
    with pytest.raises(NotInline):
        to_pdf(f'<img src="{url}">')


def test_what_is_inline_may_be_drawn():
    assert to_pdf('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">').startswith(b"%PDF")


def test_drawing_papers_does_not_make_the_process_read_damaged_photos():
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
