"""Lists asked by indicator or section, by light, key, day, and by the way an assignment came."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client):
    """The titles in a list for somebody: `found(office, "tasks:assignments", "key=true")`."""

    def found(user, address, query=""):
        client.force_login(user)
        rows = client.get(f"{address}?{query}").context["listing"].rows
        return sorted({getattr(row, "task", row).title for row in rows})

    return found


@pytest.fixture
def filled(tree, make_task, give, bureau):
    for title, codes in [("深", ["Ⅲ-1"]), ("中", ["Ⅱ-1"]), ("两处", ["Ⅱ-1", "Ⅰ-2"]), ("无", [])]:
        task = make_task(title)
        task.criteria.set([tree[code].leaf for code in codes])
        give(task, bureau)


@pytest.mark.parametrize(
    ("code", "titles"),
    [("Ⅰ-1", ["深", "中", "两处"]), ("Ⅱ-1", ["深", "中", "两处"]), ("Ⅲ-1", ["深"]), ("Ⅰ-2", ["两处"]), (None, ["无"])],
)
def test_both_lists_are_asked_by_any_upper_indicator(found, filled, tree, ledger, office, code, titles):
    asked = f"aspect={tree[code].pk if code else 'null'}"
    titles = sorted(titles) if code != "Ⅲ-1" else ["无", "深", "中", "两处"]  # the lowest level is not offered

    assert found(office, ledger.get_absolute_url(), asked) == sorted(titles)
    assert found(office, reverse("tasks:assignments"), f"{asked}&ledger={ledger.pk}") == sorted(titles)


def test_a_ledger_without_criteria_is_asked_by_section(found, make_task, give, ledger, office, bureau):
    give(make_task("甲", section="一、组织领导"), bureau)
    give(make_task("乙", section="二、宣传"), bureau)

    asked = "section=二、宣传"

    assert found(office, ledger.get_absolute_url(), asked) == ["乙"]
    assert found(office, reverse("tasks:assignments"), f"{asked}&ledger={ledger.pk}") == ["乙"]


def test_a_list_is_asked_by_light(found, make_task, give, office, bureau, ledger):
    today = timezone.localdate()
    give(make_task("红", deadline=today - timedelta(days=1)), bureau)
    give(make_task("已交", deadline=today - timedelta(days=1)), bureau, state="submitted")
    give(make_task("黄", deadline=today), bureau)
    give(make_task("绿", deadline=today + timedelta(days=60)), bureau)
    give(make_task("无期限"), bureau)

    for address in (reverse("tasks:assignments"), ledger.get_absolute_url()):
        assert [found(office, address, f"late={light}") for light in ("true", "soon", "no")] == [["红"], ["黄"], ["绿"]]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("key=true", ["重点"]),
        ("method=site", ["重点"]),
        ("handed=down", ["交办科室"]),
        ("handed=on", ["交办科室"]),
        ("handed=asked&key=true", ["重点"]),
        ("due_after=2026-09-30&due_before=2026-09-30", ["重点"]),
        ("due_after=2026-10-01", ["交办科室"]),
    ],
)
def test_assignments_are_asked_by_what_they_are(found, make_task, give, make_unit, office, bureau, query, titles):
    give(make_task("重点", is_key=True, methods=["site"], deadline="2026-09-30"), bureau)
    (above,) = give(make_task("交办科室", deadline="2026-12-31"), bureau)
    give(above.task, make_unit("市容科", parent=bureau), parent=above)

    assert found(office, reverse("tasks:assignments"), query) == titles


def test_a_unit_is_asked_with_those_below_or_alone(client, make_task, give, make_unit, office, bureau):
    (above,) = give(make_task(), bureau)
    give(above.task, make_unit("市容科", parent=bureau), parent=above)
    client.force_login(office)

    def count(query):
        return client.get(f"{reverse('tasks:assignments')}?unit={bureau.pk}{query}").context["listing"].count

    assert (count(""), count("&alone=no")) == (2, 1)


def test_one_s_own_list_is_asked_by_light_and_by_what_was_handed_down(client, make_task, give, lead, make_unit, bureau):
    (above,) = give(make_task("交办科室", deadline="2020-01-31"), bureau)
    give(above.task, make_unit("市容科", parent=bureau), parent=above)
    client.force_login(lead)

    for query in ("handed=on", "late=true&handed=asked"):
        assert client.get(f"{reverse('tasks:my-tasks')}?{query}").context["listing"].count == 1
    assert client.get(f"{reverse('tasks:my-tasks')}?handed=down").context["listing"].count == 0  # with the section
    assert client.get(f"{reverse('tasks:my-tasks')}?late=soon").context["listing"].count == 0


def test_a_task_shows_its_worst_light_and_how_many_are_in_it(client, make_task, give, make_unit, office, city):
    today = timezone.localdate()
    task = make_task(deadline=today)
    give(task, make_unit(parent=city), make_unit(parent=city), deadline=today - timedelta(days=1))
    give(task, make_unit(parent=city))
    give(task, make_unit(parent=city), deadline=today - timedelta(days=9), state="submitted")
    client.force_login(office)

    row = client.get(task.ledger.get_absolute_url()).context["listing"].rows[0]

    assert (row.light, row.in_light) == ("overdue", 2)
