"""A finding is written down once, in one transaction, however often it is sent."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from inspections.capture import record, set_aside
from inspections.models import Answer, ChecklistItem, Finding, RectificationItem, Taken, Visit
from units.models import WorkCalendar
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(inspector):
    def save(entry, by=None):
        return record(entry, by=by or inspector, now=timezone.now())

    return save


def test_a_finding_is_handed_to_its_unit_at_once(save, make_entry, bureau):
    finding = save(make_entry())

    assert (finding.rectification.unit, finding.rectification.state) == (bureau, "issued")
    assert list(finding.rectification.events.values_list("step", flat=True)) == ["issue"]


def test_the_unit_is_told_after_the_commit(save, make_entry, lead, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("units.workflow.announce.delay", lambda label, pk: rung.append(label))

    with django_capture_on_commit_callbacks(execute=True):
        save(make_entry())

    assert rung == ["inspections.RectificationEvent"]


def test_the_readers_of_an_issued_item_are_the_people_of_the_unit(save, make_entry, lead, staff, other_lead):
    event = save(make_entry()).rectification.events.get()

    assert set(event.readers()) == {lead, staff}


def test_the_deadline_is_counted_in_working_days(save, make_entry, checklist_item):
    finding = save(make_entry())

    expected = WorkCalendar.load().add_days(finding.found_at, checklist_item.limit_days)
    assert finding.rectification.due_at == expected


def test_each_occurrence_costs_the_deduction_of_the_item(save, make_entry):
    assert save(make_entry(count=2)).deduction == Decimal("1.00")


def test_an_item_never_costs_more_than_it_is_worth(save, make_entry, checklist_item):
    assert save(make_entry(count=99)).deduction == checklist_item.points


def test_two_findings_of_one_item_together_cost_no_more_than_it_is_worth(save, make_entry):
    visit = uuid4()

    lost = [save(make_entry(visit_uuid=visit, count=3)).deduction for _ in range(2)]

    assert lost == [Decimal("1.50"), Decimal("0.50")]


def test_the_deduction_stays_when_a_later_checklist_costs_more(save, make_entry, checklist_item):
    finding = save(make_entry())

    ChecklistItem.objects.create(
        checklist=checklist_item.checklist.copy(),
        place_type=checklist_item.place_type,
        category="公共秩序",
        text=checklist_item.text,
        deduction=2,
    )

    finding.refresh_from_db()
    assert finding.deduction == Decimal("0.50")


def test_the_same_entry_twice_is_one_finding(save, make_entry):
    entry = make_entry()

    assert save(entry) == save(entry)
    assert (Finding.objects.count(), RectificationItem.objects.count(), Visit.objects.count()) == (1, 1, 1)


def test_the_same_entry_twice_counts_its_occurrences_once(save, make_entry):
    entry = make_entry(count=2)

    save(entry)
    save(entry)

    assert Answer.objects.get().count == 2


def test_another_content_under_the_same_uuid_is_refused(save, make_entry):
    first = make_entry()
    save(first)

    with pytest.raises(Taken):
        save(make_entry(uuid=first.uuid, text="流动摊贩"))

    assert Finding.objects.get().text == "摊位外溢"


def test_another_persons_uuid_is_refused(save, make_entry, office):
    entry = make_entry()
    save(entry)

    with pytest.raises(Taken):
        save(entry, by=office)


def test_a_visit_uuid_of_another_place_is_refused(save, make_entry, make_stop):
    first = make_entry()
    save(first)

    with pytest.raises(Taken):
        save(make_entry(visit_uuid=first.visit_uuid, stop=make_stop()))

    assert Finding.objects.count() == 1


def test_findings_with_different_visit_uuids_join_the_open_visit(save, make_entry):
    save(make_entry())
    save(make_entry())

    assert Visit.objects.count() == 1


def test_the_visit_knows_the_team(save, make_entry, running):
    assert save(make_entry()).visit.team == running.teams.get()


def test_nothing_is_logged_after_the_round_has_ended(save, make_entry, running):
    running.ends_on = timezone.localdate() - timedelta(days=1)
    entry = make_entry()
    entry.stop.round = running

    with pytest.raises(NotInThisState):
        save(entry)

    assert not Visit.objects.exists()


def test_a_finding_found_again_after_the_round_has_ended_gets_its_answer(save, make_entry, running):
    entry = make_entry()
    first = save(entry)
    entry.stop.round.ends_on = timezone.localdate() - timedelta(days=1)

    assert save(entry) == first


def test_a_failure_after_an_item_was_set_aside_counts(save, make_entry, stop, inspector, checklist_item):
    entry = make_entry()
    set_aside(stop, entry.visit_uuid, checklist_item, applies=False, by=inspector, now=timezone.now())

    save(entry)

    assert Answer.objects.get().outcome == "fail"


def test_a_crash_in_the_middle_leaves_nothing(save, make_entry, monkeypatch):
    def crash(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("inspections.capture.RectificationItem.objects.issue", crash)

    with pytest.raises(OSError):
        save(make_entry())

    assert (Finding.objects.count(), Visit.objects.count(), Answer.objects.count()) == (0, 0, 0)
