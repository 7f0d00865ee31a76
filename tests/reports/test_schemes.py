"""Schemes are data in versions: changed freely before they were used, by a new version after, never once issued by."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from reports.models import Component, Scheme
from reports.seeds import default_scheme
from units.roles import Role

FIELDS = {"name": "新办法", "basis": "文件", "decimals": 1, "ties": "dense", "red_list": 5, "black_list": 3}


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(tasks=30, deductions=70)


@pytest.fixture
def save(client, scheme):
    def post(user, **fields):
        client.force_login(user)
        return client.post(reverse("reports:scheme-edit", args=[scheme.pk]), FIELDS | fields)

    return post


def marks(scheme):
    return {component.measure: component.full for component in scheme.components.all()}


def test_the_first_scheme_of_a_level_is_made_once(city):
    assert default_scheme(city) == default_scheme(city)
    assert marks(default_scheme(city)) == {"tasks": 30, "deductions": 50, "rectification": 20}


def test_the_office_changes_what_was_not_used_yet(save, office, scheme):
    response = save(office, full_pass_rate=40, full_rectification="12.5")

    scheme.refresh_from_db()
    assert response.status_code == 302
    assert (scheme.name, scheme.decimals, scheme.ties) == ("新办法", 1, "dense")
    assert [float(full) for full in marks(scheme).values()] == [40, 12.5]


def test_a_component_without_a_name_gets_the_official_one(save, office, scheme):
    save(office, full_pass_rate=40)

    assert scheme.components.get().name == "实地得分率"


@pytest.mark.parametrize("wrong", [{}, {"full_tasks": -1}, {"full_tasks": 5, "decimals": 9}, {"full_tasks": "x"}])
def test_a_bad_scheme_is_refused_with_the_page(save, office, scheme, wrong):
    assert save(office, **wrong).status_code == 422
    assert marks(scheme) == {"tasks": 30, "deductions": 70}


def test_a_leader_reads_but_does_not_change(client, save, leader, scheme):
    assert save(leader, full_tasks=5).status_code == 403
    assert client.get(scheme.get_absolute_url()).status_code == 200


def test_a_unit_does_not_know_of_schemes(client, lead, scheme):
    client.force_login(lead)

    assert client.get(scheme.get_absolute_url()).status_code == 404
    assert client.get(reverse("reports:schemes")).status_code == 403


def test_a_used_scheme_is_changed_by_a_new_version(client, save, calculate, office, scheme):
    calculate(scheme)
    assert save(office, full_tasks=5).status_code == 409

    client.post(reverse("reports:scheme-copy", args=[scheme.pk]))

    copy = Scheme.objects.get(name=scheme.name, version=2)
    assert marks(copy) == marks(scheme)


def test_a_copy_of_an_old_version_gets_the_next_free_number(scheme):
    scheme.next_version()

    assert scheme.next_version().version == 3


def test_the_database_refuses_to_change_a_frozen_scheme(scheme):
    scheme.freeze(timezone.now())

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(red_list=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda scheme: scheme.components.update(full=1),
        lambda scheme: scheme.components.all().delete(),
        lambda scheme: Component.objects.create(scheme=scheme, measure="pass_rate", name="得分率", full=1),
    ],
)
def test_the_database_refuses_to_change_the_components_of_a_frozen_scheme(scheme, change):
    scheme.freeze(timezone.now())

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(scheme)


def test_freezing_twice_keeps_the_first_date(scheme):
    first, second = timezone.now(), timezone.now()
    scheme.freeze(first)
    scheme.freeze(second)

    scheme.refresh_from_db()
    assert scheme.frozen_at == first


def test_a_level_may_use_the_schemes_of_the_levels_above(scheme, make_unit, city):
    district = make_unit("东湖区", parent=city)
    own = default_scheme(district)

    assert list(Scheme.objects.for_level(district)) == [own, scheme]
    assert list(Scheme.objects.for_level(city)) == [scheme]


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICE, 302), (Role.LEADER, 403)])
def test_only_an_office_begins_a_scheme(client, make_member, city, role, status):
    client.force_login(make_member(city, role))

    assert client.post(reverse("reports:scheme-new")).status_code == status


def test_a_measure_stands_once_in_a_scheme(scheme):
    with pytest.raises(IntegrityError, match="reports_measure_once_in_a_scheme"), transaction.atomic():
        scheme.components.create(measure="tasks", name="再一个", full=1)


def test_a_full_mark_is_positive(scheme):
    with pytest.raises(IntegrityError, match="reports_full_mark_is_positive"), transaction.atomic():
        scheme.components.create(measure="pass_rate", name="得分率", full=0)


def test_a_scheme_does_not_take_the_name_of_another(save, scheme, office):
    Scheme.objects.create(unit=scheme.unit, name="另一办法", version=scheme.version)

    assert save(office, name="另一办法", full_tasks=40).status_code == 422
