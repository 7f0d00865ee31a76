"""Material from the phone of a unit's lead to the package at the office's desk: a real browser, a real worker."""

import hashlib
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from reports.package_names import CATALOGUE, SUMS
from tasks.models import AskedPiece, Assignment, Ledger, Material, RequiredPiece, Task
from tests.browser.conftest import photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
ZIP_MS = 60_000
PHOTO = photo("路口整治后.jpg", "seagreen")


@pytest.fixture
def ledger(city, standard, bureau, make_criterion):
    """A ledger that asks our bureau for a photo under each of two criteria."""
    criteria = [make_criterion(code) for code in ("Ⅱ-1", "Ⅱ-2")]
    ledger = Ledger.objects.create(unit=city, year=2026, name="目标任务分解表", standard=standard)
    task = Task.objects.create(ledger=ledger, key="row1", order=1, title="整治占道经营")
    task.criteria.add(*criteria)
    for criterion in criteria:
        RequiredPiece.objects.add(criterion, name="工作图片")
    Assignment.objects.create(task=task, unit=bureau, part="lead")
    return ledger


def completeness(page, ledger):
    page.goto(f"/tasks/completeness/{ledger.pk}/")
    return page.locator(".stats")


def lead_files_one_photo_for_both(page, ledger, keep):
    expect(completeness(page, ledger)).to_contain_text(re.compile(r"应交\s*2|2\s*应交"))
    keep(page, "1-missing")
    page.locator(".stats a", has_text="缺").click()
    page.get_by_role("link", name="归档").first.click()
    page.set_input_files("input[type=file]", [PHOTO])
    page.get_by_label("标题").fill("人民路口整治后")
    places = [f"{one.criterion_id}-{one.piece_id}" for one in AskedPiece.objects.all()]
    for place in places:
        page.locator(f"input[name=places][value='{place}']").check()
    keep(page, "2-file-it")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/tasks/material/*/")
    expect(page.locator("#numbers")).to_contain_text("Ⅱ-2-1)-①")
    keep(page, "3-filed")


def office_makes_the_package(page, ledger, keep):
    expect(completeness(page, ledger)).to_contain_text(re.compile(r"缺\s*0|0\s*缺"))
    keep(page, "4-complete")
    page.goto("/reports/packages/")
    page.get_by_role("link", name="制作报送包").click()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/reports/packages/\d+/"))
    expect(page.get_by_role("link", name="下载 ZIP 包")).to_be_visible(timeout=ZIP_MS)
    keep(page, "5-package")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载 ZIP 包").click()
    return Path(coming.value.path())


def test_filed_once_for_two_criteria_and_handed_in(
    page_of, lead, office, ledger, celery_worker_process, take_screenshot
):
    lead_files_one_photo_for_both(page_of(lead, "phone"), ledger, take_screenshot)

    path = office_makes_the_package(page_of(office), ledger, take_screenshot)

    material = Material.objects.get()
    with ZipFile(path) as package:
        names = package.namelist()
        sums = dict(line.split("  ", 1)[::-1] for line in package.read(SUMS).decode().splitlines())
        assert sums == {name: hashlib.sha256(package.read(name)).hexdigest() for name in names if name != SUMS}
        assert names == [CATALOGUE, "Ⅱ-1-1)/Ⅱ-1-1)-① 人民路口整治后.jpg", SUMS]
        assert sums[names[1]] == material.newest.attachment.sha256
        text = "".join(page.extract_text() for page in PdfReader(package.open(CATALOGUE)).pages)
    assert "见Ⅱ-1-1)-①" in text.replace(" ", "")
