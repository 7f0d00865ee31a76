"""`import_ledger`: what it prints, what it stores, and what a second time changes."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tasks.models import Assignment, Ledger, Task
from tests.tasks.conftest import SAMPLES
from tests.tasks.workbooks import workbook

pytestmark = pytest.mark.django_db
FILES = [
    "ledger_bengbu_prose.txt",
    "ledger_district_2010.xlsx",
    "ledger_tongcheng_2020.xlsx",
    "ledger_wuhan_2014.xlsx",
    "standard_national_2015.xlsx",
]
HEAD = ("序号", "工作任务", "具体要求", "牵头单位", "责任单位", "配合单位", "完成时限")


def run(file, **options):
    """What the command prints on standard output."""
    printed = io.StringIO()
    call_command("import_ledger", str(file), stdout=printed, **options)
    return printed.getvalue()


@pytest.fixture
def table(tmp_path):
    """A ledger file with the usual headings above these rows."""

    def table(*rows, title="2026年目标任务分解表"):
        path = tmp_path / "台账.xlsx"
        path.write_bytes(workbook((title,), HEAD, *rows).getvalue())
        return path

    return table


@pytest.mark.parametrize("name", FILES)
def test_the_json_of_a_real_sample_is_what_a_person_reads_in_it(name):
    expected = json.loads((SAMPLES / name).with_suffix(".json").read_text())

    said = json.loads(run(SAMPLES / name, dry_run=True, json=True))

    assert list(said) == ["tasks", "items", "unknown_units", "problems"]
    assert (said["tasks"], said["items"]) == (expected["tasks"], expected["items"])
    where = ("row", "column", "value")
    assert [[one[key] for key in where] for one in said["problems"]] == [
        [one[key] for key in where] for one in expected["problems"]
    ]


def test_without_a_tree_every_name_is_unknown():
    said = json.loads(run(SAMPLES / "ledger_wuhan_2014.xlsx", dry_run=True, json=True))

    assert said["unknown_units"][:4] == [
        {"row": 3, "text": "市委宣传部"},
        {"row": 3, "text": "市委组织部"},
        {"row": 3, "text": "市委党校"},
        {"row": 3, "text": "各区"},
    ]


@pytest.fixture
def no_tables():
    """A database that was never migrated, until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA empty")
        cursor.execute("SET LOCAL search_path TO empty")


def test_a_dry_run_needs_no_migrated_database(no_tables):
    said = json.loads(run(SAMPLES / "ledger_wuhan_2014.xlsx", dry_run=True, json=True))

    assert (said["tasks"], said["unknown_units"][0]["text"]) == (4, "市委宣传部")


def test_without_tables_nothing_is_imported_and_the_reason_is_given(no_tables):
    with pytest.raises(CommandError, match="make the units first"):
        run(SAMPLES / "ledger_wuhan_2014.xlsx")


def test_names_that_the_tree_knows_are_not_unknown(city, make_unit):
    make_unit("市委宣传部", parent=city)

    said = json.loads(run(SAMPLES / "ledger_wuhan_2014.xlsx", dry_run=True, json=True))

    assert "市委宣传部" not in {one["text"] for one in said["unknown_units"]}


@pytest.mark.parametrize("name", FILES)
def test_a_dry_run_stores_nothing(city, name):
    run(SAMPLES / name, dry_run=True, json=True)
    run(SAMPLES / name, dry_run=True)

    assert not Ledger.objects.exists()


@pytest.mark.parametrize("name", FILES)
def test_a_real_sample_becomes_tasks(city, name):
    run(SAMPLES / name)

    expected = json.loads((SAMPLES / name).with_suffix(".json").read_text())
    assert Task.objects.count() == expected["tasks"]


def test_name_and_year_come_from_the_title(city):
    run(SAMPLES / "ledger_tongcheng_2020.xlsx")

    ledger = Ledger.objects.get()
    assert (ledger.unit, ledger.year, ledger.name) == (city, 2020, "文明城市创建宣传工作任务分解(节选)")


def test_units_get_their_part(table, city, bureau, other_bureau, make_unit):
    make_unit("市公安局", parent=city)

    run(table((1, "文明交通劝导", "路口全覆盖", "市城管局", "市教育局", "市公安局", "6月底前")))

    task = Task.objects.get()
    assert dict(task.assignments.values_list("unit__name", "part")) == {
        "市城管局": "lead",
        "市教育局": "responsible",
        "市公安局": "supporting",
    }
    assert (task.deadline, task.deadline_text, task.requirement) == (date(2026, 6, 30), "6月底前", "路口全覆盖")


def test_a_group_name_means_the_units_of_the_group(table, city, bureau, other_bureau):
    group = bureau.peer_group
    group.aliases = ["市直各部门"]
    group.save()

    run(table((1, "文明交通劝导", "", "", "市直各部门", "", "")))

    assert set(Assignment.objects.values_list("unit__name", "part")) == {
        ("市城管局", "responsible"),
        ("市教育局", "responsible"),
    }


def test_where_a_group_comes_first_nobody_leads(table, city, bureau, other_bureau):
    group = other_bureau.peer_group
    group.aliases = ["各部门"]
    group.save()

    run(table((1, "文明交通劝导", "", "各部门", "", "", "")))

    assert not Assignment.objects.filter(part="lead").exists()


def test_a_row_without_a_unit_is_a_task_all_the_same(city):
    run(SAMPLES / "ledger_district_2010.xlsx")

    assert Task.objects.filter(assignments=None, title__startswith="群众对区党政机关").exists()


def test_a_code_of_the_standard_stands_before_its_words(city):
    run(SAMPLES / "ledger_wuhan_2014.xlsx")

    task = Task.objects.get(source_row=4)
    assert task.number == "Ⅲ-1-②"
    assert task.title.startswith("建立完善学习制度")
    assert task.section.startswith("Ⅰ-1 中央文明委重点工作 › Ⅱ-1")


def test_methods_that_differ_stay_with_their_number(city):
    run(SAMPLES / "standard_national_2015.xlsx")

    task = Task.objects.get(source_row=5)
    assert task.methods == ["material", "survey"]
    assert task.requirement.splitlines()[0].endswith("〔材料审核〕")
    assert task.requirement.splitlines()[1].endswith("〔材料审核、问卷调查〕")


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_changes_nothing(city, make_unit, name):
    make_unit("市委宣传部", parent=city)
    run(SAMPLES / name)
    before = list(Task.objects.values()), list(Assignment.objects.values()), Task.pgh_event_model.objects.count()

    run(SAMPLES / name)

    after = list(Task.objects.values()), list(Assignment.objects.values()), Task.pgh_event_model.objects.count()
    assert after == before


def test_what_was_corrected_by_hand_stays_when_the_file_says_nothing_new(table, city, bureau):
    file = table((1, "文明交通劝导", "", "市城管局", "", "", "6月底前"))
    run(file)
    Task.objects.update(deadline="2026-09-30")

    run(file)

    assert Task.objects.get().deadline == date(2026, 9, 30)


def test_a_changed_row_changes_its_task(table, city, bureau, other_bureau):
    run(table((1, "文明交通劝导", "", "市城管局", "", "", "6月底前")))

    run(table((1, "文明交通劝导", "", "市教育局", "市城管局", "", "9月底前")))

    task = Task.objects.get()
    assert task.deadline == date(2026, 9, 30)
    assert dict(task.assignments.values_list("unit__name", "part")) == {"市教育局": "lead", "市城管局": "responsible"}


def test_a_unit_that_the_file_no_longer_names_keeps_its_share(table, city, bureau, other_bureau):
    run(table((1, "文明交通劝导", "", "市城管局", "市教育局", "", "")))

    run(table((1, "文明交通劝导", "", "市城管局", "", "", "6月底前")))

    assert Assignment.objects.count() == 2


def test_rows_of_the_same_words_for_other_units_are_two_tasks(table, city, bureau, other_bureau):
    rows = (1, "公益广告", "", "市城管局", "", "", ""), (2, "公益广告", "", "市教育局", "", "", "")
    run(table(*rows))

    run(table(*rows))

    assert Task.objects.count() == 2


def test_rows_added_to_the_file_come_last(table, city):
    first, second, third = ((n, f"第{n}项", "", "", "", "", "") for n in (1, 2, 3))
    run(table(first, third))

    run(table(first, second, third))

    assert list(Task.objects.values_list("title", "order")) == [("第1项", 1), ("第3项", 2), ("第2项", 3)]


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"PK\x03\x04 not a zip", b"", b"\x00\x01", "只有一行字".encode()])
def test_a_file_that_is_no_ledger_is_refused_in_one_sentence(city, tmp_path, content):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run(path)

    assert "\n" not in str(refused.value)
    assert not Ledger.objects.exists()


def test_a_refusal_is_a_problem_in_the_json(tmp_path):
    path, printed = tmp_path / "leer.xlsx", io.StringIO()
    path.write_bytes(b"")

    with pytest.raises(CommandError):
        call_command("import_ledger", str(path), json=True, dry_run=True, stdout=printed)

    said = json.loads(printed.getvalue())
    assert (said["tasks"], len(said["problems"])) == (0, 1)


@pytest.mark.parametrize("options", [{}, {"ledger": 999_999}, {"unit": 999_999}], ids=["no unit", "ledger", "unit"])
def test_with_json_every_refusal_is_one_object(options):
    printed = io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("import_ledger", str(SAMPLES / "ledger_wuhan_2014.xlsx"), json=True, stdout=printed, **options)

    said = json.loads(printed.getvalue())
    assert (said["tasks"], [one["reason"] for one in said["problems"]]) == (0, [str(refused.value)])


def test_it_asks_who_keeps_the_ledger_where_there_are_two_trees(make_unit):
    make_unit("甲市"), make_unit("乙市")

    with pytest.raises(CommandError, match="--unit"):
        run(SAMPLES / "ledger_wuhan_2014.xlsx")


def test_a_failure_halfway_leaves_nothing(city, bureau, table, monkeypatch):
    monkeypatch.setattr("tasks.imports.give", lambda _shares: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run(table((1, "文明交通劝导", "", "市城管局", "", "", "")))

    assert not Ledger.objects.exists()


def test_a_thousand_rows_take_no_more_queries_than_a_few(table, bureau, django_assert_max_num_queries):
    rows = [(n, f"第{n}项", "", "市城管局", "", "", "6月底前") for n in range(1000)]

    with django_assert_max_num_queries(20):
        run(table(*rows))

    assert Assignment.objects.count() == 1000
