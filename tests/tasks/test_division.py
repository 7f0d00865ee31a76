"""Who gets a task: the one rule, and the form of a task with a row for each unit."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tasks.models import Assignment, SelfCheck, Task
from tasks.models.division import Given, Refused, divisions
from tests.tasks.rows import unit_rows
from units.roles import Role

pytestmark = pytest.mark.django_db
FORM = {"title": "文明交通劝导", "deadline": "2026-09-30"}


def refused(task, parts):
    with pytest.raises(Refused) as told:
        task.assign(parts)
    return told.value


# --- the rule ---


def test_a_unit_is_given_a_part_a_share_a_deadline_and_a_quantity(make_task, bureau):
    given = Given("lead", Decimal(100), date(2026, 6, 30), Decimal(120), "个", "主次干道全覆盖")

    [change] = make_task().assign({bureau: given})

    row = Assignment.objects.get()
    assert (change.before, Given.of(row), row.due_on) == (None, given, date(2026, 6, 30))


def test_a_part_alone_leaves_the_rest_as_it_is(make_task, give, bureau):
    task = make_task()
    give(task, bureau, quantity=5, quantity_unit="个")

    task.assign({bureau: "lead"})

    assert (task.assignments.get().part, task.assignments.get().quantity) == ("lead", 5)


def test_what_is_wrong_is_said_of_each_unit(make_task, make_unit, put_in, city, bureau):
    task = put_in("doing").task
    ended, stranger = make_unit("老局", parent=city, valid_until="2021-01-01"), make_unit("别市")

    told = refused(task, {ended: "responsible", stranger: "responsible"})

    assert set(told.by_unit) == {ended.pk, stranger.pk, bureau.pk}
    assert "已撤销" in told.by_unit[ended.pk]
    assert "不在" in told.by_unit[stranger.pk]
    assert "不能移除" in told.by_unit[bureau.pk]


def test_a_unit_that_has_checked_itself_stays(assignment, lead):
    SelfCheck.objects.say(assignment, None, by=lead, verdict="met")

    told = refused(assignment.task, {})

    assert set(told.by_unit) == {assignment.unit_id}


def test_nothing_of_a_refused_division_is_done(make_task, give, bureau, other_bureau):
    task = make_task()
    give(task, bureau)

    told = refused(task, {bureau: Given("lead", Decimal(60)), other_bureau: Given("lead", Decimal(30))})

    assert len(told.general) == 2  # two leads, and shares of ninety
    assert task.assignments.get().part == "responsible"


def test_the_lead_changes_hands_in_one_go(make_task, give, bureau, other_bureau):
    task = make_task()
    give(task, bureau, part="lead")
    give(task, other_bureau)

    task.assign({other_bureau: "lead", bureau: "supporting"})

    assert dict(task.assignments.values_list("unit__name", "part")) == {"市教育局": "lead", "市城管局": "supporting"}


def test_a_unit_that_has_the_task_from_the_unit_above_is_told(make_task, give, make_unit, bureau):
    task, section = make_task(), make_unit("市容科", parent=bureau)
    [above] = give(task, bureau)
    give(task, section, parent=above)

    assert "市城管局" in refused(task, {bureau: "lead", section: "responsible"}).by_unit[section.pk]


def test_many_tasks_are_looked_at_in_two_questions(make_task, give, bureau, other_bureau, django_assert_num_queries):
    tasks = [make_task(f"第{n}项") for n in range(5)]
    for task in tasks:
        give(task, bureau, other_bureau)

    with django_assert_num_queries(2):
        found = divisions(tasks)

    assert [len(one.now) for one in found] == [2] * 5


# --- the form ---


@pytest.fixture
def save(client, office, make_task):
    """Save the form of a task as the office: `save(task, (bureau, "lead"), read=…)`."""
    client.force_login(office)

    def save(task, *rows, **more):
        return client.post(reverse("tasks:task-edit", args=[task.pk]), unit_rows(*rows, **{**FORM, **more}))

    return save


def test_a_row_says_all_that_a_unit_is_given(save, make_task, bureau):
    task = make_task()
    row = {"share": "100", "deadline": "2026-06-30", "quantity": "120", "quantity_unit": "个", "requirement": "全覆盖"}

    assert save(task, (bureau, "lead", row)).status_code == 302

    assert Given.of(task.assignments.get()) == Given(
        "lead", Decimal(100), date(2026, 6, 30), Decimal(120), "个", "全覆盖"
    )


def test_a_row_tells_of_which_unit_a_section_is(client, office, make_task, make_unit, give, bureau):
    task = make_task()
    give(task, make_unit("办公室", parent=bureau))
    client.force_login(office)

    page = client.get(reverse("tasks:task-edit", args=[task.pk])).content.decode()

    assert '<strong>办公室</strong><small class="muted">市城管局</small>' in page


def test_shares_that_do_not_add_up_are_said_above_the_rows(save, make_task, bureau, other_bureau):
    task = make_task()

    answer = save(task, (bureau, "lead", {"share": 60}), (other_bureau, "responsible", {"share": 30}))

    assert answer.status_code == 422
    assert "合计为 90" in answer.context["rows"].problems()[0]
    assert not task.assignments.exists()
    assert Task.objects.get().title != FORM["title"]


def test_a_unit_that_ended_is_told_at_its_row(save, make_task, make_unit, city):
    ended = make_unit("老局", parent=city, valid_until="2021-01-01")

    answer = save(make_task(), (ended, "lead"))

    assert "已撤销" in answer.context["rows"].forms[0].non_field_errors()[0]


def test_a_unit_that_has_begun_is_told_at_the_box_that_takes_it_out(save, put_in, bureau):
    assignment = put_in("doing")

    answer = save(assignment.task, (bureau, "lead", {"gone": "on"}))

    assert "不能移除" in answer.context["rows"].forms[0].errors["gone"][0]


@pytest.mark.parametrize(
    "wrong", [{"quantity": "5"}, {"quantity_unit": "个"}, {"quantity": "-1", "quantity_unit": "个"}, {"share": "101"}]
)
def test_a_row_that_cannot_be_is_refused(save, make_task, bureau, wrong):
    assert save(make_task(), (bureau, "lead", wrong)).status_code == 422


def test_a_refused_new_task_is_still_a_new_one(client, office, ledger, bureau):
    client.force_login(office)
    address = reverse("tasks:task-new", args=[ledger.pk])

    answer = client.post(address, unit_rows((bureau, "lead", {"share": 50}), **FORM))

    assert answer.status_code == 422
    assert answer.context["task"].pk is None
    assert not Task.objects.exists()


def test_a_peer_group_becomes_a_row_for_each_of_its_units(save, make_task, bureau, other_bureau):
    task, group = make_task(), bureau.peer_group_id

    answer = save(task, (bureau, "lead", {"share": 10}), pick=[f"group-{group}"], add="supporting")

    rows = [(form.named, form["part"].value(), form["share"].value()) for form in answer.context["rows"].forms]
    assert rows == [(bureau, "lead", "10"), (other_bureau, "supporting", None)]
    assert not task.assignments.exists()


def test_what_is_ticked_and_has_no_part_yet_is_not_lost_when_saving(save, make_task, bureau):
    answer = save(make_task(), pick=[f"unit-{bureau.pk}"])

    assert [form.named for form in answer.context["rows"].forms] == [bureau]


# --- two people at once ---


def opened(client, task):
    return client.get(reverse("tasks:task-edit", args=[task.pk])).context["form"]["read"].value()


def test_the_later_one_keeps_the_own_text_and_sees_the_others(client, save, make_task, bureau, other_bureau):
    task = make_task()
    read = opened(client, task)
    save(task, (other_bureau, "lead"), title="他人的标题")

    answer = save(task, (bureau, "lead"), read=read, title="我的标题")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "我的标题" in page
    assert "他人的标题" in page
    assert any("市教育局" in words for words in answer.context["rows"].problems())
    assert Task.objects.get().title == "他人的标题"


def test_who_has_seen_the_other_text_may_keep_the_own(client, save, make_task, bureau, other_bureau):
    task = make_task()
    read = opened(client, task)
    save(task, (other_bureau, "lead"))
    told = save(task, (bureau, "lead"), read=read, title="我的标题").context["form"]

    assert save(task, (bureau, "lead"), read=told["read"].value(), title="我的标题").status_code == 302
    assert task.assignments.get().unit == bureau


def test_the_same_form_sent_twice_is_no_conflict(client, save, make_task, bureau):
    task = make_task()
    read = opened(client, task)

    rows = [(bureau, "lead", {"share": "100"})]
    assert [save(task, *rows, read=read).status_code for _ in range(2)] == [302, 302]


def test_units_changed_meanwhile_are_told_too(client, save, make_task, give, bureau):
    task = make_task(title=FORM["title"], deadline=date(2026, 9, 30))
    read = opened(client, task)
    give(task, bureau, part="supporting")

    answer = save(task, (bureau, "lead"), read=read)

    assert answer.status_code == 422
    assert "配合" in answer.context["rows"].forms[0].note


# --- by which name a unit is called ---


@pytest.fixture
def offices(make_unit, bureau, other_bureau):
    """Two units that are called the same, each below a bureau of its own."""
    return [make_unit("办公室", parent=above) for above in (bureau, other_bureau)]


def test_two_units_of_one_name_are_told_apart_in_a_refusal(make_task, offices, bureau, other_bureau):
    told = refused(make_task(), dict.fromkeys(offices, "lead"))

    assert f"办公室（{bureau}）、办公室（{other_bureau}）" in told.general[0]


def test_a_unit_without_a_row_is_called_as_the_rows_call_it(save, make_task, give, make_member, offices, bureau):
    task = make_task()
    for one in give(task, *offices):
        one.write(by=make_member(one.unit, Role.UNIT_LEAD), percent=Decimal(10), narrative="已动手")

    answer = save(task, (bureau, "lead"))

    assert f"办公室（{bureau}）" in " ".join(answer.context["rows"].problems())
