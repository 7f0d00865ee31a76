"""Importing by page: upload, preview, decisions about names, confirmation."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks.models import Assignment, Indicator, Ledger, LedgerImport, Standard, Task
from tasks.name_choices import mark
from tests.tasks.workbooks import workbook
from tests.units.filemakers import picture
from units.models import Unit
from units.roles import Role

pytestmark = pytest.mark.django_db
TONGCHENG = "ledger_tongcheng_2020.xlsx"


@pytest.fixture
def desk(client, office):
    """The office at its desk."""
    client.force_login(office)
    return client


@pytest.fixture
def begin(desk, upload):
    """Upload a sample and return its import."""

    def begin(name=TONGCHENG, becomes="ledger", **more):
        answer = desk.post(reverse("tasks:import"), {"file": upload(name), "becomes": becomes, **more})
        assert answer.status_code == 302, answer.content.decode()
        return LedgerImport.objects.order_by("pk").last()

    return begin


@pytest.fixture
def send(desk):
    """Post the decisions about names: `send("confirm", import_, 开发区=("match", "市城管局"))`."""

    def send(action, row, **choices):
        data = {}
        for name, (do, *words) in choices.items():
            fields = zip(("do", "text", "kind"), (do, *words), strict=False)
            data |= {f"{field}-{mark(name)}": value for field, value in fields}
        return desk.post(reverse(f"tasks:import-{action}", args=[row.pk]), data)

    return send


def test_uploading_imports_nothing_yet(begin, city):
    begin()

    assert not Task.objects.exists()


def test_the_preview_shows_rows_unknown_names_and_problems(begin, desk, make_unit, city):
    make_unit("市商务局", parent=city)

    page = desk.get(begin().get_absolute_url())

    assert [row.row for row in page.context["here"].object_list] == [4, 5, 6, 7, 8]
    assert [one.name for one in page.context["asked"]][:3] == ["开发区", "城管执法局", "三合广场业主"]
    assert "商务局" not in {one.name for one in page.context["asked"]}


def test_every_problem_stands_at_its_row(begin, desk):
    page = desk.get(begin("ledger_district_2010.xlsx").get_absolute_url())

    rows = page.context["here"].object_list
    assert [row.row for row in rows if row.problems] == [8, 9]
    assert page.context["elsewhere"] == []


def test_rows_of_several_sheets_say_their_sheet(desk, city):
    rows = [("工作任务", "责任单位"), ("甲", "A局"), ("甲", "A局")]
    file = workbook(*rows, title="市级", 区级=[("工作任务", "责任单位"), ("乙", "B局")])
    upload = SimpleUploadedFile("两张表.xlsx", file.getvalue())

    page = desk.get(desk.post(reverse("tasks:import"), {"file": upload, "becomes": "ledger"}).url)

    assert [row.place for row in page.context["here"].object_list] == ["市级 2", "区级 2"]
    assert [(sheet, one.row) for sheet, one in page.context["elsewhere"]] == [("市级", 3)]


def test_a_group_is_shown_with_its_units(begin, desk, make_unit, city):
    group = make_unit("东湖区", parent=city, peer_group="区县组").peer_group
    group.aliases = ["各区"]
    group.save()

    page = desk.get(begin("ledger_wuhan_2014.xlsx").get_absolute_url())

    assert [(name, list(map(str, units))) for name, units in page.context["groups"]] == [("各区", ["东湖区"])]


def test_confirming_imports_and_tells(begin, send, desk):
    row = begin()

    answer = send("confirm", row)

    row.refresh_from_db()
    assert (answer.status_code, row.state, row.outcome["new"]) == (302, "confirmed", 5)
    assert desk.get(answer.url).status_code == 200


def test_a_name_is_matched_and_remembered(begin, send, bureau, desk):
    send("confirm", begin(), 城管执法局=("match", "市城管局"))

    assert Assignment.objects.filter(unit=bureau).count() == 2
    again = desk.get(begin().get_absolute_url())
    assert "城管执法局" not in {one.name for one in again.context["asked"]}


def test_a_guess_is_taken_with_one_choice(begin, send, bureau):
    send("confirm", begin(), 城管执法局=(f"unit:{bureau.pk}",))

    assert Assignment.objects.filter(unit=bureau).count() == 2


def test_an_office_below_the_top_teaches_no_group_a_name(client, begin, send, make_member, bureau, other_bureau):
    client.force_login(make_member(bureau, Role.OFFICE))
    row = begin()

    assert send("confirm", row, 人行=("match", "全部：市直部门组")).status_code == 302

    bureau.peer_group.refresh_from_db()
    assert bureau.peer_group.aliases == []


def test_a_name_is_matched_to_a_whole_group(begin, send, bureau, other_bureau):
    send("confirm", begin(), 人行=("match", "全部：市直部门组"))

    assert Assignment.objects.filter(unit=other_bureau).count() == 2
    bureau.peer_group.refresh_from_db()
    assert bureau.peer_group.aliases == ["人行"]


def test_a_unit_is_created_where_it_is_said(begin, send, city, bureau):
    send("confirm", begin(), 开发区=("create", "", bureau.kind_id), 隽水镇=("create", "市城管局", bureau.kind_id))

    assert Unit.objects.get(name="开发区").parent == city
    assert Unit.objects.get(name="隽水镇").parent == bureau
    assert Assignment.objects.get(unit__name="开发区").part == "lead"


def test_a_name_nobody_knows_is_not_taken_for_a_unit(begin, send):
    row = begin()

    answer = send("confirm", row, 开发区=("match", "没有的单位"))

    assert answer.status_code == 422
    assert not Task.objects.exists()


def test_a_new_unit_needs_a_kind(begin, send):
    assert send("confirm", begin(), 开发区=("create",)).status_code == 422
    assert not Unit.objects.filter(name="开发区").exists()


def test_choices_are_kept_without_importing(begin, send, desk, bureau):
    row = begin()
    before = desk.get(row.get_absolute_url()).context["counts"]["unknown"]

    send("choose", row, 城管执法局=("match", "市城管局"))

    assert desk.get(row.get_absolute_url()).context["counts"]["unknown"] == before - 1
    assert not Task.objects.exists()


def test_decisions_go_by_name_also_when_the_list_has_changed_meanwhile(begin, send, bureau, other_bureau):
    row = begin()
    other_bureau.names.create(name="开发区")

    send("confirm", row, 开发区=("leave",), 城管执法局=("match", "市城管局"))

    assert Assignment.objects.filter(unit=bureau).count() == 2
    assert Assignment.objects.filter(unit=other_bureau, part="lead").exists()


def test_a_second_confirmation_is_a_conflict(begin, send):
    row = begin()
    send("confirm", row)

    assert send("confirm", row).status_code == 409
    assert Task.objects.count() == 5


def test_the_same_file_again_says_that_nothing_changed(begin, send, desk):
    send("confirm", begin())

    second = begin()
    answer = send("confirm", second)

    second.refresh_from_db()
    assert (second.outcome["new"], second.outcome["same"]) == (0, 5)
    assert "未作任何改动" in desk.get(answer.url).content.decode()


def test_a_discarded_import_is_not_confirmed(begin, send):
    row = begin()
    send("discard", row)

    assert send("confirm", row).status_code == 409
    assert not Task.objects.exists()


def test_it_goes_into_the_ledger_that_was_chosen(begin, send, ledger):
    send("confirm", begin(ledger=ledger.pk))

    assert ledger.tasks.count() == 5


def test_a_table_without_units_becomes_an_assessment_system(begin, send):
    send("confirm", begin("standard_national_2015.xlsx", "standard", year="2015"))

    standard = Standard.objects.get()
    assert (standard.edition, standard.indicators.count()) == ("2015", 5)
    third = Indicator.objects.get(code="Ⅲ-3")
    assert [(one.number, one.methods) for one in third.criteria.all()] == [
        ("1", ["material"]),
        ("2", ["material", "survey"]),
    ]
    assert [third.parent.code, third.parent.parent.code] == ["Ⅱ-1", "Ⅰ-1"]


def test_an_assessment_system_again_changes_nothing(begin, send, desk):
    send("confirm", begin("standard_national_2015.xlsx", "standard", year="2015"))
    row = begin("standard_national_2015.xlsx", "standard", year="2015")
    answer = send("confirm", row)

    row.refresh_from_db()
    assert row.outcome == {"indicators": 0, "criteria": 0, "negative": 0, "same": 8}
    assert desk.get(answer.url).status_code == 200
    assert desk.get(row.standard.get_absolute_url()).status_code == 200


def test_the_preview_of_an_assessment_system_counts_criteria_and_asks_for_no_unit(begin, desk):
    page = desk.get(begin("standard_national_2015.xlsx", "standard", year="2015").get_absolute_url())

    assert page.context["edition"].outcome["criteria"] == 8
    assert "没有写明责任单位" not in page.content.decode()


def test_a_table_that_adds_to_a_frozen_edition_is_refused_with_the_reason(begin, send, desk, city):
    send("confirm", begin("standard_national_2015.xlsx", "standard", year="2015"))
    Indicator.objects.get(code="Ⅲ-3").criteria.first().delete()
    Ledger.objects.create(unit=city, year=2015, name="分解表", standard=Standard.objects.get())
    row = begin("standard_national_2015.xlsx", "standard", year="2015")

    preview, answer = desk.get(row.get_absolute_url()), send("confirm", row)

    assert "已冻结" in preview.content.decode()
    assert (answer.status_code, "已冻结" in answer.content.decode()) == (422, True)
    row.refresh_from_db()
    assert row.state == "preview"


BAD = {
    "无表头.xlsx": workbook(("只有一行字",)).getvalue(),
    "坏的.xlsx": b"PK\x03\x04 not a zip at all",
    "空的.txt": b"",
    "表.pdf": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(desk, name):
    file = SimpleUploadedFile(name, BAD[name])

    answer = desk.post(reverse("tasks:import"), {"file": file, "becomes": "ledger"})

    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert not LedgerImport.objects.exists()


def test_cells_that_look_like_formulas_are_shown_as_text(desk):
    file = workbook(("序号", "工作任务", "责任单位"), (1, "+cmd|' /C calc'!A0", "市城管局"))
    desk.post(reverse("tasks:import"), {"file": SimpleUploadedFile("表.xlsx", file.getvalue()), "becomes": "ledger"})

    page = desk.get(LedgerImport.objects.get().get_absolute_url())

    assert page.context["counts"]["problems"] == 1
    assert "+cmd|&#x27; /C calc" in page.content.decode()


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.LEADER, Role.INSPECTOR])
def test_only_the_office_imports(begin, client, make_member, city, role):
    row = begin()
    client.force_login(make_member(city, role))

    assert client.get(reverse("tasks:import")).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 403
    assert client.post(reverse("tasks:import-confirm", args=[row.pk])).status_code == 403


def test_another_units_office_does_not_see_the_import(begin, client, make_member, other_bureau):
    row = begin()
    client.force_login(make_member(other_bureau, Role.OFFICE))

    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_file_that_was_lost_is_told(begin, send, desk):
    row = begin()
    row.attachment.original.delete(save=False)

    assert desk.get(row.get_absolute_url()).status_code == 422
    assert send("confirm", row).status_code == 422
    assert not Task.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("旧表.xls", b"\x00\x01 no workbook"), ("现场.png", picture("PNG"))])
def test_who_sends_something_else_than_a_table_is_told_what_is_taken(desk, name, content):
    page = desk.post(reverse("tasks:import"), {"file": SimpleUploadedFile(name, content), "becomes": "ledger"})

    assert page.status_code == 422
    assert "这里只收表格：XLSX、CSV 或 TXT" in page.content.decode()
