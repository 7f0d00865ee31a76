"""A ledger of one's own, from an empty city to the package that is handed in, by the people whose work it is: the
office makes it from the real standard, a lead hands it down, a section and a clerk report, the office approves, and
what was filed leaves as a ZIP. Walked in both languages. Each step leaves a picture in test-results/."""

import hashlib
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from reports.package_names import CATALOGUE, SUMS
from tasks.models import Assignment, Ledger, Material, SelfCheck, Task
from tests.browser.conftest import follow, photo
from units.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
STANDARD = Path(__file__).parent.parent / "data" / "ledgers" / "standard_national_2015.xlsx"
WORK_MS = 60_000
DONE = "主次干道已设置公益广告30处"


@pytest.fixture(params=["zh-hans", "en"])
def tale(request, walk, make_unit, make_member, bureau):
    """The walk in one language, with a section below the bureau; `say` says a word as the page does."""
    walk.language = request.param
    walk.section = make_unit("市容管理科", parent=bureau)
    walk.people.section = make_member(walk.section, Role.UNIT_LEAD, name="市容科科长")

    def say(text):
        with translation.override(request.param):
            return gettext(text)

    walk.say = say
    return walk


def press(tale, page, text):
    follow(page, page.get_by_role("button", name=tale.say(text)).first)


def office_makes_a_ledger_from_the_standard(tale):
    page = tale.at_desk(tale.people.office)
    page.goto("/tasks/import/")
    page.check("input[name=becomes][value=standard]")
    page.fill("input[name=year]", "2015")
    page.set_input_files("input[type=file]", STANDARD)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/tasks/import/*/")
    follow(page, page.locator("main form .btn-primary"))
    follow(page, page.get_by_role("link", name=tale.say("To the assessment system")))
    tale.keep(page, "edition")
    follow(page, page.get_by_role("link", name=tale.say("Make a ledger")))
    press(tale, page, "Make the ledger")
    expect(page.locator(".rows tbody tr")).to_have_count(8)
    tale.keep(page, "ledger")
    return Ledger.objects.get()


def office_gives_a_task(tale, ledger, bureau):
    """The first criterion goes to the bureau alone, with a quantity."""
    page = tale.at_desk(tale.people.office)
    task = ledger.tasks.earliest("order")
    page.goto(f"/tasks/task/{task.pk}/edit/")
    page.locator(".unit-choice").get_by_label(bureau.name, exact=True).check()
    page.locator("button[name=add][value=lead]").click()
    fill_row(page, share="100", quantity="60", quantity_unit="处")
    tale.keep(page, "divided")
    page.locator("main form .form-actions .btn-primary").last.click()
    page.wait_for_url(re.compile(f"{task.get_absolute_url()}(#.*)?$"))
    tale.keep(page, "task")


def fill_row(page, **fields):
    """What is asked of the one unit in the rows of a division."""
    for name, text in fields.items():
        page.locator(f"#units tbody input[name$='-{name}']").fill(text)


def lead_hands_it_down(tale, assignment):
    page = tale.on_phone(tale.people.lead)
    page.goto("/tasks/my/")
    tale.keep(page, "my-tasks")
    page.goto(assignment.get_absolute_url())
    follow(page, page.get_by_role("link", name=tale.say("Hand down")))
    page.locator(".unit-choice").get_by_label(tale.section.name, exact=True).check()
    page.locator("button[name=add][value=responsible]").click()
    fill_row(page, quantity="60", quantity_unit="处")
    tale.keep(page, "hand-down")
    page.locator("main form .form-actions .btn-primary").last.click()
    page.wait_for_url(re.compile(f"{assignment.get_absolute_url()}(#.*)?$"))


def section_reports(tale):
    page = tale.on_phone(tale.people.section)
    own = Assignment.objects.get(unit=tale.section)
    page.goto(own.get_absolute_url())
    page.locator("input[name=quantity]").fill("30")
    page.locator("textarea[name=narrative]").fill(DONE)
    page.set_input_files("#report input[type=file]", [photo("公益广告.jpg", "seagreen")])
    tale.keep(page, "section-reports")
    press(tale, page, "Submit for review")
    tale.keep(page, "section-submitted")
    return own


def lead_approves_it(tale, own):
    page = tale.at_desk(tale.people.lead)
    page.goto(f"/tasks/review/{own.pk}/")
    tale.keep(page, "lead-reviews")
    page.keyboard.press("a")
    page.wait_for_url("**/tasks/review/")
    assert Assignment.objects.get(pk=own.pk).quantity_done == 30


def staff_writes_and_lead_submits(tale, assignment):
    page = tale.on_phone(tale.people.staff)
    page.goto(assignment.get_absolute_url())
    expect(page.locator("#below")).to_contain_text("50%")
    page.locator("input[name=quantity]").fill("30")
    page.locator("textarea[name=narrative]").fill(DONE)
    expect(page.locator("#report [data-autosave-status]")).to_be_visible()
    tale.keep(page, "staff-drafts")
    press(tale, page, "Ask the lead to hand it in")
    desk = tale.at_desk(tale.people.lead)
    desk.goto(assignment.get_absolute_url())
    tale.keep(desk, "lead-finds-the-draft")
    press(tale, desk, "Submit for review")


def office_approves_it(tale, assignment):
    page = tale.at_desk(tale.people.office)
    page.goto("/tasks/review/")
    tale.keep(page, "review-queue")
    page.goto(f"/tasks/review/{assignment.pk}/")
    tale.keep(page, "office-reviews")
    page.keyboard.press("a")
    page.wait_for_url("**/tasks/review/")
    assignment.refresh_from_db()
    assert (assignment.state, assignment.percent) == ("doing", 50)


def lead_checks_the_unit_itself(tale, ledger, assignment):
    page = tale.on_phone(tale.people.lead)
    page.goto(f"/tasks/ledgers/{ledger.pk}/checks/sheet/")
    check = page.locator("article.check").first
    check.locator(".verdict-met").tap()
    expect(check.locator("[data-autosave-status]")).to_be_visible()
    tale.keep(page, "self-check")
    page.wait_for_load_state("networkidle")
    assert SelfCheck.objects.get().assignment == assignment


def lead_files_the_material(tale, assignment):
    page = tale.on_phone(tale.people.lead)
    page.goto("/tasks/material/new/")
    page.set_input_files("input[type=file]", [photo("人民路.jpg", "olive")])
    page.locator("input[name=title]").fill("人民路公益广告")
    page.locator("input[name=places]").first.check()
    tale.keep(page, "file-it")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/tasks/material/\d+/"))
    tale.keep(page, "filed")


def office_hands_in(tale):
    page = tale.at_desk(tale.people.office)
    page.goto("/reports/packages/")
    page.locator("a[href*='/packages/new/']").first.click()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/reports/packages/\d+/"))
    download = page.locator("a[href$='/file/']").first
    expect(download).to_be_visible(timeout=WORK_MS)
    tale.keep(page, "package")
    with page.expect_download() as coming:
        download.click()
    return Path(coming.value.path())


def test_a_ledger_is_built_from_nothing_and_handed_in(tale, bureau, celery_worker_process):
    ledger = office_makes_a_ledger_from_the_standard(tale)
    office_gives_a_task(tale, ledger, bureau)
    assignment = Assignment.objects.get()
    lead_hands_it_down(tale, assignment)
    lead_approves_it(tale, section_reports(tale))
    staff_writes_and_lead_submits(tale, assignment)
    office_approves_it(tale, assignment)
    lead_checks_the_unit_itself(tale, ledger, assignment)
    lead_files_the_material(tale, assignment)

    path = office_hands_in(tale)

    with ZipFile(path) as package:
        names = package.namelist()
        sums = dict(line.split("  ", 1)[::-1] for line in package.read(SUMS).decode().splitlines())
        assert names[0] == CATALOGUE and len(names) == 3
        assert sums == {name: hashlib.sha256(package.read(name)).hexdigest() for name in names if name != SUMS}
        assert sums[names[1]] == Material.objects.get().newest.attachment.sha256
    assert Task.objects.count() == 8
