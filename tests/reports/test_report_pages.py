"""Drafts, issued and withdrawn reports: who sees what, and the two taps to the paper."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.closing import draft, issue
from reports.jobs import make_file
from reports.models import Report, ReportJob
from units.roles import Role


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(deductions=100)


@pytest.fixture
def report(quarter, scheme, office, find, bureau, other_bureau, now):
    find(bureau, deduction=1)
    find(other_bureau, deduction=2)
    return draft(quarter, scheme, by=office, now=now)


@pytest.fixture
def issued(report, office):
    issue(report, by=office)
    return report


@pytest.fixture
def withdrawn(issued, office):
    issued.withdraw(by=office, note="数据有误")
    return issued


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICE, 200), (Role.LEADER, 200), (Role.INSPECTOR, 404)])
def test_a_draft_is_seen_by_office_and_leaders(status, report, city, make_member, role, expected):
    assert status(make_member(city, role), "report", report.pk) == expected


def test_a_draft_is_hidden_from_the_units(status, report, lead):
    assert status(lead, "report", report.pk) == 404


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.UNIT_STAFF])
def test_an_issued_report_is_read_by_every_unit(status, issued, bureau, make_member, role):
    assert status(make_member(bureau, role), "report", issued.pk) == 200


def test_a_report_of_another_city_is_unknown(status, issued, make_unit, make_member):
    stranger = make_member(make_unit("另一个市", kind="市"), Role.OFFICE)

    assert status(stranger, "report", issued.pk) == 404


def test_issuing_asks_once_before_it_happens(client, report, office):
    client.force_login(office)

    page = client.get(reverse("reports:report-issue", args=[report.pk]))

    report.refresh_from_db()
    assert (page.status_code, report.state) == (200, "draft")


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICE, 302), (Role.LEADER, 403)])
def test_only_the_office_issues(status, report, city, make_member, role, expected):
    assert status(make_member(city, role), "report-issue", report.pk, post=True) == expected


def test_issuing_asks_for_the_paper(issued):
    assert issued.jobs.get().state == ReportJob.State.QUEUED


def test_issuing_freezes_the_scheme(issued, scheme):
    scheme.refresh_from_db()

    assert scheme.is_frozen


def test_a_second_issue_is_a_conflict(status, issued, office):
    assert status(office, "report-issue", issued.pk, post=True) == 409


def test_another_report_of_an_issued_period_is_a_conflict(status, issued, quarter, scheme, office, now):
    second = draft(quarter, scheme, by=office, now=now)

    assert status(office, "report-issue", second.pk, post=True) == 409


def test_after_a_withdrawal_another_report_may_be_issued(withdrawn, quarter, scheme, office, now):
    second = draft(quarter, scheme, by=office, now=now)

    issue(second, by=office)

    assert second.state == "issued"


def test_withdrawing_needs_a_reason(status, issued, office):
    assert status(office, "report-withdraw", issued.pk, post=True, note="  ") == 422
    assert status(office, "report-withdraw", issued.pk, post=True, note="a\x00b") == 422
    assert status(office, "report-withdraw", issued.pk, post=True, note="数据有误") == 302


def test_a_withdrawn_report_says_so_and_shows_units_no_figures(client, withdrawn, lead):
    client.force_login(lead)

    page = client.get(withdrawn.get_absolute_url()).content.decode()

    assert "已撤回" in page and "数据有误" in page
    assert "99.00" not in page


def test_a_frozen_report_ignores_later_findings(client, issued, find, bureau, lead):
    find(bureau, deduction=50)
    client.force_login(lead)

    page = client.get(issued.get_absolute_url()).content.decode()

    assert "99.00" in page and "49.00" not in page


def test_the_scoreboard_is_the_newest_issued_one(client, issued, lead):
    client.force_login(lead)

    response = client.get(reverse("reports:scoreboard"))

    assert response.context["report"] == issued


def test_a_city_without_a_scoreboard_says_so(client, lead):
    client.force_login(lead)

    assert "还没有发布过成绩榜" in client.get(reverse("reports:scoreboard")).content.decode()


def test_a_leader_is_two_taps_from_the_paper(client, issued, leader):
    make_file(issued.jobs.get().pk)
    client.force_login(leader)

    page = client.get(reverse("reports:scoreboard")).content.decode()
    paper = client.get(reverse("reports:report-file", args=[issued.pk]))

    assert reverse("reports:report-file", args=[issued.pk]) in page
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert paper["Content-Disposition"].startswith("attachment")


def test_nginx_hands_out_the_paper_where_there_is_one(client, issued, leader, settings):
    make_file(issued.jobs.get().pk)
    settings.ACCEL_REDIRECT_PREFIX = "/protected"
    client.force_login(leader)

    response = client.get(reverse("reports:report-file", args=[issued.pk]))

    assert response["X-Accel-Redirect"] == f"/protected/{issued.jobs.get().file.name}"


def test_the_paper_of_a_withdrawn_report_is_kept_from_the_units(status, withdrawn, lead, office):
    make_file(withdrawn.jobs.get().pk)

    assert status(lead, "report-file", withdrawn.pk) == 403
    assert status(office, "report-file", withdrawn.pk) == 200


def test_how_the_paper_of_a_withdrawn_report_comes_along_is_kept_from_the_units(status, withdrawn, lead, office):
    assert status(lead, "report-progress", withdrawn.pk) == 403
    assert status(office, "report-progress", withdrawn.pk) == 200


def test_a_paper_not_made_yet_is_not_found(status, issued, lead):
    assert status(lead, "report-file", issued.pk) == 404


def test_the_page_asks_again_while_the_paper_is_made(client, issued, lead):
    client.force_login(lead)
    address = reverse("reports:report-progress", args=[issued.pk])

    waiting = client.get(address).content.decode()
    make_file(issued.jobs.get().pk)
    ready = client.get(address).content.decode()

    assert 'hx-trigger="every 2s"' in waiting
    assert "hx-trigger" not in ready and reverse("reports:report-file", args=[issued.pk]) in ready


def test_a_failure_is_said_plainly_with_a_way_on(client, issued, office):
    job = issued.jobs.get()
    job.claim(timezone.now())
    job.fail(ReportJob.Trouble.NO_STORAGE)
    client.force_login(office)

    page = client.get(issued.get_absolute_url()).content.decode()
    client.post(reverse("reports:report-make-file", args=[issued.pk]))

    job.refresh_from_db()
    assert "磁盘空间" in page and "重新生成" in page
    assert job.state == ReportJob.State.QUEUED


@pytest.mark.parametrize(("who", "is_offered"), [("office", True), ("lead", False)])
def test_a_failure_is_tried_again_by_those_alone_who_may(client, issued, request, who, is_offered):
    issued.jobs.update(state="failed", error=ReportJob.Trouble.NO_STORAGE, finished_at=timezone.now())
    client.force_login(request.getfixturevalue(who))

    piece = client.get(reverse("reports:report-progress", args=[issued.pk])).content.decode()

    assert "磁盘空间" in piece
    assert ("重新生成" in piece) == is_offered


def test_a_unit_does_not_ask_for_papers(status, issued, lead):
    assert status(lead, "report-make-file", issued.pk, post=True) == 403


@pytest.mark.parametrize("page", ["report", "scoreboard"])
def test_a_board_costs_the_same_queries_for_any_number_of_units(
    queries_of, quarter, scheme, office, find, make_unit, city, leader, page
):
    costs = []
    for _ in range(2):
        find(make_unit(parent=city, peer_group="甲组"), deduction=1)
        report = draft(quarter, scheme, by=office)
        issue(report, by=office)
        address = report.get_absolute_url() if page == "report" else reverse("reports:scoreboard")
        costs.append(queries_of(leader, address))
        report.withdraw(by=office, note="重算")

    assert costs[0] == costs[1] <= 20


def test_the_list_of_reports_shows_what_may_be_seen(client, issued, quarter, scheme, office, lead, now):
    draft(quarter, scheme, by=office, now=now)
    seen = {}
    for user in (office, lead):
        client.force_login(user)
        seen[user] = client.get(reverse("reports:reports")).context["listing"].count

    assert (seen[office], seen[lead], Report.objects.count()) == (2, 1, 2)
