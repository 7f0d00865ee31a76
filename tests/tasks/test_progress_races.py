"""Two people at once, at drafts, self-checks, reviews and requests: the second waits and is refused. With proof."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tasks.models import Assignment, Coordination, HandOver, Postponement, ReviewBatch, SelfCheck
from tasks.models.assignment import NO_DRAFT
from tasks.models.progress import DraftChanged
from tasks.models.selfcheck import CheckChanged
from tests.inspections.rivals import race
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db(transaction=True)
DUE = timezone.localdate() + timedelta(days=10)
LATER = DUE + timedelta(days=10)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def unlocked(monkeypatch):
    """The counter-proof: nobody holds a row."""
    plain = Assignment.refresh_from_db
    for model in (Assignment, Postponement, Coordination):
        monkeypatch.setattr(model, "refresh_from_db", lambda self, from_queryset=None, **more: plain(self, **more))


@pytest.fixture
def twice(make_assignment):
    """One assignment as two people hold it."""
    made = make_assignment(state="doing", deadline=DUE)
    return [Assignment.objects.get(pk=made.pk) for _ in range(2)]


def both_write(twice, lead, staff):
    first, second = twice
    return race(
        lambda: first.write(by=lead, percent=10, narrative="负责人的稿子", read=NO_DRAFT),
        lambda: second.write(by=staff, percent=20, narrative="经办人的稿子", read=NO_DRAFT),
    )


def test_of_two_first_drafts_the_later_is_shown_the_other(twice, lead, staff):
    has_waited, rival = both_write(twice, lead, staff)

    assert has_waited
    assert isinstance(rival.error, DraftChanged)
    assert twice[0].draft.narrative == "负责人的稿子"


def test_without_the_lock_the_later_draft_would_not_be_a_conflict_of_words(twice, lead, staff, unlocked):
    _has_waited, rival = both_write(twice, lead, staff)

    assert not isinstance(rival.error, DraftChanged)


def both_check(twice, lead, staff):
    first, second = twice
    unmet = {"verdict": "unmet", "measure": "增设", "until": DUE}
    return race(
        lambda: SelfCheck.objects.say(first, None, by=lead, seen="", **unmet),
        lambda: SelfCheck.objects.say(second, None, by=staff, seen="", verdict="met"),
    )


def test_of_two_first_verdicts_the_later_is_shown_the_other(twice, lead, staff):
    has_waited, rival = both_check(twice, lead, staff)

    assert has_waited
    assert isinstance(rival.error, CheckChanged)
    assert SelfCheck.objects.get().by == lead


def test_without_the_lock_only_the_database_stops_the_second_verdict(twice, lead, staff, unlocked):
    _has_waited, rival = both_check(twice, lead, staff)

    assert isinstance(rival.error, IntegrityError)


def ask(assignment, by):
    return Postponement.objects.ask(assignment, by=by, until=LATER, reason="雨季停工")


def test_two_leads_ask_once(twice, make_member, bureau, lead):
    second_lead = make_member(bureau, Role.UNIT_LEAD)

    has_waited, rival = race(lambda: ask(twice[0], lead), lambda: ask(twice[1], second_lead))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Postponement.objects.count() == 1


def test_without_the_lock_only_the_database_stops_the_second_request(twice, lead, make_member, bureau, unlocked):
    second_lead = make_member(bureau, Role.UNIT_LEAD)

    _has_waited, rival = race(lambda: ask(twice[0], lead), lambda: ask(twice[1], second_lead))

    assert isinstance(rival.error, IntegrityError)


def granted_and_refused(twice, lead, office, other):
    asked = ask(twice[0], lead)
    first, second = (Postponement.objects.get(pk=asked.pk) for _ in range(2))
    return asked, race(lambda: first.grant(by=office), lambda: second.refuse(by=other, note="工期足够"))


def test_a_request_is_decided_once(twice, lead, office, make_member, city):
    asked, (has_waited, rival) = granted_and_refused(twice, lead, office, make_member(city, Role.OFFICE))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Postponement.objects.get().state == "granted"
    assert asked.events.count() == 2


def test_without_the_lock_it_would_be_decided_twice(twice, lead, office, make_member, city, unlocked):
    asked, (_has_waited, rival) = granted_and_refused(twice, lead, office, make_member(city, Role.OFFICE))

    assert rival.error is None
    assert asked.events.count() == 3


@pytest.fixture
def needed(twice, staff, other_bureau):
    row = Coordination.objects.ask(twice[0], by=staff, what="请移交图纸", of=other_bureau)
    return [Coordination.objects.get(pk=row.pk) for _ in range(2)]


def decided_and_withdrawn(needed, office, lead, other_bureau):
    first, second = needed
    return race(
        lambda: first.decide(by=office, decision="由教育局提供", of=other_bureau), lambda: second.withdraw(by=lead)
    )


def test_a_decision_and_a_withdrawal_come_one_after_the_other(needed, office, lead, other_bureau):
    has_waited, rival = decided_and_withdrawn(needed, office, lead, other_bureau)

    assert has_waited
    assert rival.error is None
    assert Coordination.objects.get().events.get(step="withdraw").before == "decided"


def test_without_the_lock_the_withdrawal_would_know_of_no_decision(needed, office, lead, other_bureau, unlocked):
    decided_and_withdrawn(needed, office, lead, other_bureau)

    assert Coordination.objects.get().events.get(step="withdraw").before == "open"


def reviewed(put_in, office, other):
    row = put_in("submitted")
    first, second = (Assignment.objects.get(pk=row.pk) for _ in range(2))
    seen = row.under_review.version
    return row, race(
        lambda: first.approve(by=office, seen=seen),
        lambda: ReviewBatch.objects.decide({second: seen}, by=other, verdict="returned", note="缺少照片"),
    )


def test_a_joint_verdict_leaves_out_what_another_is_just_deciding(put_in, office, make_member, city):
    row, (has_waited, rival) = reviewed(put_in, office, make_member(city, Role.OFFICE))

    assert has_waited
    assert rival.result.left_out == [[row.pk, "moved"]]
    assert row.progress.get(verdict="approved").reviewed_by == office


def test_without_the_lock_the_report_would_be_decided_twice(put_in, office, make_member, city, unlocked):
    row, (_has_waited, _rival) = reviewed(put_in, office, make_member(city, Role.OFFICE))

    assert row.events.count() == 2


def ready_and_handed_in(twice, staff, lead):
    twice[0].write(by=staff, percent=10, narrative="写好了")
    return race(lambda: twice[0].submit(by=lead), lambda: HandOver.objects.ask(twice[1], by=staff))


def test_nobody_asks_to_hand_in_what_is_just_handed_in(twice, staff, lead):
    has_waited, rival = ready_and_handed_in(twice, staff, lead)

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert not HandOver.objects.exists()


def test_without_the_lock_the_lead_would_be_asked_for_what_is_with_the_office(twice, staff, lead, unlocked):
    _has_waited, rival = ready_and_handed_in(twice, staff, lead)

    assert rival.error is None
