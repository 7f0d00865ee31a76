"""How progress adds up over those who share it: the rule of `tasks.models.rollup`, checked against plain arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.models import Assignment, Task
from tasks.models.rollup import rolled_up

pytestmark = pytest.mark.django_db
PERCENT = st.decimals(0, 100, places=2)


@pytest.fixture
def task(make_task):
    return make_task()


def progress(task):
    """What the units of the task have reached together."""
    return Task.objects.annotate(reached=rolled_up(F("pk"))).get(pk=task.pk).reached


def test_without_shares_all_weigh_the_same(task, give, bureau, other_bureau):
    give(task, bureau, percent=90)
    give(task, other_bureau, percent=45)

    assert progress(task) == Decimal("67.50")


def test_shares_weigh(task, give, bureau, other_bureau, make_unit, city):
    give(task, bureau, percent=100, share=75)
    give(task, other_bureau, percent=20, share=25)
    give(task, make_unit(parent=city), percent=0)  # without a share: no part of it

    assert progress(task) == 80


def test_quantities_of_one_kind_weigh(task, give, bureau, other_bureau):
    give(task, bureau, percent=60, quantity=100, quantity_unit="个")
    give(task, other_bureau, percent=100, quantity=20, quantity_unit="个")

    assert progress(task) == Decimal("66.67")


def test_quantities_of_different_kinds_do_not(task, give, bureau, other_bureau):
    give(task, bureau, percent=60, quantity=100, quantity_unit="个")
    give(task, other_bureau, percent=100, quantity=20, quantity_unit="棵")

    assert progress(task) == 80


def test_a_task_that_nobody_has_has_no_progress(task):
    assert progress(task) is None


def test_who_handed_down_counts_by_those_below(task, give, bureau, other_bureau, make_unit):
    [above] = give(task, bureau, percent=5)
    give(task, other_bureau, percent=100)
    give(task, make_unit(parent=bureau), make_unit(parent=bureau), percent=50, parent=above)

    assert progress(task) == 75
    assert Assignment.objects.with_rolled_up().get(pk=above.pk).rolled_up == 50


def test_what_was_not_handed_down_has_no_figure_of_others(task, give, bureau):
    [alone] = give(task, bureau, percent=40)

    assert Assignment.objects.with_rolled_up().get(pk=alone.pk).rolled_up is None


def rounded(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=st.recursive(PERCENT, lambda below: st.lists(below, min_size=1, max_size=3), max_leaves=6))
def test_any_tree_adds_up_as_the_means_of_its_means(task, give, bureau, make_unit, tree):
    def plant(branch, unit, parent):
        [row] = give(task, unit, parent=parent, percent=branch if isinstance(branch, Decimal) else 0)
        for one in branch if isinstance(branch, list) else []:
            plant(one, make_unit(parent=unit), row)

    def mean(branch):
        return branch if isinstance(branch, Decimal) else sum(map(mean, branch)) / len(branch)

    with transaction.atomic():
        plant(tree, bureau, None)
        reached = progress(task)
        transaction.set_rollback(True)

    assert abs(reached - rounded(mean(tree))) <= Decimal("0.01")  # thirds of thirds
