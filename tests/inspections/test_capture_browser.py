"""The phone page in a real browser, 360 px wide, with one thumb and a bad network."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import Finding, FindingPhoto
from inspections.seeds import seed_checklist
from tests.inspections.conftest import jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg("green").read()}
STREET = "无占道经营现象"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def sheet_url(stop, bureau):
    """The sheet of a market with the real items."""
    stop.round.checklist = seed_checklist(bureau)
    stop.round.save()
    return reverse("inspections:capture", args=[stop.pk])


@pytest.fixture
def phone(browser_page, inspector, sheet_url):
    page = browser_page("phone", user=inspector)
    page.goto(sheet_url)
    return page


def check_of(page, text=STREET):
    return page.locator("li.check", has_text=text).first


def fail(page, phrase="摊位外溢", text=STREET):
    """Tap the item, tap what is wrong."""
    check = check_of(page, text)
    check.locator("summary").click()
    check.locator(".phrases label", has_text=phrase).click()
    return check


def save(check):
    check.get_by_role("button", name="保存，下一项").click()


def reload(page):
    """Load the page anew and wait until it has looked for what is not sent yet, and tried to send it."""
    page.reload()
    expect(page.locator("#queue")).to_have_attribute("aria-busy", "false")


def test_a_failure_costs_three_taps(phone, take_screenshot):
    check = fail(phone)
    take_screenshot(phone, "open")
    save(check)

    expect(check.locator(".found a")).to_contain_text("摊位外溢 ×1")
    assert Finding.objects.get().text == "摊位外溢"


def test_nothing_is_wider_than_the_phone(phone):
    for summary in phone.locator("li.check summary").all()[:6]:
        summary.click()

    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_every_target_is_large_enough_for_a_thumb(phone):
    check = fail(phone)

    targets = check.locator("summary, button, .phrases label, input[name=text], input[name=count], select, .camera")
    sizes = [target.bounding_box() for target in targets.all()]

    assert [size for size in sizes if size["height"] < 44 or size["width"] < 44] == []


def test_the_costs_follow_the_stepper_up_to_the_worth_of_the_item(phone):
    check = fail(phone)
    more = check.get_by_role("button", name="加一")

    seen = []
    for _ in range(6):
        more.click()
        seen.append(re.search(r"[\d.]+", check.locator(".costs").inner_text())[0])

    assert seen == ["1.00", "1.50", "2.00", "2.50", "3.00", "3.00"]


def test_a_photo_is_made_smaller_and_sent_after_the_finding(phone):
    check = fail(phone)
    check.locator("input[type=file]").set_input_files([PHOTO, PHOTO | {"name": "second.jpg"}])
    expect(check.locator(".taken img")).to_have_count(2)
    save(check)

    expect(check.locator(".found a")).to_be_visible()
    assert FindingPhoto.objects.count() == 2


def test_what_was_typed_survives_a_reload(phone):
    check = fail(phone, phrase="流动摊贩")
    check.locator("input[name=text]").fill("东门")
    check.locator("input[type=file]").set_input_files([PHOTO])
    expect(check.locator(".taken img")).to_have_count(1)
    phone.wait_for_timeout(300)

    phone.reload()

    again = check_of(phone)
    expect(again.locator(".taken img")).to_have_count(1)
    expect(again.locator("input[name=text]")).to_have_value("东门")
    assert again.locator("input[value=流动摊贩]").is_checked()


def test_a_finding_without_network_waits_and_is_sent_later(phone, take_screenshot):
    phone.context.set_offline(True)
    check = fail(phone)
    check.locator("input[type=file]").set_input_files([PHOTO])
    expect(check.locator(".taken img")).to_have_count(1)
    save(check)
    expect(phone.locator("[data-queue]")).to_have_text("1")
    take_screenshot(phone, "offline")

    phone.context.set_offline(False)

    expect(phone.locator("#queue")).to_be_hidden()
    assert (Finding.objects.count(), FindingPhoto.objects.count()) == (1, 1)


@pytest.mark.parametrize("status", [500, 502, 403, 429])
def test_an_error_of_the_server_loses_nothing(phone, status):
    phone.route("**/findings/", lambda route: route.fulfill(status=status, body="no"))
    save(fail(phone))
    expect(phone.locator("[data-queue]")).to_have_text("1")

    phone.unroute("**/findings/")
    reload(phone)

    expect(phone.locator("#queue")).to_be_hidden()
    assert Finding.objects.count() == 1


def test_an_answer_that_got_lost_makes_no_second_finding(phone):
    def lose(route):
        route.fetch()
        route.abort()

    phone.route("**/findings/", lose, times=1)
    save(fail(phone))
    expect(phone.locator("[data-queue]")).to_have_text("1")

    phone.get_by_role("button", name="立即发送").click()

    expect(phone.locator("#queue")).to_be_hidden()
    assert Finding.objects.count() == 1


def test_a_refused_finding_stays_on_the_phone_until_its_owner_decides(phone):
    refuse = '{"problems": ["督查轮次已结束"]}'
    phone.route("**/findings/", lambda route: route.fulfill(status=409, content_type="application/json", body=refuse))
    save(fail(phone))
    expect(phone.locator("#queue")).to_contain_text("督查轮次已结束")
    phone.unroute("**/findings/")
    reload(phone)

    phone.get_by_role("button", name="作为新问题发送").click()

    expect(phone.locator("#queue")).to_be_hidden()
    assert Finding.objects.count() == 1


def test_another_persons_findings_are_not_sent_in_my_name(phone, browser_page, make_member, city, running, sheet_url):
    phone.route("**/findings/", lambda route: route.abort())
    save(fail(phone))
    expect(phone.locator("[data-queue]")).to_have_text("1")
    phone.goto("about:blank")  # so that the first person's page does not try again
    phone.unroute("**/findings/")

    phone.route(sheet_url_pattern(sheet_url), lambda route: as_other(route))
    phone.goto(sheet_url)
    expect(phone.locator("#queue")).to_have_attribute("aria-busy", "false")

    expect(phone.locator("#queue")).to_be_hidden()
    assert Finding.objects.count() == 0


def sheet_url_pattern(url):
    return re.compile(re.escape(url) + "$")


def as_other(route):
    """The same page, as if another person had logged in on this phone."""
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r'data-user="\d+"', 'data-user="999999"', answer.text()))


def test_the_visit_ends_only_when_everything_has_arrived(phone, sheet_url):
    phone.route("**/findings/", lambda route: route.abort())
    save(fail(phone))
    expect(phone.locator("[data-queue]")).to_have_text("1")

    phone.get_by_role("button", name="完成督查").click()
    expect(phone.locator("#queue")).to_be_in_viewport()
    expect(phone.locator("#queue")).to_have_attribute("aria-busy", "false")
    phone.unroute("**/findings/")
    phone.get_by_role("button", name="完成督查").click()

    phone.wait_for_url("**/my-round/**")
    assert Finding.objects.get().visit.finished_at


def test_without_javascript_the_plain_form_does_the_same(browser_page, inspector, sheet_url):
    page = browser_page("phone", user=inspector, java_script_enabled=False)
    page.goto(sheet_url)
    check = fail(page)
    check.locator("input[name=count]").fill("2")
    check.locator("input[type=file]").set_input_files([PHOTO])
    save(check)

    expect(check_of(page).locator(".found")).to_contain_text("摊位外溢 ×2")
    assert (Finding.objects.get().count, FindingPhoto.objects.count()) == (2, 1)


def test_the_page_looks_right_in_english_too(browser_page, inspector, sheet_url, take_screenshot):
    page = browser_page("phone", user=inspector, language="en")
    page.goto(sheet_url)
    page.locator("li.check summary").nth(3).click()

    take_screenshot(page, "english")
    expect(page.get_by_role("button", name="Save, next item")).to_be_visible()


@pytest.mark.parametrize("status", [500, 403, 404])
def test_a_finding_that_cannot_be_sent_holds_up_no_other(phone, status):
    asked = []

    def refuse_the_first(route):
        asked.append(sent_text(route.request))
        route.fulfill(status=status, body="no") if asked[-1] == asked[0] else route.continue_()

    phone.route("**/findings/", lambda route: route.abort())
    save(fail(phone, phrase="流动摊贩"))
    save(fail(phone))
    expect(phone.locator("[data-queue]")).to_have_text("2")
    phone.unroute("**/findings/")

    phone.route("**/findings/", refuse_the_first)
    phone.get_by_role("button", name="立即发送").click()

    expect(phone.locator("[data-queue]")).to_have_text("1")
    expect(phone.locator("#queue")).to_contain_text(asked[0])
    assert Finding.objects.get().text != asked[0]


def sent_text(request):
    return next(phrase for phrase in ("流动摊贩", "摊位外溢") if phrase.encode() in request.post_data_buffer)


def test_a_photo_that_is_refused_holds_up_no_other(phone):
    check = fail(phone)
    check.locator("input[type=file]").set_input_files([PHOTO | {"name": "broken.jpg", "buffer": b"no photo"}, PHOTO])
    expect(check.locator(".taken li")).to_have_count(2)

    save(check)

    expect(phone.locator("#queue .is-refused")).to_be_visible()
    assert FindingPhoto.objects.count() == 1


def test_a_finding_sent_later_keeps_the_time_it_was_written_down(phone):
    phone.context.set_offline(True)
    check = fail(phone)
    phone.wait_for_timeout(1500)
    save(check)
    expect(phone.locator("[data-queue]")).to_have_text("1")

    phone.context.set_offline(False)

    expect(phone.locator("#queue")).to_be_hidden()
    found = Finding.objects.get()
    assert (found.recorded_at - found.found_at).total_seconds() >= 1


def test_the_phone_takes_nine_photos_and_says_so(phone):
    check = fail(phone)

    check.locator("input[type=file]").set_input_files([PHOTO | {"name": f"{n}.jpg"} for n in range(10)])

    expect(check.locator(".taken li")).to_have_count(9)
    expect(phone.locator("#queue")).to_contain_text("9 张")
