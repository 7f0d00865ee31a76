"""Making a package and fetching it: who may, and what the page says on the way."""

import pytest
from django.urls import reverse

from reports.hand_in import make_package
from reports.jobs import make_file
from reports.models import HandInPackage, PackageJob
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    monkeypatch.setattr(make_file, "delay", lambda _pk, _label: None)


@pytest.fixture
def package(city, office, make_material, criterion):
    make_material(criterion)
    return make_package(unit=city, standard=None, by=office)


def url(name, package):
    return reverse(f"reports:package-{name}", args=[package.pk])


def test_the_office_makes_a_package_and_comes_to_its_page(client, office, city, make_material, criterion):
    make_material(criterion)
    client.force_login(office)

    answer = client.post(reverse("reports:package-new"), {"unit": city.pk})

    package = HandInPackage.objects.get()
    assert answer.headers["Location"] == package.get_absolute_url()
    assert package.jobs.get().state == "queued"


def test_nothing_to_hand_in_is_said_in_the_form(client, office, city):
    client.force_login(office)

    answer = client.post(reverse("reports:package-new"), {"unit": city.pk})

    assert answer.status_code == 422
    assert "这里没有带目录编号的资料" in answer.content.decode()
    assert not HandInPackage.objects.exists()


def test_a_unit_does_not_hand_in_for_another(client, lead, other_bureau, make_material, criterion):
    make_material(criterion, unit=other_bureau)
    client.force_login(lead)

    assert client.post(reverse("reports:package-new"), {"unit": other_bureau.pk}).status_code == 422


def test_the_file_is_streamed_when_it_is_there(client, office, package):
    client.force_login(office)
    assert client.get(url("file", package)).status_code == 404
    job = PackageJob.objects.asked_for(package, office)
    make_file(job.pk, PackageJob._meta.label)

    answer = client.get(url("file", package))

    assert answer.streaming and answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK\x03\x04")


@pytest.mark.parametrize(("role", "status"), [(Role.LEADER, 200), (Role.MONITOR, 404), (Role.INSPECTOR, 404)])
def test_who_reads_a_package(client, make_member, city, package, role, status):
    client.force_login(make_member(city, role))

    assert client.get(package.get_absolute_url()).status_code == status


def test_a_unit_does_not_see_the_package_of_the_city(client, lead, package):
    client.force_login(lead)

    assert client.get(package.get_absolute_url()).status_code == 404


def test_the_page_asks_for_itself_while_the_file_is_made(client, office, package):
    PackageJob.objects.asked_for(package, office)
    client.force_login(office)

    piece = client.get(url("progress", package)).content.decode()

    assert f'hx-get="{url("progress", package)}"' in piece and "<html" not in piece


def test_a_failed_file_is_tried_again(client, office, package):
    job = PackageJob.objects.asked_for(package, office)
    PackageJob.objects.filter(pk=job.pk).update(state="failed", error="changed")
    client.force_login(office)

    client.post(url("make-file", package))

    job.refresh_from_db()
    assert (job.state, job.error) == ("queued", "")


def test_the_page_costs_the_same_for_one_and_for_many(queries_of, office, city, make_material, make_criterion):
    criteria = [make_criterion(f"Ⅱ-{n}") for n in range(1, 9)]
    make_material(criteria[0])
    few = queries_of(office, make_package(unit=city, standard=None, by=office).get_absolute_url())
    for criterion in criteria[1:]:
        make_material(criterion)

    many = queries_of(office, make_package(unit=city, standard=None, by=office).get_absolute_url())

    assert many == few <= 20
