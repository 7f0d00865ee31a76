"""The paper of a responsibility letter: what it says, how its pages fall, and who is handed which."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from reports.jobs import make_file
from reports.models import LetterJob
from reports.render import to_html, to_pdf
from tasks import letters
from tasks.letter_facts import CLAUSES, TITLE, counts
from tasks.models import Assignment

WORDS = {"title": TITLE.format(year=2026), "clauses": CLAUSES}


def a_duty(**said):
    """One line of a letter, in which only what matters is said."""
    nothing = {"number": "", "requirement": "", "own": "", "quantity": "", "share": "", "due_text": "", "repeats": ""}
    asked = {"title": "清理占道经营", "part": "lead", "part_name": "牵头", "due": "2026-09-30", "is_key": False}
    return nothing | asked | said


def a_letter(*duties, **said):
    """The snapshot of an issued letter."""
    return {
        "kind": "letter",
        "version": 1,
        **WORDS,
        "edition": 1,
        "number": "2026-001",
        "issued_on": "2026-01-20",
        "replaces": "",
        "year": 2026,
        "ledger": {"id": 1, "name": "目标任务分解表"},
        "keeper": {"id": 1, "name": "安澜市"},
        "unit": {"id": 2, "name": "市城市管理局"},
        "head": {"name": "王建国", "title": "局长"},
        "counts": counts(duties),
        "duties": list(duties),
    } | said


def pages(snapshot):
    """The words of each page, without the spaces and line ends that only the drawing has."""
    sheets = PdfReader(BytesIO(to_pdf(to_html(snapshot)))).pages
    return ["".join(sheet.extract_text().split()) for sheet in sheets]


def test_the_paper_says_who_answers_for_what_by_when():
    text = "".join(pages(a_letter(a_duty(quantity="120处", is_key=True, own="每月报送小结"))))

    for words in (
        "编号：2026-001",
        "市城市管理局",
        "王建国（局长）",
        "120处",
        "2026年9月30日",
        "每月报送小结",
        "★清理占道经营",
    ):
        assert words in text


def test_the_parts_are_counted_and_one_alone_is_named():
    mixed = to_html(a_letter(a_duty(), a_duty(part="supporting", part_name="配合")))
    alike = to_html(a_letter(a_duty(), a_duty()))

    assert "承担任务2项，其中牵头1项、配合1项。" in mixed
    assert "承担任务2项，均为牵头任务。" in alike


def test_a_figure_that_no_duty_has_gets_no_column():
    assert "<th>数量</th>" in to_html(a_letter(a_duty(quantity="120处"), a_duty()))
    assert "<th>数量</th>" not in to_html(a_letter(a_duty()))


@pytest.mark.parametrize("count", range(1, 12))
def test_no_page_holds_signatures_alone(count):
    *_before, last = pages(a_letter(*[a_duty(requirement="主要街道公共设施完好，标识规范。") for _ in range(count)]))

    assert "三、附则" in last
    assert "主要负责人签字" in last


def test_a_table_over_several_pages_repeats_its_head_and_numbers_its_pages():
    found = pages(a_letter(*[a_duty() for _ in range(60)]))

    rows = [page for page in found if "清理占道经营" in page]
    assert len(rows) > 2
    assert all("序号任务和要求分工完成时限" in page for page in rows)
    assert all(f"—{number}—" in page for number, page in enumerate(found, 1))


def test_a_requirement_longer_than_a_page_loses_no_word():
    text = "".join(pages(a_letter(a_duty(requirement="盲道连续畅通。" * 400))))

    assert text.count("盲") == 400


def test_a_draft_says_so():
    html = to_html(a_letter(a_duty(), number="", issued_on=None))

    assert "草稿（未发出，未编号）" in html
    assert "发出。" not in html


def test_a_new_edition_names_the_one_it_replaces():
    html = to_html(a_letter(a_duty(), edition=2, number="2026-012", replaces="2026-001"))

    assert "编号：2026-012（第2版）" in html
    assert "替代编号2026-001的责任书" in html


def test_the_same_letter_gives_the_same_bytes():
    assert to_pdf(to_html(a_letter(a_duty()))) == to_pdf(to_html(a_letter(a_duty())))


@pytest.fixture
def draft(make_assignment, office, bureau):
    given = make_assignment(bureau)
    (letter,) = letters.draw_up(given.task.ledger, [bureau], WORDS, by=office).letters
    return letter


def make_paper(letter, by):
    job = LetterJob.objects.asked_for(letter, by)
    make_file(job.pk, job._meta.label)


def test_a_draft_drawn_up_anew_gets_another_paper(draft, office, bureau):
    make_paper(draft, office)
    assert LetterJob.objects.of_now(draft).state == "done"
    Assignment.objects.update(requirement="每季度报送一次")

    (again,) = letters.draw_up(draft.ledger, [bureau], WORDS, by=office).letters

    assert again.pk == draft.pk
    assert LetterJob.objects.of_now(again) is None


def test_the_paper_of_a_withdrawn_letter_stays_with_the_office(draft, office, lead, client):
    draft.issue(by=office)
    make_paper(draft, office)
    address = reverse("reports:letter-file", args=[draft.pk])
    client.force_login(lead)
    assert client.get(address)["Content-Type"] == "application/pdf"

    draft.withdraw(by=office, note="有误")

    assert client.get(address).status_code == 403
    client.force_login(office)
    assert client.get(address).status_code == 200
