"""Filters kept under a name: one's own, those of the office, and what does not become one."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.inspections.rivals import race
from units.models import SavedFilter
from units.models.saved_filters import MOST
from units.roles import Role

pytestmark = pytest.mark.django_db
LIST = "/tasks/assignments/"


@pytest.fixture
def keep(client):
    """Keep the filters of a list: `keep(lead, "逾期的")`."""

    def keep(user, name="逾期的", page=LIST, query="late=true&unit=", **more):
        client.force_login(user)
        return client.post(reverse("units:filter-new"), {"page": page, "query": query, "name": name, **more})

    return keep


@pytest.fixture
def names(client):
    """The names that stand above a list for somebody."""

    def names(user, page=LIST):
        client.force_login(user)
        return [kept.name for kept in client.get(page).context["listing"].saved]

    return names


def test_what_a_person_keeps_stands_above_that_list_and_no_other(keep, names, lead):
    keep(lead)

    assert names(lead) == ["逾期的"]
    assert names(lead, "/tasks/my/") == []


def test_a_kept_filter_leads_back_to_the_list_as_it_was_asked(keep, client, lead):
    answer = keep(lead, query="page=3&size=100&unit=&late=true&q=占道")

    assert answer.headers["Location"] == f"{LIST}?late=true&q=%E5%8D%A0%E9%81%93"
    assert client.get(answer.headers["Location"]).context["listing"].saved[0].is_here


def test_the_list_offers_to_keep_what_is_asked_until_it_is_kept(keep, client, lead):
    client.force_login(lead)
    assert client.get(LIST).context["listing"].keep_url == ""
    offered = client.get(f"{LIST}?q=&late=true&page=1").context["listing"].keep_url
    form = client.get(offered).context["form"]
    assert (form["page"].value(), form["query"].value()) == (LIST, "late=true")

    keep(lead)

    assert client.get(f"{LIST}?late=true&q=").context["listing"].keep_url == ""


def test_nobody_sees_the_filters_of_others(keep, names, lead, staff):
    keep(lead)

    assert names(staff) == []


def test_what_the_office_shares_is_seen_by_all_below_it(keep, names, office, lead, other_lead):
    keep(office, "各单位逾期", shared="on")

    assert names(lead) == names(other_lead) == names(office) == ["各单位逾期"]


def test_what_one_office_shares_is_not_seen_in_another_city(keep, names, office, make_unit, make_member):
    keep(office, shared="on")

    assert names(make_member(make_unit("别市"), Role.UNIT_LEAD)) == []


def test_a_district_shares_with_its_own_units_only(keep, names, office, make_unit, make_member, city, lead):
    district = make_unit("东湖区", parent=city)
    keep(make_member(district, Role.OFFICE), shared="on")

    assert names(make_member(make_unit("街道", parent=district), Role.UNIT_LEAD)) == ["逾期的"]
    assert names(lead) == names(office) == []


def test_who_is_no_office_shares_nothing(keep, names, lead, staff):
    keep(lead, shared="on")

    assert SavedFilter.objects.get().shared_by is None
    assert names(staff) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page", "https://evil.example/"),
        ("page", "//evil.example/"),
        ("page", "/no/such/list/"),
        ("query", "page=2&unit="),
        ("name", ""),
        ("name", "长" * 41),
    ],
)
def test_what_is_no_filter_is_not_kept(keep, lead, field, value):
    answer = keep(lead, **{field: value})

    assert answer.status_code == 422
    assert not SavedFilter.objects.exists()


def test_a_name_is_used_once_at_a_list(keep, lead):
    keep(lead)

    assert keep(lead, query="late=soon").status_code == 422
    assert keep(lead, page="/tasks/my/").status_code == 302


def test_the_database_refuses_a_name_twice(lead):
    row = {"user": lead, "page": LIST, "name": "逾期的"}
    SavedFilter.objects.create(**row, query="late=true")

    with pytest.raises(IntegrityError, match="units_saved_filter_name_once"), transaction.atomic():
        SavedFilter.objects.create(**row, query="late=soon")
    with pytest.raises(IntegrityError, match="units_saved_filter_asks_something"), transaction.atomic():
        SavedFilter.objects.create(user=lead, page=LIST, name="空", query="")


def test_there_is_an_end_to_keeping(keep, lead):
    rows = [SavedFilter(user=lead, page=LIST, name=f"第{n}", query="late=true") for n in range(MOST)]
    SavedFilter.objects.bulk_create(rows)

    assert keep(lead).status_code == 422


def test_one_gives_it_another_name_and_forgets_it(keep, client, office):
    keep(office)
    kept = SavedFilter.objects.get()

    client.post(reverse("units:filter-edit", args=[kept.pk]), {"name": "要催办的", "shared": "on"})
    kept.refresh_from_db()
    assert (kept.name, kept.shared_by) == ("要催办的", office.home_unit)

    answer = client.post(reverse("units:filter-delete", args=[kept.pk]))
    assert answer.headers["Location"] == LIST
    assert not SavedFilter.objects.exists()


def test_what_is_shared_is_changed_by_its_owner_alone(keep, client, office, lead):
    keep(office, shared="on")
    client.force_login(lead)

    assert client.get(reverse("units:filter-edit", args=[SavedFilter.objects.get().pk])).status_code == 404
    assert client.post(reverse("units:filter-delete", args=[SavedFilter.objects.get().pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_who_keeps_a_filter_by_two_clicks_is_told_and_keeps_one(client, lead):
    client.force_login(lead)
    words = {"page": LIST, "query": "late=true", "name": "逾期的"}

    has_waited, rival = race(
        lambda: SavedFilter.objects.create(user=lead, **words), lambda: client.post(reverse("units:filter-new"), words)
    )

    assert (has_waited, rival.error, rival.result.status_code) == (True, None, 422)
    assert SavedFilter.objects.count() == 1
