"""What the database keeps of editions: their tree, and that one that is used stays as it is, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from tasks.models import Criterion, Indicator, Ledger, Standard, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def used(edition, ledger):
    """The edition, frozen because a ledger is made from it."""
    Ledger.objects.filter(pk=ledger.pk).update(standard=edition)
    edition.refresh_from_db()
    return edition


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_edition_is_frozen_when_a_ledger_is_made_from_it(edition, city):
    Ledger.objects.create(unit=city, year=2026, name="分解表", standard=edition)

    edition.refresh_from_db()
    assert edition.frozen_at


def test_an_edition_is_frozen_when_a_task_names_one_of_its_criteria(edition, make_task):
    make_task().criteria.add(Criterion.objects.first())

    edition.refresh_from_db()
    assert edition.frozen_at


def test_naming_criteria_in_bulk_freezes_too(edition, make_task):
    named = Task.criteria.through
    named.objects.bulk_create([named(task=make_task(), criterion=Criterion.objects.first())])

    edition.refresh_from_db()
    assert edition.frozen_at


def test_an_edition_that_nobody_uses_can_be_changed(edition):
    Criterion.objects.update(text="改过的标准")
    edition.indicators.filter(level=2).delete()

    edition.refresh_from_db()
    assert (edition.frozen_at, Criterion.objects.count()) == (None, 0)


REFUSED = {
    "a new criterion": lambda edition: edition.indicators.last().criteria.create(number="9", text="新的"),
    "new criteria in bulk": lambda edition: Criterion.objects.bulk_create(
        [Criterion(indicator=edition.indicators.last(), number="9", text="新的")]
    ),
    "a change of all criteria": lambda edition: Criterion.objects.update(text="改过的"),
    "a change by SQL": lambda edition: sql("UPDATE tasks_criterion SET methods = '{}'"),
    "a deleted criterion": lambda edition: Criterion.objects.first().delete(),
    "a deletion by SQL": lambda edition: sql("DELETE FROM tasks_criterion"),
    "a new indicator": lambda edition: edition.indicators.create(level=1, code="Ⅰ-9", name="新的"),
    "a change of an indicator": lambda edition: edition.indicators.update(name="改过的"),
    "another order by SQL": lambda edition: sql('UPDATE tasks_indicator SET "order" = 9'),
    "criteria moved away": lambda edition: Criterion.objects.update(
        indicator=Standard.objects.create(unit=edition.unit, name="另一个", edition="1").indicators.create(
            level=1, name="别处"
        )
    ),
    "a deleted indicator": lambda edition: edition.indicators.first().delete(),
    "the whole edition deleted": lambda edition: (edition.ledgers.update(standard=None), edition.delete()),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_frozen_edition_refuses(used, what):
    with pytest.raises(IntegrityError, match="an edition that is used does not change"), transaction.atomic():
        REFUSED[what](used)

    assert Criterion.objects.filter(indicator__standard=used).count() == 3


def test_no_criterion_comes_into_a_frozen_edition_from_another(used, make_edition):
    other = make_edition("2026")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Criterion.objects.filter(indicator__standard=other).update(indicator=used.indicators.last())

    assert refused.value.__cause__.diag.constraint_name == "tasks_frozen_edition_stays"


@pytest.mark.parametrize("change", [{"name": "改名"}, {"edition": "2027"}, {"level": "city"}, {"frozen_at": None}])
def test_a_frozen_edition_keeps_its_name_and_stays_frozen(used, change):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Standard.objects.filter(pk=used.pk).update(**change)

    assert refused.value.__cause__.diag.constraint_name == "tasks_frozen_edition_keeps_its_name"


@pytest.mark.parametrize("wrong", ["another edition", "two levels up", "the negative list"])
def test_an_indicator_stands_one_level_below_its_parent(edition, make_edition, wrong):
    top = edition.indicators.get(level=1)
    fields = {
        "another edition": {"standard": make_edition("2026"), "level": 2},
        "two levels up": {"standard": edition, "level": 3},
        "the negative list": {"standard": edition, "level": 2, "is_negative": True},
    }[wrong]

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Indicator.objects.create(parent=top, name="错位", **fields)

    assert refused.value.__cause__.diag.constraint_name == "tasks_indicator_below_its_parent"


def test_a_parent_cannot_leave_those_below_it_behind(edition):
    with pytest.raises(IntegrityError, match="one level below its parent"), transaction.atomic():
        edition.indicators.filter(level=1).update(is_negative=True)


def test_an_edition_does_not_replace_itself(edition):
    with pytest.raises(IntegrityError, match="tasks_edition_replaces_another"), transaction.atomic():
        Standard.objects.filter(pk=edition.pk).update(replaces=edition)


# --- versions ---


def test_a_new_version_has_the_whole_tree_and_can_be_changed(used):
    new = used.new_version(name=used.name, edition="2026版", level=used.level)

    tree = [(str(one), str(one.parent), one.is_negative) for one in new.indicators.all()]
    assert tree == [(str(one), str(one.parent), one.is_negative) for one in used.indicators.all()]
    leaves = [
        [(str(one), one.methods) for one in Criterion.objects.filter(indicator__standard=edition)]
        for edition in (used, new)
    ]
    assert leaves[0] == leaves[1]
    assert (new.replaces, new.frozen_at) == (used, None)
    new.indicators.first().criteria.create(number="4", text="新增")


def test_changes_in_a_new_version_leave_the_old_one_alone(used):
    new = used.new_version(name=used.name, edition="2026版", level=used.level)

    Criterion.objects.filter(indicator__standard=new).update(text="改过的")

    assert not Criterion.objects.filter(indicator__standard=used, text="改过的").exists()


def test_sizes_count_the_negative_list_apart(edition):
    bad = edition.indicators.create(level=1, name="负面清单", is_negative=True)
    bad.criteria.create(number="1", text="发生重大安全事故")

    found = Standard.objects.with_sizes().get(pk=edition.pk)

    assert (found.aspect_count, found.indicator_count, found.content_count) == (1, 1, 1)
    assert (found.criterion_count, found.negative_count) == (3, 1)
