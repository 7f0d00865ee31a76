"""The real tables and the real notice of five cities, taken in by the browser as they are."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tasks.models import Assignment, Ledger, LedgerImport, Standard
from tests.browser.conftest import begin_import

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAMPLES = Path(__file__).parent.parent / "data" / "ledgers"
LEDGERS = [
    "ledger_bengbu_prose.txt",
    "ledger_district_2010.xlsx",
    "ledger_tongcheng_2020.xlsx",
    "ledger_wuhan_2014.xlsx",
]
STANDARD = "standard_national_2015.xlsx"


def tasks_of(name):
    """How many the file holds, by what was counted in it by hand."""
    return json.loads((SAMPLES / name).with_suffix(".json").read_text())["tasks"]


def create_unknown(page):
    """Every name that the tree does not know becomes a unit below the city, of the first kind offered."""
    for choice in page.locator("select[name^=do-]").all():
        choice.select_option("create")
    for kind in page.locator("select[name^=kind-]").all():
        kind.select_option(index=1)


def office_imports(walk, name):
    page = walk.at_desk(walk.people.office)
    begin_import(page, SAMPLES / name)
    create_unknown(page)
    walk.keep(page, name)
    page.locator("main form .btn-primary").first.click()
    page.locator("main .stats").first.wait_for()
    page.locator("main form .btn-primary").wait_for(state="detached")
    walk.keep(page, f"{name}-imported")


def office_imports_the_standard(walk):
    page = walk.at_desk(walk.people.office)
    page.goto("/tasks/import/")
    page.set_input_files("input[type=file]", SAMPLES / STANDARD)
    page.check("input[name=becomes][value=standard]")
    page.fill("input[name=year]", "2015")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/tasks/import/*/")
    page.locator("main form .btn-primary").click()
    page.locator("main form .btn-primary").wait_for(state="detached")
    walk.keep(page, "standard")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_takes_in_the_five_samples_by_the_browser(walk, bureau, other_bureau, language):
    walk.language = language

    for name in LEDGERS:
        office_imports(walk, name)
    office_imports_the_standard(walk)

    assert [upload.state for upload in LedgerImport.objects.all()] == ["confirmed"] * 5
    counts = sorted(ledger.tasks.count() for ledger in Ledger.objects.all())
    assert counts == sorted(tasks_of(name) for name in LEDGERS)
    assert all(Assignment.objects.filter(task__ledger=ledger, part="lead").exists() for ledger in Ledger.objects.all())
    assert Standard.objects.get().indicators.exists()
    page = walk.on_phone(walk.people.office)
    for ledger in Ledger.objects.all():
        page.goto(ledger.get_absolute_url())
        expect(page.locator(".listing")).to_be_visible()
        walk.keep(page, f"ledger-{ledger.pk}")
