"""Letters from the ledger to the signature, and a meeting whose decision becomes a task, in a real browser."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from tasks import letters
from tasks.letter_facts import CLAUSES, TITLE
from tasks.models import Assignment, Meeting, ResponsibilityLetter, Task
from tests.browser.conftest import photo
from tests.browser.test_looks import looks
from tests.tasks.conftest import ledger

__all__ = ["ledger"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PAPER_MS = 60_000


@pytest.fixture
def asked(ledger, make_assignment, bureau, other_bureau):
    """Two bureaus are asked something."""
    return [make_assignment(bureau), make_assignment(other_bureau, title="校园周边环境整治")]


@pytest.fixture
def letter(asked, page_of, ledger, office, bureau):
    """The letter of the bureau, drawn up and issued with that of the other one by the office at its desk."""
    page = page_of(office)
    page.goto(ledger.get_absolute_url())
    page.get_by_role("link", name="目标责任书").click()
    page.get_by_role("link", name="生成责任书").click()
    page.get_by_role("button", name="生成 2 份草稿").click()
    page.get_by_role("link", name="发出 2 份草稿").click()
    page.get_by_role("button", name="发出").click()
    expect(page.locator("tbody")).to_contain_text("2026-002")
    return ResponsibilityLetter.objects.get(unit=bureau)


def record_the_signature(page, letter):
    """The office has the signed paper before it."""
    page.goto(letter.get_absolute_url())
    page.get_by_role("link", name="登记签署").click()
    page.get_by_label("签署人").fill("王局长")
    page.set_input_files("input[name=scan]", [photo("签字页.jpg", "seashell")])
    page.get_by_role("button", name="登记签署").click()
    page.wait_for_url(f"**{letter.get_absolute_url()}")


def test_a_unit_downloads_its_letter_on_the_phone(letter, page_of, lead, celery_worker_process, take_screenshot):
    page = page_of(lead, "phone")
    page.goto("/")
    page.get_by_role("link", name="份目标责任书待签署").click()
    page.get_by_role("button", name="生成 PDF").tap()
    paper = page.get_by_role("link", name="下载 PDF")
    expect(paper).to_be_visible(timeout=PAPER_MS)
    take_screenshot(page, "letter")

    with page.expect_download() as coming:
        paper.tap()

    content = BytesIO(Path(coming.value.path()).read_bytes())
    text = "".join(sheet.extract_text() for sheet in PdfReader(content).pages)
    assert letter.number in text
    assert "清理占道经营" in text


def test_the_office_records_who_signed_with_a_scan(letter, page_of, office, lead, take_screenshot):
    page = page_of(office)

    record_the_signature(page, letter)

    expect(page.get_by_text("王局长").first).to_be_visible()
    take_screenshot(page, "signed")
    theirs = page_of(lead, "phone")
    theirs.goto(letter.get_absolute_url())
    expect(theirs.get_by_role("link", name="签字页.jpg")).to_be_visible()
    scan = theirs.request.get(f"{letter.get_absolute_url()}scan/file/")
    assert (scan.status, scan.headers["content-type"]) == (200, "image/jpeg")


def change_the_task(page, task):
    page.goto(f"/tasks/task/{task.pk}/edit/")
    page.locator("textarea[name=requirement]").fill("每季度报送一次小结")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**{task.get_absolute_url()}")


def test_a_letter_says_that_the_ledger_asks_something_else_by_now(letter, asked, page_of, office, lead):
    page, theirs = page_of(office), page_of(lead, "phone")
    record_the_signature(page, letter)

    change_the_task(page, asked[0].task)

    theirs.goto(letter.get_absolute_url())
    expect(theirs.get_by_text("已过时")).to_be_visible()
    expect(theirs.locator("ins")).to_have_text("每季度报送一次小结")


def test_a_new_edition_takes_the_place_of_a_letter_out_of_date(letter, asked, page_of, office, take_screenshot):
    page = page_of(office)
    change_the_task(page, asked[0].task)
    page.goto(letter.get_absolute_url())
    take_screenshot(page, "out-of-date")

    page.get_by_role("link", name="拟新版").click()
    page.get_by_role("button", name="生成 1 份草稿").click()
    page.get_by_role("button", name="发出").click()

    expect(page.get_by_text("编号 2026-003", exact=True)).to_be_visible()
    page.goto(letter.get_absolute_url())
    expect(page.get_by_text("已换发新版，本版留存备查。")).to_be_visible()


def hold_a_meeting(page, title, days_ago=0):
    page.goto("/tasks/meetings/new/")
    page.get_by_label("标题").fill(title)
    page.get_by_label("召开日期").fill((timezone.localdate() - timedelta(days=days_ago)).isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_the_next_meeting_opens_with_the_task_of_a_decision(ledger, page_of, office, bureau, take_screenshot):
    page = page_of(office)
    hold_a_meeting(page, "第一次调度会", days_ago=7)
    page.get_by_role("link", name="添加议定事项").click()
    page.get_by_label("议定事项").fill("增设非机动车停放区")
    page.locator("select[name=lead]").select_option(label=str(bureau))
    page.get_by_label("完成时限").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="转为任务").click()
    expect(page.get_by_role("link", name="增设非机动车停放区")).to_have_attribute(
        "href", re.compile(r"^/tasks/task/\d+/$")
    )

    hold_a_meeting(page, "第二次调度会")

    opens = page.locator("section", has_text="以往议定事项落实情况")
    expect(opens).to_contain_text("第一次调度会")
    expect(opens).to_contain_text("逾期未落实")
    take_screenshot(page, "second")
    assert Task.objects.get().assignments.get().unit == bureau


@pytest.fixture
def lived_in(asked, ledger, city, bureau, other_bureau, office):
    """A letter out of date, one that waits, a draft; a meeting after another one. The addresses of all their pages."""
    words = {"title": TITLE.format(year=2026), "clauses": CLAUSES}
    stale, waiting = letters.draw_up(ledger, [bureau, other_bureau], words, by=office).letters
    for letter in (stale, waiting):
        letter.issue(by=office)
    Assignment.objects.filter(unit=bureau).update(requirement="每季度报送一次", quantity=12, quantity_unit="次")
    (draft,) = letters.draw_up(ledger, [bureau], words, by=office).letters
    first, second = (
        Meeting.objects.create(unit=city, title=f"第{n}次调度会", held_on=f"2026-03-0{n}", kind="joint", chair="市长")
        for n in (1, 2)
    )
    first.decide(by=office, text="清理占道经营", parts={bureau: "lead"}).become_task(ledger, by=office)
    decision = second.decide(by=office, text="增设停放区", parts={bureau: "lead", other_bureau: "supporting"})
    second.attending.set([bureau, other_bureau])
    desk = [f"/tasks/ledgers/{ledger.pk}/letters/{page}/" for page in ("preview", "issue")]
    desk += [draft.get_absolute_url(), f"/tasks/letters/{waiting.pk}/record/", "/tasks/meetings/new/"]
    desk += [f"/tasks/meetings/{second.pk}/{page}/" for page in ("edit", "decide", "delete")]
    both = [f"/tasks/ledgers/{ledger.pk}/letters/", stale.get_absolute_url(), "/tasks/meetings/"]
    both += [second.get_absolute_url(), first.decisions.get().task.get_absolute_url()]
    return {
        "office": [*both, *desk, f"/tasks/decisions/{decision.pk}/edit/"],
        "lead": [*both, f"/tasks/letters/{stale.pk}/sign/"],
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["office", "lead"])
def test_the_pages_look_right(lived_in, people, page_of, who, language):
    page = page_of(getattr(people, who), language=language)

    wrong = [sentence for address in lived_in[who] for sentence in looks(page, address, language)]

    assert wrong == []
