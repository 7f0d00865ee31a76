"""What one unit needs of another: asked, decided by the office, done by the other, and seen by whom it concerns."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tasks.models import Coordination
from units.models import Notice
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
STEPS = Coordination.steps


@pytest.fixture
def ask(assignment, staff, other_bureau):
    def ask(by=None, of=other_bureau, **more):
        words = {"what": "请移交校园周边图纸", "needed_by": date(2026, 12, 1)} | more
        return Coordination.objects.ask(assignment, by=by or staff, of=of, **words)

    return ask


@pytest.fixture
def take(office, lead, other_lead, other_bureau):
    people = {"decide": office, "finish": other_lead, "withdraw": lead}

    def take(row, step, by=None):
        by = by or people[step]
        if step == "decide":
            return row.decide(by=by, decision="由教育局提供", of=other_bureau, due_on=date(2026, 11, 30))
        return getattr(row, step)(by=by)

    return take


@pytest.fixture
def in_state(ask, take):
    def row(state):
        made = ask()
        for step in {"open": [], "decided": ["decide"], "done": ["decide", "finish"], "withdrawn": ["withdraw"]}[state]:
            take(made, step)
        return made

    return row


@pytest.mark.parametrize("state", list(Coordination.State))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_its_states_only(in_state, take, step, state):
    row = in_state(state)

    if state in STEPS[step].sources:
        assert take(row, step).after == STEPS[step].target
    else:
        with pytest.raises(NotInThisState):
            take(row, step)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_its_roles_only(in_state, take, make_member, city, bureau, other_bureau, step, role):
    row = in_state(next(iter(STEPS[step].sources)))
    where = {"decide": city, "finish": other_bureau, "withdraw": bureau}[step]
    person = make_member(where, role)

    if role in STEPS[step].roles:
        assert take(row, step, by=person).actor == person
    else:
        with pytest.raises(PermissionDenied):
            take(row, step, by=person)


def test_the_unit_that_asked_does_not_say_that_the_other_has_done_it(in_state, lead):
    with pytest.raises(PermissionDenied):
        in_state("decided").finish(by=lead)


def test_nobody_decides_on_what_they_asked(ask, staff, city, other_bureau):
    staff.memberships.create(unit=city, role=Role.OFFICE)
    row = ask()

    with pytest.raises(PermissionDenied):
        row.decide(by=staff, decision="由教育局提供", of=other_bureau)

    assert not Coordination.objects.decidable_by(staff).exists()


def test_the_office_may_name_another_unit_and_a_day(ask, office, make_unit, city):
    better = make_unit("市规划局", parent=city)
    row = ask()

    row.decide(by=office, decision="图纸在规划局", of=better, due_on=date(2026, 11, 20))

    row.refresh_from_db()
    assert (row.of, row.due_on, row.state) == (better, date(2026, 11, 20), "decided")


def test_a_unit_that_is_not_known_is_for_the_office_to_name(ask, office, other_bureau):
    row = ask(of=None)

    with pytest.raises(ValueError, match="who does it"):
        row.decide(by=office, decision="研究", of=None)
    row.decide(by=office, decision="由教育局提供", of=other_bureau)

    assert row.of == other_bureau


def test_a_unit_needs_nothing_of_itself(ask, bureau):
    with pytest.raises(ValidationError):
        ask(of=bureau)


def test_a_unit_outside_the_ledger_is_not_named(ask, make_unit):
    with pytest.raises(ValidationError):
        ask(of=make_unit("宁川市教育局"))


def test_only_the_people_of_the_unit_ask(ask, other_lead, office):
    for stranger in (other_lead, office):
        with pytest.raises(PermissionDenied):
            ask(by=stranger)


def test_the_named_unit_sees_it_from_the_decision_on(ask, take, other_lead):
    row = ask()
    before = Coordination.objects.visible_to(other_lead).exists()

    take(row, "decide")

    assert [before, Coordination.objects.visible_to(other_lead).exists()] == [False, True]
    assert Coordination.objects.to_do_for(other_lead).get() == row


def test_a_third_unit_never_sees_it(in_state, make_unit, make_member, city):
    in_state("done")

    assert not Coordination.objects.visible_to(make_member(make_unit(parent=city), Role.UNIT_LEAD)).exists()


def told(event):
    Notice.objects.tell(event)
    return {notice.user.name for notice in Notice.objects.filter(event_pk=event.pk)}


def test_each_hears_what_concerns_them(ask, take, lead, staff, office, other_lead):
    row = ask()

    heard = [told(row.events.get(step="ask")), told(take(row, "decide")), told(take(row, "finish"))]

    assert heard == [
        {"文明办小周"},
        {"城管局联络员", "城管局经办人", "教育局联络员"},
        {"城管局联络员", "城管局经办人", "文明办小周"},
    ]


DECIDED = {"decision": "由教育局提供", "decided_at": timezone.now()}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"what": ""}, "tasks_coordination_says_what"),
        ({"state": "decided"}, "tasks_coordination_done_after_its_decision"),
        ({"decision": "由教育局提供"}, "tasks_coordination_decided_for_a_unit"),
        ({"state": "later"}, "tasks_coordination_done_after_its_decision"),
    ],
)
def test_the_database_refuses_half_a_request(assignment, staff, wrong, name):
    words = {"assignment": assignment, "what": "请移交图纸", "asked_by": staff}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Coordination.objects.create(**(words | wrong))


def test_the_database_refuses_who_decides_on_the_own_request(ask, staff):
    row = ask()

    with pytest.raises(IntegrityError, match="tasks_coordination_decided_by_another"), transaction.atomic():
        Coordination.objects.filter(pk=row.pk).update(state="decided", decided_by=staff, **DECIDED)


def post(client, user, name, row, **data):
    client.force_login(user)
    return client.post(reverse(f"tasks:{name}", args=[row.pk]), data)


def test_it_is_asked_on_the_page_of_the_assignment(client, assignment, staff, other_bureau):
    answer = post(client, staff, "assignment-coordinate", assignment, what="请移交图纸", of=other_bureau.pk)

    assert answer.status_code == 302
    assert Coordination.objects.get().of == other_bureau


def test_an_empty_request_is_shown_again(client, assignment, staff):
    assert post(client, staff, "assignment-coordinate", assignment, what=" ").status_code == 422
    assert not Coordination.objects.exists()


def test_the_office_decides_on_its_page(client, ask, office, other_bureau):
    row = ask()

    bad = post(client, office, "coordination-decide", row, decision="", of=other_bureau.pk)
    good = post(client, office, "coordination-decide", row, decision="由教育局提供", of=other_bureau.pk)

    assert [bad.status_code, good.status_code] == [422, 302]
    row.refresh_from_db()
    assert row.state == "decided"


def test_the_named_unit_finds_it_at_home_and_in_its_list(client, in_state, other_lead):
    row = in_state("decided")
    client.force_login(other_lead)

    home = client.get(reverse("home")).context["overview"].waiting
    listed = client.get(f"{reverse('tasks:coordinations')}?tab=ours").context["listing"].rows
    page = client.get(row.get_absolute_url()).content.decode()

    assert ("项协调事项待办", 1) in [(str(line.label), line.count) for line in home]
    assert listed == [row]
    assert row.assignment.get_absolute_url() not in page


def test_the_course_is_shown_to_who_asked(client, in_state, staff):
    row = in_state("done")
    client.force_login(staff)

    page = client.get(row.assignment.get_absolute_url()).content.decode()

    assert [words in page for words in ("提请协调", "协调已决定", "协调已办结")] == [True] * 3
