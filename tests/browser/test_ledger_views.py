"""Heat map, calendar, kept filters and reminders: how they look at three widths, in both languages, and a walk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tasks.models import Assignment, Digest, Ledger, Rung, Task
from tests.browser.test_looks import looks
from units.models import SavedFilter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SECTIONS = ["Ⅰ", "Ⅱ"]


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def ledger(people, city, bureau, other_bureau):
    """Two sections, two units, one thing overdue, one due, one done."""
    today = timezone.localdate()
    ledger = Ledger.objects.create(unit=city, year=today.year, name="目标任务分解表")
    days = [today - timedelta(days=9), today, today + timedelta(days=40)]
    for number, day in enumerate(days):
        task = Task.objects.create(
            ledger=ledger,
            key=str(number),
            order=number,
            title="清理占道经营",
            section=SECTIONS[number % 2],
            deadline=day,
        )
        for unit, part in [(bureau, "lead"), (other_bureau, "supporting")]:
            Assignment.objects.create(task=task, unit=unit, part=part, percent=number * 35)
    Rung.objects.create(unit=city, tells="office", days=5)
    SavedFilter.objects.create(
        user=people.office, page="/tasks/assignments/", name="①", query="late=true", shared_by=city
    )
    for user in (people.office, people.lead):
        Digest.objects.create(
            user=user, day=today, overdue=1, raised=1, most_urgent=[Assignment.objects.earliest("due_on", "pk").pk]
        )
    return ledger


def addresses(ledger, user, bureau):
    heat = reverse("tasks:heat", args=[ledger.pk])
    return [
        heat,
        f"{heat}?unit={bureau.pk}",
        f"{heat}?row=Ⅰ",
        ledger.get_absolute_url(),
        reverse("tasks:deadlines"),
        f"{reverse('tasks:assignments')}?late=true",
        f"{reverse('units:filter-new')}?page=/tasks/assignments/&query=late=soon",
        user.digests.get().get_absolute_url(),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["office", "lead"])
def test_the_views_look_right(ledger, people, page_of, bureau, who, language, take_screenshot):
    user = getattr(people, who)
    page = page_of(user, language=language)
    found = addresses(ledger, user, bureau)
    if who == "office":
        found += [reverse("tasks:ladder"), reverse("units:filter-edit", args=[user.saved_filters.get().pk])]

    wrong = [sentence for address in found for sentence in looks(page, address, language)]

    assert wrong == []


def test_a_cell_of_the_heat_map_opens_its_rows(ledger, people, page_of, take_screenshot):
    page = page_of(people.office)
    page.goto(ledger.get_absolute_url())

    page.click("text=进度热力图")
    take_screenshot(page, "heat")
    page.click(".heat tbody tr:nth-child(2) td:nth-child(3) a")

    expect(page.locator(".rows tbody tr")).to_have_count(2)
    expect(page.locator(".listing-count")).to_have_text("共 2 条")


def test_on_the_phone_one_row_or_one_unit_at_a_time(ledger, people, page_of, take_screenshot):
    page = page_of(people.office, "phone")
    page.goto(reverse("tasks:heat", args=[ledger.pk]))
    expect(page.locator(".heat")).to_be_hidden()
    take_screenshot(page, "rows")

    page.tap(".rows tbody tr:first-child .row-link")
    expect(page.locator("h1")).to_have_text("进度热力图 · Ⅰ")
    page.tap(".rows tbody tr:first-child .row-link")

    expect(page.locator(".listing-count")).to_have_text("共 2 条")


def test_a_filter_is_kept_used_and_shared(ledger, people, page_of, take_screenshot):
    page = page_of(people.office)
    page.goto(reverse("tasks:assignments"))
    page.select_option("[name=late]", "soon")
    page.wait_for_selector(".chip")

    page.click("text=保存筛选")
    page.fill("[name=name]", "快到期的")
    page.check("[name=shared]")
    page.click("main form .btn-primary")
    expect(page.locator(".saved-filter [aria-current]")).to_contain_text("快到期的")
    take_screenshot(page, "kept")

    theirs = page_of(people.lead, "phone")
    theirs.goto(reverse("tasks:assignments"))
    theirs.tap(".saved-filter >> text=快到期的")
    theirs.wait_for_url("**late=soon**")
    expect(theirs.locator(".rows tbody tr")).to_have_count(1)


def test_the_mark_of_a_kept_filter_goes_when_the_list_is_asked_otherwise(ledger, people, page_of):
    page = page_of(people.office)
    page.goto("/tasks/assignments/?late=true")
    expect(page.locator(".saved-filter [aria-current]")).to_have_count(1)

    page.select_option("[name=late]", "soon")

    page.wait_for_selector(".saved-filter [aria-current]", state="detached")


def test_the_calendar_is_leafed_through_and_opens_a_day(ledger, people, page_of, take_screenshot):
    page = page_of(people.office)
    page.goto(reverse("tasks:deadlines"))
    take_screenshot(page, "month")

    page.click(".due-month .due-day-today .due-day-head a")

    expect(page.locator(".rows tbody tr")).to_have_count(2)
