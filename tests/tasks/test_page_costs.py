"""Each page asks the database a fixed number of times, whatever is in it, also when what waits is counted anew."""

from datetime import timedelta

import pghistory
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.models import Assignment, Coordination, DutyRule, Material, Postponement

pytestmark = pytest.mark.django_db
MOST = 20


@pytest.fixture
def fill(ledger, make_task, make_unit, put_in, city, give):
    """Fill the ledger with `n` tasks, each given to three units."""

    def fill(n):
        units = [make_unit(parent=city) for _ in range(3)]
        for _ in range(n):
            task = make_task(f"第{n}项", section="一、组织领导")
            give(task, units[0], part="lead", state="doing")
            give(task, *units[1:])

    return fill


@pytest.fixture
def cost(client):
    def cost(address, user):
        client.force_login(user)
        client.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200
        return len(queries)

    return cost


def lists(ledger):
    return [
        reverse("tasks:ledgers"),
        f"{ledger.get_absolute_url()}?size=250",
        f"{ledger.get_absolute_url()}?size=250&part=lead&late=true&review=unreported&method=site&q=第",
        f"{reverse('tasks:assignments')}?size=250",
        f"{reverse('tasks:my-tasks')}?size=250",
        f"{reverse('tasks:review-queue')}?size=250",
        reverse("tasks:import"),
        reverse("tasks:standards"),
    ]


def test_lists_cost_the_same_for_25_and_250_rows(ledger, fill, cost, office):
    fill(25)
    few = [cost(address, office) for address in lists(ledger)]
    fill(225)

    many = [cost(address, office) for address in lists(ledger)]

    assert many == few
    assert max(many) <= MOST


def test_the_queue_costs_the_same_for_one_and_for_many(cost, put_in, office):
    put_in("submitted")
    one = cost(reverse("tasks:review-queue"), office)
    for _ in range(10):
        put_in("submitted")

    assert cost(reverse("tasks:review-queue"), office) == one <= MOST


def test_a_task_costs_the_same_for_one_and_for_many_units(cost, make_task, give, make_unit, city, office):
    task = make_task()
    give(task, make_unit(parent=city))
    one = cost(task.get_absolute_url(), office)
    give(task, *(make_unit(parent=city) for _ in range(20)))

    assert cost(task.get_absolute_url(), office) == one <= MOST


@pytest.mark.parametrize("state", ["not_started", "submitted", "returned", "completed"])
def test_an_assignment_costs_at_most_twenty_queries(cost, put_in, office, staff, lead, state):
    address = put_in(state).get_absolute_url()

    assert max(cost(address, user) for user in (office, staff, lead)) <= MOST


@pytest.mark.parametrize("state", ["doing", "submitted"])
def test_an_assignment_with_all_that_may_stand_beside_it_costs_no_more(
    cost, put_in, office, staff, lead, other_bureau, make_unit, bureau, state
):
    due, later = (timezone.localdate() + timedelta(days=days) for days in (10, 30))
    Assignment.objects.filter(pk=put_in(state).pk).update(deadline=due)
    shown = Assignment.objects.get()
    Postponement.objects.ask(shown, by=lead, until=later, reason="雨季停工")
    Coordination.objects.ask(shown, by=staff, of=other_bureau, what="请移交图纸", needed_by=later)
    shown.hand_down({make_unit(parent=bureau): "responsible"}, by=lead)

    assert max(cost(shown.get_absolute_url(), user) for user in (office, staff, lead)) <= MOST


@pytest.fixture
def full(make_assignment, lead, staff, office, other_bureau, make_unit, bureau, make_attachment, criterion):
    """An assignment that is late, with all that may stand beside it and in its report, and a change by the office."""
    today = timezone.localdate()
    assignment = make_assignment(deadline=today - timedelta(days=3))
    assignment.task.criteria.add(criterion)
    Postponement.objects.ask(assignment, by=lead, until=today + timedelta(days=30), reason="雨季停工")
    Coordination.objects.ask(assignment, by=staff, of=other_bureau, what="请移交图纸", needed_by=today)
    assignment.hand_down({make_unit(parent=bureau): "responsible"}, by=lead)
    paper = make_attachment()
    draft = assignment.write(by=staff, percent=20, narrative="已清理20处", files=[paper])
    assignment.write(by=lead, percent=30, narrative="已清理30处", read=draft.draft_version)
    Material.objects.file(paper, title="方案", places=[(criterion, None)], by=lead)
    reached = assignment.escalations.create(tells="lead", days_late=1, due_on=today, at=timezone.now())
    reached.readers.add(lead, staff)
    with pghistory.context(user=office.pk):
        Assignment.objects.filter(pk=assignment.pk).update(requirement="每月报送小结")
    return assignment


def test_an_assignment_with_everything_at_once_costs_at_most_twenty_queries(cost, full, office, staff, lead):
    assert max(cost(full.get_absolute_url(), user) for user in (office, staff, lead)) <= MOST


def test_an_assignment_with_everything_at_once_tells_it_all(client, full, lead):
    client.force_login(lead)

    page = client.get(full.get_absolute_url())

    words = page.content.decode()
    assert "Ⅱ-1-1)-①" in words and "雨季停工" in words and "请移交图纸" in words and "已清理20处" in words
    told = {str(entry.text): (str(entry.actor), entry.note) for entry in page.context["history"]}
    assert told["申请延期"] == ("城管局联络员", "雨季停工")
    assert told["提请协调"] == ("城管局经办人", "请移交图纸")
    assert told["责任分工已变更"] == ("文明办小周", "")
    assert told["逾期 1 个工作日，已提醒单位负责人"] == ("None", "城管局经办人、城管局联络员")


def test_a_review_costs_at_most_twenty_queries(cost, put_in, office):
    first, second = put_in("submitted"), put_in("submitted")
    first.approve(by=office)
    first.progress.create(by=office, percent=60, submitted_at=timezone.now(), submitted_by=second.progress.get().by)
    Assignment.objects.filter(pk=first.pk).update(state="submitted")

    assert cost(reverse("tasks:review", args=[first.pk]), office) <= MOST


def test_handing_down_costs_the_same_for_one_and_for_many_units(cost, assignment, make_unit, bureau, lead):
    pages = [assignment.get_absolute_url(), reverse("tasks:hand-down", args=[assignment.pk])]
    assignment.hand_down({make_unit(parent=bureau): "responsible"}, by=lead)
    one = [cost(page, lead) for page in pages]
    for _ in range(9):
        make_unit(parent=bureau)
    assignment.hand_down(dict.fromkeys(bureau.subtree().exclude(pk=bureau.pk), "responsible"), by=lead)

    assert [cost(page, lead) for page in pages] == one
    assert max(one) <= MOST


def test_bulk_and_rules_cost_the_same_for_one_and_for_many_tasks(cost, client, ledger, make_task, bureau, office, city):
    rule = DutyRule.objects.create(unit=city, words="项", part="responsible")
    rule.units.add(bureau)
    address = reverse("tasks:by-rules", args=[ledger.pk])
    make_task("第1项")
    one = cost(address, office)
    for n in range(2, 30):
        make_task(f"第{n}项")

    assert cost(address, office) == one <= MOST
