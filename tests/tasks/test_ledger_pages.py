"""Ledgers and tasks: lists, filters, pages, editing by hand, and what leaves as a workbook."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tasks.models import Assignment, Ledger, Standard, Task
from tests.tasks.rows import unit_rows
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles(client, ledger):
    """The titles in the ledger's list for somebody, under a query."""

    def titles(user, query=""):
        client.force_login(user)
        answer = client.get(f"{ledger.get_absolute_url()}?{query}")
        return [row.title for row in answer.context["listing"].rows]

    return titles


def test_a_unit_sees_the_tasks_given_to_it(titles, make_task, give, lead, bureau, other_bureau):
    give(make_task("我们的"), bureau)
    give(make_task("别人的"), other_bureau)

    assert titles(lead) == ["我们的"]


def test_the_office_sees_all(titles, make_task, office):
    make_task("甲")
    make_task("乙")

    assert titles(office) == ["甲", "乙"]


def test_another_citys_people_do_not_see_the_ledger(client, ledger, make_task, make_unit, make_member):
    make_task()
    client.force_login(make_member(make_unit("别市"), Role.OFFICE))

    assert client.get(ledger.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=占道", ["清理占道经营"]),
        ("q=占道 农贸", []),
        ("method=site", ["清理占道经营"]),
        ("key=true", ["公益广告"]),
        ("part=supporting", ["公益广告"]),
        ("state=returned", ["公益广告"]),
        ("review=returned", ["公益广告"]),
        ("review=unreported&part=lead", ["清理占道经营"]),
        ("late=true", ["清理占道经营"]),
        ("part=supporting&late=true", []),
    ],
)
def test_the_list_is_asked_by_its_address(titles, make_task, give, office, bureau, query, found):
    yesterday = timezone.localdate() - timedelta(days=1)
    give(make_task("清理占道经营", methods=["site"], deadline=yesterday), bureau, part="lead")
    give(make_task("公益广告", is_key=True), bureau, part="supporting", state="returned")

    assert titles(office, query) == found


def test_part_and_state_are_asked_of_the_same_unit(titles, make_task, give, office, bureau, other_bureau):
    task = make_task()
    give(task, bureau, part="lead", state="doing")
    give(task, other_bureau, state="returned")

    assert titles(office, "part=lead&state=doing") == [task.title]
    assert titles(office, "part=lead&state=returned") == []


def test_a_supporting_unit_sees_how_the_others_stand(client, make_task, give, other_lead, bureau, other_bureau):
    task = make_task()
    (theirs,) = give(task, bureau, part="lead", state="returned")
    (own,) = give(task, other_bureau, part="supporting")
    client.force_login(other_lead)

    page = client.get(task.get_absolute_url()).content.decode()

    assert "市城管局" in page
    assert own.get_absolute_url() in page
    assert theirs.get_absolute_url() not in page


def test_a_task_that_is_not_ones_own_does_not_exist(client, make_task, give, other_lead, bureau):
    task = make_task()
    give(task, bureau)
    client.force_login(other_lead)

    assert client.get(task.get_absolute_url()).status_code == 404


FORM = {"title": "文明交通劝导", "deadline": "2026-09-30", "methods": ["site"]}


def test_the_office_adds_a_task_with_its_units(client, ledger, office, bureau, other_bureau):
    client.force_login(office)

    client.post(
        reverse("tasks:task-new", args=[ledger.pk]),
        unit_rows((bureau, "lead"), (other_bureau, "supporting"), **FORM),
    )

    task = Task.objects.get()
    assert (task.title, task.deadline, task.order) == ("文明交通劝导", date(2026, 9, 30), 1)
    assert dict(task.assignments.values_list("unit__name", "part")) == {"市城管局": "lead", "市教育局": "supporting"}


@pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
def test_who_only_looks_adds_nothing(client, ledger, make_member, city, role):
    client.force_login(make_member(city, role))

    assert client.get(reverse("tasks:task-new", args=[ledger.pk])).status_code == 403
    assert client.get(reverse("tasks:ledger-new")).status_code == 403


def test_a_unit_named_twice_is_told(client, ledger, office, bureau):
    client.force_login(office)

    answer = client.post(
        reverse("tasks:task-new", args=[ledger.pk]),
        unit_rows((bureau, "lead"), (bureau, "responsible"), **FORM),
    )

    assert answer.status_code == 422
    assert "市城管局" in answer.content.decode()
    assert not Task.objects.exists()


def test_the_same_task_twice_is_told(client, ledger, office, bureau):
    client.force_login(office)
    address = reverse("tasks:task-new", args=[ledger.pk])
    client.post(address, unit_rows((bureau, "lead"), **FORM))

    assert client.post(address, unit_rows(**{**FORM, "title": "文明交通、劝导"})).status_code == 422


def test_the_lead_changes_hands(client, make_task, give, office, bureau, other_bureau):
    task = make_task()
    give(task, bureau, part="lead")
    give(task, other_bureau)
    client.force_login(office)

    client.post(
        reverse("tasks:task-edit", args=[task.pk]),
        unit_rows((other_bureau, "lead"), (bureau, "responsible"), **FORM),
    )

    assert dict(task.assignments.values_list("unit__name", "part")) == {"市教育局": "lead", "市城管局": "responsible"}


def test_a_unit_that_has_reported_is_not_taken_out(client, put_in, office):
    assignment = put_in("doing")
    client.force_login(office)

    answer = client.post(reverse("tasks:task-edit", args=[assignment.task.pk]), unit_rows(**FORM))

    assert answer.status_code == 422
    assert Assignment.objects.get() == assignment
    assert Task.objects.get().title != FORM["title"]


def test_a_task_that_was_reported_on_is_not_deleted(client, put_in, office):
    assignment = put_in("doing")
    client.force_login(office)

    assert client.post(reverse("tasks:task-delete", args=[assignment.task.pk])).status_code == 422
    assert Task.objects.exists()


def test_a_task_without_reports_is_deleted(client, make_task, give, office, bureau):
    task = make_task()
    give(task, bureau)
    client.force_login(office)

    assert client.post(reverse("tasks:task-delete", args=[task.pk])).url == task.ledger.get_absolute_url()
    assert not Task.objects.exists()


def test_a_unit_that_has_ended_gets_no_task(make_task, make_unit, city):
    ended = make_unit(parent=city, valid_until="2021-01-01")

    with pytest.raises(ValidationError, match=str(ended)):
        make_task().assign({ended: "lead"})


def test_a_unit_outside_the_ledgers_subtree_gets_no_task(make_task, make_unit):
    with pytest.raises(ValidationError):
        make_task().assign({make_unit("别市"): "lead"})


def test_two_units_do_not_lead(make_task, bureau, other_bureau):
    with pytest.raises(ValidationError):
        make_task().assign({bureau: "lead", other_bureau: "lead"})


def test_a_unit_that_ended_since_keeps_its_task(make_task, give, bureau):
    task = make_task()
    give(task, bureau)
    bureau.valid_until = "2025-12-31"
    bureau.save()

    task.assign({bureau: "lead"})

    assert task.assignments.get().part == "lead"


def test_the_office_begins_a_ledger(client, office, city):
    client.force_login(office)

    client.post(reverse("tasks:ledger-new"), {"name": "重点任务清单", "year": "2026", "unit": city.pk})

    assert str(Ledger.objects.get()) == "2026年重点任务清单"


def test_a_year_in_the_name_is_not_said_twice():
    assert str(Ledger(year=2026, name="2026年创建工作分解表")) == "2026年创建工作分解表"


def test_the_same_ledger_twice_is_told(client, office, ledger):
    client.force_login(office)

    again = {"name": ledger.name, "year": "2026", "unit": ledger.unit_id}

    assert client.post(reverse("tasks:ledger-new"), again).status_code == 422


def sheet(answer):
    return list(openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active.values)


def test_the_ledger_leaves_as_it_is_shown(client, ledger, make_task, give, office, bureau, other_bureau):
    task = make_task("=HYPERLINK(1)", deadline=date(2026, 6, 30), deadline_text="6月底前", number="1")
    give(task, bureau, part="lead")
    give(task, other_bureau)
    make_task("不在筛选之内")
    client.force_login(office)

    head, row = sheet(client.get(reverse("tasks:ledger-export", args=[ledger.pk]) + "?part=lead"))

    said = dict(zip(head, row, strict=True))
    assert (said["任务"], said["牵头单位"], said["责任单位"]) == ("=HYPERLINK(1)", "市城管局", "市教育局")
    assert (said["完成时限"].date(), said["时限原文"], said["已完成"]) == (date(2026, 6, 30), "6月底前", "0/2")


def test_the_assignments_leave_as_they_are_shown(client, make_assignment, lead, other_bureau):
    make_assignment(title="我们的")
    make_assignment(other_bureau, title="别人的")
    client.force_login(lead)

    rows = sheet(client.get(reverse("tasks:assignments-export")))

    assert [row[0] for row in rows[1:]] == ["我们的"]


def test_a_ledger_and_a_standard_tell_their_changes(client, ledger, office, city):
    standard = Standard.objects.create(unit=city, name="测评体系", edition=2026)
    for thing in (ledger, standard):
        type(thing).objects.filter(pk=thing.pk).update(name="改名以后")
    client.force_login(office)

    pages = [reverse("tasks:ledger-changes", args=[ledger.pk]), reverse("tasks:standard-changes", args=[standard.pk])]
    told = [client.get(page).context["history"] for page in pages]

    assert ["改名以后" in str(entries[0].changes) for entries in told] == [True, True]


@pytest.mark.parametrize("wrong", [{"name": "另一台账"}, {"year": 1}, {"year": 32767}])
def test_a_ledger_that_cannot_be_is_refused_in_the_form(client, ledger, office, wrong):
    Ledger.objects.create(unit=ledger.unit, year=ledger.year, name="另一台账")
    client.force_login(office)

    said = {"name": ledger.name, "year": ledger.year} | wrong

    assert client.post(reverse("tasks:ledger-edit", args=[ledger.pk]), said).status_code == 422


def test_a_search_of_a_thousand_words_asks_no_more_than_ten(titles, make_task, office):
    make_task("清理占道经营")
    words = "+".join(["清理"] * 10 + ["不存在"] * 1000)

    assert titles(office, f"q={words}") == ["清理占道经营"]


@pytest.mark.django_db(transaction=True)
def test_a_ledger_is_changed_also_outside_of_a_transaction_of_ours(client, office, ledger):
    """As a browser does it: no test holds a transaction open around the form, which locks its row."""
    client.force_login(office)
    address = reverse("tasks:ledger-edit", args=[ledger.pk])
    seen = client.get(address).context["form"]["seen"].value()

    answer = client.post(address, {"seen": seen, "name": "新的名称", "year": 2026})

    assert (answer.status_code, Ledger.objects.get().name) == (302, "新的名称")


def test_a_ledger_changed_meanwhile_is_not_overwritten_unseen(client, office, ledger):
    client.force_login(office)
    address = reverse("tasks:ledger-edit", args=[ledger.pk])
    seen = client.get(address).context["form"]["seen"].value()
    Ledger.objects.update(name="新的名称")

    answer = client.post(address, {"seen": seen, "name": "我的名称", "year": 2026})

    page = answer.content.decode()
    assert (answer.status_code, "新的名称" in page, "我的名称" in page) == (422, True, True)
    assert Ledger.objects.get().name == "新的名称"
