"""The main job from end to end in a real browser, with a real worker: from a ledger in a workbook to a paper on the
leader's desk. Each step leaves a picture in test-results/."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from inspections.models import Finding, RectificationItem
from reports.models import Report
from tasks.models import Assignment, Task
from tests.browser.conftest import begin_import, follow, photo
from units.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAMPLES = Path(__file__).parent.parent / "data" / "ledgers"
TONGCHENG = SAMPLES / "ledger_tongcheng_2020.xlsx"
WUHAN = SAMPLES / "ledger_wuhan_2014.xlsx"
STREET = "无占道经营现象"
PAPER_MS = 60_000


def office_imports_the_ledger(walk):
    page = walk.at_desk(walk.people.office)
    begin_import(page, TONGCHENG)
    walk.keep(page, "preview")
    assert not Task.objects.exists()
    page.get_by_label("城管执法局", exact=True).select_option(label="即 市城管局")
    page.get_by_role("button", name="导入 5 项任务").click()
    follow(page, page.get_by_role("link", name="查看台账"))
    expect(page.locator("table")).to_be_visible()
    walk.keep(page, "ledger")


def unit_reports_progress(walk):
    page = walk.on_phone(walk.people.lead)
    page.goto("/tasks/my/")
    walk.keep(page, "my-tasks")
    page.locator("main tbody a").first.click()
    page.get_by_label("完成进度").fill("60")
    page.get_by_label("进展情况").fill("拆除违规广告牌12块,规范门头招牌30处。")
    page.set_input_files("input[name=files]", [photo("整治后.jpg", "seagreen")])
    walk.keep(page, "report")
    follow(page, page.get_by_role("button", name="提交审核"))
    expect(page.get_by_role("status").or_(page.locator(".notice, .alert")).first).to_be_visible()
    walk.keep(page, "submitted")


def office_reviews_it(walk):
    page = walk.at_desk(walk.people.office)
    page.goto("/tasks/review/")
    walk.keep(page, "review-queue")
    follow(page, page.locator("main tbody a").first)
    walk.keep(page, "review")
    follow(page, page.get_by_role("button", name="通过"))
    assert Assignment.objects.get(percent=60).state == "doing"


def inspector_logs_a_finding(walk):
    page = walk.on_phone(walk.people.inspector)
    page.goto("/inspections/my-round/")
    walk.keep(page, "my-round")
    page.get_by_role("link", name="人民路农贸市场").click()
    check = page.locator("li.check", has_text=STREET).first
    check.locator("summary").click()
    check.locator(".phrases label", has_text="摊位外溢").click()
    check.locator("input[type=file]").set_input_files([photo("现场.jpg", "indianred")])
    expect(check.locator(".taken img")).to_have_count(1)
    walk.keep(page, "finding")
    check.get_by_role("button", name="保存，下一项").click()
    expect(check.locator(".found a")).to_contain_text("摊位外溢 ×1")
    page.locator("form[data-finish] button").click()
    page.wait_for_url("**/my-round/**")
    assert Finding.objects.get().finding_photos.count() == 1


def unit_puts_it_right(walk):
    page = walk.on_phone(walk.people.lead)
    page.goto("/inspections/items/")
    walk.keep(page, "items")
    page.locator("main").get_by_role("link", name="摊位外溢").first.click()
    follow(page, page.get_by_role("button", name="签收"))
    walk.keep(page, "signed")
    follow(page, page.get_by_role("link", name="整改反馈"))
    page.get_by_label("整改措施").fill("已清理外溢摊位,并安排专人巡查。")
    page.set_input_files("input[type=file]", [photo("整改后.jpg", "seagreen")])
    walk.keep(page, "answer")
    page.get_by_role("button", name="整改反馈").click()
    page.wait_for_url("**/inspections/items/*/")
    walk.keep(page, "answered")
    assert RectificationItem.objects.get().state == "submitted"


def the_same_person_cannot_verify(walk):
    """The unit lead, even with a seat in the office, does not verify what they reported themselves."""
    lead, item = walk.people.lead, RectificationItem.objects.get()
    seat = lead.memberships.create(unit=walk.people.office.memberships.get().unit, role=Role.OFFICE, since="2020-01-01")
    page = walk.on_phone(lead)
    page.goto(item.get_absolute_url())
    expect(page.get_by_role("button", name="复核通过")).to_have_count(0)
    token = page.context.cookies()
    headers = {"X-CSRFToken": next(one["value"] for one in token if one["name"] == "csrftoken"), "Referer": page.url}
    assert page.request.post(f"{item.get_absolute_url()}verify/", form={"note": ""}, headers=headers).status == 403
    seat.delete()


def a_second_person_verifies(walk):
    page = walk.at_desk(walk.people.office)
    page.goto("/inspections/verify/")
    walk.keep(page, "verify-queue")
    follow(page, page.locator("main tbody a").first)
    walk.keep(page, "before-and-after")
    page.get_by_role("button", name="复核通过").click()
    page.wait_for_url("**/inspections/verify/")
    item = RectificationItem.objects.get()
    assert (item.state, item.closed_by) == ("closed", walk.people.office)


def office_scores_the_quarter(walk):
    page = walk.at_desk(walk.people.office)
    page.goto("/reports/periods/")
    page.get_by_role("button", name="开启本季度").click()
    follow(page, page.get_by_role("button", name="试算"))
    expect(page.locator("main")).to_contain_text("市城管局")
    walk.keep(page, "trial")
    page.get_by_role("button", name="生成报告草稿").click()
    page.wait_for_url("**/reports/*/")
    walk.keep(page, "draft")


def office_issues_the_scoreboard(walk):
    """The page follows the worker by itself until the paper is there."""
    page = walk.at_desk(walk.people.office)
    follow(page, page.get_by_role("link", name="发布"))
    walk.keep(page, "issue")
    page.locator("main").get_by_role("button", name="发布").click()
    expect(page.locator("#paper progress")).to_be_visible()
    walk.keep(page, "paper-under-way")
    expect(page.get_by_role("link", name="下载 PDF")).to_be_visible(timeout=PAPER_MS)
    walk.keep(page, "paper-done")


def leader_downloads_it(walk):
    """Returns the text of the paper."""
    page = walk.on_phone(walk.people.leader)
    page.goto("/reports/scoreboard/")
    walk.keep(page, "scoreboard")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载 PDF").click()
    content = Path(coming.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    return "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)


def test_from_the_ledger_to_the_paper(walk, stop, scheme, celery_worker_process):
    office_imports_the_ledger(walk)
    unit_reports_progress(walk)
    office_reviews_it(walk)
    inspector_logs_a_finding(walk)
    unit_puts_it_right(walk)
    the_same_person_cannot_verify(walk)
    a_second_person_verifies(walk)
    office_scores_the_quarter(walk)
    office_issues_the_scoreboard(walk)

    text = leader_downloads_it(walk)

    assert "市城管局" in text
    assert Report.objects.get().state == "issued"


def test_a_table_for_all_districts_is_read_with_its_groups(walk, make_unit, city):
    group = make_unit("东湖区", parent=city, peer_group="区县组").peer_group
    group.aliases = ["各区"]
    group.save()
    page = walk.at_desk(walk.people.office)

    begin_import(page, WUHAN)

    walk.keep(page, "wuhan")
    expect(page.locator("main dl.facts")).to_contain_text("东湖区")
