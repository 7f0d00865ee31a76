"""Two people at once where tasks are divided: the second waits. Each with its counter-proof."""

from datetime import date

import pytest
from django.db import IntegrityError

from tasks import bulk
from tasks.bulk import Plan, PlanChanged, Wish
from tasks.models import Assignment, Ledger, Task, recurrence
from tasks.models.division import Refused
from tests.inspections.rivals import race
from units.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


@pytest.fixture
def unlocked(monkeypatch):
    """Read without a lock where these models are locked, as a forgotten lock would."""

    def unlock(*models):
        for model in models:
            queryset = type(model.objects.all())
            monkeypatch.setattr(queryset, "select_for_update", lambda rows, **_how: rows)

    return unlock


# --- once and only once ---


@pytest.fixture
def pattern(make_task):
    return make_task(repeats="monthly", deadline=DAY)


def test_two_workers_make_an_occurrence_once(pattern):
    has_waited, rival = race(lambda: recurrence.make_due(pattern.pk, DAY), lambda: recurrence.make_due(pattern.pk, DAY))

    assert has_waited
    assert (rival.error, rival.result) == (None, [])
    assert pattern.occurrences.count() == 1


def test_without_the_lock_only_the_database_stops_the_second_worker(pattern, unlocked):
    """The counter-proof: both begin, and the unique constraint refuses the second."""
    unlocked(Task)

    _has_waited, rival = race(
        lambda: recurrence.make_due(pattern.pk, DAY), lambda: recurrence.make_due(pattern.pk, DAY)
    )

    assert "tasks_" in str(rival.error)
    assert pattern.occurrences.count() == 1


# --- handing down ---


@pytest.fixture
def section(make_unit, bureau):
    return make_unit("市容科", parent=bureau)


def test_a_unit_is_not_taken_out_while_it_hands_down(assignment, section, lead):
    task = Task.objects.get(pk=assignment.task_id)

    has_waited, rival = race(lambda: assignment.hand_down({section: "lead"}, by=lead), lambda: task.assign({}))

    assert has_waited
    assert isinstance(rival.error, Refused)
    assert Assignment.objects.count() == 2


def test_nothing_is_handed_down_while_the_unit_is_taken_out(assignment, section, lead):
    task = Task.objects.get(pk=assignment.task_id)

    has_waited, rival = race(lambda: task.assign({}), lambda: assignment.hand_down({section: "lead"}, by=lead))

    assert has_waited
    assert isinstance(rival.error, Assignment.DoesNotExist)


def test_without_the_locks_the_two_would_cross(assignment, section, lead, unlocked):
    """The counter-proof: the second goes by what it saw before; a foreign key alone is in the way, at the commit."""
    unlocked(Task, Assignment)
    task = Task.objects.get(pk=assignment.task_id)

    with pytest.raises(IntegrityError, match="parent_id"):
        race(lambda: assignment.hand_down({section: "lead"}, by=lead), lambda: task.assign({}))


def test_a_section_that_writes_is_not_taken_back(assignment, section, lead, make_member):
    clerk = make_member(section, Role.UNIT_STAFF)
    assignment.hand_down({section: "lead"}, by=lead)
    below = assignment.handed_down.get()

    has_waited, rival = race(
        lambda: below.write(by=clerk, percent=10, narrative="已动手"), lambda: assignment.hand_down({}, by=lead)
    )

    assert has_waited
    assert isinstance(rival.error, Refused)


# --- in bulk ---


@pytest.fixture
def wished(ledger, make_task, bureau):
    """A plan that was looked at: `(ledger, what was seen, the wish)`."""
    wish = Wish({}, "add", (bureau,), "lead")
    plan = Plan(ledger, [make_task("甲"), make_task("乙")], wish)
    return Ledger.objects.get(pk=ledger.pk), {row.pk: row.version for row in plan.ready}, wish


def test_a_plan_confirmed_twice_at_once_is_done_once(wished):
    has_waited, rival = race(lambda: bulk.carry(*wished), lambda: bulk.carry(*wished))

    assert has_waited
    assert isinstance(rival.error, PlanChanged)
    assert Assignment.objects.count() == 2


def test_a_unit_given_by_hand_meanwhile_is_seen_under_the_lock(wished, other_bureau):
    task = Task.objects.first()

    has_waited, rival = race(lambda: task.assign({other_bureau: "lead"}), lambda: bulk.carry(*wished))

    assert has_waited
    assert isinstance(rival.error, PlanChanged)
    assert Assignment.objects.get().unit == other_bureau


def test_without_the_locks_the_plan_would_be_carried_out_blindly(wished, other_bureau, unlocked):
    """The counter-proof: what was given meanwhile is not seen; the database alone keeps two units from leading."""
    unlocked(Ledger, Task, Assignment)
    task = Task.objects.first()

    _has_waited, rival = race(lambda: task.assign({other_bureau: "lead"}), lambda: bulk.carry(*wished))

    assert "tasks_one_lead" in str(rival.error)
