"""A unit reads what each lost point was for; others' lost points stay theirs."""

import pytest

from reports.closing import draft, issue, trial


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(tasks=30, deductions=50, pass_rate=10, rectification=10)


@pytest.fixture
def facts(find, hand_out, judge, make_assignment, bureau, other_bureau):
    """One cause of each kind."""
    make_assignment(bureau, percent=40, title="清理占道经营")
    find(bureau, deduction="0.60", text="摊位外溢")
    find(other_bureau, deduction=5, text="别人的问题")
    hand_out(bureau, state="signed")
    judge(bureau, "fail")
    judge(bureau, "pass")


@pytest.fixture
def score(facts, quarter, scheme, office, bureau, now):
    """The unit's score on the issued board."""
    report = draft(quarter, scheme, by=office, now=now)
    issue(report, by=office)
    return report.ranking.scores.get(unit=bureau)


def page_of(client, score, user):
    client.force_login(user)
    return client.get(score.get_absolute_url())


def test_a_lead_reads_each_cause_with_its_rule_and_link(client, score, lead, facts):
    page = page_of(client, score, lead).content.decode()

    assert "清理占道经营" in page and "30 × 60% ÷ 1" in page
    assert "摊位外溢" in page and "−0.60" in page
    assert score.lines.exclude(finding=None).get().finding.get_absolute_url() in page
    assert "别人的问题" not in page


def test_a_visit_is_linked_for_the_office_only(client, score, lead, office):
    visit = score.lines.exclude(answer=None).get().answer.visit.get_absolute_url()

    assert visit not in page_of(client, score, lead).content.decode()
    assert visit in page_of(client, score, office).content.decode()


def test_another_units_score_is_unknown(client, score, other_lead):
    assert page_of(client, score, other_lead).status_code == 404


def test_a_leader_reads_every_score(client, score, leader):
    assert page_of(client, score, leader).status_code == 200


def test_a_unit_does_not_see_a_trial(client, facts, quarter, scheme, office, bureau, lead):
    score = trial(quarter, scheme, by=office).scores.get(unit=bureau)

    assert page_of(client, score, lead).status_code == 404
    assert page_of(client, score, office).status_code == 200


def test_a_withdrawn_score_is_hidden_again(client, score, office, lead):
    score.ranking.reports.get().withdraw(by=office, note="数据有误")

    assert page_of(client, score, lead).status_code == 404


def test_a_trial_says_when_its_rows_have_changed(client, facts, quarter, scheme, office, bureau, find):
    score = trial(quarter, scheme, by=office).scores.get(unit=bureau)
    before = page_of(client, score, office).content.decode()

    find(bureau, deduction=1)

    assert "数据有变动" not in before
    assert "数据有变动" in page_of(client, score, office).content.decode()


def test_the_used_up_full_mark_is_explained(client, find, quarter, make_scheme, office, bureau):
    find(bureau, deduction=7)
    find(bureau, deduction=7)
    report = draft(quarter, make_scheme(deductions=10), by=office)

    page = page_of(client, report.ranking.scores.get(unit=bureau), office).content.decode()

    assert "应扣 7.00" in page


def test_a_unit_without_data_reads_that_it_was_not_assessed(client, quarter, make_scheme, office, bureau):
    report = draft(quarter, make_scheme(deductions=10), by=office)

    assert "未参加考核" in page_of(client, report.ranking.scores.get(unit=bureau), office).content.decode()


def test_the_page_costs_the_same_queries_for_any_number_of_causes(
    queries_of, facts, find, quarter, scheme, office, bureau
):
    costs = []
    for _ in range(2):
        find(bureau, deduction="0.1")
        score = draft(quarter, scheme, by=office).ranking.scores.get(unit=bureau)
        costs.append(queries_of(office, score.get_absolute_url()))

    assert costs[0] == costs[1] <= 20
