"""Units by spreadsheet: what goes out comes back unchanged, and what is wrong is told by its row."""

from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests.units import filemakers as make
from units.imports import managed_units, plan, take_over
from units.models import PeerGroup, Unit, UnitKind, UnitPerson
from units.roles import Role
from units.unit_sheet import write_units

HEADER = ["单位名称", "上级单位", "类别"]


def table(*rows, header=HEADER):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def exported(user=None):
    file = BytesIO()
    write_units(file, managed_units(user))
    file.seek(0)
    return file


def found(file, **options):
    result = plan(file, **options)
    return [row.action for row in result.rows], [(p.row, p.column, p.reason) for p in result.problems]


@pytest.fixture
def full_city(city, bureau, other_bureau, make_unit):
    """Units with everything that a sheet can hold, two of them of the same name."""
    for parent in (bureau, other_bureau):
        make_unit("办公室", parent=parent, short_name="办", order=3)
    Unit.objects.filter(pk=bureau.pk).update(code="=1+1", short_name="城管局")
    bureau.names.create(name="执法局")
    bureau.names.create(name="市容局", kind="former")
    UnitPerson.objects.create(unit=bureau, position="head", name="赵局长", title="局长", phone="0555-1")
    UnitPerson.objects.create(unit=bureau, position="contact", name="钱", phone="+86 1")
    UnitPerson.objects.create(unit=bureau, position="contact", name="孙", title="科长")
    UnitPerson.objects.create(unit=bureau, position="deputy", name="李", since="2020-01-01", until="2021-01-01")


def test_importing_an_export_changes_nothing(full_city):
    assert found(exported()) == (["same"] * 5, [])


def test_importing_an_export_twice_writes_nothing(full_city):
    before = list(Unit.history.field.model.objects.values_list("pgh_id"))

    take_over(exported())

    assert list(Unit.history.field.model.objects.values_list("pgh_id")) == before


def test_text_that_looks_like_a_formula_is_written_as_text(full_city):
    sheet = openpyxl.load_workbook(exported()).active

    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert (cells["=1+1"], cells["钱//+86 1；孙/科长"]) == ("s", "s")


def test_the_export_of_an_office_holds_its_own_units_only(full_city, make_member, bureau):
    names = [unit.name for unit in managed_units(make_member(bureau, Role.OFFICE))]

    assert names == ["市城管局", "办公室"]


def test_an_office_below_the_top_may_import_its_own_export(full_city, make_member, bureau):
    user = make_member(bureau, Role.OFFICE)

    assert found(exported(user), user=user) == (["same", "same"], [])


def test_new_units_stand_below_those_that_the_file_names_in_any_order(city):
    take_over(
        table(["一中队", "执法大队", "科室"], ["执法大队", "市执法局", "事业单位"], ["市执法局", "安澜市", "政府部门"])
    )

    team = Unit.objects.get(name="一中队")
    assert [unit.name for unit in team.ancestors()] == ["安澜市", "市执法局", "执法大队"]
    assert team.events.get().step == "import"


def test_rows_without_a_superior_stand_below_the_chosen_unit(city, bureau, office):
    take_over(table(["市容科", "", "科室"]), user=office, below=bureau)

    assert Unit.objects.get(name="市容科").parent == bureau


def test_a_unit_is_known_by_its_number_and_renamed(city, bureau, office):
    take_over(table([bureau.pk, "市城市管理局"], header=["编号", "单位名称"]), user=office)

    bureau.refresh_from_db()
    assert bureau.name == "市城市管理局"
    assert bureau.names.get().name == "市城管局"


def test_a_unit_is_known_by_its_code(city, bureau):
    Unit.objects.filter(pk=bureau.pk).update(code="C1")

    assert found(table(["C1", "城市管理局"], header=["代码", "单位名称"])) == (["changed"], [])


def test_a_unit_known_by_its_number_is_moved(city, bureau, other_bureau):
    take_over(table([bureau.pk, bureau.name, other_bureau.name], header=["编号", *HEADER[:2]]))

    bureau.refresh_from_db()
    assert bureau.parent == other_bureau
    assert bureau.events.get().step == "move"


def test_the_same_name_below_another_superior_is_another_unit(city, bureau, other_bureau):
    assert found(table([bureau.name, other_bureau.name, bureau.kind.name])) == (["new"], [])


def test_the_people_of_a_unit_follow_the_sheet(city, bureau):
    UnitPerson.objects.create(unit=bureau, position="head", name="赵", since="2020-01-01")

    take_over(table([bureau.pk, bureau.name, "钱/局长/0555"], header=["编号", "单位名称", "主要负责人"]))

    now = [(p.name, p.title, p.phone, p.is_current) for p in bureau.persons.order_by("pk")]
    assert now == [("赵", "", "", False), ("钱", "局长", "0555", True)]


def test_columns_that_the_sheet_lacks_stay_as_they_are(full_city, bureau):
    take_over(table([bureau.pk, bureau.name, "执法"], header=["编号", "单位名称", "简称"]))

    bureau.refresh_from_db()
    assert (bureau.short_name, bureau.code) == ("执法", "=1+1")
    assert bureau.persons.filter(position="head", until=None).exists()


def test_kinds_and_groups_are_made_as_they_come(city):
    take_over(table(["市文旅局", "安澜市", "新类别", "新组"], header=[*HEADER, "考核分组"]))

    unit = Unit.objects.get(name="市文旅局")
    assert (unit.kind, unit.peer_group) == (UnitKind.objects.get(name="新类别"), PeerGroup.objects.get(name="新组"))


def test_an_office_below_the_top_adds_nothing_to_the_lists(make_member, bureau):
    user = make_member(bureau, Role.OFFICE)

    problems = found(table(["市容科", "市城管局", "新类别"]), user=user)[1]

    assert problems == [(2, "类别", "名单中没有这一项，可请上级文明办添加。")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["市容科", "没有的局", "科室"], "上级单位"),
        (["市容科", "办公室", "科室"], "上级单位"),
        (["", "安澜市", "科室"], "单位名称"),
        (["名" * 101, "安澜市", "科室"], "单位名称"),
    ],
)
def test_what_is_wrong_is_told_by_its_row_and_column(full_city, row, column):
    problems = found(table(["市文旅局", "安澜市", "政府部门"], row))[1]

    assert [(number, name) for number, name, _reason in problems] == [(3, column)]


@pytest.mark.parametrize(
    ("header", "value"),
    [("排序", "很前"), ("生效日期", "昨天"), ("编号", "99999999"), ("联络员", "a/b/c/d"), ("别名", "名" * 101)],
)
def test_a_cell_that_cannot_be_read_is_told(city, header, value):
    problems = found(table(["市文旅局", "安澜市", value], header=["单位名称", "上级单位", header]))[1]

    assert [(number, name) for number, name, _reason in problems] == [(2, header)]


@pytest.mark.parametrize(
    "rows",
    [
        [["文旅局", "安澜市", "x"], ["文旅局", "安澜市", "x"]],
        [["甲", "乙", "x"], ["乙", "甲", "x"]],
        [["甲", "甲", "x"]],
    ],
)
def test_rows_that_contradict_each_other_are_told(city, rows):
    assert found(table(*rows))[1]


def test_a_name_that_a_neighbour_has_is_told(city, bureau, other_bureau):
    assert found(table([bureau.pk, other_bureau.name], header=["编号", "单位名称"]))[1]


def test_a_unit_is_not_moved_out_of_hands_that_do_not_keep_it(bureau, other_bureau, make_member):
    office = make_member(bureau, Role.OFFICE)
    office.memberships.create(unit=other_bureau, role=Role.OFFICE, since="2020-01-01")
    header = ["编号", *HEADER[:2]]

    _actions, problems = found(table([bureau.pk, bureau.name, other_bureau.name], header=header), user=office)

    assert [column for _row, column, _reason in problems] == ["上级单位"]


def test_a_circle_of_moved_units_is_told(city, bureau, other_bureau):
    header = ["编号", "单位名称", "上级单位"]
    rows = [[bureau.pk, bureau.name, other_bureau.name], [other_bureau.pk, other_bureau.name, bureau.name]]

    assert len(found(table(*rows, header=header))[1]) == 2


def test_with_one_problem_nothing_is_taken_over(city):
    with pytest.raises(ValidationError):
        take_over(table(["市文旅局", "安澜市", "政府部门"], ["市容科", "没有的局", "科室"]))

    assert not Unit.objects.filter(name="市文旅局").exists()


def test_a_csv_in_gb18030_is_read_too(city):
    file = BytesIO("单位名称,上级单位,类别\n市文旅局,安澜市,政府部门\n".encode("gb18030"))

    assert found(file) == (["new"], [])


def test_a_table_without_a_header_is_told(city):
    assert "单位名称" in found(table(["a"], header=["b"]))[1][0][2]


@pytest.fixture
def upload(client, city):
    def upload(user, file, below=None, name="units.xlsx"):
        client.force_login(user)
        data = {"file": make.upload(file.read(), name), "below": (below or city).pk}
        return client.post("/units/import/", data)

    return upload


def test_nothing_changes_before_the_confirmation(client, office, city, upload):
    answer = upload(office, table(["市文旅局", "", "政府部门"]))

    assert "市文旅局" in client.get(answer.url).content.decode()
    assert not Unit.objects.filter(name="市文旅局").exists()


def test_the_confirmation_takes_everything_over(client, office, city, upload):
    answer = upload(office, table(["市文旅局", "", "政府部门"]))

    client.post(f"{answer.url}confirm/")

    assert Unit.objects.get(name="市文旅局").parent == city


def test_a_file_with_problems_cannot_be_confirmed(client, office, city, upload):
    answer = upload(office, table(["市文旅局", "没有的局", "政府部门"]))

    assert "系统和本文件中都没有这个单位" in client.get(answer.url).content.decode()
    assert client.post(f"{answer.url}confirm/").url == answer.url


def test_the_upload_of_somebody_else_is_not_found(client, office, admin, upload):
    answer = upload(office, table(["市文旅局", "", "政府部门"]))
    client.force_login(admin)

    assert client.get(answer.url).status_code == 404
    assert client.post(f"{answer.url}confirm/").status_code == 404


@pytest.mark.parametrize("data", [b"", b"MZ", make.PDF])
def test_a_file_that_is_no_table_is_refused_in_the_form(office, upload, data):
    assert upload(office, BytesIO(data)).status_code == 422


def test_a_workbook_that_cannot_be_read_is_told(client, office, upload):
    answer = upload(office, BytesIO(make.office("xlsx", **{"xl/workbook.xml": "<<<"})))

    assert client.get(answer.url).url == "/units/import/"


@pytest.mark.parametrize("address", ["/units/import/", "/units/export/"])
def test_only_those_who_keep_units_import_and_export(client, lead, address):
    client.force_login(lead)

    assert client.get(address).status_code == 403


def test_the_commands_go_out_and_in(full_city, tmp_path):
    said = StringIO()
    file = tmp_path / "units.xlsx"

    call_command("export_units", file, stdout=said)
    call_command("import_units", file, stdout=said)

    assert said.getvalue().splitlines() == ["5 units", "new: 0, changed: 0, same: 5"]


def test_the_command_tells_problems_and_imports_nothing(city, tmp_path):
    file = tmp_path / "units.xlsx"
    file.write_bytes(table(["市文旅局", "没有的局", "政府部门"]).read())

    with pytest.raises(CommandError, match="1 problems"):
        call_command("import_units", file, stderr=StringIO())


def test_the_command_may_only_look(city, tmp_path):
    file = tmp_path / "units.xlsx"
    file.write_bytes(table(["市文旅局", "", "政府部门"]).read())

    call_command("import_units", file, "--below", "安澜市", "--dry-run", stdout=StringIO())

    assert Unit.objects.count() == 1
