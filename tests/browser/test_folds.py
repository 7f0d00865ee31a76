"""Long pages that are folded: by a tap, by a wide window, by who is sent to a place inside, and without a script."""

import pytest
from playwright.sync_api import expect

from tasks.models import Standard
from tests.browser.test_looks import looks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LAST = "环境整洁第14条"


@pytest.fixture
def standard(city):
    """An edition of two aspects with fifteen criteria each."""
    standard = Standard.objects.create(unit=city, name="测评体系", edition="2026")
    for order, name in enumerate(["学习制度", "环境整洁"]):
        aspect = standard.indicators.create(level=1, code=f"Ⅰ-{order + 1}", name=name, order=order)
        for n in range(15):
            leaf = aspect.criteria.create(number=f"{n}", text=f"{name}第{n}条", methods=["site"], order=n)
            leaf.pieces.create(name="照片", asked_of="lead")
    return standard


@pytest.fixture
def criterion(standard):
    return standard.indicators.get(name="环境整洁").criteria.get(text=LAST)


def pieces(standard):
    return f"/tasks/completeness/required/{standard.pk}/"


@pytest.mark.parametrize("scripted", [True, False])
def test_a_tap_opens_an_aspect_on_the_phone(browser_page, standard, office, scripted):
    page = browser_page("phone", user=office, java_script_enabled=scripted)
    page.goto(standard.get_absolute_url())
    expect(page.get_by_text(LAST)).to_be_hidden()

    page.locator("summary", has_text="环境整洁").click()

    expect(page.get_by_text(LAST)).to_be_visible()


def test_a_wide_window_shows_the_whole_edition(browser_page, standard, office):
    page = browser_page("desktop", user=office)

    page.goto(standard.get_absolute_url())

    expect(page.get_by_text(LAST)).to_be_visible()


def test_who_is_sent_to_a_criterion_sees_it(browser_page, standard, criterion, office):
    page = browser_page("phone", user=office)

    page.goto(f"{pieces(standard)}#criterion-{criterion.pk}")

    expect(page.get_by_text(LAST)).to_be_in_viewport()


def test_paper_shows_what_is_folded(browser_page, standard, office):
    page = browser_page("phone", user=office)
    page.goto(pieces(standard))

    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.get_by_text(LAST)).to_be_visible()


def test_the_folded_pages_look_right(browser_page, standard, criterion, office):
    page = browser_page("phone", user=office)
    opened = f"{pieces(standard)}?criterion={criterion.pk}"

    wrong = [words for address in (standard.get_absolute_url(), opened) for words in looks(page, address, "zh-hans")]

    assert wrong == []
