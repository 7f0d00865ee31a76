"""Each person sees the rows of the own units and no others, by every door: lists, pages, photos, filters, search."""

import pytest
from django.urls import reverse

from inspections.capture import add_photo
from inspections.models import Finding, FindingPhoto, FixPhoto, RectificationItem
from tests.inspections.conftest import jpeg
from units.files import accept, check
from units.models import Unit

pytestmark = pytest.mark.django_db
CANARY = "金丝雀问题"


@pytest.fixture
def foreign(make_item, make_finding, other_bureau):
    """A finding of the other unit, with its item; its words must not be seen by ours."""
    return make_item(finding=make_finding(other_bureau, text=CANARY))


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


@pytest.mark.parametrize("page", ["items", "findings", "places"])
def test_a_list_shows_no_foreign_row(as_lead, foreign, item, page):
    assert Finding.objects.filter(text=CANARY).exists()

    html = as_lead.get(reverse(f"inspections:{page}")).content.decode()

    assert CANARY not in html
    assert foreign.finding.place.name not in html


@pytest.mark.parametrize("page", ["items", "findings"])
def test_a_search_for_the_words_finds_nothing(as_lead, foreign, page):
    response = as_lead.get(reverse(f"inspections:{page}"), {"q": CANARY})

    assert response.context["listing"].count == 0


def test_the_filters_offer_no_foreign_unit(as_lead, foreign):
    html = as_lead.get(reverse("inspections:items")).content.decode()

    assert Unit.objects.filter(name="市教育局").exists()
    assert "市教育局" not in html


def test_a_foreign_unit_in_the_address_changes_nothing(as_lead, foreign, item, other_bureau):
    response = as_lead.get(reverse("inspections:items"), {"unit": other_bureau.pk})

    assert foreign not in response.context["listing"].rows


def test_foreign_pages_do_not_exist(as_lead, foreign):
    pages = [foreign.get_absolute_url(), foreign.finding.get_absolute_url(), foreign.finding.place.get_absolute_url()]

    assert [as_lead.get(page).status_code for page in pages] == [404, 404, 404]


STEPS = ["sign", "prepare", "submit", "dispute", "verify", "return", "uphold", "reassign"]


@pytest.mark.parametrize("step", STEPS)
def test_foreign_steps_do_not_exist(as_lead, foreign, step):
    response = as_lead.post(reverse(f"inspections:item-{step}", args=[foreign.pk]), {"note": "x", "measure": "x"})

    assert response.status_code == 404


@pytest.mark.parametrize("size", ["", "?size=thumb"])
def test_a_foreign_photo_does_not_exist(as_lead, client, foreign, other_lead, inspector, size):
    photo = add_photo(foreign.finding, check(jpeg()), by=inspector)
    ours = as_lead.get(photo.url + size).status_code
    client.force_login(other_lead)

    assert (ours, client.get(photo.url + size).status_code) == (404, 200)


def test_a_foreign_photo_of_the_result_does_not_exist(as_lead, client, foreign, other_lead, other_bureau):
    foreign.submit(by=other_lead, measure="已清理", photos=[accept(jpeg(), unit=other_bureau, by=other_lead)])
    photo = FixPhoto.objects.get()
    ours = as_lead.get(photo.url).status_code
    client.force_login(other_lead)

    assert (ours, client.get(photo.url).status_code) == (404, 200)


def test_photos_go_along_when_the_item_is_reassigned(client, put_in, office, other_bureau, other_lead, inspector):
    item = put_in("disputed")
    photo = add_photo(item.finding, check(jpeg()), by=inspector)
    client.force_login(office)
    client.post(reverse("inspections:item-reassign", args=[item.pk]), {"unit": other_bureau.pk, "note": "属教育局"})
    client.force_login(other_lead)

    assert client.get(photo.url).status_code == 200


def test_a_place_is_seen_by_the_units_that_answer_for_it(as_lead, make_place, other_bureau, bureau):
    place = make_place(other_bureau)
    before = as_lead.get(place.get_absolute_url()).status_code
    place.set_responsible(bureau, [])

    assert (before, as_lead.get(place.get_absolute_url()).status_code) == (404, 200)


def test_the_history_of_a_shared_place_shows_only_the_own_findings(
    as_lead, make_place, make_finding, other_bureau, bureau
):
    place = make_place(other_bureau)
    place.set_responsible(bureau, [])
    make_finding(other_bureau, place=place, text=CANARY)
    make_finding(bureau, place=place, text="我们的问题")

    html = as_lead.get(place.get_absolute_url()).content.decode()

    assert "我们的问题" in html
    assert CANARY not in html


def test_units_see_no_rounds(as_lead, running, stop):
    pages = [running.get_absolute_url(), reverse("inspections:capture", args=[stop.pk])]

    assert [as_lead.get(page).status_code for page in pages] == [404, 404]


def test_the_district_sees_what_lies_below_it(client, make_unit, make_member, make_item, city):
    district = make_unit("东湖区", parent=city)
    item = make_item(make_unit("东街道", parent=district))
    client.force_login(make_member(district, "unit_lead"))

    assert client.get(item.get_absolute_url()).status_code == 200


def test_the_leader_reads_and_changes_nothing(client, item, leader):
    client.force_login(leader)
    read = client.get(item.get_absolute_url()).status_code
    steps = {
        client.post(reverse(f"inspections:item-{step}", args=[item.pk]), {"note": "x"}).status_code for step in STEPS
    }

    assert (read, steps) == (200, {403})


def test_without_a_login_there_is_only_the_login(client, item):
    photo_count = FindingPhoto.objects.count() + RectificationItem.objects.count()

    response = client.get(item.get_absolute_url())

    assert photo_count
    assert response.status_code == 302
