"""The components keep their promises: readable, told by word and icon, usable with one thumb and without scripts."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from playwright.sync_api import expect

from config.navigation import ENTRIES, address, current, places, seen_by
from units.lists import Column
from units.looks import STATES, STEPS, TONES
from units.markup import NOTHING, listed, muted
from units.roles import Role
from units.workflow import Workflow

STATIC = settings.BASE_DIR / "static"
SPRITE = (STATIC / "vendor/tabler-icons/sprite.svg").read_text()
ICONS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))


def draw(source, **context):
    """A piece of template with the components, in English."""
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    with translation.override("en"):
        return engines["django"].from_string("{% load components %}" + source).render(context, request)


@pytest.fixture
def gallery(settings, client, office):
    """The gallery's client, logged in as the office."""
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    client.force_login(office)
    return client


def workflows():
    return [model for model in apps.get_models() if issubclass(model, Workflow)]


def test_every_state_of_every_workflow_has_a_look():
    states = {value for model in workflows() for value in model._meta.get_field("state").flatchoices}

    assert {value for value, _label in states} - set(STATES) == set()


def test_every_step_of_every_workflow_has_an_icon():
    steps = {name for model in workflows() for name, step in model.steps.items() if step.roles is not None}

    assert steps - set(STEPS) == set()


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    base = settings.BASE_DIR
    files = [*(base / "templates").rglob("*.html"), *(base / "units/templatetags").glob("*.py")]
    asked = {name for file in files for name in re.findall(r'icon[ (=]"([a-z0-9-]+)"', file.read_text())}
    known = {icon for _tone, icon in STATES.values()} | set(STEPS.values()) | {e.icon for e in ENTRIES.values()}

    assert (asked | known) - ICONS == set()


def test_a_badge_tells_the_state_by_icon_word_and_colour():
    html = draw('{% badge "overdue" %}')

    assert "state-red" in html
    assert "#clock-exclamation" in html
    assert "overdue</span>" in html


def test_a_number_warns_only_of_something():
    three, none = (draw('{% stat "late" n tone="red" %}', n=n) for n in (3, 0))

    assert "stat-red" in three
    assert "stat-red" not in none


@pytest.mark.parametrize(("language", "words"), [("en", "a, b"), ("zh-hans", "a、b")])
def test_several_things_are_parted_as_the_language_does(language, words):
    with translation.override(language):
        assert listed(["a", "b"]) == words


@pytest.mark.parametrize(("is_required", "words"), [(True, "please choose"), (False, "none")])
def test_a_select_says_what_choosing_nothing_means(is_required, words):
    class Choice(forms.Form):
        kind = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=is_required)

    html = draw("{% field form.kind %}", form=Choice())

    assert f">{words}<" in html
    assert "---" not in html


def test_an_unknown_state_is_shown_grey():
    assert "state-grey" in draw('{% badge "brand new" %}')


def test_a_badge_escapes_its_word():
    assert "<b>" not in draw('{% badge "x" word %}', word="<b>")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (2, "2 working days left"),
        (1, "1 working day left"),
        (0, "due today"),
        (-1, "1 working day late"),
        (None, "20"),
    ],
)
def test_a_deadline_says_what_is_left(days, words):
    day = timezone.datetime(2026, 9, 30).date()

    assert words in draw("{% deadline day days %}", day=day, days=days)


def test_a_deadline_carries_its_date():
    assert 'title="2026-09-30"' in draw("{% deadline day 2 %}", day=timezone.datetime(2026, 9, 30).date())


def test_a_timeline_shows_what_changed_from_what_to_what():
    html = draw(
        "{% timeline events %}", events=[{"at": timezone.now(), "text": "moved", "changes": [("Due", "May", "June")]}]
    )

    assert "<del>May</del>" in html
    assert "<ins>June</ins>" in html


def test_what_the_clock_did_names_the_clock():
    assert "by the clock" in draw("{% timeline events %}", events=[{"at": timezone.now(), "text": "late"}])


def test_a_step_that_needs_a_reason_asks_for_it(gallery):
    html = gallery.get("/gallery/").content.decode()

    assert re.search(r'<textarea[^>]*name="note"[^>]*required', html)


def test_a_step_with_a_page_of_its_own_is_a_link(gallery):
    assert '<a class="btn" href="/gallery/step/1/submit/">' in gallery.get("/gallery/").content.decode()


def test_a_page_has_one_primary_action_among_its_steps(gallery):
    html = gallery.get("/gallery/").content.decode()
    steps = html[html.index('class="step-buttons"') : html.index('data-keep="gallery"')]

    assert len(re.findall(r'btn btn-primary" (?:href|>)|"submit" class="btn btn-primary">(?!退回)', steps)) == 1


def test_an_error_stands_next_to_its_field_and_is_tied_to_it(gallery):
    html = gallery.get("/gallery/?bad=1").content.decode()

    assert 'id="id_title_error"' in html
    assert re.search(r'name="title"[^>]*aria-describedby="[^"]*id_title_error', html)


def test_the_error_summary_leads_to_the_field(gallery):
    assert '<a href="#id_title">' in gallery.get("/gallery/?bad=1").content.decode()


def test_a_file_field_tells_types_and_size_before_the_upload(gallery, client):
    client.cookies["django_language"] = "en"
    html = gallery.get("/gallery/").content.decode()

    assert "JPEG, PNG, HEIC" in html
    assert "at most 20.0\xa0MB each" in html


# --- navigation ---


def test_every_place_exists():
    assert [name for name in ENTRIES if not address(name)] == []


@pytest.mark.parametrize("role", Role)
def test_every_role_has_up_to_four_places_on_the_phone(make_member, city, role):
    assert 1 <= len(places(make_member(city, role), "home")["bar"]) <= 4


def test_a_unit_does_not_see_the_office_places(lead):
    assert "tasks:review-queue" not in seen_by(lead)


def test_a_page_below_a_place_keeps_it_marked():
    assert current("inspections:item-submit", ENTRIES) == "inspections:items"


def test_a_page_is_marked_only_in_a_place_that_the_person_sees(office):
    assert current("tasks:assignment", seen_by(office)) == "tasks:assignments"


def test_a_place_counts_what_waits_there(make_assignment, make_member, bureau):
    make_assignment()
    lead = make_member(bureau, Role.UNIT_LEAD)

    counts = {place["icon"]: place["count"] for _label, part in places(lead, "home")["sections"] for place in part}

    assert counts["list-check"] == 1


# --- the look ---


def luminance(colour):
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens(theme):
    light, dark = (STATIC / "css/tokens.css").read_text().split('[data-bs-theme="dark"]')
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark)) if theme == "dark" else {}
    return {
        name: "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value for name, value in found.items()
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_can_be_read(theme):
    colour = tokens(theme)
    grounds = ["page", "surface", "sunken", "hover"]
    pairs = [(words, ground) for words in ("text", "quiet", "link") for ground in grounds]
    pairs += [(tone, f"{tone}-soft") for tone in TONES] + [("on-accent", "accent"), ("on-accent", "brand")]

    def contrast(one, other):
        high, low = sorted((luminance(colour[one]), luminance(colour[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_the_frame_of_a_phone_page_weighs_little(gallery):
    html = gallery.get("/gallery/field/").content.decode()
    files = {STATIC / path for path in re.findall(r'(?:href|src)="/static/([^"#]+)', html)}

    weight = sum(len(gzip.compress(Path(file).read_bytes())) for file in files) + len(gzip.compress(html.encode()))

    assert weight < 25_000


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "tablet", "desktop"])
def test_no_page_scrolls_sideways(settings, browser_page, take_screenshot, office, size, theme):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    page = browser_page(size, user=office, color_scheme=theme)

    answer = page.goto("/gallery/?bad=1")

    take_screenshot(page, f"{size}-{theme}")
    assert answer.ok
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_everything_on_the_phone_can_be_hit_with_a_thumb(settings, browser_page, office):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    page = browser_page("phone", user=office)
    assert page.goto("/gallery/").ok

    small = page.eval_on_selector_all(
        ".btn, .brand-bar a, .brand-bar summary, .bottom-bar a, .pager a, .tabs a, .back, .form-control, .form-select",
        "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)",
    )

    assert small == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_sorting_works_without_scripts(settings, browser_page, office, make_unit):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    make_unit("甲", parent=None)
    page = browser_page("desktop", user=office, java_script_enabled=False)
    page.goto("/gallery/")

    page.locator(".listing th a").first.click()

    page.wait_for_url("**sort=-name**")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_typing_in_the_search_narrows_the_rows_and_the_address(settings, browser_page, office, make_unit):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    make_unit("独一无二局")
    page = browser_page("desktop", user=office)
    page.goto("/gallery/")

    page.locator("#id_q").type("独一")

    page.wait_for_url("**q=**")
    expect(page.locator("#listing-rows tbody tr")).to_have_count(1)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_long_select_in_the_filter_bar_is_chosen_by_typing(settings, browser_page, office, make_unit):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    make_unit("东湖区", kind="县市区")
    page = browser_page("desktop", user=office)
    page.goto("/gallery/")

    page.get_by_label("类别").fill("县市区")

    page.wait_for_url("**kind=**")
    expect(page.locator("#listing-rows tbody tr")).to_have_count(1)


def test_the_page_head_offers_the_other_language(gallery):
    html = gallery.get("/gallery/").content.decode()

    assert '<button type="submit" name="language" value="en" lang="en">' in html


def cells(**row):
    """The classes and contents of a table's only row."""
    columns = [Column("name", "unit", link=True, draw=lambda row: row["name"]), Column("note", "note")]
    columns += [Column("due", "due", draw=lambda row: muted(row["due"])), Column("score", "score", kind="score")]
    drawn = draw("{% table rows columns %}", rows=[row], columns=columns)
    return re.findall(r'<td class="([^"]*)" data-label="[^"]*">(?:<span class="muted">)?([^<]*)', drawn)


def test_a_cell_that_shows_nothing_is_no_line_of_a_card():
    assert cells(name="甲", note="", due=NOTHING, score=None)[1:3] == [("cell-nothing", "—")] * 2
    assert cells(name="甲", note="乙", due="丙", score=None)[1:3] == [("", "乙"), ("", "丙")]


def test_a_missing_score_and_a_title_stay_on_the_card():
    title, *_words, score = cells(name=NOTHING, note="", due="", score=None)

    assert (title, score) == (("cell-title", "—"), ("num", "—"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_cards_leave_out_what_shows_nothing_and_tables_do_not(settings, browser_page, office):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    shown = {}
    for size in ("phone", "desktop"):
        page = browser_page(size, user=office)
        page.goto("/gallery/")
        page.locator(".rows tbody td[data-label]").nth(1).evaluate("cell => cell.classList.add('cell-nothing')")
        shown[size] = page.locator(".cell-nothing").first.is_visible()

    assert shown == {"phone": False, "desktop": True}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_is_ticked_in_a_long_list_stands_first_and_is_said_below(settings, browser_page, office):
    settings.ROOT_URLCONF = "tests.units.gallery.urls"
    page = browser_page("phone", user=office)
    page.goto("/gallery/")
    part = page.locator("[data-checklist]")

    first = part.locator("label").first.inner_text()
    part.get_by_role("searchbox").fill("12")
    part.get_by_label("第12小学").check()

    assert first.strip() == "第7小学"
    assert sorted(label.strip() for label in part.locator("label:visible").all_inner_texts()) == ["第12小学", "第7小学"]
    expect(part.locator(".checklist-chosen")).to_have_text("已选 2 项： 第7小学、第12小学")
