"""Every lost point is traced to what cost it, and the lines of a component add up to it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from reports.models import ScoreLine
from reports.scoring import lines_of
from tests.makers import at


@pytest.fixture
def lines(calculate, bureau):
    """Calculate and return the unit's lines as `(points, rule, formula, cause)`."""

    def run(scheme, unit=bureau):
        score = calculate(scheme).scores.get(unit=unit)
        return [(line.points, line.rule, line.formula, line.cause) for line in score.lines.order_by("pk")]

    return run


def test_a_line_says_how_many_occurrences_cost_what(lines, find, make_scheme, checklist_item):
    checklist_item.deduction = Decimal("0.3")
    checklist_item.save()
    finding = find(deduction="0.60", count=2)

    assert lines(make_scheme(deductions=50)) == [(Decimal("-0.6"), "each", "0.30 × 2", finding)]


def test_a_line_says_that_the_points_of_the_item_were_used_up(lines, find, make_scheme, checklist_item):
    finding = find(deduction=checklist_item.points, count=9)

    assert lines(make_scheme(deductions=50)) == [(-2, "item_cap", "0.50 × 9", finding)]


def test_a_deduction_without_a_checklist_is_told_as_recorded(lines, find, make_scheme):
    finding = find(deduction="1.50", item=None)

    assert lines(make_scheme(deductions=50)) == [(Decimal("-1.5"), "flat", "1.50", finding)]


def test_a_finding_that_costs_nothing_makes_no_line(lines, find, make_scheme):
    find(deduction=0)

    assert lines(make_scheme(deductions=50)) == []


def test_when_the_full_mark_is_used_up_the_last_line_is_cut(calculate, find, make_scheme, bureau):
    find(deduction=7)
    find(deduction=7)
    find(deduction=7)

    score = calculate(make_scheme(deductions=10)).scores.get(unit=bureau)

    kept = score.lines.order_by("pk").values_list("points", "uncut")
    assert list(kept) == [(-7, -7), (-3, -7), (0, -7)]


def test_an_unfinished_task_says_what_is_missing_of_its_share(lines, make_assignment, bureau, make_scheme):
    assignment = make_assignment(bureau, percent=40)
    for _ in range(2):
        make_assignment(bureau, percent=100, state="completed", completed_at=at("2026-08-01 10:00"))

    assert lines(make_scheme(tasks=30)) == [(-6, "unfinished", "30 × 60% ÷ 3", assignment)]


@pytest.mark.parametrize(("fields", "rule"), [({"closed": "2026-08-25 12:00"}, "late"), ({"state": "signed"}, "open")])
def test_an_item_that_was_late_says_whether_it_is_still_open(lines, hand_out, make_scheme, fields, rule):
    item = hand_out(**fields)
    hand_out(closed="2026-08-19 12:00")

    assert lines(make_scheme(rectification=20)) == [(-10, rule, "20 ÷ 2", item)]


def test_a_failed_check_says_what_share_of_the_points_it_was(lines, judge, bureau, make_scheme):
    judge(bureau, "pass", points=3)
    answer = judge(bureau, "fail", points=1)

    assert lines(make_scheme(pass_rate=40)) == [(-10, "failed", "40 × 1 ÷ 4", answer)]


def test_thirds_add_up_to_the_lost_points(lines, hand_out, make_scheme):
    for _ in range(3):
        hand_out(state="signed")

    assert [points for points, *_ in lines(make_scheme(rectification=20))] == [
        Decimal("-6.67"),
        Decimal("-6.66"),
        Decimal("-6.67"),
    ]


def test_the_lines_of_a_section_stand_with_its_bureau(lines, find, make_unit, bureau, make_scheme):
    finding = find(make_unit("市容科", parent=bureau), deduction=1)

    assert [cause for *_, cause in lines(make_scheme(deductions=50))] == [finding]


def test_a_trial_keeps_no_lines_but_can_tell_them(calculate, find, bureau, other_bureau, make_scheme):
    finding = find(bureau, deduction=1)
    find(other_bureau, deduction=5)

    score = calculate(make_scheme(deductions=50), lines=False).scores.get(unit=bureau)

    assert not ScoreLine.objects.exists()
    assert [(line.points, line.cause) for line in lines_of(score)] == [(-1, finding)]


def test_a_street_below_a_ranked_district_is_not_told_as_its_line(calculate, find, make_unit, city, make_scheme):
    district = make_unit("东湖区", parent=city, peer_group="区县组")
    find(make_unit("东街街道", parent=district, peer_group="街道组"), deduction=1)

    score = calculate(make_scheme(deductions=50), lines=False).scores.get(unit=district)

    assert lines_of(score) == []


def test_the_database_refuses_a_line_without_a_cause(calculate, find, bureau, make_scheme):
    find(bureau, deduction=1)
    line = calculate(make_scheme(deductions=50)).scores.get(unit=bureau).lines.get()
    line.pk, line.finding = None, None

    with pytest.raises(IntegrityError, match="reports_line_has_one_cause"), transaction.atomic():
        line.save(force_insert=True)
