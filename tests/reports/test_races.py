"""Two people at once at the closing desk. Each race with its counter-proof."""

import pytest
from django.db import IntegrityError, transaction

from inspections.models import Finding
from reports.closing import draft
from reports.models import Period, Ranking, Report
from reports.models.period import PeriodQuerySet
from reports.scoring import compute, one_moment
from tests.inspections.rivals import Rival, race
from units.roles import Role
from units.workflow import NotInThisState, Workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def scheme(make_scheme):
    return make_scheme(deductions=100)


@pytest.fixture
def colleague(make_member, city):
    return make_member(city, Role.OFFICE)


@pytest.fixture
def two_drafts(quarter, scheme, office, find, bureau):
    find(bureau, deduction=1)
    return [draft(quarter, scheme, by=office) for _ in range(2)]


def test_of_two_drafts_issued_at_once_the_second_is_refused(two_drafts, office, colleague):
    first, second = two_drafts

    has_waited, rival = race(lambda: first.issue(by=office), lambda: second.issue(by=colleague))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Report.objects.issued().get() == first


def test_without_the_lock_the_database_still_keeps_one(two_drafts, office, colleague, monkeypatch):
    """The counter-proof: the lock makes a clear answer of what would be an error."""
    monkeypatch.setattr(PeriodQuerySet, "select_for_update", lambda self, **_how: self)
    first, second = two_drafts

    _has_waited, rival = race(lambda: first.issue(by=office), lambda: second.issue(by=colleague))

    assert isinstance(rival.error, IntegrityError)
    assert "reports_one_issued_per_period" in str(rival.error)


@pytest.mark.parametrize("step", ["issue", "withdraw"])
def test_a_step_is_taken_once(two_drafts, office, colleague, step):
    report = two_drafts[0]
    if step == "withdraw":
        report.issue(by=office)
    ours, theirs = (Report.objects.get(pk=report.pk) for _ in range(2))

    _has_waited, rival = race(
        lambda: getattr(ours, step)(by=office, note="数据有误"),
        lambda: getattr(theirs, step)(by=colleague, note="数据有误"),
    )

    assert isinstance(rival.error, NotInThisState)
    assert report.events.filter(step=step).count() == 1


def test_without_the_row_lock_it_would_be_withdrawn_twice(two_drafts, office, colleague, monkeypatch):
    """The counter-proof."""
    report = two_drafts[0]
    report.issue(by=office)
    ours, theirs = (Report.objects.get(pk=report.pk) for _ in range(2))
    plain = Workflow.refresh_from_db
    monkeypatch.setattr(Workflow, "refresh_from_db", lambda self, from_queryset=None, **more: plain(self, **more))

    race(lambda: ours.withdraw(by=office, note="有误"), lambda: theirs.withdraw(by=colleague, note="有误"))

    assert report.events.filter(step="withdraw").count() == 2


def lost_while(moment, record, calculate):
    """What a calculation takes from the unit when somebody records a finding in the middle of it."""
    with moment():
        Ranking.objects.exists()  # the first look at the rows
        rival = Rival(record)
        rival.start()
        rival.join()
        ranking = calculate()
    assert rival.error is None
    return 100 - ranking.scores.exclude(total=None).get().total


@pytest.fixture
def facts(quarter, scheme, office, find, bureau):
    """A unit that has lost a point, and how another is recorded and all is calculated."""
    find(bureau, deduction=1)
    given = Finding.objects.values().get()
    taken = {"id", "uuid"}
    another = {name: value for name, value in given.items() if name not in taken}
    return lambda: Finding.objects.create(**another), lambda: compute(quarter, scheme, office)


def test_a_calculation_is_of_one_moment(facts):
    assert lost_while(one_moment, *facts) == 1


def test_in_a_plain_transaction_it_would_be_of_several(facts):
    """The counter-proof."""
    assert lost_while(transaction.atomic, *facts) == 2


def test_opening_a_quarter_at_once_makes_one(city):
    _has_waited, rival = race(
        lambda: Period.objects.quarter(city, 2026, 4), lambda: Period.objects.quarter(city, 2026, 4)
    )

    assert rival.result == Period.objects.get()
