"""Meetings, their decisions, the tasks made of them, and what the next meeting opens with."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks.models import Decision, DecisionUnit, Meeting, Task
from tests.inspections.rivals import race
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(city):
    def hold(title="第一次调度会", held_on="2026-03-02", unit=None, attending=(), **fields):
        meeting = Meeting.objects.create(unit=unit or city, title=title, held_on=date.fromisoformat(held_on), **fields)
        meeting.attending.set(attending)
        return meeting

    return hold


@pytest.fixture
def meeting(hold):
    return hold()


@pytest.fixture
def decide(office, bureau):
    def decide(meeting, text="清理占道经营", parts=None, deadline=None):
        parts = {bureau: "lead"} if parts is None else parts
        return meeting.decide(by=office, text=text, parts=parts, deadline=deadline)

    return decide


def standing(decision, on=None):
    return Decision.objects.with_standing(on or timezone.localdate()).get(pk=decision.pk).standing


def test_decisions_are_numbered_in_their_meeting(hold, decide):
    first, second = hold(), hold("第二次调度会", "2026-03-09")

    numbers = [decide(first, "甲").number, decide(first, "乙").number, decide(second, "丙").number]

    assert numbers == [1, 2, 1]


def test_a_decision_becomes_a_task_with_its_units_and_deadline(meeting, decide, ledger, office, bureau, other_bureau):
    decision = decide(meeting, parts={bureau: "lead", other_bureau: "supporting"}, deadline=date(2026, 4, 1))

    task = decision.become_task(ledger, by=office)

    assert (task.title, task.deadline, task.section) == ("清理占道经营", date(2026, 4, 1), "第一次调度会")
    assert task.requirement == "2026年3月2日《第一次调度会》议定事项第1项。"
    assert dict(task.assignments.values_list("unit__name", "part")) == {"市城管局": "lead", "市教育局": "supporting"}


def test_a_decision_becomes_a_task_once(meeting, decide, ledger, office):
    decision = decide(meeting)
    decision.become_task(ledger, by=office)

    with pytest.raises(NotInThisState):
        Decision.objects.get(pk=decision.pk).become_task(ledger, by=office)

    assert Task.objects.count() == 1


def test_a_decision_without_a_unit_is_no_task(meeting, decide, ledger, office):
    with pytest.raises(ValidationError, match="第 1 项"):
        decide(meeting, parts={}).become_task(ledger, by=office)


def test_a_decision_for_a_unit_that_has_ended_is_no_task(meeting, decide, ledger, office, make_unit, city):
    ended = make_unit("撤并单位", parent=city, valid_until="2021-01-01")

    with pytest.raises(ValidationError, match="撤并单位"):
        decide(meeting, parts={ended: "lead"}).become_task(ledger, by=office)

    assert not Task.objects.exists()


def test_two_units_do_not_lead(meeting, decide, bureau, other_bureau):
    with pytest.raises(ValidationError):
        decide(meeting, parts={bureau: "lead", other_bureau: "lead"})


def test_what_is_a_task_does_not_change_in_the_minutes(meeting, decide, ledger, office):
    decision = decide(meeting)
    decision.become_task(ledger, by=office)

    with pytest.raises(NotInThisState):
        decision.change(by=office, text="别的", parts={})
    with pytest.raises(NotInThisState):
        decision.drop(by=office)
    with pytest.raises(ValidationError):
        meeting.drop(by=office)


def test_a_task_that_was_deleted_leaves_its_decision_open(meeting, decide, ledger, office):
    decision = decide(meeting)
    decision.become_task(ledger, by=office).remove()

    assert standing(decision) == "not_started"
    decision.become_task(ledger, by=office)


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT_LEAD, Role.INSPECTOR])
def test_only_the_office_decides(meeting, make_member, city, role):
    with pytest.raises(PermissionDenied):
        meeting.decide(by=make_member(city, role), text="甲", parts={})


def test_another_offices_ledger_takes_no_task(meeting, decide, office, make_unit):
    elsewhere = make_unit("另一个市").ledgers.create(name="台账", year=2026)

    with pytest.raises(PermissionDenied):
        decide(meeting).become_task(elsewhere, by=office)


@pytest.mark.parametrize(
    ("deadline", "done", "expected"),
    [
        (None, [False, False], "doing"),
        (date(2026, 4, 1), [True, False], "doing"),
        (date(2026, 3, 19), [True, False], "overdue"),
        (date(2026, 3, 19), [True, True], "done"),
        (date(2026, 3, 20), [False, False], "doing"),
    ],
)
def test_a_decision_is_seen_through_its_task(
    meeting, decide, ledger, office, bureau, other_bureau, deadline, done, expected
):
    decision = decide(meeting, parts={bureau: "lead", other_bureau: "responsible"}, deadline=deadline)
    task = decision.become_task(ledger, by=office)
    for assignment, is_done in zip(task.assignments.all(), done, strict=True):
        if is_done:
            task.assignments.filter(pk=assignment.pk).update(
                state="completed", percent=100, completed_at=timezone.now()
            )

    assert standing(decision, date(2026, 3, 20)) == expected


@pytest.mark.parametrize(("deadline", "expected"), [(None, "not_started"), (date(2026, 3, 19), "overdue")])
def test_without_a_task_the_decisions_own_deadline_counts(meeting, decide, deadline, expected):
    assert standing(decide(meeting, deadline=deadline), date(2026, 3, 20)) == expected


@pytest.fixture
def open_with(client, office, ledger):
    """What the page of a meeting opens with: `(text, standing)` of each earlier decision."""

    def open_with(meeting, user=office):
        client.force_login(user)
        rows = client.get(meeting.get_absolute_url()).context["earlier"]
        return [(row.text, row.standing) for row in rows]

    return open_with


def test_the_next_meeting_opens_with_the_last_ones_in_order_of_lateness(hold, decide, ledger, office, open_with):
    today = timezone.localdate()
    first, second, third = (hold(f"第{n}次", f"2026-03-0{n}") for n in (1, 2, 3))
    due = {"早已逾期": today - timedelta(9), "刚刚逾期": today - timedelta(1), "下周到期": today + timedelta(7)}
    for n, (text, day) in enumerate(due.items()):
        decide(first if n % 2 else second, text, deadline=day).become_task(ledger, by=office)
    decide(second, "还没转任务")
    done = [
        decide(first, "早就办完").become_task(ledger, by=office),
        decide(second, "刚办完").become_task(ledger, by=office),
    ]
    for task in done:
        task.assignments.update(state="completed", percent=100, completed_at=timezone.now())
    decide(third, "本次议定")

    assert open_with(third) == [
        ("早已逾期", "overdue"), ("刚刚逾期", "overdue"), ("下周到期", "doing"), ("还没转任务", "not_started"),
        ("刚办完", "done"),
    ]  # fmt: skip


def test_the_first_meeting_opens_with_nothing(hold, decide, open_with):
    first, later = hold(), hold("第二次", "2026-03-09")
    decide(later)

    assert open_with(first) == []


def test_meetings_of_another_unit_are_no_earlier_ones(hold, decide, open_with, make_unit, city):
    decide(hold())
    district = hold("区调度会", "2026-03-09", unit=make_unit("东湖区", parent=city))

    assert open_with(district) == []


def test_a_unit_sees_the_meetings_that_it_attended(hold, bureau, lead, office, open_with, decide):
    decide(hold("没有参加", "2026-03-01"), "看不到")
    attended = hold("参加了", "2026-03-02", attending=[bureau])

    assert list(Meeting.objects.visible_to(lead)) == [attended]
    assert Meeting.objects.visible_to(office).count() == 2
    assert open_with(attended, lead) == []


def test_a_section_below_sees_what_its_unit_does_not_attend_never(hold, bureau, make_unit, make_member):
    hold("参加了", attending=[bureau])
    section = make_unit("市容科", parent=bureau)

    assert not Meeting.objects.visible_to(make_member(section, Role.UNIT_LEAD)).exists()


def test_the_task_says_where_it_was_decided(client, meeting, decide, ledger, office, lead):
    task = decide(meeting).become_task(ledger, by=office)
    pages = []
    for user in (office, lead):
        client.force_login(user)
        pages.append("第一次调度会，第1项" in client.get(task.get_absolute_url()).content.decode())

    assert pages == [True, False]


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (Decision, {"number": 1, "text": "乙"}, "tasks_decision_number_once"),
        (Decision, {"number": 2, "text": ""}, "tasks_decision_says_something"),
    ],
)
def test_the_database_refuses_such_a_decision(meeting, decide, model, fields, constraint):
    decide(meeting)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(meeting=meeting, **fields)


@pytest.mark.parametrize(
    ("unit", "part", "constraint"),
    [
        ("bureau", "supporting", "tasks_decision_unit_once"),
        ("other_bureau", "lead", "tasks_decision_one_lead"),
        ("other_bureau", "boss", "tasks_decision_part_is_known"),
    ],
)
def test_the_database_refuses_such_a_part(meeting, decide, request, other_bureau, unit, part, constraint):
    decision = decide(meeting)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DecisionUnit.objects.create(decision=decision, unit=request.getfixturevalue(unit), part=part)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"title": "第一次调度会"}, "tasks_meeting_once"),
        ({"title": ""}, "tasks_meeting_has_a_title"),
        ({"title": "新", "kind": "party"}, "tasks_meeting_kind_is_known"),
    ],
)
def test_the_database_refuses_such_a_meeting(meeting, city, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Meeting.objects.create(unit=city, held_on=meeting.held_on, **fields)


@pytest.fixture
def write(client, office):
    """The office sends a form of the meetings: `write("meeting-new", title=…)`; returns the answer."""

    def write(name, *args, **fields):
        client.force_login(office)
        return client.post(reverse(f"tasks:{name}", args=args), fields)

    return write


def said(meeting, **changes):
    words = {"kind": "dispatch", "title": meeting.title, "held_on": "2026-03-02", "minutes": "新的纪要"}
    return words | changes


def test_the_office_writes_a_meeting_down_with_its_file(write, city, bureau):
    paper = SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n")
    fields = {"unit": city.pk, "kind": "joint", "title": "联席会议", "held_on": "2026-03-02", "paper": paper}

    write("meeting-new", **fields, attending=[f"unit-{bureau.pk}"])

    meeting = Meeting.objects.get()
    assert (str(meeting), meeting.kind, meeting.file.name, list(meeting.attending.all())) == (
        "联席会议", "joint", "纪要.pdf", [bureau]
    )  # fmt: skip


def test_the_same_meeting_twice_is_told(write, meeting, city):
    assert write("meeting-new", **said(meeting, unit=city.pk)).status_code == 422


def test_decisions_are_added_one_after_the_other_without_a_script(write, meeting, bureau):
    first = write("decision-new", meeting.pk, text="甲", lead=bureau.pk, more=1)
    second = write("decision-new", meeting.pk, text="乙")

    assert first.url == reverse("tasks:decision-new", args=[meeting.pk])
    assert second.url == f"{meeting.get_absolute_url()}#decision-2"
    assert [one.parts for one in meeting.decisions.all()] == [{bureau: "lead"}, {}]


@pytest.mark.parametrize("wrong", [{"text": ""}, {"deadline": "2026-03-01"}, {"lead": 99}])
def test_a_decision_that_cannot_be_is_refused_in_the_form(write, meeting, wrong):
    assert write("decision-new", meeting.pk, **{"text": "甲"} | wrong).status_code == 422


def test_a_whole_peer_group_is_invited_at_once(write, city, bureau, other_bureau):
    fields = {"unit": city.pk, "kind": "joint", "title": "联席会议", "held_on": "2026-03-02"}

    write("meeting-new", **fields, attending=[f"group-{bureau.peer_group_id}"])

    assert set(Meeting.objects.get().attending.all()) == {bureau, other_bureau}


def test_the_units_that_attended_are_ticked_first_when_the_meeting_is_changed(client, hold, office, bureau, make_unit):
    meeting = hold(attending=[bureau])
    client.force_login(office)

    page = client.get(reverse("tasks:meeting-edit", args=[meeting.pk])).content.decode()

    boxes = re.findall(r'name="attending" value="([^"]+)" id="[^"]+"( checked)?', page)
    assert boxes[0] == (f"unit-{bureau.pk}", " checked")
    assert {ticked for _value, ticked in boxes[1:]} == {""}


def test_who_leads_is_left_out_of_the_group_that_is_responsible(write, meeting, bureau, other_bureau):
    group = f"group-{bureau.peer_group_id}"

    write("decision-new", meeting.pk, text="甲", lead=bureau.pk, responsible=[group])

    assert meeting.decisions.get().parts == {bureau: "lead", other_bureau: "responsible"}


def test_who_is_named_as_supporting_is_left_out_of_the_group(write, meeting, bureau, other_bureau):
    words = {"responsible": [f"group-{bureau.peer_group_id}"], "supporting": [f"unit-{bureau.pk}"]}

    write("decision-new", meeting.pk, text="甲", **words)

    assert meeting.decisions.get().parts == {other_bureau: "responsible", bureau: "supporting"}


def test_a_unit_named_twice_is_told(write, meeting, bureau):
    answer = write("decision-new", meeting.pk, text="甲", lead=bureau.pk, responsible=[f"unit-{bureau.pk}"])

    assert answer.status_code == 422


def test_decisions_become_tasks_all_or_none(write, meeting, decide, ledger):
    good, bad = decide(meeting, "甲"), decide(meeting, "乙", parts={})

    both = write("meeting-make-tasks", meeting.pk, ledger=ledger.pk, decisions=[good.pk, bad.pk])
    assert (both.status_code, Task.objects.count()) == (422, 0)
    assert "第2项" in both.content.decode() or "第 2 项" in both.content.decode()

    write("meeting-make-tasks", meeting.pk, ledger=ledger.pk, decisions=[good.pk])
    assert Task.objects.get().decision == good


def test_a_meeting_is_deleted_with_its_decisions(write, meeting, decide):
    decide(meeting)

    assert write("meeting-delete", meeting.pk).url == reverse("tasks:meetings")
    assert not Decision.objects.exists()


def test_the_minutes_on_paper_are_chinese_whatever_language_is_spoken(client, meeting, decide, office):
    office.language = "en"
    office.save()
    decide(meeting, deadline=date(2026, 4, 1))
    client.force_login(office)

    page = client.get(reverse("tasks:meeting-minutes", args=[meeting.pk])).content.decode()

    assert "牵头：市城管局" in page and "2026年4月1日" in page


def test_a_search_finds_what_was_decided(client, hold, decide, office):
    decide(hold("有的"), "清理占道经营")
    hold("没有的", "2026-03-09")
    client.force_login(office)

    rows = client.get(reverse("tasks:meetings") + "?q=占道").context["listing"].rows

    assert [str(row) for row in rows] == ["有的"]


def test_pages_cost_the_same_for_any_number_of_decisions(
    client, hold, decide, office, ledger, django_assert_max_num_queries
):
    first, second = hold(), hold("第二次", "2026-03-09")
    for n in range(20):
        decide(first, f"第{n}项").become_task(ledger, by=office)
        decide(second, f"第{n}项")
    client.force_login(office)

    for address in (reverse("tasks:meetings"), second.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_a_decision_made_a_task_by_two_at_once_is_made_once(self, meeting, decide, ledger, office):
        decision = decide(meeting)
        first, second = (Decision.objects.get(pk=decision.pk) for _ in range(2))

        has_waited, rival = race(
            lambda: first.become_task(ledger, by=office), lambda: second.become_task(ledger, by=office)
        )

        assert has_waited and isinstance(rival.error, NotInThisState)
        assert Task.objects.count() == 1

    def test_without_the_lock_the_rival_would_not_be_refused_so(self, meeting, decide, ledger, office, monkeypatch):
        """The counter-proof: without the row lock the rival begins, and only the twin in the ledger stops it."""
        decision = decide(meeting)
        first, second = (Decision.objects.get(pk=decision.pk) for _ in range(2))
        plain = Decision.refresh_from_db
        monkeypatch.setattr(Decision, "refresh_from_db", lambda self, from_queryset=None, **more: plain(self, **more))

        _waited, rival = race(
            lambda: first.become_task(ledger, by=office), lambda: second.become_task(ledger, by=office)
        )

        assert isinstance(rival.error, ValidationError)

    def test_a_decision_is_not_deleted_twice(self, meeting, decide, office):
        decision = decide(meeting)
        same = Decision.objects.get(pk=decision.pk)
        decision.drop(by=office)

        with pytest.raises(NotInThisState):
            same.drop(by=office)

    def test_who_writes_down_the_same_meeting_a_moment_later_is_told(self, hold, office, city):
        other = Client()
        other.force_login(office)
        words = {"title": "调度会", "kind": "joint", "held_on": "2026-03-02", "unit": city.pk}

        has_waited, rival = race(lambda: hold("调度会"), lambda: other.post(reverse("tasks:meeting-new"), words))

        assert (has_waited, rival.error, rival.result.status_code) == (True, None, 422)
        assert Meeting.objects.count() == 1
