"""Which required pieces are there: whom they are asked of, what counts as there, and the figures."""

import pytest
from django.db.models import F

from tasks.models import AskedPiece, RequiredPiece

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_task(make_task, criterion):
    """A task made from the criterion."""
    task = make_task()
    task.criteria.add(criterion)
    return task


@pytest.fixture
def require(criterion):
    def require(name="实施方案", **fields):
        return RequiredPiece.objects.add(fields.pop("criterion", criterion), name=name, **fields)

    return require


def asked():
    return {(one.unit, one.piece.name, one.filed_id is not None) for one in AskedPiece.objects.all()}


def test_a_piece_is_asked_of_the_lead(asked_task, give, require, bureau, other_bureau):
    require()
    give(asked_task, bureau, part="lead")
    give(asked_task, other_bureau)

    assert asked() == {(bureau, "实施方案", False)}


def test_a_piece_asked_of_each_is_asked_of_responsible_units_too(
    asked_task, give, require, bureau, other_bureau, make_unit, city
):
    require(asked_of="each")
    give(asked_task, bureau, part="lead")
    give(asked_task, other_bureau)
    give(asked_task, make_unit(parent=city), part="supporting")

    assert asked() == {(bureau, "实施方案", False), (other_bureau, "实施方案", False)}


def test_where_nobody_leads_the_responsible_units_are_asked(asked_task, give, require, bureau, other_bureau):
    require()
    give(asked_task, bureau, other_bureau)

    assert {unit for unit, _piece, _there in asked()} == {bureau, other_bureau}


def test_what_was_handed_down_is_asked_of_the_unit_above(asked_task, give, require, bureau, make_unit):
    require(asked_of="each")
    (above,) = give(asked_task, bureau, part="lead")
    give(asked_task, make_unit(parent=bureau), parent=above)

    assert {unit for unit, _piece, _there in asked()} == {bureau}


def test_two_tasks_of_one_criterion_ask_once(asked_task, make_task, give, require, criterion, bureau):
    require()
    other = make_task("另一项")
    other.criteria.add(criterion)
    give(asked_task, bureau, part="lead")
    give(other, bureau, part="lead")

    assert AskedPiece.objects.count() == 1


def test_filed_as_the_piece_is_there(asked_task, give, require, make_material, criterion, bureau):
    piece = require()
    give(asked_task, bureau, part="lead")

    make_material(criterion, piece=piece)

    assert asked() == {(bureau, "实施方案", True)}


def test_filed_under_the_criterion_alone_is_not_the_piece(asked_task, give, require, make_material, criterion, bureau):
    require()
    give(asked_task, bureau, part="lead")

    make_material(criterion)

    assert asked() == {(bureau, "实施方案", False)}


def test_what_a_section_files_counts_for_its_bureau(
    asked_task, give, require, make_material, make_unit, criterion, bureau
):
    piece = require()
    give(asked_task, bureau, part="lead")

    make_material(criterion, piece=piece, unit=make_unit("市容科", parent=bureau))

    assert asked() == {(bureau, "实施方案", True)}


def test_what_another_unit_files_does_not_count(
    asked_task, give, require, make_material, criterion, bureau, other_bureau
):
    piece = require()
    give(asked_task, bureau, part="lead")

    make_material(criterion, piece=piece, unit=other_bureau)

    assert asked() == {(bureau, "实施方案", False)}


@pytest.fixture
def two_criteria(make_task, make_criterion, give, require, make_material, bureau, other_bureau):
    """Two pieces of two criteria: the lead owes both, the other unit one; one of the lead's is there."""
    first, second = make_criterion("Ⅱ-1"), make_criterion("Ⅱ-2")
    task = make_task()
    task.criteria.add(first, second)
    plan = RequiredPiece.objects.add(first, name="方案", asked_of="each")
    RequiredPiece.objects.add(second, name="总结")
    give(task, bureau, part="lead")
    give(task, other_bureau)
    make_material(first, piece=plan)


@pytest.mark.usefixtures("two_criteria")
def test_the_figures_by_unit_and_indicator_add_up():
    by_unit = AskedPiece.objects.counted_by(name=F("unit__name")).order_by("unit__path")
    by_node = AskedPiece.objects.counted_by(name=F("criterion__indicator__code")).order_by("name")

    assert figures(by_unit) == [("市城管局", 2, 1, 1), ("市教育局", 1, 0, 1)]
    assert figures(by_node) == [("Ⅱ-1", 2, 1, 1), ("Ⅱ-2", 1, 0, 1)]
    assert AskedPiece.objects.counts() == {"listed": 3, "have": 1, "missing": 2}


def figures(rows):
    return [(row["name"], row["listed"], row["have"], row["missing"]) for row in rows]


def test_a_unit_sees_its_own(asked_task, give, require, lead, office, bureau, other_bureau):
    require(asked_of="each")
    give(asked_task, bureau, other_bureau)

    assert AskedPiece.objects.visible_to(lead).get().unit == bureau
    assert AskedPiece.objects.visible_to(office).count() == 2
