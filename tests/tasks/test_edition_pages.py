"""The pages of the editions: side by side, the tree of one, writing it by hand, new versions, compared."""

import pytest
from django.urls import reverse

from tasks.models import Criterion, Indicator, Ledger, Standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def negative(edition):
    """The edition has a negative list of one criterion."""
    bad = edition.indicators.create(level=1, name="负面清单", is_negative=True, order=9)
    return bad.criteria.create(number="1", text="发生重大火灾", methods=["site"], order=9)


def send(desk, name, pk, data, query=""):
    return desk.post(f"{reverse(f'tasks:{name}', args=[pk])}{query}", data)


def criterion_words(one, **changes):
    """What the form of a criterion sends when nothing else is changed."""
    return {
        "number": one.number, "text": one.text, "methods": one.methods, "indicator": one.indicator_id,
        "order": one.order, **changes,
    }  # fmt: skip


# --- the list and the tree ---


def test_editions_of_any_size_stand_side_by_side(desk, edition, negative, make_edition):
    make_edition("2026版", level="city", texts=[f"标准{n}" for n in range(40)])

    rows = desk.get(reverse("tasks:standards")).context["listing"].rows

    assert [(row.edition, row.level, row.aspect_count, row.criterion_count, row.negative_count) for row in rows] == [
        ("2026版", "city", 1, 40, 0), ("2025", "national", 1, 3, 1),
    ]  # fmt: skip


def test_editions_are_found_by_level(desk, edition, make_edition):
    make_edition("2026版", level="city")

    page = desk.get(reverse("tasks:standards"), {"level": "city"})

    assert [row.edition for row in page.context["listing"].rows] == ["2026版"]


def test_the_tree_counts_each_aspect_and_keeps_the_negative_list_apart(desk, edition, negative):
    page = desk.get(edition.get_absolute_url())

    counts = [[(str(branch.top), branch.count) for branch in page.context[name]] for name in ("branches", "negative")]
    assert counts == [[("Ⅰ-1 思想教育", 3)], [("负面清单", 1)]]
    assert page.context["standard"].criterion_count == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "计划"}, ["制定学习计划"]),
        ({"q": "学习 督查"}, ["定期组织督查"]),
        ({"q": "思想教育"}, ["制定学习计划", "建立学习制度", "定期组织督查"]),
        ({"method": "site"}, ["发生重大火灾"]),
        ({"q": "没有这个词"}, []),
    ],
)
def test_the_tree_is_searched_by_words_and_method(desk, edition, negative, asked, found):
    page = desk.get(edition.get_absolute_url(), asked)

    branches = [*page.context["branches"], *page.context["negative"]]
    assert [leaf.text for branch in branches for line in branch.lines for leaf in line.leaves] == found
    assert page.context["found"] == len(found)


def test_the_tree_shows_how_many_units_have_completed_a_criterion(desk, edition, make_task, give, city, bureau):
    Ledger.objects.update(standard=edition)
    task = make_task()
    Ledger.objects.filter(pk=task.ledger_id).update(standard=edition)
    criterion = Criterion.objects.first()
    task.criteria.add(criterion)
    give(task, bureau, state="completed", percent=100, completed_at="2026-05-01T00:00Z")
    give(task, city)

    [branch] = desk.get(edition.get_absolute_url()).context["branches"]

    [leaf] = [leaf for line in branch.lines for leaf in line.leaves if leaf.pk == criterion.pk]
    assert (leaf.standing["done"], leaf.standing["asked"]) == (1, 2)


def test_the_tree_costs_the_same_for_few_and_many_criteria(desk, make_edition, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as few:
        desk.get(make_edition("1").get_absolute_url())
    large = make_edition("2", texts=[f"标准{n}" for n in range(200)])
    with django_assert_max_num_queries(20) as many:
        desk.get(large.get_absolute_url())

    assert len(few) >= len(many)


# --- writing by hand ---


def test_an_edition_is_begun_by_hand(desk, city):
    answer = desk.post(
        reverse("tasks:standard-add"), {"name": "测评体系", "edition": "2026", "level": "province", "unit": city.pk}
    )

    made = Standard.objects.get()
    assert (answer.url, made.level, made.frozen_at) == (made.get_absolute_url(), "province", None)


def test_the_same_edition_twice_is_refused(desk, edition, city):
    words = {"name": edition.name, "edition": edition.edition, "level": "city", "unit": city.pk}

    assert desk.post(reverse("tasks:standard-add"), words).status_code == 422


def test_indicators_and_criteria_are_added_below_each_other(desk, edition):
    top = edition.indicators.get(level=1)
    send(desk, "indicator-add", edition.pk, {"code": "Ⅱ-2", "name": "宣传", "order": 5}, f"?below={top.pk}")
    second = Indicator.objects.get(name="宣传")
    send(desk, "criterion-add", second.pk, {"number": "1", "text": "设置公益广告", "methods": ["site"], "order": 4})

    assert (second.parent, second.level, [str(one) for one in second.criteria.all()]) == (
        top, 2, ["1 设置公益广告"],
    )  # fmt: skip


def test_what_stands_below_the_negative_list_belongs_to_it(desk, edition, negative):
    below = f"?below={negative.indicator_id}"
    send(desk, "indicator-add", edition.pk, {"code": "", "name": "安全", "order": 10}, below)

    assert Indicator.objects.get(name="安全").is_negative


def test_a_criterion_is_reworded_and_moved(desk, edition):
    one, elsewhere = Criterion.objects.first(), edition.indicators.get(level=2)
    send(desk, "criterion-edit", one.pk, criterion_words(one, text="新的说法", indicator=elsewhere.pk))

    one.refresh_from_db()
    assert (one.text, one.indicator) == ("新的说法", elsewhere)


def test_the_second_of_two_writers_keeps_the_own_words_and_sees_the_others(desk, edition):
    one = Criterion.objects.first()
    address = reverse("tasks:criterion-edit", args=[one.pk])
    seen = desk.get(address).context["form"]["seen"].value()
    Criterion.objects.filter(pk=one.pk).update(text="别人的说法")

    answer = desk.post(address, criterion_words(one, text="我的说法", seen=seen))

    page = answer.content.decode()
    assert (answer.status_code, "别人的说法" in page, "我的说法" in page) == (422, True, True)
    again = criterion_words(one, text="我的说法", seen=answer.context["form"]["seen"].value())
    desk.post(address, again)
    one.refresh_from_db()
    assert one.text == "我的说法"


def test_an_indicator_is_deleted_with_all_below_it(desk, edition):
    asked = desk.get(reverse("tasks:indicator-delete", args=[edition.indicators.get(level=1).pk]))
    send(desk, "indicator-delete", edition.indicators.get(level=1).pk, {})

    assert (asked.context["below"], asked.context["gone"]) == (2, 3)
    assert (edition.indicators.count(), Criterion.objects.count()) == (0, 0)


def test_one_criterion_is_deleted(desk, edition):
    send(desk, "criterion-delete", Criterion.objects.first().pk, {})

    assert Criterion.objects.count() == 2


def test_an_edition_that_nothing_uses_is_deleted_with_its_tree(desk, edition):
    asked = desk.get(reverse("tasks:standard-delete", args=[edition.pk]))
    send(desk, "standard-delete", edition.pk, {})

    assert (asked.context["below"], asked.context["gone"]) == (3, 3)
    assert (Standard.objects.count(), Indicator.objects.count(), Criterion.objects.count()) == (0, 0, 0)


def test_an_edition_that_another_replaces_stays(desk, edition):
    edition.new_version(name=edition.name, edition="2026版", level="national")

    assert send(desk, "standard-delete", edition.pk, {}).status_code == 409
    assert Standard.objects.count() == 2


DOORS = ["standard-edit", "standard-delete", "indicator-add", "indicator-edit", "indicator-delete"]


@pytest.mark.parametrize("name", [*DOORS, "criterion-add", "criterion-edit", "criterion-delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_frozen_edition_is_not_written(desk, edition, ledger, name, method):
    Ledger.objects.filter(pk=ledger.pk).update(standard=edition)
    row = {"indicator-edit": edition.indicators.first(), "indicator-delete": edition.indicators.first()}
    row |= {"criterion-add": edition.indicators.last(), "criterion-edit": Criterion.objects.first()}
    row |= {"criterion-delete": Criterion.objects.first()}

    answer = getattr(desk, method)(reverse(f"tasks:{name}", args=[row.get(name, edition).pk]))

    assert answer.status_code == 409


def test_a_change_of_a_frozen_edition_goes_into_a_new_version(desk, edition, ledger):
    Ledger.objects.filter(pk=ledger.pk).update(standard=edition)
    send(desk, "standard-copy", edition.pk, {"name": edition.name, "edition": "2026版", "level": "national"})

    new = Standard.objects.get(edition="2026版")
    assert (new.replaces, new.indicators.count()) == (edition, 3)
    assert "2026版" in desk.get(edition.get_absolute_url()).content.decode()


def test_a_new_version_needs_an_edition_of_its_own(desk, edition):
    words = {"name": edition.name, "edition": edition.edition, "level": "national"}

    assert send(desk, "standard-copy", edition.pk, words).status_code == 422


def test_the_changes_name_what_was_deleted(desk, edition):
    Criterion.objects.first().delete()

    page = desk.get(reverse("tasks:standard-changes", args=[edition.pk]))

    assert "制定学习计划" in str([entry.note for entry in page.context["history"]])


# --- two editions ---


@pytest.fixture
def two(make_edition):
    return make_edition("2025"), make_edition("2026", texts=["制定学习计划和方案", "定期组织督查", "设置公益广告"])


def compare(desk, two, **more):
    old, new = two
    return desk.get(reverse("tasks:standard-compare"), {"old": old.pk, "new": new.pk, **more})


def test_two_editions_are_compared_and_counted(desk, two):
    page = compare(desk, two)

    counts = [tab.count for tab in page.context["tabs"]]
    assert counts == [4, 1, 1, 1, 1]  # all, added, removed, reworded, renumbered
    assert "<ins>和方案</ins>" in page.content.decode()


def test_the_comparison_shows_one_kind_of_change(desk, two):
    page = compare(desk, two, show="removed")

    assert [row.leaf.text for row in page.context["rows"]] == ["建立学习制度"]


@pytest.mark.parametrize("pk", ["0", "x", "999999999999999999999"])
def test_an_edition_that_is_not_there_is_not_compared(desk, edition, pk):
    assert desk.get(reverse("tasks:standard-compare"), {"old": edition.pk, "new": pk}).status_code == 404


def test_the_edition_of_another_city_is_not_compared(desk, edition, make_edition, make_unit):
    theirs = make_edition("2026", unit=make_unit("宁川市"))

    assert compare(desk, (edition, theirs)).status_code == 404


# --- a ledger from an edition ---


def make(desk, edition, city, **more):
    return send(desk, "standard-ledger", edition.pk, {"name": "分解表", "year": 2027, "unit": city.pk, **more})


def test_a_ledger_has_one_task_for_each_criterion(desk, edition, negative, city):
    make(desk, edition, city)

    ledger = Ledger.objects.get()
    rows = [
        (task.number, task.section, task.title, [one.text for one in task.criteria.all()])
        for task in ledger.tasks.all()
    ]
    path = "Ⅰ-1 思想教育 › Ⅱ-1 学习 › Ⅲ-1 学习制度"
    assert rows == [
        ("Ⅲ-1-1", path, "制定学习计划", ["制定学习计划"]),
        ("Ⅲ-1-2", path, "建立学习制度", ["建立学习制度"]),
        ("Ⅲ-1-3", path, "定期组织督查", ["定期组织督查"]),
        ("1", "负面清单", "发生重大火灾", ["发生重大火灾"]),
    ]
    edition.refresh_from_db()
    assert (ledger.standard, bool(edition.frozen_at)) == (edition, True)


def test_a_ledger_made_twice_is_made_once(desk, edition, city):
    make(desk, edition, city)

    assert make(desk, edition, city).status_code == 422
    assert Ledger.objects.get().tasks.count() == 3


def test_criteria_with_the_same_words_are_tasks_of_their_own(desk, make_edition, city):
    make(desk, make_edition(texts=["无占道经营", "无占道经营"]), city)

    assert Ledger.objects.get().tasks.count() == 2
