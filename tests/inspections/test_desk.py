"""What the office plans: rounds, teams, places, checklists."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from inspections.models import Checklist, Place, Round
from inspections.seeds import seed_checklist
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


def test_the_office_plans_a_round(desk, city, checklist, checklist_item):
    today = timezone.localdate()
    sent = {"name": "四季度督查", "unit": city.pk, "checklist": checklist.pk, "starts_on": today, "ends_on": today}

    desk.post(reverse("inspections:round-add"), sent)

    assert Round.objects.get().unit == city


def test_a_round_that_ends_before_it_starts_is_refused(desk, city, checklist):
    days = {"starts_on": "2026-10-02", "ends_on": "2026-10-01"}

    response = desk.post(
        reverse("inspections:round-add"), {"name": "四季度督查", "unit": city.pk, "checklist": checklist.pk} | days
    )

    assert response.status_code == 422


def test_the_database_refuses_a_round_that_ends_before_it_starts(make_round):
    with pytest.raises(IntegrityError, match="inspections_round_ends_after_start"):
        make_round(starts_on="2026-10-02", ends_on="2026-10-01")


def test_a_round_freezes_its_checklist(make_round, checklist):
    make_round()

    checklist.refresh_from_db()
    assert checklist.frozen_at


def test_the_database_refuses_to_change_an_item_that_a_round_has_used(running, checklist_item):
    checklist_item.deduction = 1

    with pytest.raises(IntegrityError, match="a checklist that a round has used"):
        checklist_item.save()


def test_the_database_refuses_a_new_item_for_a_round_in_use(running, checklist, market):
    with pytest.raises(IntegrityError, match="a checklist that a round has used"):
        checklist.items.create(place_type=market, category="环境", text="无垃圾")


def test_a_new_version_has_the_same_items_and_can_be_changed(desk, running, checklist, checklist_item):
    desk.post(reverse("inspections:checklist-copy", args=[checklist.pk]))

    new = Checklist.objects.get(version=2)
    item = new.items.get()
    item.text = "无占道经营、无流动摊贩"
    item.save()
    checklist_item.refresh_from_db()
    assert checklist_item.text == "无占道经营现象"


def test_an_item_of_a_frozen_checklist_has_no_form(desk, running, checklist_item):
    url = reverse("inspections:checklist-item-edit", args=[checklist_item.pk])

    assert desk.get(url).status_code == 409


def test_the_office_changes_an_item_that_no_round_has_used(desk, checklist_item, market):
    url = reverse("inspections:checklist-item-edit", args=[checklist_item.pk])
    sent = {"place_type": market.pk, "category": "秩序", "text": "无占道", "points": "3", "deduction": "1"}

    desk.post(url, sent | {"limit_hours": "4", "limit_days": "", "phrases": "摊位外溢\n\n流动摊贩"})

    checklist_item.refresh_from_db()
    assert (checklist_item.limit_hours, checklist_item.phrases) == (4, ["摊位外溢", "流动摊贩"])


def test_the_office_begins_a_checklist_of_a_new_name_only(desk, city, checklist):
    url = reverse("inspections:checklist-add")

    codes = [desk.post(url, {"unit": city.pk, "name": name}).status_code for name in ("窗口专项", checklist.name)]

    assert codes == [302, 422]


def test_items_are_taken_out_of_a_checklist_only_before_a_round_uses_it(desk, checklist_item, make_round):
    checklist = checklist_item.checklist
    url, sent = reverse("inspections:checklist-drop", args=[checklist.pk]), {"selected": [checklist_item.pk]}
    spare = checklist.items.create(place_type=checklist_item.place_type, category="环境", text="无垃圾")
    before = desk.post(url, {"selected": [spare.pk]}).status_code
    make_round()

    assert (before, desk.post(url, sent).status_code) == (302, 409)
    assert list(checklist.items.all()) == [checklist_item]


def test_the_checklist_of_a_round_stays_once_a_visit_has_begun(desk, stop, running, bureau, inspector):
    running.visits.create(place=stop.place, by=inspector)
    other = seed_checklist(bureau)
    sent = {"name": "改名", "unit": running.unit_id, "starts_on": running.starts_on, "ends_on": running.ends_on}

    desk.post(reverse("inspections:round-edit", args=[running.pk]), sent | {"checklist": other.pk})

    running.refresh_from_db()
    assert (running.name, running.checklist == other) == ("改名", False)


def test_an_item_has_either_hours_or_days(desk, checklist_item, market):
    url = reverse("inspections:checklist-item-edit", args=[checklist_item.pk])
    sent = {"place_type": market.pk, "category": "秩序", "text": "无占道", "points": "3", "deduction": "1"}

    assert desk.post(url, sent | {"limit_hours": "4", "limit_days": "3"}).status_code == 422


def test_a_team_is_made_of_people_of_the_level(desk, make_round, inspector, lead):
    round_ = make_round()
    url = reverse("inspections:team-add", args=[round_.pk])

    refused = desk.post(url, {"name": "一组", "members": [lead.pk]}).status_code
    desk.post(url, {"name": "一组", "members": [inspector.pk]})

    assert refused == 422
    assert list(round_.teams.get().members.all()) == [inspector]


def test_two_teams_of_a_round_have_different_names(desk, running, inspector):
    url = reverse("inspections:team-add", args=[running.pk])

    assert desk.post(url, {"name": "一组", "members": [inspector.pk]}).status_code == 422


def test_places_are_counted_before_they_are_added(desk, running, make_place):
    make_place()
    make_place()
    url = reverse("inspections:round-places", args=[running.pk])

    assert desk.post(url, {}).context["count"] == 2
    assert not running.stops.exists()


def test_places_are_added_by_kind_and_ground_once(desk, running, make_place, bureau, other_bureau, market):
    wanted, _elsewhere = make_place(bureau), make_place(other_bureau)
    url = reverse("inspections:round-places", args=[running.pk])
    sent = {"place_types": [market.pk], "unit": bureau.pk, "team": running.teams.get().pk, "add": "1"}

    for _ in range(2):
        desk.post(url, sent)

    assert [(stop.place, stop.team.name) for stop in running.stops.all()] == [(wanted, "一组")]


def test_a_place_out_of_use_is_not_added(desk, running, make_place):
    make_place(is_active=False)

    assert desk.post(reverse("inspections:round-places", args=[running.pk]), {}).context["count"] == 0


def test_a_place_is_taken_off_the_list(desk, stop, running):
    desk.post(reverse("inspections:round-drop", args=[running.pk]), {"selected": [stop.pk]})

    assert not running.stops.exists()


def test_the_office_adds_a_place_with_its_units(desk, city, market, bureau, other_bureau):
    sent = {"name": "新市场", "unit": city.pk, "place_type": market.pk, "is_active": "on"}

    desk.post(reverse("inspections:place-add"), sent | {"lead": bureau.pk, "joint": [other_bureau.pk, bureau.pk]})

    assert Place.objects.with_units().get().answering_units() == [bureau, other_bureau, city]


def test_the_page_of_a_place_tells_who_changed_what(desk, office, make_place, market):
    place = make_place()
    sent = {"name": "新市场", "unit": place.unit_id, "place_type": market.pk, "is_active": "on", "lead": place.unit_id}
    desk.post(reverse("inspections:place-edit", args=[place.pk]), sent)

    history = desk.get(place.get_absolute_url()).context["history"]

    assert {entry.actor for entry in history[:2]} == {office}
    assert "新市场" in str([entry.changes for entry in history])


def test_the_database_keeps_one_lead_at_a_place(make_place, bureau, other_bureau):
    place = make_place()
    place.responsibilities.create(unit=bureau, is_lead=True)

    with pytest.raises(IntegrityError, match="inspections_one_lead_at_a_place"):
        place.responsibilities.create(unit=other_bureau, is_lead=True)


def test_the_qr_code_is_a_picture_that_needs_no_script(desk, make_place):
    response = desk.get(reverse("inspections:place-qr", args=[make_place().pk]))

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert b"<script" not in response.content


OFFICE_PAGES = ["round-add", "place-add"]


@pytest.mark.parametrize("who", ["inspector", "leader", "lead"])
@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_only_the_office_plans(client, request, who, page):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse(f"inspections:{page}")).status_code == 403


@pytest.mark.parametrize("page", ["round-edit", "team-add", "round-places"])
def test_an_inspector_changes_no_round(client, inspector, running, page):
    client.force_login(inspector)

    assert client.get(reverse(f"inspections:{page}", args=[running.pk])).status_code == 403


@pytest.mark.parametrize("page", ["round", "checklist", "place", "visit"])
def test_the_pages_of_the_desk_are_there(desk, page, running, checklist, make_place, stop, office):
    rows = {"round": running, "checklist": checklist, "place": stop.place}
    row = rows.get(page) or running.visits.create(place=stop.place, by=office)

    assert desk.get(row.get_absolute_url()).status_code == 200


def test_the_seeded_checklist_can_be_planned_with(desk, bureau, make_round):
    assert make_round(checklist=seed_checklist(bureau)).checklist.items.count() > 200


@pytest.mark.parametrize("key", ["9" * 5000, "9" * 30, "٣", "x"])
def test_a_ticked_row_that_cannot_be_one_is_ignored(desk, running, stop, key):
    response = desk.post(reverse("inspections:round-drop", args=[running.pk]), {"selected": key})

    assert response.status_code == 302
    assert running.stops.count() == 1


def test_a_unit_out_of_sight_still_answers_after_the_place_was_edited(client, make_member, make_unit, city, make_place):
    district, far_bureau = make_unit("东湖区", parent=city), make_unit("市市场监管局", parent=city)
    place = make_place(unit=district)
    place.set_responsible(far_bureau, [])
    client.force_login(make_member(district, Role.OFFICE))
    address = reverse("inspections:place-edit", args=[place.pk])
    form = client.get(address).context["form"]

    shown = {name: value for name in form.fields if (value := form[name].value())}
    client.post(address, shown | {"address": "新址"})

    edited = Place.objects.get(pk=place.pk)
    assert (edited.address, edited.lead_unit()) == ("新址", far_bureau)


@pytest.mark.parametrize("limit", [{"limit_hours": 2001}, {"limit_days": 301}])
def test_a_limit_longer_than_a_working_year_is_refused(desk, checklist, market, limit):
    said = {"place_type": market.pk, "category": "环境", "text": "无垃圾", "points": "2", "deduction": "0.5"}

    response = desk.post(reverse("inspections:checklist-item-add", args=[checklist.pk]), said | limit)

    assert response.status_code == 422


def test_a_place_changed_meanwhile_is_not_overwritten_unseen(client, office, make_place, bureau, other_bureau):
    place = make_place(bureau)
    client.force_login(office)
    address = reverse("inspections:place-edit", args=[place.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in ("seen", "name", "place_type", "unit")}
    place.set_responsible(other_bureau, [])

    answer = client.post(address, sent | {"address": "人民路1号"})

    assert (answer.status_code, other_bureau.name in answer.context["form"].errors["lead"][0]) == (422, True)
    place.refresh_from_db()
    assert (place.address, place.lead_unit()) == ("", other_bureau)
