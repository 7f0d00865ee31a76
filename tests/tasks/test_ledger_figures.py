"""The figures above a ledger: exact, and for a very large one kept for half a minute."""

import pytest

from tasks import ledger_figures
from tasks.ledger_figures import figures_of
from tasks.lights import Lights
from tasks.models import Assignment
from tests.test_counts import NO_REDIS

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(make_assignment, bureau, other_bureau):
    for unit, state in [(bureau, "doing"), (bureau, "submitted"), (other_bureau, "returned")]:
        make_assignment(unit, state=state)
    return Assignment.objects.first().task.ledger


def test_each_state_is_counted(ledger, office):
    found = figures_of(ledger, office, Lights.load())

    assert found == {"asked": 3, "overdue": 0, "done": 0, "waiting": 1, "returned": 1}


def test_a_lead_counts_the_own_unit(ledger, lead):
    assert figures_of(ledger, lead, Lights.load())["asked"] == 2


def test_what_happens_shows_at_once(ledger, office):
    figures_of(ledger, office, Lights.load())
    Assignment.objects.filter(state="submitted").update(state="doing")

    assert figures_of(ledger, office, Lights.load())["waiting"] == 0


def test_the_figures_of_a_very_large_ledger_are_kept_for_half_a_minute(ledger, office, monkeypatch):
    monkeypatch.setattr(ledger_figures, "LARGE", 2)
    figures_of(ledger, office, Lights.load())
    Assignment.objects.filter(state="submitted").update(state="doing")

    assert figures_of(ledger, office, Lights.load())["waiting"] == 1


def test_kept_figures_are_not_shown_to_who_sees_less(ledger, office, lead, monkeypatch):
    monkeypatch.setattr(ledger_figures, "LARGE", 2)
    figures_of(ledger, office, Lights.load())

    assert figures_of(ledger, lead, Lights.load())["asked"] == 2


def test_without_redis_the_figures_come_all_the_same(ledger, office, settings):
    settings.CACHES = NO_REDIS

    assert figures_of(ledger, office, Lights.load())["asked"] == 3
