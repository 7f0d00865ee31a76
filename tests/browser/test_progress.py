"""Drafts that keep themselves, reviews by key and thumb, and a self-check filled in on the phone, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tasks.models import Assignment, Coordination, Criterion, HandOver, Indicator, Postponement, SelfCheck, Standard
from tests.tasks.conftest import put_in

__all__ = ["put_in"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAVED = re.compile("已自动保存")
MINE, THEIRS = "经办人写的：已清理43处", "负责人写的：已清理50处"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


def status(page):
    return page.locator("#report [data-autosave-status]")


@pytest.fixture
def opened(page_of, assignment, staff):
    """The assignment's page on the clerk's phone."""
    page = page_of(staff, "phone")
    page.goto(assignment.get_absolute_url())
    return page


def test_what_is_typed_is_there_after_a_reload(opened, assignment, take_screenshot):
    opened.fill("#id_narrative", MINE)
    expect(status(opened)).to_have_text(SAVED)
    take_screenshot(opened, "saved")

    opened.reload()

    expect(opened.locator("#id_narrative")).to_have_value(MINE)
    assert assignment.draft.narrative == MINE


def test_without_a_network_the_page_says_so_and_sends_it_later(opened, assignment):
    opened.context.set_offline(True)
    opened.fill("#id_narrative", MINE)
    expect(status(opened)).to_have_text(re.compile("未保存：没有网络"))

    opened.context.set_offline(False)

    expect(status(opened)).to_have_text(SAVED)
    assert assignment.draft.narrative == MINE


def test_a_stale_page_shows_both_texts_and_overwrites_nothing(opened, assignment, lead, take_screenshot):
    assignment.write(by=lead, percent=20, narrative=THEIRS)

    opened.fill("#id_narrative", MINE)

    expect(status(opened)).to_have_text(re.compile("未保存：城管局联络员"))
    expect(opened.locator("[data-autosave-theirs]").first).to_contain_text(THEIRS)
    expect(opened.locator("#id_narrative")).to_have_value(MINE)
    take_screenshot(opened, "both-texts")
    assert assignment.draft.narrative == THEIRS


def test_words_typed_without_a_network_do_not_overwrite_after_a_reload(opened, assignment, lead):
    opened.route("**/autosave/", lambda route: route.abort())
    opened.fill("#id_narrative", MINE)
    expect(status(opened)).to_have_text(re.compile("没有网络"))
    assignment.write(by=lead, percent=20, narrative=THEIRS)
    opened.unroute("**/autosave/")

    opened.reload()

    expect(status(opened)).to_have_text(re.compile("未保存：城管局联络员"))
    expect(opened.locator("#id_narrative")).to_have_value(MINE)
    assert assignment.draft.narrative == THEIRS


def test_an_answer_that_was_lost_is_no_conflict_with_oneself(opened, assignment):
    def lose(route):
        route.fetch()
        route.abort()

    opened.route("**/autosave/", lose)
    opened.fill("#id_narrative", "第一句。")
    expect(status(opened)).to_have_text(re.compile("没有网络"))
    opened.unroute("**/autosave/")

    opened.fill("#id_narrative", MINE)

    expect(status(opened)).to_have_text(SAVED)
    assert assignment.draft.narrative == MINE


def test_a_press_of_the_button_waits_for_what_is_on_its_way(opened, assignment):
    opened.fill("#id_narrative", MINE)
    with opened.expect_request("**/autosave/"):
        opened.fill("#id_narrative", MINE)
    opened.fill("#id_narrative", f"{MINE}，还有8处")

    opened.get_by_role("button", name="请负责人提交").click()

    expect(opened.get_by_text("已请负责人提交").first).to_be_visible()
    assert assignment.draft.narrative.endswith("还有8处")
    assert HandOver.objects.exists()


@pytest.fixture
def checked(assignment, city):
    """A task with two criteria."""
    standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
    indicator = Indicator.objects.create(standard=standard, level=1, code="Ⅰ-1", name="公共环境")
    texts = ["公益广告不少于5处", "无占道经营现象"]
    criteria = [Criterion.objects.create(indicator=indicator, number=f"{n})", text=t) for n, t in enumerate(texts, 1)]
    assignment.task.criteria.set(criteria)
    return assignment


def test_the_sheet_is_filled_in_with_a_thumb(page_of, checked, staff, take_screenshot):
    page = page_of(staff, "phone")
    page.goto("/tasks/my/")
    page.get_by_role("link", name="自查表").click()
    expect(page.locator("article.check")).to_have_count(2)
    met, unmet = page.locator("article.check").all()

    met.get_by_role("radio", name="达标", exact=True).tap()
    expect(met.locator("[data-autosave-status]")).to_have_text(SAVED)
    unmet.get_by_role("radio", name="未达标", exact=True).tap()
    expect(unmet.locator("[data-autosave-status]")).to_have_text(re.compile("整改措施"))
    unmet.get_by_label("整改措施").fill("联合整治")
    unmet.get_by_label("达标时限").fill("2026-12-01")
    expect(unmet.locator("[data-autosave-status]")).to_have_text(SAVED)

    take_screenshot(page, "sheet")
    assert set(SelfCheck.objects.values_list("verdict", "measure")) == {("met", ""), ("unmet", "联合整治")}


def test_the_office_reviews_with_keys(page_of, put_in, office, take_screenshot):
    first, second, third = (put_in("submitted") for _ in range(3))
    page = page_of(office)
    page.goto(f"/tasks/review/{first.pk}/")
    take_screenshot(page, "review")

    page.keyboard.press("j")
    page.wait_for_url(f"**/review/{second.pk}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/review/{first.pk}/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/review/{second.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("a缺少照片")
    page.get_by_role("button", name="退回").click()
    page.wait_for_url(f"**/review/{third.pk}/")

    assert [Assignment.objects.get(pk=row.pk).state for row in (first, second, third)] == [
        "doing", "returned", "submitted"
    ]  # fmt: skip
    assert second.progress.get(verdict="returned").review_note == "a缺少照片"


def test_the_office_approves_with_a_thumb(page_of, put_in, office, take_screenshot):
    first, second = put_in("submitted"), put_in("submitted")
    page = page_of(office, "phone")
    page.goto(f"/tasks/review/{first.pk}/")
    heights = [button.bounding_box()["height"] for button in page.locator(".review-bar .btn").all()]
    take_screenshot(page, "thumb")

    page.get_by_role("button", name="通过").tap()
    page.wait_for_url(f"**/review/{second.pk}/")

    assert min(heights) >= 44


def test_several_are_returned_from_the_list(page_of, put_in, office):
    rows = [put_in("submitted"), put_in("submitted")]
    page = page_of(office)
    page.goto("/tasks/review/")
    page.get_by_label("选择本页全部").check()

    page.get_by_placeholder("理由（退回时必填）").fill("缺少照片")
    page.get_by_role("button", name="退回所选").click()
    page.wait_for_url("**/together/*/")

    assert {Assignment.objects.get(pk=row.pk).state for row in rows} == {"returned"}


@pytest.fixture
def asked(make_assignment, lead, other_bureau):
    """A request of each kind; the assignment that they are about."""
    today = timezone.localdate()
    given = make_assignment(state="doing", deadline=today + timedelta(days=5))
    later = Postponement.objects.ask(given, by=lead, until=today + timedelta(days=20), reason="雨季停工")
    needed = Coordination.objects.ask(given, by=lead, what="请移交图纸", of=other_bureau)
    return given, later, needed


TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_pages_of_requests_fit_their_screens(page_of, asked, put_in, office, lead, size, language, take_screenshot):
    given = asked[0]
    ledger, waiting = given.task.ledger_id, put_in("submitted")
    addresses = [row.get_absolute_url() for row in asked]
    addresses += ["/tasks/postponements/", "/tasks/coordination/", f"/tasks/review/{waiting.pk}/", "/tasks/review/"]
    addresses += [f"/tasks/ledgers/{ledger}/checks/", f"/tasks/ledgers/{ledger}/checks/sheet/?unit={given.unit_id}"]
    wide = []
    for name, user in (("office", office), ("lead", lead)):
        page = page_of(user, size, language)
        for n, address in enumerate(addresses):
            if page.goto(address).status == 200 and page.evaluate(TOO_WIDE):
                wrong = f"{name} {address}"
                wide.append(wrong)
            take_screenshot(page, f"{size}-{language}-{name}-{n}")

    assert wide == []
