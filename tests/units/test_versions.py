"""Two people change one row by forms that were opened at the same time: the later one sees what the first has saved."""

import pytest
from django.db import models

from tests.inspections.rivals import race
from units.models import Unit, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client, office, bureau):
    """What the form of our unit sends as it was opened, before anybody else saved."""
    bureau.short_name, bureau.code = "城管局", "CG"
    bureau.save()
    client.force_login(office)
    form = client.get(f"/units/{bureau.pk}/edit/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return shown | {"initial-valid_from": shown["valid_from"]}  # what Django hides in the page for a default by call


@pytest.fixture
def send(client, opened, bureau):
    return lambda **typed: client.post(f"/units/{bureau.pk}/edit/", opened | typed)


def other_saves(unit, **facts):
    Unit.objects.filter(pk=unit.pk).update(**facts)


def test_what_nobody_else_touched_is_saved(send, bureau):
    assert send(short_name="城管").status_code == 302

    bureau.refresh_from_db()
    assert bureau.short_name == "城管"


def test_the_later_one_sees_the_others_words_beside_the_own(send, bureau):
    other_saves(bureau, short_name="市城管")

    answer = send(short_name="城管")

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, ["short_name"])
    assert form["short_name"].value() == "城管" and "“市城管”" in form.errors["short_name"][0]
    bureau.refresh_from_db()
    assert bureau.short_name == "市城管"


def test_only_what_the_other_changed_is_pointed_out(send, bureau):
    other_saves(bureau, code="CGJ")

    form = send(short_name="城管").context["form"]

    assert list(form.errors) == ["code"]


def test_who_has_seen_it_may_keep_the_own_words(send, bureau):
    other_saves(bureau, short_name="市城管")
    form = send(short_name="城管").context["form"]

    assert send(short_name="城管", seen=form["seen"].value()).status_code == 302
    bureau.refresh_from_db()
    assert bureau.short_name == "城管"


def test_a_third_one_in_between_is_seen_too(send, bureau):
    other_saves(bureau, short_name="市城管")
    form = send(short_name="城管").context["form"]
    other_saves(bureau, short_name="综合执法局")

    assert send(short_name="城管", seen=form["seen"].value()).status_code == 422


def test_the_same_words_from_both_are_no_conflict(send, bureau):
    other_saves(bureau, short_name="城管")

    assert send(short_name="城管").status_code == 302


def test_the_others_choice_is_told_by_its_name(send, bureau):
    other_saves(bureau, kind=UnitKind.objects.create(name="事业单位"))

    assert "“事业单位”" in send(short_name="城管").context["form"].errors["kind"][0]


def test_what_the_other_emptied_is_told_as_empty(send, bureau):
    other_saves(bureau, code=None)

    assert "“空”" in send(short_name="城管").context["form"].errors["code"][0]


def test_a_form_shown_by_an_older_edition_of_the_software_compares_every_field(send, bureau):
    other_saves(bureau, short_name="市城管")

    assert list(send(short_name="城管", code="NEU", seen="abc").context["form"].errors) == ["short_name", "code"]


def test_the_version_is_kept_with_the_unsaved_words(client, office, bureau):
    client.force_login(office)

    assert 'name="seen"' in (page := client.get(f"/units/{bureau.pk}/edit/").content.decode())
    assert "data-kept" in page


def test_a_new_row_has_no_version(client, office):
    client.force_login(office)

    assert "seen" not in client.get("/units/new/").context["form"].fields


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_waits_and_sees_the_first(send, bureau):
    has_waited, rival = race(lambda: other_saves(bureau, short_name="市城管"), lambda: send(short_name="城管"))

    assert has_waited
    assert rival.result.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_would_win_unseen(send, bureau, monkeypatch):
    """The counter-proof: the row as the view read it first looks unchanged."""
    plain = models.Model.refresh_from_db
    monkeypatch.setattr(
        Unit, "refresh_from_db", lambda self, from_queryset=None, **more: None if from_queryset else plain(self, **more)
    )

    _has_waited, rival = race(lambda: other_saves(bureau, short_name="市城管"), lambda: send(short_name="城管"))

    bureau.refresh_from_db()
    assert (rival.result.status_code, bureau.short_name) == (302, "城管")
