"""A ledger carried over to another edition: what becomes of its tasks, units, marks and deadlines; all or nothing."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from hypothesis import given as tried
from hypothesis import strategies as st

from tasks.models import Assignment, Criterion, Ledger, Task
from tasks.standards.carry_over import CarryPlan, PlanChanged, Wish, carry_over, later
from tasks.standards.editions import make_ledger
from units.models import Unit

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 30)


@pytest.fixture
def old(edition, city):
    """A ledger with a task for each of three criteria."""
    return make_ledger(edition, unit=city, name="分解表", year=2026)


@pytest.fixture
def newer(make_edition):
    """One criterion the same, one reworded, one dropped, one new."""
    return make_edition("2026", texts=["制定学习计划", "建立健全学习制度", "设置公益广告"])


@pytest.fixture
def carry(old):
    def carry(standard, year=2027, name="分解表", **more):
        wish = Wish(standard, year, name, **more)
        return carry_over(old, wish, seal=CarryPlan(old, wish).seal)

    return carry


def task(ledger, title):
    return ledger.tasks.get(title=title)


def fates(plan):
    return [(row.fate, row.words["title"]) for row in plan.rows]


def test_the_plan_says_what_becomes_of_each_task(old, newer):
    assert fates(CarryPlan(old, Wish(newer, 2027, "分解表"))) == [
        ("same", "制定学习计划"),
        ("reworded", "建立健全学习制度"),
        ("new", "设置公益广告"),
        ("dropped", "定期组织督查"),
    ]


def test_the_new_ledger_has_the_criteria_of_the_new_edition(carry, newer, old):
    new = carry(newer)

    named = [(one.title, [leaf.indicator.standard for leaf in one.criteria.all()]) for one in new.tasks.all()]
    assert named == [(text, [newer]) for text in ["制定学习计划", "建立健全学习制度", "设置公益广告"]]
    assert (new.standard, new.carried_from, new.year) == (newer, old, 2027)


def test_units_come_along_with_part_share_quantity_and_requirement(carry, newer, old, give, bureau, other_bureau):
    asked = task(old, "建立学习制度")
    give(asked, bureau, part="lead", share=60, quantity=120, quantity_unit="个", requirement="含街道")
    give(asked, other_bureau, share=40, state="completed", percent=100, completed_at="2026-05-01T00:00Z")

    new = carry(newer)

    rows = (
        task(new, "建立健全学习制度")
        .assignments.order_by("pk")
        .values_list("unit", "part", "share", "quantity", "requirement", "state", "percent")
    )
    assert list(rows) == [
        (bureau.pk, "lead", 60, 120, "含街道", "not_started", 0),
        (other_bureau.pk, "responsible", 40, None, "", "not_started", 0),
    ]


def test_key_marks_material_and_the_offices_own_words_stay(carry, newer, old):
    Task.objects.filter(title="建立学习制度").update(
        title="学习制度上墙", is_key=True, material="制度文本", section="一、学习"
    )

    new = carry(newer).tasks.get(is_key=True)

    assert (new.title, new.material, new.section, new.criteria.get().text) == (
        "学习制度上墙", "制度文本", "一、学习", "建立健全学习制度",
    )  # fmt: skip


def test_deadlines_move_by_the_years_between(carry, newer, old, give, bureau):
    asked = task(old, "制定学习计划")
    Task.objects.filter(pk=asked.pk).update(deadline=JUNE, deadline_text="2026年6月底前")
    give(asked, bureau, deadline=date(2026, 3, 1))

    new = task(carry(newer), "制定学习计划")

    assert (new.deadline, new.deadline_text) == (date(2027, 6, 30), "2027年6月底前")
    assert new.assignments.get().due_on == date(2027, 3, 1)


def test_deadlines_may_stay_empty(carry, newer, old, give, bureau):
    asked = task(old, "制定学习计划")
    Task.objects.filter(pk=asked.pk).update(deadline=JUNE, deadline_text="2026年6月底前")
    give(asked, bureau, deadline=date(2026, 3, 1))

    new = task(carry(newer, deadlines="none"), "制定学习计划")

    assert (new.deadline, new.deadline_text, new.assignments.get().due_on) == (None, "", None)


@tried(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-20, 20))
def test_a_day_moves_to_the_same_month_of_the_other_year(day, years):
    moved = later(day, years)

    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert moved.day == day.day or (day.month, day.day, moved.day) == (2, 29, 28)


def test_a_task_without_a_criterion_comes_along_at_the_end(carry, newer, old, give, bureau):
    own = old.tasks.create(key="own", order=0, title="调度会议定事项")
    give(own, bureau)

    last = carry(newer).tasks.last()

    assert (last.title, last.assignments.get().unit) == ("调度会议定事项", bureau)


def test_a_task_of_several_criteria_is_dropped_only_with_the_last_of_them(old, edition, newer):
    both = task(old, "定期组织督查")
    both.criteria.add(Criterion.objects.get(indicator__standard=edition, text="制定学习计划"))

    plan = CarryPlan(old, Wish(newer, 2027, "分解表"))

    [row] = [row for row in plan.rows if row.old == both]
    assert (row.fate, [leaf.text for leaf in row.criteria], row.words["title"]) == (
        "same", ["制定学习计划"], "定期组织督查",
    )  # fmt: skip


def test_what_units_handed_down_is_not_carried(carry, newer, old, give, bureau, make_unit):
    asked = task(old, "制定学习计划")
    [above] = give(asked, bureau)
    give(asked, make_unit("宣传科", parent=bureau), parent=above)

    assert task(carry(newer), "制定学习计划").assignments.count() == 1


def test_a_pattern_is_carried_and_its_occurrences_are_not(carry, newer, old):
    pattern = task(old, "制定学习计划")
    Task.objects.filter(pk=pattern.pk).update(repeats="monthly")
    old.tasks.create(key="jan", title="制定学习计划", repeat_of=pattern, occurs_on=date(2026, 1, 1))

    assert task(carry(newer), "制定学习计划").repeats == "monthly"


def ended(unit, successor=None):
    Unit.objects.filter(pk=unit.pk).update(valid_until="2026-01-31", successor=successor)


def test_the_unit_that_another_was_merged_into_takes_its_place(carry, newer, old, give, bureau, other_bureau):
    give(task(old, "制定学习计划"), bureau, part="lead")
    ended(bureau, other_bureau)

    assert [str(one) for one in task(carry(newer), "制定学习计划").assignments.all()] == ["市教育局 · 制定学习计划"]


def test_two_units_that_are_one_by_now_have_the_task_once(carry, newer, old, give, bureau, other_bureau):
    asked = task(old, "制定学习计划")
    give(asked, bureau, part="lead", share=70, quantity=10, quantity_unit="个")
    give(asked, other_bureau, share=30, quantity=5, quantity_unit="个")
    ended(bureau, other_bureau)

    [one] = task(carry(newer), "制定学习计划").assignments.all()

    assert (one.unit, one.part, one.share, one.quantity) == (other_bureau, "lead", 100, 15)


def test_a_unit_that_has_ended_is_left_out_and_shares_are_given_anew(carry, newer, old, give, bureau, other_bureau):
    asked = task(old, "制定学习计划")
    give(asked, bureau, part="lead", share=70)
    give(asked, other_bureau, share=30)
    ended(bureau)

    new = carry(newer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert [(one.unit, one.share) for one in task(new, "制定学习计划").assignments.all()] == [(other_bureau, None)]


def everything(ledger):
    given = Assignment.objects.filter(task__ledger=ledger)
    return [list(ledger.tasks.values()), list(given.values()), list(Ledger.objects.filter(pk=ledger.pk).values())]


def test_the_old_ledger_is_left_alone(carry, newer, old, give, bureau):
    give(task(old, "制定学习计划"), bureau, part="lead")
    before = everything(old)

    carry(newer)

    assert everything(old) == before


def test_carried_twice_it_is_refused_and_nothing_changes(carry, newer, old):
    carry(newer)
    with pytest.raises(ValidationError):
        carry(newer)

    assert (Ledger.objects.count(), Task.objects.count()) == (2, 6)


def test_it_may_go_into_the_same_edition_for_another_year(carry, edition, old):
    assert [one.title for one in carry(edition).tasks.all()] == [one.title for one in old.tasks.all()]


def test_a_change_since_the_preview_is_refused_and_nothing_is_made(newer, old):
    wish = Wish(newer, 2027, "分解表")
    seal = CarryPlan(old, wish).seal
    old.tasks.filter(title="制定学习计划").update(is_key=True)

    with pytest.raises(PlanChanged):
        carry_over(old, wish, seal=seal)

    assert Ledger.objects.count() == 1
    newer.refresh_from_db()
    assert newer.frozen_at is None


def test_a_failure_half_way_leaves_nothing(newer, old, give, bureau, monkeypatch):
    give(task(old, "制定学习计划"), bureau)
    wish = Wish(newer, 2027, "分解表")
    seal = CarryPlan(old, wish).seal
    monkeypatch.setattr("tasks.standards.carry_over.assigned", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        carry_over(old, wish, seal=seal)

    assert (Ledger.objects.count(), Task.objects.count()) == (1, 3)


# --- by page ---


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


def test_it_is_looked_at_and_confirmed_by_page(desk, old, newer):
    address = reverse("tasks:ledger-carry", args=[old.pk])
    words = {"standard": newer.pk, "year": 2027, "name": "分解表", "deadlines": "shift"}

    preview = desk.get(address, words)
    answer = desk.post(address, {**words, "seal": preview.context["plan"].seal})

    new = Ledger.objects.get(year=2027)
    assert (answer.url, new.tasks.count()) == (new.get_absolute_url(), 3)
    assert desk.post(address, {**words, "seal": preview.context["plan"].seal}).status_code == 422


def test_the_preview_makes_nothing_and_shows_one_fate(desk, old, newer):
    words = {"standard": newer.pk, "year": 2027, "name": "分解表", "deadlines": "shift", "show": "dropped"}

    page = desk.get(reverse("tasks:ledger-carry", args=[old.pk]), words)

    assert [row.title for row in page.context["rows"]] == ["定期组织督查"]
    assert Ledger.objects.count() == 1


def test_an_old_preview_is_shown_anew(desk, old, newer):
    words = {"standard": newer.pk, "year": 2027, "name": "分解表", "deadlines": "shift", "seal": "old"}

    answer = desk.post(reverse("tasks:ledger-carry", args=[old.pk]), words)

    assert (answer.status_code, answer.context["plan"].counts["new"], Ledger.objects.count()) == (422, 1, 1)


FAR = {"year": 2090, "name": "分解表", "deadlines": "shift"}


@pytest.mark.parametrize("where", ["task", "unit", "text"])
def test_a_deadline_that_nobody_could_mean_is_refused_in_words_and_may_stay_empty(
    desk, old, newer, give, bureau, where
):
    [given] = give(task(old, "制定学习计划"), bureau)
    rows = Assignment.objects.filter(pk=given.pk) if where == "unit" else Task.objects.filter(pk=given.task_id)
    rows.update(**({"deadline_text": "2040年底前"} if where == "text" else {"deadline": "2040-01-01"}))
    address, words = reverse("tasks:ledger-carry", args=[old.pk]), FAR | {"standard": newer.pk}

    for answer in (desk.get(address, words), desk.post(address, words | {"seal": seal_of(old, newer)})):
        assert (answer.status_code, answer.context["plan"]) == (422, None)
        assert "“制定学习计划”" in answer.context["form"].non_field_errors()[0]

    assert desk.get(address, words | {"deadlines": "none"}).status_code == 200
    assert Ledger.objects.count() == 1


def seal_of(old, newer):
    return CarryPlan(old, Wish(newer, FAR["year"], FAR["name"])).seal


def test_a_deadline_of_the_last_year_that_somebody_means_is_carried(carry, newer, old):
    Task.objects.filter(pk=task(old, "制定学习计划").pk).update(deadline="2099-12-31", deadline_text="2099年底")

    assert task(carry(newer), "制定学习计划").deadline == date(2100, 12, 31)


def test_what_is_dropped_may_have_any_deadline(carry, newer, old):
    Task.objects.filter(pk=task(old, "定期组织督查").pk).update(deadline="9999-12-31")

    assert carry(newer).tasks.count() == 3


def test_the_preview_lists_units_in_the_language_of_the_page(desk, office, old, newer, give, bureau, other_bureau):
    for unit in (bureau, other_bureau):
        give(task(old, "制定学习计划"), unit, part="responsible")
    office.language = "en"
    office.save()

    page = desk.get(reverse("tasks:ledger-carry", args=[old.pk]), FAR | {"standard": newer.pk, "year": 2027})

    assert "市城管局 (responsible), 市教育局 (responsible)" in page.content.decode()


def test_a_ledger_of_no_edition_says_so(desk, ledger):
    assert "没有注明" in desk.get(reverse("tasks:ledger-carry", args=[ledger.pk])).content.decode()


def test_the_preview_costs_the_same_for_few_and_many_tasks(desk, make_edition, city, django_assert_max_num_queries):
    for number in (3, 120):
        standard = make_edition(str(number), texts=[f"标准{n}" for n in range(number)])
        ledger = make_ledger(standard, unit=city, name=f"表{number}", year=2026)
        words = {"standard": standard.pk, "year": 2027, "name": "新表", "deadlines": "shift"}
        cache.clear()
        with django_assert_max_num_queries(20):
            desk.get(reverse("tasks:ledger-carry", args=[ledger.pk]), words)
