"""The heat map: its figures against plain arithmetic, and the rows behind each of its cells."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from tasks.heat import ASPECT, INDICATOR, SECTION, heat_map, ways_of
from tasks.lights import Lights

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(ledger, office):
    def heat(way=INDICATOR, user=office):
        return heat_map(ledger.asked_of(user), ledger, way, Lights.load())

    return heat


@pytest.fixture
def filled(tree, make_task, give, make_unit, bureau, other_bureau):
    """Two units, three tasks; one of them proves two criteria, one none; a section has some of the first."""
    both, deep, none = (make_task(title, deadline="2020-01-31") for title in ("两处", "深", "无"))
    both.criteria.set([tree["Ⅱ-1"].leaf, tree["Ⅰ-2"].leaf])
    deep.criteria.set([tree["Ⅲ-1"].leaf])
    (first,) = give(both, bureau, percent=50)
    give(both, make_unit("市容科", parent=bureau), parent=first, percent=90)
    give(deep, bureau, percent=100, state="completed", completed_at="2020-01-01T08:00Z")
    give(deep, other_bureau, percent=20, state="submitted")
    give(none, other_bureau, percent=10)
    return tree


def test_a_cell_is_the_average_of_what_was_approved_and_the_number_overdue(heat, filled, bureau, other_bureau):
    found = heat()

    assert found.cells == {
        (filled["Ⅱ-1"].pk, bureau.pk): (Decimal("75.0"), 2, 1),
        (filled["Ⅱ-1"].pk, other_bureau.pk): (Decimal("20.0"), 1, 0),  # handed in: no light
        (filled["Ⅰ-2"].pk, bureau.pk): (Decimal("50.0"), 1, 1),
        (None, other_bureau.pk): (Decimal("10.0"), 1, 1),
    }


def test_a_task_of_two_rows_counts_once_in_the_figures_of_its_unit(heat, filled, bureau, other_bureau):
    found = heat()

    assert found.by_unit == {bureau.pk: (Decimal("75.0"), 2, 1), other_bureau.pk: (Decimal("15.0"), 2, 1)}
    assert found.whole == (Decimal("45.0"), 4, 2)
    assert found.by_row[filled["Ⅱ-1"].pk] == (Decimal("56.7"), 3, 1)


def test_rows_are_grouped_by_aspect_too(heat, filled):
    assert [str(label) for _key, label in heat(ASPECT).rows] == ["Ⅰ-1 指标", "Ⅰ-2 指标", "未对应测评标准"]


def test_a_ledger_without_criteria_has_its_sections(heat, ledger, make_task, give, bureau):
    give(make_task(section="二、宣传"), bureau, percent=40)
    give(make_task(section="一、组织"), bureau)
    give(make_task(), bureau)

    assert ways_of(ledger) == [SECTION]
    assert [key for key, _label in heat(SECTION).rows] == ["二、宣传", "一、组织", None]  # as in the table


def test_a_unit_sees_its_own_column(heat, filled, lead, bureau):
    found = heat(user=lead)

    assert [unit.pk for unit in found.units] == [bureau.pk]
    assert found.whole == (Decimal("75.0"), 2, 1)


def test_it_is_one_statement(ledger, filled, office, django_assert_num_queries):
    rows, lights = ledger.asked_of(office), Lights.load()

    with django_assert_num_queries(3):  # and the names of the rows and the columns
        heat_map(rows, ledger, INDICATOR, lights)


CELL = re.compile(r'<a href="(/tasks/assignments/[^"]+)">(\d+)(?:<b>(\d+)</b>)?</a>')


@pytest.mark.parametrize("way", [INDICATOR, ASPECT])
def test_each_figure_opens_the_rows_behind_it(client, heat, filled, ledger, office, way):
    client.force_login(office)
    page = client.get(reverse("tasks:heat", args=[ledger.pk]), {"by": way}).content.decode()

    found = heat(way)
    wanted = [*found.cells.values(), *found.by_row.values(), *found.by_unit.values(), found.whole]
    links = CELL.findall(page)
    assert len(links) == len(wanted)
    for url, average, red in links:
        rows = client.get(unescape(url)).context["listing"].rows
        assert f"{sum(row.percent for row in rows) / len(rows):.0f}" == average
        assert sum(row.light == "overdue" for row in rows) == int(red or 0)


def test_the_sections_open_their_rows(client, ledger, make_task, give, bureau, office):
    give(make_task(section="二、宣传 & 动员"), bureau, percent=40)
    give(make_task(), bureau, percent=80)
    client.force_login(office)
    links = CELL.findall(client.get(reverse("tasks:heat", args=[ledger.pk])).content.decode())

    counts = [client.get(unescape(url)).context["listing"].count for url, _average, _red in links]

    assert counts == [2, 2, 1, 1, 1, 1]


def test_one_unit_or_one_row_stands_alone(client, ledger, filled, office, bureau):
    client.force_login(office)
    address = reverse("tasks:heat", args=[ledger.pk])

    unit = client.get(address, {"unit": bureau.pk}).context["rows"]
    row = client.get(address, {"row": filled["Ⅱ-1"].pk}).context["rows"]

    assert [one["label"] for one in unit] == ["Ⅱ-1 指标", "Ⅰ-2 指标"]
    assert [str(one["label"]) for one in row] == ["市城管局", "市教育局"]
    assert client.get(row[0]["url"]).context["listing"].count == 2


@pytest.mark.parametrize("query", ["by=weather", "group=999", "part=boss", "unit=x", "row=%00", "unit=999999"])
def test_nothing_in_the_address_breaks_it(client, ledger, filled, office, query):
    client.force_login(office)

    assert client.get(f"{reverse('tasks:heat', args=[ledger.pk])}?{query}").status_code == 200


def test_an_empty_ledger_says_so(client, ledger, office):
    client.force_login(office)

    page = client.get(reverse("tasks:heat", args=[ledger.pk]))

    assert page.context["heat"].whole is None
    assert 'class="blank"' in page.content.decode()
