"""What the walks begin with: a small city that works, and a page for each of its people."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw

from inspections.models import Round
from inspections.seeds import seed_checklist
from reports.models import Component, Scheme
from units.roles import Role

FULL_MARKS = {"tasks": 30, "deductions": 50, "rectification": 20}


def photo(name, color):
    """A photo as a phone sends it: real JPEG, some hundred pixels wide."""
    picture = Image.new("RGB", (960, 720), color)
    ImageDraw.Draw(picture).rectangle((240, 300, 720, 720), fill="sienna")
    content = BytesIO()
    picture.save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest.fixture
def people(city, office, inspector, lead, staff, leader, make_member):
    """One person per role."""
    return SimpleNamespace(
        office=office,
        inspector=inspector,
        lead=lead,
        staff=staff,
        leader=leader,
        monitor=make_member(city, Role.MONITOR, name="社会监督员"),
        admin=make_member(city, Role.ADMIN, name="系统管理员"),
    )


@pytest.fixture
def checklist(city):
    """The real items of every kind of place."""
    return seed_checklist(city)


@pytest.fixture
def checklist_item(checklist, market):
    """One of them."""
    return checklist.items.get(place_type=market, text="无占道经营现象")


@pytest.fixture
def stop(city, bureau, other_bureau, make_place, inspector, checklist):
    """A market on the list of a running round, given to the inspector's team."""
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=7), "ends_on": today + timedelta(days=7)}
    round_ = Round.objects.create(unit=city, name="季度督查", checklist=checklist, **days)
    team = round_.teams.create(name="一组")
    team.members.add(inspector)
    return round_.stops.create(place=make_place(bureau, name="人民路农贸市场"), team=team)


@pytest.fixture
def scheme(city):
    scheme = Scheme.objects.create(unit=city, name="测评办法", basis="文明委〔2026〕1号")
    for order, (measure, full) in enumerate(FULL_MARKS.items()):
        name = Component.OFFICIAL[measure]
        scheme.components.create(measure=measure, name=name, full=full, order=order)
    return scheme


@pytest.fixture
def page_of(browser_page):
    """The page of a person at a size: `page_of(office)`; one browser context per person and size, kept."""
    pages = {}

    def page(user, size="desktop", language="zh-hans"):
        key = (user.pk, size, language)
        if key not in pages:
            pages[key] = browser_page(size, user=user, language=language)
        return pages[key]

    return page


@pytest.fixture
def walk(page_of, people, take_screenshot):
    """What every step has at hand."""

    class Walk:
        def __init__(self):
            self.people, self.number, self.language = people, 0, "zh-hans"

        def at_desk(self, user):
            return page_of(user, "desktop", self.language)

        def on_phone(self, user):
            return page_of(user, "phone", self.language)

        def keep(self, page, name):
            """A picture of the step, numbered in the order of the story."""
            self.number += 1
            page.wait_for_load_state()
            page.wait_for_function("document.documentElement?.scrollWidth <= innerWidth")  # else it is too wide
            page.evaluate("scrollTo(0, 0)")  # what sticks to the window would stand in the middle of the picture
            take_screenshot(page, f"{self.language}-{self.number:02}-{name}")

    return Walk()


def follow(page, leading):
    """Click what leads to another page, and wait until that one is there: a picture shows no page on its way."""
    with page.expect_navigation():
        leading.click()


def begin_import(page, file):
    """Upload a workbook and look at the preview."""
    page.goto("/tasks/import/")
    page.set_input_files("input[type=file]", file)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/tasks/import/*/")
