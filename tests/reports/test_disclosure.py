"""What is disclosed of a ledger: who is counted where, frozen, and numbered when it is published."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone

from reports.disclosure import difference, facts, lay_down, publish
from reports.models import Disclosure
from reports.snapshots import fingerprint
from tasks.models import Assignment, Ledger, Task
from tests.inspections.rivals import race
from tests.makers import at
from units.workflow import NotInThisState

NOW = at("2026-08-15 10:00")
LATE, AHEAD = "2026-08-14", "2026-08-15"


@pytest.fixture
def ledger(city):
    return Ledger.objects.create(unit=city, year=2026, name="目标任务分解表")


@pytest.fixture
def ask(ledger):
    """Ask something of a unit: `ask(bureau, "doing", 40, deadline=LATE)`."""

    def ask(unit, state="doing", percent=0, *, deadline=None, **fields):
        task = Task.objects.create(ledger=ledger, key=f"{Task.objects.count()}", title="任务", deadline=deadline)
        if state == "completed":
            fields |= {"completed_at": NOW}
            percent = 100
        return Assignment.objects.create(task=task, unit=unit, part="lead", state=state, percent=percent, **fields)

    return ask


@pytest.fixture
def draft(ledger, office, ask, bureau):
    ask(bureau)
    return lay_down(ledger, by=office, now=NOW)


def line_of(data, unit):
    return next(row for group in data["groups"] for row in group["rows"] if row["unit"] == unit.pk)


@pytest.mark.parametrize(
    ("state", "deadline", "column"),
    [
        ("completed", LATE, "completed"),
        ("doing", LATE, "overdue"),
        ("not_started", LATE, "overdue"),
        ("submitted", LATE, "overdue"),
        ("doing", AHEAD, "in_progress"),
        ("returned", None, "in_progress"),
        ("submitted", None, "in_progress"),
        ("not_started", AHEAD, "not_started"),
        ("not_started", None, "not_started"),
    ],
)
def test_each_assignment_stands_in_one_column(ledger, ask, bureau, state, deadline, column):
    ask(bureau, state, deadline=deadline)

    row = line_of(facts(ledger, now=NOW), bureau)

    counted = {name: row[name] for name in ("completed", "in_progress", "not_started", "overdue")}
    assert counted == {**dict.fromkeys(counted, 0), column: 1}


def test_the_progress_is_the_mean_of_what_was_approved_rounded_half_up(ledger, ask, bureau):
    for percent in ("33.33", "33.34", "0.00", "0.00", "0.00", "0.00", "0.00", "0.01"):
        ask(bureau, percent=Decimal(percent))

    assert line_of(facts(ledger, now=NOW), bureau)["progress"] == "8.34"  # 66.68 / 8 = 8.335


def test_what_a_unit_says_and_nobody_has_approved_does_not_count(ledger, ask, bureau, lead):
    ask(bureau).write(by=lead, percent=90, narrative="快好了")

    assert line_of(facts(ledger, now=NOW), bureau)["progress"] == "0.00"


def test_what_was_handed_down_inside_a_unit_is_not_counted(ledger, ask, bureau, make_unit):
    asked = ask(bureau)
    section = make_unit("市容科", parent=bureau)
    Assignment.objects.create(task=asked.task, parent=asked, unit=section, part="responsible")

    data = facts(ledger, now=NOW)

    assert (data["sums"]["asked"], data["sums"]["units"]) == (1, 1)


def test_the_groups_stand_in_their_order_and_the_ungrouped_last(ledger, ask, bureau, make_unit, city):
    bureau.peer_group.order = 2
    bureau.peer_group.save()
    ask(make_unit("某公司", parent=city))
    ask(make_unit("东湖区", parent=city, peer_group="区县组"))
    ask(bureau)

    groups = facts(ledger, now=NOW)["groups"]

    assert [(group["number"], group["name"]) for group in groups] == [
        ("一", "区县组"),
        ("二", "市直部门组"),
        ("三", "其他单位"),
    ]


def test_the_sums_are_those_of_their_rows(ledger, ask, bureau, other_bureau):
    ask(bureau, "completed")
    shared = ask(bureau, percent=50, deadline=LATE)
    Assignment.objects.create(task=shared.task, unit=other_bureau, part="responsible")

    data = facts(ledger, now=NOW)

    sums = {"units": 2, "tasks": 2, "asked": 3, "completed": 1, "in_progress": 0, "not_started": 0, "overdue": 2}
    assert data["sums"] == data["groups"][0]["sums"] == sums | {"progress": "50.00"}


def test_the_facts_cost_the_same_queries_for_any_number_of_units(
    ledger, ask, make_unit, city, django_assert_num_queries
):
    for group in ("甲组", "乙组", "丙组"):
        ask(make_unit(parent=city, peer_group=group))

    with django_assert_num_queries(3 + 2):  # the two of a savepoint
        facts(ledger, now=NOW)


def test_no_person_stands_in_the_facts(ledger, ask, bureau, lead, office):
    ask(bureau, percent=40)

    words = str(facts(ledger, now=NOW))

    assert not any(person.name in words for person in (lead, office))


def test_the_check_sum_is_that_of_all_the_rest(draft):
    assert draft.data["sha256"] == fingerprint(draft.data)


def test_later_work_changes_nothing_in_what_was_laid_down(draft, ask, bureau):
    ask(bureau, "completed")
    draft.refresh_from_db()

    assert draft.data["sums"]["asked"] == 1


@pytest.mark.parametrize("change", [{"title": "另一个"}, {"data": {}}, {"made_at": NOW.replace(year=2025)}])
def test_the_database_refuses_other_facts(draft, change):
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Disclosure.objects.filter(pk=draft.pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"state": "published"}, {"edition": 1}, {"published_at": NOW}, {"state": "withdrawn", "edition": 1}]
)
def test_a_state_has_its_dates(draft, change):
    with pytest.raises(IntegrityError, match="reports_disclosure_state_has_its_dates"), transaction.atomic():
        Disclosure.objects.filter(pk=draft.pk).update(**change)


def test_an_edition_gets_its_number_when_it_is_published(ledger, draft, office):
    unpublished = lay_down(ledger, by=office, now=NOW + timezone.timedelta(hours=1))
    last = lay_down(ledger, by=office, now=NOW + timezone.timedelta(days=1))

    publish(draft, by=office)
    publish(last, by=office)

    assert (draft.edition, unpublished.edition, last.edition) == (1, None, 2)


def test_older_facts_are_not_published_after_newer_ones(ledger, draft, office):
    publish(lay_down(ledger, by=office, now=NOW + timezone.timedelta(days=1)), by=office)

    with pytest.raises(NotInThisState):
        publish(draft, by=office)


def test_a_correction_is_a_new_edition(ledger, draft, office):
    publish(draft, by=office)
    draft.withdraw(by=office, note="漏计一个单位")

    corrected = lay_down(ledger, by=office, now=NOW + timezone.timedelta(minutes=5))
    publish(corrected, by=office)

    assert (draft.state, corrected.edition) == ("withdrawn", 2)


def test_publishing_tells_those_who_lead_below(draft, office, leader, lead, staff):
    event = publish(draft, by=office)

    assert set(event.readers()) == {office, leader, lead}


def test_publishing_asks_for_the_paper(draft, office):
    publish(draft, by=office)

    assert draft.jobs.get().state == "queued"


def test_the_difference_names_what_moved_who_is_new_and_who_is_gone(ledger, ask, bureau, other_bureau, make_unit, city):
    stays, gone = make_unit("市文旅局", parent=city), ask(other_bureau)
    moving = ask(bureau, percent=40)
    ask(stays)
    before = facts(ledger, now=NOW)
    gone.delete()
    Assignment.objects.filter(pk=moving.pk).update(state="completed", percent=100, completed_at=NOW)
    new = ask(make_unit("市民政局", parent=city)).unit

    moved = {line["name"]: line for line in difference(facts(ledger, now=NOW), before)}

    assert set(moved) == {bureau.name, other_bureau.name, new.name}
    assert (moved[bureau.name]["completed"], moved[bureau.name]["progress"]) == ((0, 1), ("40.00", "100.00"))
    assert moved[new.name]["is_new"] and moved[other_bureau.name]["is_gone"]


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_published_at_once_the_older_one_waits_and_is_refused(ledger, draft, office, monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    newer = lay_down(ledger, by=office, now=NOW + timezone.timedelta(hours=1))

    has_waited, rival = race(lambda: newer.publish(by=office), lambda: draft.publish(by=office))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_ledger_only_the_number_of_the_edition_stops_the_older_one(
    ledger, draft, office, monkeypatch
):
    """The counter-proof: nothing keeps the order, the constraint alone refuses the second of the same number."""
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)
    monkeypatch.setattr(Ledger.objects, "select_for_update", lambda **_how: Ledger.objects.all())
    newer = lay_down(ledger, by=office, now=NOW + timezone.timedelta(hours=1))

    _has_waited, rival = race(lambda: newer.publish(by=office), lambda: draft.publish(by=office))

    assert "reports_edition_once_of_a_ledger" in str(rival.error)
