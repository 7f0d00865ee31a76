"""An edition is changed by one person while another makes a ledger from it: one waits for the other."""

import pgtrigger
import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from tasks.models import Criterion, Ledger, Standard
from tasks.standards.editions import make_ledger
from tests.inspections.rivals import race

pytestmark = pytest.mark.django_db(transaction=True)


def reword():
    Criterion.objects.filter(text="制定学习计划").update(text="改过的标准")


def made(edition, city):
    return make_ledger(Standard.objects.get(pk=edition.pk), unit=city, name="分解表", year=2026)


def test_a_change_waits_for_the_ledger_that_is_being_made_and_is_refused(edition, city):
    has_waited, rival = race(lambda: made(edition, city), reword)

    assert has_waited
    assert isinstance(rival.error, IntegrityError)
    assert Ledger.objects.get().tasks.filter(title="制定学习计划").exists()


def test_a_ledger_waits_for_the_change_and_has_the_new_words(edition, city):
    has_waited, rival = race(reword, lambda: made(edition, city))

    assert (has_waited, rival.error) == (True, None)
    assert Ledger.objects.get().tasks.filter(title="改过的标准").exists()


def test_without_holding_the_edition_the_ledger_would_have_the_old_words(edition, city, monkeypatch):
    """The counter-proof: neither held by us nor, when the ledger is stored, by the trigger that freezes it."""
    monkeypatch.setattr(Standard, "hold", lambda _self: None)

    race(reword, lambda: unfrozen(edition, city))

    assert not Ledger.objects.get().tasks.filter(title="改过的标准").exists()


def unfrozen(edition, city):
    with pgtrigger.ignore("tasks.Ledger:freeze_edition"):
        return made(edition, city)


def test_a_ledger_made_by_two_at_once_is_made_once(edition, city):
    has_waited, rival = race(lambda: made(edition, city), lambda: made(edition, city))

    assert has_waited
    assert "name" in rival.error.message_dict
    assert Ledger.objects.get().tasks.count() == 3


def add(person, city):
    client = Client()
    client.force_login(person)
    words = {"name": "测评体系", "edition": "2027", "level": "national", "unit": city.pk}
    return client.post(reverse("tasks:standard-add"), words)


def test_who_begins_the_same_edition_a_moment_later_is_told(office, city):
    has_waited, rival = race(
        lambda: Standard.objects.create(unit=city, name="测评体系", edition="2027"), lambda: add(office, city)
    )

    assert (has_waited, rival.error, rival.result.status_code) == (True, None, 422)
    assert Standard.objects.count() == 1
