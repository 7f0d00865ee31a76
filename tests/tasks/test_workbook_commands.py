"""`export_ledger` and `import_ledger` with what it wrote."""

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tasks.models import Ledger, Task
from tests.tasks.edited_books import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(make_task, give, bureau):
    task = make_task("清理占道经营")
    give(task, bureau, part="lead")
    return task


@pytest.fixture
def edited(ledger, task, tmp_path):
    """The workbook with one changed, one new and one wrong cell on demand."""

    def edited(**cells):
        path = tmp_path / "修改.xlsx"
        path.write_bytes(Book(ledger).write(2, **cells).add(title="文明交通劝导").file().getvalue())
        return path

    return edited


def run(file, **options):
    printed = io.StringIO()
    call_command("import_ledger", str(file), stdout=printed, **options)
    return printed.getvalue()


def test_a_ledger_is_written_and_taken_back(ledger, task, tmp_path):
    path = tmp_path / "台账.xlsx"

    call_command("export_ledger", str(ledger.pk), str(path), stdout=io.StringIO())

    assert openpyxl.load_workbook(path).worksheets[0]["E2"].value == "清理占道经营"
    assert "新增 0 项，变更 0 项，无变化 1 项" in run(path)
    assert (Ledger.objects.count(), Task.objects.count()) == (1, 1)


def test_a_dry_run_says_the_difference_and_changes_nothing(edited, ledger, task):
    said = json.loads(run(edited(title="清理占道"), dry_run=True, json=True))

    assert (said["ledger"], said["unchanged"], said["problems"]) == (ledger.pk, 0, [])
    assert said["changed"][0]["cells"] == [{"column": "title", "before": "清理占道经营", "after": "清理占道"}]
    assert said["new"] == [{"row": 3, "cells": {"title": "文明交通劝导"}}]
    assert list(Task.objects.values_list("title", flat=True)) == ["清理占道经营"]


def test_what_single_units_are_given_is_said_and_taken_over(ledger, task, tmp_path):
    path = tmp_path / "修改.xlsx"
    path.write_bytes(Book(ledger).give(2, own_deadline="9月底").file().getvalue())

    said = json.loads(run(path, dry_run=True, json=True))
    assert [one["cells"] for one in said["units"]] == [
        [{"column": "own_deadline", "before": "", "after": "2026-09-30"}]
    ]

    assert "各单位 2 市城管局 · 清理占道经营: 单独时限: '' → '2026-09-30'" in run(path)
    assert task.assignments.get().deadline.isoformat() == "2026-09-30"


def test_without_a_dry_run_it_is_taken_over(edited, task):
    printed = run(edited(title="清理占道"))

    assert "'清理占道经营' → '清理占道'" in printed
    assert set(Task.objects.values_list("title", flat=True)) == {"清理占道", "文明交通劝导"}


def test_problems_are_said_and_nothing_is_taken_over(edited, task):
    printed = io.StringIO()
    with pytest.raises(CommandError, match="有问题"):
        call_command("import_ledger", str(edited(lead="没有的局")), stdout=printed, json=True)

    assert json.loads(printed.getvalue())["problems"][0]["column"] == "J 牵头单位"
    assert Task.objects.count() == 1


def test_what_was_changed_here_too_is_kept_and_said(edited, task):
    path = edited(title="清理占道")
    Task.objects.update(title="清理店外经营")

    assert json.loads(run(path, json=True))["conflicts"][0]["field"] == "title"
    assert "清理店外经营" in Task.objects.values_list("title", flat=True)


def test_another_ledger_is_not_written_to(edited, task, city):
    other = Ledger.objects.create(unit=city, year=2025, name="去年的")

    with pytest.raises(CommandError, match="另一个台账"):
        run(edited(title="清理占道"), ledger=other.pk)


def test_a_ledger_that_is_not_there_is_told(tmp_path, db):
    with pytest.raises(CommandError, match="no ledger 999"):
        call_command("export_ledger", "999", str(tmp_path / "x.xlsx"))


def test_a_file_that_cannot_be_written_is_told(ledger, tmp_path):
    with pytest.raises(CommandError, match=r"x\.xlsx"):
        call_command("export_ledger", str(ledger.pk), str(tmp_path / "nowhere" / "x.xlsx"))
