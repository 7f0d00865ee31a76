"""Two people at the same material or criterion: two numbers, one newest revision. Each with its counter-proof."""

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from tasks.forms.material import TitleForm
from tasks.models import CatalogueNumber, Material, RequiredPiece
from tasks.models.material import AlreadyFiled, RevisionChanged
from tests.inspections.rivals import race

pytestmark = pytest.mark.django_db(transaction=True)


def link_at_once(make_material, criterion, office):
    first, second = make_material(), make_material()
    return race(lambda: first.link(criterion, by=office), lambda: second.link(criterion, by=office))


def test_two_who_file_under_one_criterion_get_two_numbers(make_material, criterion, office):
    has_waited, rival = link_at_once(make_material, criterion, office)

    assert (has_waited, rival.error) == (True, None)
    assert sorted(map(str, CatalogueNumber.objects.all())) == ["Ⅱ-1-1)-①", "Ⅱ-1-1)-②"]


def test_without_the_lock_the_second_would_be_refused(make_material, criterion, office, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())

    _has_waited, rival = link_at_once(make_material, criterion, office)

    assert isinstance(rival.error, IntegrityError)


def revise_at_once(material, make_attachment, staff, lead):
    first, second = Material.objects.get(), Material.objects.get()
    ours, theirs = make_attachment(), make_attachment()
    return race(lambda: first.revise(ours, by=staff, read=1), lambda: second.revise(theirs, by=lead, read=1))


def test_the_second_who_replaces_the_same_revision_is_told(make_material, make_attachment, staff, lead):
    has_waited, rival = revise_at_once(make_material(), make_attachment, staff, lead)

    assert has_waited
    assert isinstance(rival.error, RevisionChanged)
    assert Material.objects.get().newest.by == staff


def test_without_the_lock_both_would_try(make_material, make_attachment, staff, lead, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())

    _has_waited, rival = revise_at_once(make_material(), make_attachment, staff, lead)

    assert isinstance(rival.error, IntegrityError)


def take_at_once(make_attachment, staff, lead):
    """Two send the form for the same file of a report."""
    attachment = make_attachment()
    return race(
        lambda: Material.objects.file(attachment, title="方案", places=[], by=staff),
        lambda: Material.objects.file(attachment, title="整治方案", places=[], by=lead),
    )


def test_of_two_who_take_the_same_file_the_second_is_told_of_the_entry(make_attachment, staff, lead):
    has_waited, rival = take_at_once(make_attachment, staff, lead)

    assert has_waited
    assert isinstance(rival.error, AlreadyFiled)
    assert rival.error.material == Material.objects.get()


def test_without_the_lock_the_file_would_stand_in_the_catalogue_twice(make_attachment, staff, lead, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())

    take_at_once(make_attachment, staff, lead)

    assert Material.objects.count() == 2


def rename(person, material, title, seen):
    client = Client()
    client.force_login(person)
    return client.post(reverse("tasks:material-edit", args=[material.pk]), {"title": title, "seen": seen})


def rename_at_once(material, staff, lead):
    """Both have opened the form of the title and save it."""
    seen = TitleForm(instance=material).version()
    return race(lambda: rename(staff, material, "甲", seen), lambda: rename(lead, material, "乙", seen))


def test_of_two_who_change_a_title_the_second_sees_the_first(make_material, staff, lead):
    has_waited, rival = rename_at_once(make_material(), staff, lead)

    assert (has_waited, rival.error, rival.result.status_code) == (True, None, 422)
    assert "“甲”" in rival.result.content.decode()
    assert Material.objects.get().title == "甲"


def test_without_the_lock_the_second_title_would_replace_the_first(make_material, staff, lead, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())

    _has_waited, rival = rename_at_once(make_material(), staff, lead)

    assert rival.result.status_code == 302
    assert Material.objects.get().title == "乙"


def require(criterion, office):
    client = Client()
    client.force_login(office)
    return client.post(reverse("tasks:piece-new", args=[criterion.pk]), {"name": "台账", "asked_of": "lead"})


def test_who_requires_the_same_piece_a_moment_later_is_told(criterion, office):
    has_waited, rival = race(
        lambda: RequiredPiece.objects.add(criterion, name="台账"), lambda: require(criterion, office)
    )

    assert (has_waited, rival.error, rival.result.status_code) == (True, None, 422)
    assert criterion.pieces.count() == 1
