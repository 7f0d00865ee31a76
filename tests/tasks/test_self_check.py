"""The unit's own verdict on each criterion: what it must say, what is kept of it, and how it is counted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.models import Assignment, Criterion, Indicator, SelfCheck, Standard
from tasks.models.selfcheck import CheckChanged, by_unit
from units.models import Unit
from units.roles import Role

pytestmark = pytest.mark.django_db
NOT_MET = {"verdict": "unmet", "measure": "增设公益广告", "until": date(2026, 12, 1)}


@pytest.fixture
def make_criterion(city):
    """Each of an edition of its own: what is used is frozen."""

    def make(text="公益广告不少于5处"):
        number = Standard.objects.count() + 1
        standard = Standard.objects.create(unit=city, name="测评体系", edition=str(number))
        indicator = Indicator.objects.create(standard=standard, level=1, code="Ⅰ-1", name="公共环境")
        return Criterion.objects.create(indicator=indicator, number=f"{number})", text=text)

    return make


@pytest.fixture
def criterion(assignment, make_criterion):
    made = make_criterion()
    assignment.task.criteria.add(made)
    return made


def say(assignment, criterion, by, **words):
    return SelfCheck.objects.say(assignment, criterion, by=by, **({"verdict": "met"} | words))


@pytest.mark.parametrize("role", list(Role))
def test_the_people_of_the_unit_say_it_and_nobody_else(assignment, criterion, make_member, bureau, role):
    person = make_member(bureau, role)

    if role in {Role.UNIT_LEAD, Role.UNIT_STAFF}:
        assert say(assignment, criterion, person).by == person
    else:
        with pytest.raises(PermissionDenied):
            say(assignment, criterion, person)


def test_another_unit_says_nothing(assignment, criterion, other_lead):
    with pytest.raises(PermissionDenied):
        say(assignment, criterion, other_lead)


@pytest.mark.parametrize("missing", [{"measure": ""}, {"until": None}])
def test_what_is_not_met_needs_a_measure_and_a_date(assignment, criterion, staff, missing):
    with pytest.raises(ValidationError):
        say(assignment, criterion, staff, **(NOT_MET | missing))


@pytest.mark.parametrize("words", [{"measure": "还差一处"}, {}])
def test_what_is_mostly_met_may_have_them(assignment, criterion, staff, words):
    assert say(assignment, criterion, staff, verdict="mostly", **words).pk


def test_what_is_met_by_now_needs_no_measure_any_more(assignment, criterion, staff):
    say(assignment, criterion, staff, **NOT_MET)

    now = say(assignment, criterion, staff, verdict="met", measure="增设公益广告")

    assert (now.measure, now.until) == ("", None)
    assert [one.verdict for one in now.history.order_by("pgh_id")] == ["unmet", "met"]


def test_a_criterion_of_another_task_is_not_asked_for(assignment, criterion, make_criterion, staff):
    with pytest.raises(ValidationError):
        say(assignment, make_criterion(), staff)


def test_a_task_without_criteria_has_one_verdict_of_its_own(assignment, staff):
    say(assignment, None, staff)

    with pytest.raises(IntegrityError, match="tasks_checked_once_per_criterion"), transaction.atomic():
        SelfCheck.objects.create(assignment=assignment, verdict="met", by=staff, at=timezone.now())


def test_a_task_with_criteria_has_none_of_its_own(assignment, criterion, staff):
    with pytest.raises(ValidationError):
        say(assignment, None, staff)


def test_a_verdict_given_meanwhile_is_shown_and_not_overwritten(assignment, criterion, staff, lead):
    say(assignment, criterion, lead, **NOT_MET)

    with pytest.raises(CheckChanged) as refused:
        say(assignment, criterion, staff, seen="")

    assert refused.value.now.by == lead
    assert SelfCheck.objects.get().verdict == "unmet"


def test_who_has_seen_it_may_say_something_else(assignment, criterion, staff, lead):
    seen = say(assignment, criterion, lead, **NOT_MET).version

    assert say(assignment, criterion, staff, seen=seen).verdict == "met"


def test_the_same_said_twice_is_no_conflict(assignment, criterion, staff):
    first = say(assignment, criterion, staff, **NOT_MET, seen="")

    assert say(assignment, criterion, staff, **NOT_MET, seen="").version == first.version


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"verdict": "unmet"}, "tasks_unmet_has_measure_and_date"),
        ({"verdict": "met", "measure": "措施"}, "tasks_met_needs_no_measure"),
        ({"verdict": "good"}, "tasks_self_check_is_known"),
    ],
)
def test_the_database_refuses_half_a_verdict(assignment, criterion, staff, wrong, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SelfCheck.objects.create(assignment=assignment, criterion=criterion, by=staff, at=timezone.now(), **wrong)


def test_a_verdict_changes_no_progress(assignment, criterion, staff):
    say(assignment, criterion, staff)
    assignment.refresh_from_db()

    assert (assignment.percent, assignment.state) == (0, "not_started")


def test_a_task_on_which_a_unit_has_said_something_stays_with_it(assignment, criterion, staff):
    say(assignment, criterion, staff)

    with pytest.raises(ValidationError):
        assignment.task.assign({})


def counts(bureau, today=date(2026, 11, 26)):
    row = by_unit(Unit.objects.filter(pk=bureau.pk), Assignment.objects.all(), today).get()
    return {name: getattr(row, name) for name in ("points", "met", "mostly", "unmet", "unchecked", "overdue")}


def test_a_task_without_criteria_is_one_point(make_assignment, bureau, staff):
    make_assignment()
    say(make_assignment(), None, staff)

    assert counts(bureau) == {"points": 2, "met": 1, "mostly": 0, "unmet": 0, "unchecked": 1, "overdue": 0}


def test_a_verdict_on_what_is_no_longer_asked_does_not_count(assignment, criterion, make_criterion, bureau, staff):
    say(assignment, criterion, staff)
    assignment.task.criteria.set([make_criterion()])

    assert counts(bureau) == {"points": 1, "met": 0, "mostly": 0, "unmet": 0, "unchecked": 1, "overdue": 0}


def test_what_is_not_met_is_overdue_on_the_day_after_its_own_date(assignment, criterion, bureau, staff):
    say(assignment, criterion, staff, **NOT_MET)

    last = NOT_MET["until"]

    assert counts(bureau, last)["overdue"] == 0
    assert counts(bureau, last + timedelta(days=1))["overdue"] == 1


VERDICTS = st.lists(st.sampled_from(["met", "mostly", "unmet", None]), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tasks=st.lists(VERDICTS, min_size=1, max_size=4))
def test_the_counts_of_a_unit_are_those_of_its_verdicts(tasks, make_unit, make_member, make_assignment, make_criterion):
    unit = make_unit(parent=Unit.objects.get(name="安澜市"))
    staff = make_member(unit, Role.UNIT_STAFF)
    for verdicts in tasks:
        assignment = make_assignment(unit)
        criteria = [make_criterion() for _ in verdicts]
        assignment.task.criteria.set(criteria)
        for criterion, verdict in zip(criteria, verdicts, strict=True):
            if verdict:
                say(assignment, criterion, staff, **(NOT_MET | {"verdict": verdict}))
    said = [verdict for verdicts in tasks for verdict in verdicts]

    found = counts(unit)

    assert found["points"] == len(said)
    assert [found[name] for name in ("met", "mostly", "unmet")] == [said.count(v) for v in ("met", "mostly", "unmet")]
    assert found["unchecked"] == said.count(None)
