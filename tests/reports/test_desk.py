"""The closing desk: who works at it, what it checks, what a trial and a draft leave behind."""

import pytest
from django.urls import reverse

from reports.closing import trial
from reports.models import Period, Ranking, Report, ScoreLine
from reports.readiness import readiness
from tests.makers import at
from units.roles import Role


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(tasks=30, deductions=50, rectification=20)


@pytest.fixture
def press(client, quarter, scheme):
    """Press one of the two buttons of the desk as `user`."""

    def post(user, button, **data):
        client.force_login(user)
        return client.post(reverse(f"reports:period-{button}", args=[quarter.pk]), {"scheme": scheme.pk} | data)

    return post


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICE, 200), (Role.LEADER, 200), (Role.INSPECTOR, 403), (Role.MONITOR, 403), (Role.ADMIN, 403)],
)
def test_office_and_leaders_see_the_desk(client, city, quarter, scheme, make_member, role, status):
    client.force_login(make_member(city, role))

    assert client.get(quarter.get_absolute_url()).status_code == status
    assert client.get(reverse("reports:periods")).status_code == status


def test_a_unit_does_not_know_of_the_desk(client, lead, quarter):
    client.force_login(lead)

    assert client.get(quarter.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("button", ["compute", "draft"])
@pytest.mark.parametrize(("role", "status"), [(Role.OFFICE, 302), (Role.LEADER, 403), (Role.INSPECTOR, 403)])
def test_only_the_office_calculates(press, city, make_member, button, role, status):
    assert press(make_member(city, role), button).status_code == status


def test_an_office_elsewhere_cannot_calculate(press, make_unit, city, make_member):
    district = make_unit("东湖区", parent=city)

    assert press(make_member(district, Role.OFFICE), "compute").status_code == 404


def test_a_trial_keeps_figures_but_no_lines(press, office, find, bureau):
    find(bureau, deduction=1)

    press(office, "compute")

    ranking = Ranking.objects.get()
    assert (ranking.has_lines, ranking.by, ScoreLine.objects.count()) == (False, office, 0)


def test_a_draft_keeps_the_cause_of_every_lost_point(press, office, find, bureau):
    finding = find(bureau, deduction=1)

    response = press(office, "draft")

    report = Report.objects.get()
    assert response.url == report.get_absolute_url()
    assert (report.state, report.ranking.has_lines, ScoreLine.objects.get().finding) == ("draft", True, finding)


def test_a_scheme_of_somewhere_else_is_refused(press, office, make_unit, make_scheme):
    foreign = make_scheme(tasks=1)
    foreign.unit = make_unit("另一个市", kind="市")
    foreign.save()

    assert press(office, "compute", scheme=foreign.pk).status_code == 422
    assert not Ranking.objects.exists()


def test_the_desk_says_what_has_changed_since_the_last_trial(client, quarter, scheme, office, find, bureau):
    find(bureau, deduction=1)
    trial(quarter, scheme, by=office, now=at("2026-10-01 09:00"))
    find(bureau, deduction="0.5")
    trial(quarter, scheme, by=office, now=at("2026-10-01 10:00"))
    client.force_login(office)

    response = client.get(quarter.get_absolute_url())

    assert response.context["moved"] == 1
    assert "-1.00" in response.content.decode()  # 49.00 → 48.50 of 50 is one of a hundred


def test_opening_the_current_quarter_twice_is_one_quarter(client, office, city):
    client.force_login(office)

    client.post(reverse("reports:period-open"))
    client.post(reverse("reports:period-open"))

    assert Period.objects.filter(unit=city).count() == 1


def test_the_button_is_gone_when_the_current_quarter_is_open(client, office):
    client.force_login(office)
    opens = f'action="{reverse("reports:period-open")}"'
    before = client.get(reverse("reports:periods")).content.decode()

    client.post(reverse("reports:period-open"))

    assert opens in before
    assert opens not in client.get(reverse("reports:periods")).content.decode()


def test_a_leader_does_not_open_a_quarter(client, leader):
    client.force_login(leader)

    assert client.post(reverse("reports:period-open")).status_code == 403


def left(period):
    return {check.page: check.left for check in readiness(period, at("2026-10-01 09:00")) if check.left}


def test_nothing_but_the_calendar_waits_in_an_empty_city(quarter):
    assert left(quarter) == {"units:calendar": 1}


def test_what_is_undecided_is_counted_before_closing(quarter, hand_out, make_assignment, bureau):
    make_assignment(bureau, state="submitted")
    hand_out(bureau, state="submitted", submitted="2026-08-19 12:00")
    hand_out(bureau, state="disputed")

    counted = left(quarter)

    assert counted["tasks:review-queue"] == 1
    assert counted["inspections:verify-queue"] == 1
    assert counted["inspections:items"] == 1


def test_an_item_due_in_another_quarter_does_not_wait_here(quarter, hand_out, bureau):
    hand_out(bureau, state="disputed", due="2026-10-08 18:00")

    assert "inspections:items" not in left(quarter)


def test_the_desk_costs_the_same_queries_for_any_number_of_units(
    queries_of, quarter, scheme, office, find, make_unit, city, bureau
):
    costs = []
    for _ in range(2):
        find(make_unit(parent=city, peer_group="甲组"), deduction=1)
        trial(quarter, scheme, by=office)
        trial(quarter, scheme, by=office)
        costs.append(queries_of(office, quarter.get_absolute_url()))

    assert costs[0] == costs[1] <= 20


def test_a_period_and_a_scheme_tell_their_changes(client, quarter, scheme, office):
    type(quarter).objects.filter(pk=quarter.pk).update(ends_on="2026-09-29")
    scheme.components.update(name="改名以后")
    client.force_login(office)

    told = [client.get(thing.get_absolute_url()).context["history"] for thing in (quarter, scheme)]

    assert "2026-09-29" in str(told[0][0].changes)
    assert "改名以后" in str(told[1][0].changes)
