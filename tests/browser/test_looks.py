"""Every place of the navigation, for every role, in both languages, at three widths: nothing sticks out, nothing is
left untranslated, every target is large enough for a thumb."""

import re

import pytest
from django.utils import timezone

from reports.closing import draft
from reports.models import Component, Period, Report
from units.models import PeerGroup, Unit, User
from units.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
ROLES = ["office", "inspector", "lead", "staff", "leader", "monitor", "admin"]
WIDTHS = {1440: 900, 768: 1024, 360: 740}
THUMB = 44
# Names that are written in Latin letters in Chinese too, user names, checksums.
LATIN = re.compile(r"English|[xX][lL][sS][xX]|HEIC|JPEG|WEBP|user\d+|[0-9a-f]{32,}", re.ASCII)
ENGLISH_WORD = re.compile(r"[A-Za-z]{4,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

LINKS = "[...document.querySelectorAll('nav a, aside a')].map(a => a.getAttribute('href'))"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
LABELS = """[...document.querySelectorAll('nav a, button, .btn, h2, th, .form-label, legend, .stat-label')]
    .filter(one => one.checkVisibility()).map(one => one.innerText)"""
SMALL = """[...document.querySelectorAll('main .btn, .bottom-bar a, main input, main select, .tabs a, summary')]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .filter(one => !['checkbox', 'radio', 'hidden'].includes(one.type) && !one.closest('.visually-hidden'))
    .filter(one => one.getBoundingClientRect().height < %d)
    .map(one => one.outerHTML.slice(0, 90))"""

CUT = """[...document.querySelectorAll('main .btn')].filter(one => one.checkVisibility())
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"""


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    monkeypatch.setattr("reports.jobs.make_file.delay", lambda *_args: None)


@pytest.fixture
def lived_in(people, stop, scheme, city, make_item, make_assignment, other_bureau, other_lead):
    """Something in every list: items, tasks, a round, a person with two roles, a quarter with its report issued."""
    other_lead.memberships.create(unit=other_bureau, role=Role.OFFICE, since="2020-01-01")
    make_item()
    make_item(state="submitted", submitted_at=timezone.now(), submitted_by=people.lead, measure="已清理")
    make_assignment()
    make_assignment(other_bureau, title="校园周边环境整治")
    quarter = Period.objects.current_quarter(city, timezone.localdate())
    draft(quarter, scheme, by=people.office).issue(by=people.office)
    return people


def places_of(page):
    """The addresses in the navigation, each once."""
    page.goto("/")
    links = page.evaluate(LINKS)
    return sorted({link for link in links if link and link.startswith("/") and "logout" not in link})


def without_data(label):
    """The label without the names of units, people, groups and parts: those are Chinese in English too."""
    names = [str(row) for model in (Unit, User, PeerGroup, Component, Report) for row in model.objects.all()]
    for name in sorted([*names, "中文"], key=len, reverse=True):
        label = label.replace(name, "")
    return label


def looks(page, address, language):
    """What is wrong with the page at three widths: a list of sentences."""
    assert page.goto(address).status == 200, address
    wrong = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate(TOO_WIDE):
            wrong.append(f"{address} is wider than {width} px")
        wrong += [f"{address} cut at {width} px: {label}" for label in page.evaluate(CUT)]
    wrong += [f"{address} too small: {one}" for one in page.evaluate(SMALL % THUMB)]
    if language == "en":
        labels = [without_data(label) for label in page.evaluate(LABELS)]
        wrong += [f"{address} Chinese: {label}" for label in labels if CHINESE.search(label)]
    else:
        text = LATIN.sub("", page.inner_text("body"))
        wrong += [f"{address} English: {word}" for word in sorted(set(ENGLISH_WORD.findall(text)))]
    return wrong


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_place_looks_right(lived_in, page_of, role, language):
    page = page_of(getattr(lived_in, role), language=language)

    wrong = [sentence for address in places_of(page) for sentence in looks(page, address, language)]

    assert wrong == []
