"""The pages of the material catalogue and of the required pieces."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks.models import AskedPiece, Evidence, Material, RequiredPiece, Standard
from units.models import Attachment
from units.roles import Role

pytestmark = pytest.mark.django_db


def text_file(name="方案.txt", content="方案正文"):
    return SimpleUploadedFile(name, content.encode())


@pytest.fixture
def send(client):
    def send(user, name, row=None, data=None):
        client.force_login(user)
        return client.post(reverse(f"tasks:{name}", args=[row.pk] if row else []), data or {})

    return send


@pytest.fixture
def see(client):
    def see(user, name, row=None, query=""):
        client.force_login(user)
        return client.get(reverse(f"tasks:{name}", args=[row.pk] if row else []) + query)

    return see


@pytest.fixture
def asked(make_task, give, criterion, bureau):
    """A piece that our bureau owes in a ledger."""
    task = make_task()
    task.criteria.add(criterion)
    give(task, bureau, part="lead")
    return RequiredPiece.objects.add(criterion, name="实施方案")


def test_staff_file_several_files_at_once(send, staff, bureau, asked, criterion):
    files = [text_file("一.txt", "一"), text_file("二.txt", "二")]

    send(staff, "material-new", data={"unit": bureau.pk, "files": files, "places": [criterion.pk]})

    assert sorted(one.title for one in Material.objects.all()) == ["一", "二"]
    assert sorted(str(one.numbers.get()) for one in Material.objects.all()) == ["Ⅱ-1-1)-①", "Ⅱ-1-1)-②"]


def test_a_missing_piece_is_filed_from_its_row(see, send, staff, bureau, asked, criterion):
    row = see(staff, "asked-pieces", AskedPiece.objects.get().ledger).content.decode()
    place = f"{criterion.pk}-{asked.pk}"

    assert f"?unit={bureau.pk}&amp;place={place}" in row
    send(staff, "material-new", data={"unit": bureau.pk, "files": [text_file()], "title": "方案", "places": [place]})
    assert AskedPiece.objects.get().filed.material.title == "方案"


def test_one_refused_file_keeps_all_out(send, staff, bureau, asked):
    files = [text_file(), SimpleUploadedFile("木马.exe", b"MZ\x90\x00" + b"\x00" * 200)]

    answer = send(staff, "material-new", data={"unit": bureau.pk, "files": files})

    assert answer.status_code == 422
    assert not Material.objects.exists() and not Attachment.objects.exists()


def test_nobody_files_for_another_unit(send, staff, other_bureau, asked):
    answer = send(staff, "material-new", data={"unit": other_bureau.pk, "files": [text_file()]})

    assert answer.status_code == 422
    assert not Material.objects.exists()


def test_a_unit_files_only_under_criteria_that_it_is_asked(send, see, staff, bureau, asked, make_criterion, standard):
    foreign = standard.new_version(name="另一体系", edition="1", level=standard.level)
    criterion = foreign.indicators.get(level=2).criteria.get()

    answer = send(staff, "material-new", data={"unit": bureau.pk, "files": [text_file()], "places": [criterion.pk]})

    assert answer.status_code == 422


@pytest.fixture
def evidence(put_in, make_attachment):
    assignment = put_in("submitted")
    return Evidence.objects.create(progress=assignment.progress.get(), attachment=make_attachment(), caption="整治方案")


def test_evidence_is_taken_into_the_catalogue_without_a_second_file(send, see, evidence, lead, criterion):
    evidence.progress.assignment.task.criteria.add(criterion)
    shown = see(lead, "material-take", evidence).content.decode()

    answer = send(lead, "material-take", evidence, {"title": "整治方案", "places": [criterion.pk]})

    material = Material.objects.get()
    assert f'value="{criterion.pk}" id="id_places_0" checked' in shown
    assert answer.headers["Location"] == material.get_absolute_url()
    assert (material.newest.attachment, Attachment.objects.count()) == (evidence.attachment, 1)


def test_taking_twice_leads_to_what_is_there(send, see, evidence, lead):
    send(lead, "material-take", evidence, {"title": "整治方案"})

    answer = see(lead, "material-take", evidence)

    assert answer.headers["Location"] == Material.objects.get().get_absolute_url()


def test_who_takes_a_file_that_another_has_just_filed_is_led_to_the_entry(client, send, evidence, lead, make_material):
    there = make_material(attachment=evidence.attachment)

    answer = send(lead, "material-take", evidence, {"title": "整治方案"})

    assert answer.headers["Location"] == there.get_absolute_url()
    assert "已在资料目录中" in client.get(there.get_absolute_url()).content.decode()
    assert Material.objects.count() == 1


def test_a_title_changed_meanwhile_is_not_overwritten_unseen(see, send, lead, make_material):
    material = make_material(title="方案")
    seen = see(lead, "material-edit", material).context["form"]["seen"].value()
    Material.objects.update(title="他人的标题")

    answer = send(lead, "material-edit", material, {"title": "我的标题", "seen": seen})

    form = answer.context["form"]
    assert (answer.status_code, form["title"].value()) == (422, "我的标题")
    assert "“他人的标题”" in form.errors["title"][0]
    again = send(lead, "material-edit", material, {"title": "我的标题", "seen": form["seen"].value()})
    assert (again.status_code, Material.objects.get().title) == (302, "我的标题")


def test_the_page_of_the_assignment_says_where_its_evidence_is_filed(client, send, evidence, lead, criterion):
    evidence.progress.assignment.task.criteria.add(criterion)
    send(lead, "material-take", evidence, {"title": "整治方案", "places": [criterion.pk]})

    page = client.get(evidence.progress.assignment.get_absolute_url()).content.decode()

    assert "Ⅱ-1-1)-①" in page


def test_a_new_revision_replaces_the_old_one(send, lead, make_material):
    material = make_material()

    send(lead, "material-revise", material, {"file": text_file("新.txt"), "note": "补盖章", "read": 1})

    assert (material.newest.number, str(material.newest.attachment)) == (2, "新.txt")


def test_the_later_of_two_sees_the_others_revision_and_keeps_the_own_words(send, lead, staff, make_material):
    material = make_material()
    send(staff, "material-revise", material, {"file": text_file("她的.txt", "她"), "read": 1})

    page = send(lead, "material-revise", material, {"file": text_file("我的.txt", "我"), "note": "我的说明", "read": 1})

    words = page.content.decode()
    assert page.status_code == 422
    assert "她的.txt" in words and "我的说明" in words and 'name="read" value="2"' in words
    assert Attachment.objects.count() == 2


def test_a_number_is_taken_away_and_given_again(send, lead, make_material, criterion, asked):
    material = make_material(criterion)

    send(lead, "material-unlink", material.numbers.get())
    assert not material.numbers.exists()
    send(lead, "material-link", material, {"places": [criterion.pk]})

    assert str(material.numbers.get()) == "Ⅱ-1-1)-①"


def test_a_number_that_was_taken_away_is_never_that_of_another(send, lead, make_material, criterion, asked):
    material = make_material(criterion)
    send(lead, "material-unlink", material.numbers.get())

    other = make_material(criterion, title="另一份")
    send(lead, "material-link", material, {"places": [criterion.pk]})

    assert (str(other.numbers.get()), str(material.numbers.get())) == ("Ⅱ-1-1)-②", "Ⅱ-1-1)-①")


def test_older_revisions_stay_readable(client, lead, make_material, make_attachment):
    material = make_material(name="旧.txt", content="旧".encode())
    material.revise(make_attachment(name="新.txt"), by=lead)
    old = material.revisions.get(number=1)
    client.force_login(lead)

    assert "旧.txt" in client.get(material.get_absolute_url()).content.decode()
    assert b"".join(client.get(old.url).streaming_content).decode() == "旧"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=方案", {"实施方案"}),
        ("?q=Ⅱ-1-1)", {"实施方案"}),
        ("?q=zongjie", {"工作总结"}),
        ("?q=教育", {"工作总结"}),
        ("?q=方案 教育", set()),
        ("?numbered=no", {"工作总结"}),
        ("?numbered=yes", {"实施方案"}),
        ("?kind=image", set()),
    ],
)
def test_material_is_found(see, office, make_material, criterion, other_bureau, query, found):
    make_material(criterion, title="实施方案")
    make_material(title="工作总结", unit=other_bureau, name="zongjie.txt")

    listing = see(office, "materials", query=query).context["listing"]

    assert {one.title for one in listing.rows} == found


def test_the_catalogue_is_listed_in_its_order(see, office, make_material, make_criterion):
    second, first = make_criterion("Ⅱ-12"), make_criterion("Ⅱ-2")
    made = [make_material(second), make_material(), make_material(first), make_material(first)]

    rows = see(office, "materials").context["listing"].rows

    assert rows == [made[2], made[3], made[0], made[1]]


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICE, 302), (Role.LEADER, 403), (Role.INSPECTOR, 403)])
def test_the_office_that_keeps_the_standard_says_what_is_required(make_member, send, city, criterion, role, status):
    answer = send(make_member(city, role), "piece-new", criterion, {"name": "实施方案", "asked_of": "lead"})

    assert answer.status_code == status
    assert RequiredPiece.objects.count() == (status == 302)


def test_pieces_are_required_of_a_frozen_edition_too(send, office, asked, criterion):
    """They are no part of the frozen text."""
    send(office, "piece-new", criterion, {"name": "总结", "asked_of": "each"})
    send(office, "piece-edit", asked, {"name": "方案", "asked_of": "lead"})

    assert [one.name for one in criterion.pieces.all()] == ["方案", "总结"]


def test_two_pieces_of_one_name_are_refused(send, office, asked, criterion):
    assert send(office, "piece-new", criterion, {"name": "实施方案", "asked_of": "lead"}).status_code == 422


def test_a_piece_changed_meanwhile_is_not_overwritten_unseen(see, send, office, asked):
    seen = see(office, "piece-edit", asked).context["form"]["seen"].value()
    type(asked).objects.update(note="盖章件")

    answer = send(office, "piece-edit", asked, {"name": "方案", "asked_of": "lead", "note": "扫描件", "seen": seen})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["note"])


def test_what_was_filed_stays_when_the_piece_is_not_required_any_more(send, office, asked, make_material, criterion):
    material = make_material(criterion, piece=asked)

    send(office, "piece-delete", asked)

    assert (str(material.numbers.get()), material.numbers.get().piece) == ("Ⅱ-1-1)-①", None)


def test_the_figures_open_their_rows(see, office, asked):
    ledger = AskedPiece.objects.get().ledger
    by_unit = see(office, "completeness", ledger, "?by=unit")
    address = by_unit.context["rows"][0]["url"]

    rows = see(office, "asked-pieces", ledger, f"?{address.partition('?')[2]}&state=missing").context["listing"].rows

    assert by_unit.context["figures"] == {"listed": 1, "have": 0, "missing": 1}
    assert [row.piece for row in rows] == [asked]


@pytest.mark.parametrize("by", ["", "criterion", "unit", "nonsense"])
def test_each_group_of_figures_opens_its_own_rows(see, office, asked, criterion, bureau, by):
    ledger = AskedPiece.objects.get().ledger
    [group] = see(office, "completeness", ledger, f"?by={by}").context["rows"]

    rows = see(office, "asked-pieces", ledger, f"?{group['url'].partition('?')[2]}").context["listing"].rows

    assert (group["listed"], [row.piece for row in rows]) == (1, [asked])


def test_the_indicators_of_another_city_are_not_offered(client, office, asked, ledger, make_unit):
    edition = Standard.objects.create(unit=make_unit("宁川市"), name="外市体系", edition="1")
    indicator = edition.indicators.create(level=1, code="Ⅰ-1", name="外市指标")
    RequiredPiece.objects.add(indicator.criteria.create(number="1", text="外市内容"), name="台账")

    client.force_login(office)
    offered = client.get(reverse("tasks:asked-pieces", args=[ledger.pk])).content.decode()

    assert asked.criterion.indicator.name in offered
    assert "外市指标" not in offered
