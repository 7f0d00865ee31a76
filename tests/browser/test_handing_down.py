"""The way of a task down and up again: office → unit → sections, and what they report → roll-up, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tasks.models import Assignment, Ledger, Task
from units.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLE = "设置公益广告"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def sections(make_unit, bureau):
    return [make_unit(name, parent=bureau) for name in ("市容管理科", "环境卫生科")]


@pytest.fixture
def section_lead(make_member, sections):
    return make_member(sections[0], Role.UNIT_LEAD, name="市容科科长")


def cell(page, label, unit):
    """A field of the row of a unit: each says of itself what it is and of whom."""
    return page.get_by_label(f"{label} {unit.placed()}", exact=True)


def choose(page, *units, part):
    """Tick the units and press the button that makes rows of them."""
    for unit in units:
        page.locator(".unit-choice").get_by_label(unit.name, exact=True).check()
    page.get_by_role("button", name=part).click()
    for unit in units:
        expect(cell(page, "责任占比（%）", unit)).to_be_visible()


def give(page, ledger, bureau, other_bureau):
    """The office makes a task, divides it 70 : 30, and asks the bureau for a hundred pieces."""
    page.goto(ledger.get_absolute_url())
    page.get_by_role("link", name="新增任务").click()
    page.get_by_label("任务", exact=True).fill(TITLE)
    choose(page, bureau, part="添加为牵头单位")
    choose(page, other_bureau, part="添加为责任单位")
    cell(page, "责任占比（%）", bureau).fill("70")
    cell(page, "责任占比（%）", other_bureau).fill("20")
    cell(page, "数量", bureau).fill("100")
    cell(page, "计量单位", bureau).fill("处")
    expect(page.locator("[data-share-sum]")).to_contain_text("90%")
    page.get_by_role("button", name="保存", exact=True).click()


def test_a_task_goes_down_to_a_section_and_its_progress_comes_up(
    page_of, city, bureau, other_bureau, sections, office, lead, section_lead, take_screenshot
):
    ledger = Ledger.objects.create(unit=city, name="目标任务分解表", year=2026)
    desk, theirs = page_of(office), page_of(lead)
    give(desk, ledger, bureau, other_bureau)
    settle_the_shares(desk, other_bureau, take_screenshot)

    hand_down(theirs, Assignment.objects.get(unit=bureau), sections, take_screenshot)
    report(page_of(section_lead, "phone"), sections[0], take_screenshot)
    approve(theirs, sections[0])

    theirs.goto(Assignment.objects.get(unit=bureau).get_absolute_url())
    expect(theirs.locator("#below .panel-words").first).to_contain_text("30%")  # 30 of 100, the sections together
    take_screenshot(theirs, "rolled-up")
    desk.reload()
    expect(desk.locator("main")).to_contain_text(re.compile("市容管理科"))


def settle_the_shares(page, other_bureau, take_screenshot):
    """What does not make a hundred is said above the rows, nothing is kept, and what was typed is still there."""
    expect(page.locator("#units .form-error").first).to_contain_text("合计为 90")
    take_screenshot(page, "shares-refused")
    assert not Task.objects.exists()
    cell(page, "责任占比（%）", other_bureau).fill("30")
    expect(page.locator("[data-share-sum]")).to_contain_text("100%")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def hand_down(page, assignment, sections, take_screenshot):
    """The bureau's lead: 60 for one section, 40 for the other."""
    page.goto(assignment.get_absolute_url())
    page.get_by_role("link", name="二次分解").click()
    choose(page, *sections, part="添加为责任单位")
    for section, number in zip(sections, ("60", "40"), strict=True):
        cell(page, "数量", section).fill(number)
        cell(page, "计量单位", section).fill("处")
    take_screenshot(page, "hand-down")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#below tbody tr")).to_have_count(2)


def report(page, section, take_screenshot):
    """The section on its phone: 30 of its 60 are there."""
    page.goto("/tasks/my/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("已完成数量").fill("30")
    page.get_by_label("进展情况").fill("主次干道已设置30处")
    take_screenshot(page, "section")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("待审核").first).to_be_visible()
    assert Assignment.objects.get(unit=section).under_review.percent == 50


def approve(page, section):
    """The bureau's lead finds it in the queue."""
    page.goto("/tasks/review/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("30 / 60 处").first).to_be_visible()
    page.get_by_role("button", name="通过").click()
    page.wait_for_url("**/tasks/review/")
    assert Assignment.objects.get(unit=section).quantity_done == 30
