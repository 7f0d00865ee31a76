"""A list is what its address says, and nothing in the address can break it."""

import django_filters
import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from units.lists import Column, DateRange, Listing
from units.models import Unit, UnitKind

ASKED_BY_HTMX = {"HX-Request": "true", "HX-Target": "listing-rows"}

pytestmark = pytest.mark.django_db


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter("name", "icontains", label="名称")
    kind = django_filters.ModelChoiceFilter(queryset=UnitKind.objects.all(), label="类别")
    since = django_filters.DateFromToRangeFilter("valid_from", label="设立", widget=DateRange)

    class Meta:
        model = Unit
        fields = []


COLUMNS = [
    Column("name", "单位", sort="name", link=True),
    Column("kind.name", "类别", sort="kind__name"),
    Column("short_name", "简称"),
    Column("valid_from", "设立", sort="valid_from", kind="date", empty_last=True),
]


@pytest.fixture
def listing(make_unit):
    """A listing of the units as the given address asks for them."""

    def make(query="", headers=None, **options):
        request = RequestFactory().get("/units/" + query, headers=headers)
        request.htmx = HtmxDetails(request)
        options.setdefault("default_sort", "name")
        return Listing(request, Unit.objects.select_related("kind"), UnitFilter, COLUMNS, **options)

    return make


@pytest.fixture
def thirty(make_unit):
    return [make_unit(f"单位{n:02}", kind=f"类别{n % 2}") for n in range(30)]


def test_the_first_page_has_as_many_rows_as_the_page_asks_for(listing, thirty):
    page = listing()

    assert (len(page.rows), page.count) == (25, 30)


@pytest.mark.parametrize(("query", "leafs"), [("", True), ("?size=50", True), ("?q=单位07", False)])
def test_there_is_a_pager_only_where_there_is_something_to_leaf_through(listing, thirty, query, leafs):
    assert listing(query).fills_a_page == leafs


@pytest.mark.parametrize("query", ["?page=2", "?page=99", "?page=-1", f"?page={'9' * 30}"])
def test_a_page_beyond_the_end_is_the_last_page(listing, thirty, query):
    assert [unit.name for unit in listing(query).rows] == [f"单位{n}" for n in range(25, 30)]


@pytest.mark.parametrize("query", ["?page=x", "?page=", "?page=1.5"])
def test_a_page_that_is_no_number_is_the_first(listing, thirty, query):
    assert listing(query).rows[0].name == "单位00"


@pytest.mark.parametrize(("query", "rows"), [("?size=50", 30), ("?size=7", 25), ("?size=100000", 25), ("?size=x", 25)])
def test_only_the_offered_sizes_are_taken(listing, thirty, query, rows):
    assert len(listing(query).rows) == rows


def test_the_address_sorts_by_a_column(listing, thirty):
    assert listing("?sort=-name").rows[0].name == "单位29"


@pytest.mark.parametrize("sort", ["password", "short_name", "kind__name", "-", "name;drop", "pk"])
def test_only_columns_that_may_sort_do(listing, thirty, sort):
    assert listing(f"?sort={sort}").rows[0].name == "单位00"


def test_equal_rows_stay_in_the_same_order_over_all_pages(listing, thirty):
    seen = [unit.pk for n in (1, 2) for unit in listing(f"?sort=kind.name&page={n}").rows]

    assert sorted(seen) == sorted(unit.pk for unit in thirty)


def test_the_order_ends_with_the_primary_key_in_the_same_direction(listing):
    assert listing("?sort=-name").queryset.query.order_by == ("-name", "-pk")


def test_filters_narrow_the_rows(listing, thirty):
    assert [unit.name for unit in listing("?q=07").rows] == ["单位07"]


@pytest.mark.parametrize("query", ["?kind=999999", "?kind=x", "?since_after=gestern", "?q=%00", "?kind=1&kind=2"])
def test_a_wrong_filter_never_breaks_the_list(listing, thirty, query):
    assert listing(query).count in range(31)


def test_a_wrong_filter_is_named(listing, thirty):
    assert "kind" in listing("?kind=x").filterset.form.errors


def test_a_chip_says_the_filter_in_words(listing, thirty):
    kind = thirty[0].kind

    assert [chip[:2] for chip in listing(f"?kind={kind.pk}").chips] == [("类别", "类别0")]


def test_a_chip_leads_to_the_list_without_its_filter(listing, thirty):
    (_label, words, url), *_ = listing("?since_after=2026-01-01&sort=-name&page=2").chips

    assert (words, url) == ("2026-01-01 – …", "/units/?sort=-name")


def test_the_filter_form_carries_the_sort_and_foreign_parameters_but_not_the_page(listing, thirty):
    assert listing("?q=1&sort=-name&tab=late&page=3").kept == [("sort", "-name"), ("tab", "late")]


def test_a_second_press_on_a_header_turns_the_order_round(listing, thirty):
    heads = {column.name: (url, aria) for column, url, aria in listing("?sort=name&page=2").heads}

    assert heads["name"] == ("/units/?sort=-name", "ascending")
    assert heads["short_name"] == ("", "none")


def test_the_export_takes_the_filters_but_not_the_page(listing, thirty):
    url = listing("?q=1&page=2&size=50&sort=-name", export="home").export_url

    assert url == "/?q=1&sort=-name"


@pytest.mark.parametrize("size", [25, 250])
def test_a_list_costs_the_same_two_queries_for_any_number_of_rows(listing, thirty, size, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = listing(f"?size={size}")
        assert page.count == 30
        assert {unit.kind.name for unit in page.rows} == {"类别0", "类别1"}


def test_htmx_gets_only_the_rows(listing, monkeypatch, thirty):
    monkeypatch.setattr(Unit, "get_absolute_url", lambda unit: f"/units/{unit.pk}/")
    html = listing(headers=ASKED_BY_HTMX).render("404.html").content.decode()

    assert "<html" not in html
    assert html.count("<tr") == 26


def test_going_back_in_the_browser_gets_the_whole_page(listing, thirty):
    response = listing(headers={**ASKED_BY_HTMX, "HX-History-Restore-Request": "true"}).render("404.html")

    assert "<html" in response.content.decode()


def test_a_browser_keeps_the_piece_and_the_page_apart(listing, thirty):
    assert "HX-Request" in listing().render("404.html")["Vary"]
