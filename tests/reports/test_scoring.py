"""The rules of docs/scoring.md, one by one."""

from decimal import Decimal

import pytest

from tests.makers import at


def test_task_points_are_the_average_approved_progress(make_scheme, make_assignment, bureau, total_of):
    make_assignment(bureau, percent=100, state="completed", completed_at=at("2026-08-01 10:00"))
    make_assignment(bureau, percent=50, part="supporting")

    assert total_of(bureau, make_scheme(tasks=30)) == 75


def test_a_task_due_after_the_period_is_not_counted_yet(make_scheme, make_assignment, bureau, total_of):
    assignment = make_assignment(bureau, percent=0)
    assignment.task.deadline = "2026-10-01"
    assignment.task.save()

    assert total_of(bureau, make_scheme(tasks=30)) is None


def test_a_task_of_another_year_is_not_counted(make_scheme, make_assignment, bureau, total_of):
    ledger = make_assignment(bureau).task.ledger
    ledger.year = 2025
    ledger.save()

    assert total_of(bureau, make_scheme(tasks=30)) is None


def test_a_task_of_a_units_own_ledger_is_not_the_citys_business(make_scheme, make_assignment, bureau, total_of):
    ledger = make_assignment(bureau).task.ledger
    ledger.unit = bureau
    ledger.save()

    assert total_of(bureau, make_scheme(tasks=30)) is None


def test_deductions_of_the_period_are_taken_from_the_full_mark(make_scheme, find, bureau, total_of):
    find(bureau, deduction="0.60")
    find(bureau, deduction="1.50")

    assert total_of(bureau, make_scheme(deductions=50)) == Decimal("95.8")  # 47.90 of 50


@pytest.mark.parametrize("moment", ["2026-06-30 23:59", "2026-10-01 00:00"])
def test_a_finding_outside_the_period_costs_nothing(make_scheme, find, judge, bureau, total_of, moment):
    judge(bureau, "pass")
    find(bureau, found_at=at(moment), deduction=5)

    assert total_of(bureau, make_scheme(deductions=50)) == 100


@pytest.mark.parametrize("moment", ["2026-07-01 00:00", "2026-09-30 23:59"])
def test_the_first_and_the_last_minute_belong_to_the_period(make_scheme, find, bureau, total_of, moment):
    find(bureau, found_at=at(moment), deduction=5)

    assert total_of(bureau, make_scheme(deductions=50)) == 90


def test_deductions_never_go_below_zero(make_scheme, find, bureau, total_of):
    find(bureau, deduction=40)
    find(bureau, deduction=40)

    assert total_of(bureau, make_scheme(deductions=50)) == 0


def test_a_unit_that_nobody_visited_is_not_given_the_full_mark(make_scheme, bureau, total_of):
    assert total_of(bureau, make_scheme(deductions=50)) is None


def test_a_visit_without_findings_gives_the_full_mark(make_scheme, judge, bureau, total_of):
    judge(bureau, "pass")

    assert total_of(bureau, make_scheme(deductions=50)) == 100


def test_a_visit_where_nothing_applied_is_no_assessment(make_scheme, judge, bureau, total_of):
    judge(bureau, "na")

    assert total_of(bureau, make_scheme(deductions=50)) is None


def test_the_pass_rate_weighs_the_items_by_their_points(make_scheme, judge, bureau, total_of):
    judge(bureau, "pass", points=3)
    judge(bureau, "fail", points=1)

    assert total_of(bureau, make_scheme(pass_rate=40)) == 75


def test_an_item_that_does_not_apply_leaves_the_pass_rate_alone(make_scheme, judge, bureau, total_of):
    judge(bureau, "pass", points=3)
    judge(bureau, "fail", points=1)
    judge(bureau, "na", points=50)

    assert total_of(bureau, make_scheme(pass_rate=40)) == 75


@pytest.mark.parametrize(
    ("item", "points"),
    [
        ({"closed": "2026-08-19 12:00"}, 100),
        ({"closed": "2026-08-25 12:00", "submitted": "2026-08-20 17:00"}, 100),  # the office was slow, not the unit
        ({"closed": "2026-08-21 12:00"}, 0),
        ({"closed": "2026-08-19 12:00", "overdue_at": at("2026-08-18 12:00")}, 0),
        ({"state": "issued"}, 0),
        ({"state": "signed"}, 0),
        ({"state": "returned", "submitted": "2026-08-19 12:00"}, 0),
        ({"state": "submitted", "submitted": "2026-08-22 12:00"}, 0),
        ({"state": "submitted", "submitted": "2026-08-19 12:00"}, None),
        ({"state": "disputed"}, None),
        ({"state": "issued", "due": "2026-10-08 18:00"}, None),
    ],
)
def test_what_an_item_counts_in_the_rectification_rate(make_scheme, hand_out, bureau, total_of, item, points):
    hand_out(bureau, **item)

    assert total_of(bureau, make_scheme(rectification=20)) == points


def test_an_item_not_yet_due_leaves_the_denominator(make_scheme, hand_out, bureau, office, calculate):
    hand_out(bureau, state="signed", due="2026-09-20 18:00")
    hand_out(bureau, closed="2026-08-19 12:00")

    ranking = calculate(make_scheme(rectification=20), now=at("2026-09-10 10:00"))

    assert ranking.scores.get(unit=bureau).total == 100


def test_a_component_without_data_leaves_the_denominator(make_scheme, make_assignment, bureau, total_of):
    make_assignment(bureau, percent=80)

    assert total_of(bureau, make_scheme(tasks=30, deductions=50, rectification=20)) == 80


def test_a_total_is_the_sum_of_the_rounded_parts(make_scheme, make_assignment, find, bureau, total_of):
    make_assignment(bureau, percent="33.35")  # 10.005 of 30 → 10.01
    find(bureau, deduction="0.01")  # 69.99 of 70

    assert total_of(bureau, make_scheme(tasks=30, deductions=70)) == Decimal("80.00")


@pytest.mark.parametrize(("decimals", "total"), [(0, "67"), (1, "66.7"), (2, "66.67"), (4, "66.6667")])
def test_totals_have_the_decimals_of_the_scheme(make_scheme, hand_out, bureau, total_of, decimals, total):
    hand_out(bureau, closed="2026-08-19 12:00")
    hand_out(bureau, closed="2026-08-19 12:00")
    hand_out(bureau, closed="2026-08-22 12:00")

    assert total_of(bureau, make_scheme(rectification=100, decimals=decimals)) == Decimal(total)


def test_a_half_is_rounded_up(make_scheme, make_assignment, bureau, total_of):
    make_assignment(bureau, percent="82.50")

    assert total_of(bureau, make_scheme(tasks=100, decimals=0)) == 83
