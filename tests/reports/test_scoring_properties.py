"""What holds for any quarter: reckoned a second time in exact fractions, by hand, from the drawn facts alone."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspections.models import Answer, Checklist, ChecklistItem, Finding, Place, RectificationItem, Round, Visit
from reports.scoring import lines_of
from tasks.models import Assignment, Ledger, Task
from tests.makers import at, numbers

FULL = {"tasks": 30, "deductions": 50, "pass_rate": 15, "rectification": 5}
cents = st.integers(0, 3000).map(lambda n: Decimal(n) / 100)
percents = st.integers(0, 10000).map(lambda n: Decimal(n) / 100)
facts = st.fixed_dictionaries(
    {
        "percents": st.lists(percents, max_size=7),
        "deductions": st.lists(cents, max_size=7),
        "answers": st.lists(st.tuples(st.sampled_from(["pass", "fail", "na"]), st.integers(1, 9)), max_size=7),
        "items": st.lists(st.sampled_from(["closed", "late", "open", "disputed"]), max_size=7),
    }
)
every_quarter = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Quarter:
    """Writes drawn facts of a unit into the tables, and reckons them in fractions."""

    def __init__(self, city, inspector, office, market):
        self.city, self.inspector, self.office, self.market = city, inspector, office, market
        self.ledger = Ledger.objects.create(unit=city, year=2026, name="台账")

    def write(self, unit, facts):
        self.write_tasks(unit, facts["percents"])
        place = Place.objects.create(unit=unit, place_type=self.market, name=f"点位{next(numbers)}")
        self.write_answers(unit, place, facts["answers"])
        for deduction in facts["deductions"]:
            self.finding(unit, place, deduction)
        for fate in facts["items"]:
            self.write_item(self.finding(unit, place, Decimal(0)), fate)

    def write_tasks(self, unit, percents):
        for percent in percents:
            task = Task.objects.create(ledger=self.ledger, key=f"r{next(numbers)}", title="任务")
            Assignment.objects.create(task=task, unit=unit, part="responsible", percent=percent)

    def write_answers(self, unit, place, answers):
        for outcome, points in answers:
            checklist = Checklist.objects.create(unit=self.city, name=f"标准{next(numbers)}")
            item = ChecklistItem.objects.create(
                checklist=checklist, place_type=self.market, category="秩序", text="标准", points=points, deduction=1
            )
            days = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}
            round_ = Round.objects.create(unit=self.city, name="轮次", checklist=checklist, **days)
            visit = Visit.objects.create(
                round=round_, place=place, by=self.inspector, started_at=at("2026-08-01 10:00")
            )
            Answer.objects.create(visit=visit, item=item, unit=unit, outcome=outcome, count=int(outcome == "fail"))

    def finding(self, unit, place, deduction):
        return Finding.objects.create(
            unit=unit,
            place=place,
            text="问题",
            found_by=self.inspector,
            deduction=deduction,
            found_at=at("2026-08-02 10:00"),
        )

    def write_item(self, finding, fate):
        fields = {"state": "issued" if fate == "open" else fate}
        if fate in {"closed", "late"}:
            done = at("2026-08-08 10:00" if fate == "closed" else "2026-08-12 10:00")
            fields = {"state": "closed", "closed_at": done, "closed_by": self.office}
            fields |= {"submitted_at": done, "submitted_by": self.inspector}
        RectificationItem.objects.create(
            finding=finding,
            unit=finding.unit,
            issued_at=at("2026-08-02 10:00"),
            due_at=at("2026-08-10 18:00"),
            **fields,
        )


def reckon(facts, decimals):
    """`(points of each assessed component, total)` in exact fractions, rounded half up."""
    exact = {}
    if facts["percents"]:
        exact["tasks"] = 30 * sum(map(Fraction, facts["percents"])) / 100 / len(facts["percents"])
    checked = [answer for answer in facts["answers"] if answer[0] != "na"]
    if checked or facts["deductions"] or facts["items"]:
        exact["deductions"] = max(Fraction(0), 50 - sum(map(Fraction, facts["deductions"])))
    if checked:
        passed = sum(points for outcome, points in checked if outcome == "pass")
        exact["pass_rate"] = Fraction(15 * passed, sum(points for _, points in checked))
    counted = [fate for fate in facts["items"] if fate != "disputed"]
    if counted:
        exact["rectification"] = Fraction(5 * counted.count("closed"), len(counted))
    points = {measure: half_up(value, decimals) for measure, value in exact.items()}
    full = sum(FULL[measure] for measure in points)
    return points, half_up(100 * sum(points.values()) / Fraction(full), decimals) if points else None


def half_up(value, decimals):
    return Fraction((value * 10**decimals + Fraction(1, 2)).__floor__(), 10**decimals)


@pytest.fixture
def quarter_of(city, inspector, office, market):
    return Quarter(city, inspector, office, market)


@pytest.fixture
def in_a_rolled_back_world(db):
    """Each drawn example starts from the same rows."""

    def run(example):
        with transaction.atomic():
            example()
            transaction.set_rollback(True)

    return run


@every_quarter
@given(facts=facts, decimals=st.integers(0, 4))
def test_points_and_totals_equal_those_reckoned_by_hand(
    in_a_rolled_back_world, quarter_of, bureau, calculate, make_scheme, facts, decimals
):
    def example():
        quarter_of.write(bureau, facts)
        score = calculate(make_scheme(decimals=decimals, **FULL)).scores.get(unit=bureau)

        parts = {part.component.measure: part.points for part in score.parts.all() if part.points is not None}
        assert (parts, score.total) == reckon(facts, decimals)

    in_a_rolled_back_world(example)


@every_quarter
@given(facts=facts, decimals=st.integers(0, 4))
def test_the_lines_of_each_part_add_up_to_its_lost_points(
    in_a_rolled_back_world, quarter_of, bureau, calculate, make_scheme, facts, decimals
):
    def example():
        quarter_of.write(bureau, facts)
        score = calculate(make_scheme(decimals=decimals, **FULL)).scores.get(unit=bureau)

        for part in score.parts.all():
            lines = score.lines.filter(component=part.component)
            assert -(lines.aggregate(sum=Sum("points"))["sum"] or 0) == (part.lost or 0)

    in_a_rolled_back_world(example)


@every_quarter
@given(facts=facts, decimals=st.integers(0, 4))
def test_the_lines_of_a_trial_equal_those_that_are_kept(
    in_a_rolled_back_world, quarter_of, bureau, calculate, make_scheme, facts, decimals
):
    def example():
        quarter_of.write(bureau, facts)
        scheme = make_scheme(decimals=decimals, **FULL)
        kept, told = (
            {(line.cause, line.points, line.uncut, line.formula) for line in lines_of(ranking.scores.get(unit=bureau))}
            for ranking in (calculate(scheme), calculate(scheme, lines=False))
        )

        assert kept == told

    in_a_rolled_back_world(example)


@every_quarter
@given(facts=facts, data=st.data())
def test_the_order_of_the_facts_and_what_does_not_apply_change_nothing(
    in_a_rolled_back_world, quarter_of, bureau, other_bureau, calculate, make_scheme, facts, data
):
    mixed = {name: data.draw(st.permutations(values)) for name, values in facts.items()}
    mixed["answers"] = [*mixed["answers"], ("na", 9)]
    if facts["items"]:
        mixed["items"] = [*mixed["items"], "disputed"]

    def example():
        quarter_of.write(bureau, facts)
        quarter_of.write(other_bureau, mixed)
        scores = calculate(make_scheme(**FULL)).scores

        assert scores.get(unit=bureau).total == scores.get(unit=other_bureau).total

    in_a_rolled_back_world(example)


@every_quarter
@given(deductions=st.lists(st.sampled_from([Decimal(n) for n in range(4)]), min_size=1, max_size=6))
def test_a_rank_is_one_more_than_the_number_of_better_units(
    in_a_rolled_back_world, quarter_of, make_unit, city, calculate, make_scheme, deductions
):
    def example():
        empty = {"percents": [], "answers": [], "items": []}
        for deduction in deductions:
            unit = make_unit(parent=city, peer_group="甲组")
            quarter_of.write(unit, {"deductions": [deduction], **empty})
        ranking = calculate(make_scheme(deductions=10))

        totals = list(ranking.scores.exclude(total=None).values_list("total", "rank"))
        assert all(rank == 1 + sum(other > total for other, _ in totals) for total, rank in totals)

    in_a_rolled_back_world(example)
