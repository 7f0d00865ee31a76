"""Lists as workbooks: the rows, the order and the filters of the screen, at the cost of a fixed number of queries."""

import io
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.models import Assignment

pytestmark = pytest.mark.django_db


def table(answer):
    assert answer.status_code == 200
    return list(openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active.values)


@pytest.fixture
def exported(client):
    """The rows of an export for somebody, without the head."""

    def exported(name, user, query="", args=()):
        client.force_login(user)
        return table(client.get(f"{reverse(name, args=args)}?{query}"))[1:]

    return exported


def test_my_tasks_leave_tab_by_tab_in_the_order_of_the_screen(client, exported, put_in, lead):
    for state in ["not_started", "completed", "returned"]:
        put_in(state)
    client.force_login(lead)
    shown = [row.get_state_display() for row in client.get(reverse("tasks:my-tasks")).context["listing"].rows]

    assert [row[4] for row in exported("tasks:my-tasks-export", lead)] == shown == ["退回", "未开始"]
    assert [row[4] for row in exported("tasks:my-tasks-export", lead, "tab=completed")] == ["已完成"]


def test_the_review_queue_leaves_with_what_was_reported_and_when(exported, put_in, office):
    put_in("submitted", percent=40)
    at = timezone.localtime(Assignment.objects.with_submitted_at().get().submitted_at)

    (row,) = exported("tasks:review-queue-export", office)

    assert row[3] == 40
    assert isinstance(row[4], datetime)
    assert abs(row[4] - at.replace(tzinfo=None)).total_seconds() < 1


def test_the_review_queue_leaves_with_the_quantity_that_was_reported(exported, make_assignment, lead, office):
    assignment = make_assignment(quantity=120, quantity_unit="个")
    assignment.write(by=lead, quantity=Decimal(60), narrative="设置垃圾箱")
    assignment.submit(by=lead)

    (row,) = exported("tasks:review-queue-export", office)

    assert row[7:] == (60, 120, "个")


def test_the_order_of_the_address_holds(exported, make_assignment, office):
    for title, percent in [("甲", 10), ("乙", 30), ("丙", 20)]:
        make_assignment(title=title, percent=percent)

    assert [row[0] for row in exported("tasks:assignments-export", office, "sort=-percent")] == ["乙", "丙", "甲"]


@pytest.mark.parametrize("name", ["assignments-export", "my-tasks-export", "review-queue-export", "ledger-export"])
def test_no_text_of_an_export_computes(exported, put_in, office, lead, name):
    assignment = put_in("submitted" if name == "review-queue-export" else "doing")
    task = assignment.task
    type(task).objects.filter(pk=task.pk).update(title="=1+1", number="@SUM(1)", section="+1")
    args = [task.ledger_id] if name == "ledger-export" else []

    (row,) = exported(f"tasks:{name}", lead if name == "my-tasks-export" else office, args=args)

    assert "=1+1" in row


@pytest.mark.parametrize("name", ["assignments-export", "my-tasks-export", "review-queue-export", "ledger-export"])
def test_an_export_costs_the_same_for_few_rows_and_for_many(client, put_in, office, lead, name):
    states = "submitted" if name == "review-queue-export" else "doing"
    args = [put_in(states).task.ledger_id] if name == "ledger-export" else []
    address = reverse(f"tasks:{name}", args=args)
    client.force_login(lead if name == "my-tasks-export" else office)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            rows = len(table(client.get(address)))
        return rows, len(queries)

    few, cost_of_few = cost()
    for _ in range(12):
        put_in(states)
    many, cost_of_many = cost()

    assert many == few + 12
    assert cost_of_many <= cost_of_few


def test_an_english_reader_gets_an_english_table(client, put_in, office):
    put_in("doing")
    type(office).objects.filter(pk=office.pk).update(language="en")
    client.force_login(office)

    head, row = table(client.get(reverse("tasks:assignments-export")))

    assert head[0] == "Task"
    assert row[4] == "in progress"
