"""Changing units on their pages: who may, what it does, what stands in the way."""

import pytest
from django.db import IntegrityError, transaction

from units.matching import Matcher
from units.models import Honour, PeerGroup, Unit, UnitKind, UnitPerson
from units.roles import Role

TODAY = "2026-03-01"


@pytest.fixture
def at_office(client, office):
    client.force_login(office)
    return client


def facts(unit, **changes):
    return {"kind": unit.kind_id, "order": 0, "valid_from": "2020-01-01", "short_name": "", "code": ""} | changes


def address(unit, step):
    return f"/units/{unit.pk}/{step}/"


def test_the_office_makes_a_unit(at_office, city):
    kind = UnitKind.objects.get()

    answer = at_office.post("/units/new/", facts(city, parent=city.pk, name="市文旅局", kind=kind.pk))

    unit = Unit.objects.get(name="市文旅局")
    assert answer.url == unit.get_absolute_url()
    assert (unit.parent, unit.events.get().step) == (city, "create")


def test_a_second_unit_of_the_same_name_in_the_same_place_is_refused_in_the_form(at_office, city, bureau):
    answer = at_office.post("/units/new/", facts(city, parent=city.pk, name=bureau.name))

    assert answer.status_code == 422
    assert "该处已有同名单位" in answer.content.decode()


def test_nobody_makes_a_unit_outside_the_own_scope(client, make_member, city, bureau):
    district_office = make_member(bureau, Role.OFFICE)
    client.force_login(district_office)

    assert client.post("/units/new/", facts(city, parent=city.pk, name="外局")).status_code == 422
    assert client.post("/units/new/", facts(city, parent=bureau.pk, name="内科")).status_code == 302


def test_only_the_superuser_makes_a_new_top(client, admin_user, at_office, city):
    data = facts(city, name="另一市")
    assert at_office.post("/units/new/", data).status_code == 422

    client.force_login(admin_user)

    assert client.post("/units/new/", data).status_code == 302


def test_the_facts_of_a_unit_are_edited(at_office, bureau):
    at_office.post(address(bureau, "edit"), facts(bureau, short_name="城管局", code="CG"))

    bureau.refresh_from_db()
    assert (bureau.short_name, bureau.code) == ("城管局", "CG")


def test_two_units_without_a_code_do_not_collide(at_office, bureau, other_bureau):
    for unit in (bureau, other_bureau):
        assert at_office.post(address(unit, "edit"), facts(unit)).status_code == 302


def test_a_wrong_fact_is_said_in_the_form(at_office, bureau):
    assert at_office.post(address(bureau, "edit"), facts(bureau, kind="")).status_code == 422


def test_a_unit_is_renamed_and_its_old_name_still_found(at_office, city, bureau, office):
    at_office.post(address(bureau, "rename"), {"name": "市城市管理局", "on": TODAY, "keep": "on", "note": "机构改革"})

    event = bureau.events.get()
    assert (event.step, event.actor, event.note) == ("rename", office, "机构改革")
    assert Matcher(city).match("城管局").name == "市城市管理局"


def test_a_name_is_not_changed_ahead_of_its_day(at_office, bureau):
    assert at_office.post(address(bureau, "rename"), {"name": "新局", "on": "2999-01-01"}).status_code == 422


def test_a_unit_is_moved(at_office, bureau, other_bureau):
    at_office.post(address(bureau, "move"), {"parent": other_bureau.pk})

    bureau.refresh_from_db()
    assert bureau.path.startswith(other_bureau.path)


def test_a_unit_is_not_moved_below_itself(at_office, bureau, make_unit):
    section = make_unit("市容科", parent=bureau)

    assert at_office.post(address(bureau, "move"), {"parent": section.pk}).status_code == 422


def test_a_unit_is_merged(at_office, bureau, other_bureau):
    answer = at_office.post(address(bureau, "merge"), {"other": other_bureau.pk, "on": TODAY})

    bureau.refresh_from_db()
    assert (bureau.successor, answer.url) == (other_bureau, other_bureau.get_absolute_url())


def test_what_stands_in_the_way_of_an_end_is_said_in_the_form(at_office, city, bureau):
    answer = at_office.post(address(city, "end"), {"on": TODAY})

    assert answer.status_code == 422
    assert "其下还有单位" in answer.content.decode()


def test_a_unit_ends(at_office, bureau):
    at_office.post(address(bureau, "end"), {"on": TODAY})

    assert bureau not in Unit.objects.current()


@pytest.mark.parametrize("step", ["edit", "rename", "move", "merge", "end", "names/new", "persons/new", "honours/new"])
def test_a_unit_lead_changes_nothing_of_the_unit(client, lead, bureau, step):
    client.force_login(lead)

    assert client.get(address(bureau, step)).status_code == 403
    assert client.post(address(bureau, step)).status_code == 403


@pytest.mark.parametrize("step", ["edit", "rename", "move", "merge", "end", "names/new", "persons/new", "honours/new"])
def test_the_office_of_another_unit_does_not_find_it(client, make_member, bureau, other_bureau, step):
    client.force_login(make_member(other_bureau, Role.OFFICE))

    assert client.get(address(bureau, step)).status_code == 404
    assert client.post(address(bureau, step)).status_code == 404


def test_an_alias_is_added_changed_and_removed(at_office, city, bureau):
    at_office.post(address(bureau, "names/new"), {"name": "市容局"})
    name = bureau.names.get()
    assert Matcher(city).match("市容局") == bureau

    at_office.post(f"/units/names/{name.pk}/", {"name": "执法局"})
    assert bureau.names.get().name == "执法局"

    at_office.post(f"/units/names/{name.pk}/delete/")
    assert not bureau.names.exists()


def test_a_name_that_the_unit_has_is_not_added_again(at_office, bureau):
    assert at_office.post(address(bureau, "names/new"), {"name": f" {bureau.name} "}).status_code == 422


def test_a_head_is_named(at_office, bureau):
    data = {"position": "head", "name": "赵局长", "title": "局长", "phone": "0000", "since": TODAY}

    at_office.post(address(bureau, "persons/new"), data)

    assert UnitPerson.objects.get(unit=bureau).name == "赵局长"


def test_an_honour_is_noted(at_office, bureau):
    data = {"name": "文明单位", "level": "city", "since": TODAY}

    at_office.post(address(bureau, "honours/new"), data)

    assert Honour.objects.get(unit=bureau).level == "city"


@pytest.mark.parametrize("kind", ["names", "persons", "honours"])
def test_what_belongs_to_a_unit_of_others_is_not_found(client, make_member, bureau, other_bureau, kind):
    rows = {
        "names": bureau.names.create(name="市容局"),
        "persons": bureau.persons.create(position="head", name="赵"),
        "honours": bureau.honours.create(name="文明单位", level="city", since=TODAY),
    }
    client.force_login(make_member(other_bureau, Role.OFFICE))

    assert client.get(f"/units/{kind}/{rows[kind].pk}/").status_code == 404
    assert client.post(f"/units/{kind}/{rows[kind].pk}/delete/").status_code == 404


def test_a_peer_group_knows_what_ledgers_call_it(at_office):
    at_office.post("/units/groups/new/", {"name": "区县组", "aliases": "各区、各县区, 各区", "order": 1})

    assert PeerGroup.objects.get().aliases == ["各区", "各县区"]


def test_a_kind_in_use_stays(at_office, bureau):
    unused = UnitKind.objects.create(name="企业")

    at_office.post(f"/units/kinds/{bureau.kind_id}/delete/")
    at_office.post(f"/units/kinds/{unused.pk}/delete/")

    assert list(UnitKind.objects.filter(pk__in=[bureau.kind_id, unused.pk])) == [bureau.kind]


def test_the_lists_are_kept_at_the_top_only(client, make_member, bureau):
    client.force_login(make_member(bureau, Role.OFFICE))

    assert client.get("/units/kinds/").status_code == 403
    assert client.post("/units/kinds/new/", {"name": "企业", "order": 1}).status_code == 403


@pytest.mark.parametrize(
    ("step", "data", "words"),
    [
        ("rename", {"name": "市教育局", "on": TODAY}, "该处已有同名单位"),
        ("end", {"on": "2019-12-31"}, "不能早于"),
        ("merge", {"on": "2019-12-31"}, "不能早于"),
    ],
)
def test_what_the_database_refuses_is_said_in_the_form(at_office, bureau, other_bureau, step, data, words):
    answer = at_office.post(address(bureau, step), {"other": other_bureau.pk} | data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_unit_does_not_move_to_where_its_name_is_taken(at_office, make_unit, bureau, other_bureau):
    make_unit("办公室", parent=other_bureau)

    answer = at_office.post(address(make_unit("办公室", parent=bureau), "move"), {"parent": other_bureau.pk})

    assert answer.status_code == 422
    assert "该处已有同名单位" in answer.content.decode()


def test_a_unit_does_not_begin_after_its_end(at_office, bureau):
    Unit.objects.filter(pk=bureau.pk).update(valid_until="2026-06-30")

    assert at_office.post(address(bureau, "edit"), facts(bureau, valid_from="2026-07-01")).status_code == 422


@pytest.mark.parametrize("step", ["move", "merge"])
def test_nobody_becomes_administrator_by_hanging_units_below_the_own(
    at_office, office, make_unit, make_member, city, other_bureau, step
):
    mine = make_unit("我局", parent=city)
    office.memberships.create(unit=mine, role=Role.ADMIN, since="2020-01-01")
    section = make_unit("督导科", parent=other_bureau)
    somebody = make_member(section, Role.UNIT_LEAD)

    answer = at_office.post(address(other_bureau, step), {"parent": mine.pk, "other": mine.pk, "on": TODAY})

    assert answer.status_code == 422
    assert at_office.post(f"/units/people/{somebody.pk}/password/").status_code == 403


def test_who_administers_a_unit_already_may_hang_it_below_the_own(at_office, office, make_unit, city, other_bureau):
    office.memberships.create(unit=city, role=Role.ADMIN, since="2020-01-01")

    answer = at_office.post(address(other_bureau, "move"), {"parent": make_unit("我局", parent=city).pk})

    assert answer.status_code == 302


TERMS = {
    "honour": {"name": "文明单位", "level": "city"},
    "person": {"position": "head", "name": "王局长", "title": "", "phone": ""},
}
ROWS = {"honour": Honour, "person": UnitPerson}


@pytest.mark.parametrize("what", TERMS)
def test_what_a_unit_has_does_not_end_before_it_begins(at_office, bureau, what):
    days = {"since": "2026-03-02", "until": "2026-03-01"}

    answer = at_office.post(f"/units/{bureau.pk}/{what}s/new/", TERMS[what] | days)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])
    assert not ROWS[what].objects.exists()


@pytest.mark.parametrize("what", TERMS)
def test_the_database_keeps_the_days_of_a_term_in_order(bureau, what):
    row = ROWS[what](unit=bureau, **TERMS[what], since="2026-03-02", until="2026-03-01")

    with pytest.raises(IntegrityError, match=f"units_{what}_ends_after_it_began"), transaction.atomic():
        row.save()

    row.until = row.since
    row.save()


def test_the_days_of_a_role_are_told_to_be_wrong_next_to_them(client, admin_user, staff):
    client.force_login(admin_user)
    held = staff.memberships.get()

    answer = client.post(f"/units/memberships/{held.pk}/", {"since": "2026-03-02", "until": "2026-03-01"})

    assert list(answer.context["form"].errors) == ["until"]
