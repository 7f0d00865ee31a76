"""Photo sheets: chosen photos, one on each page, with time, place and theme."""

import pytest
from django.urls import reverse

from reports.jobs import make_file
from reports.models import PhotoSheet, PhotoSheetJob
from tasks.models import Evidence
from tests.reports.text import pages_of, words_of
from tests.units.filemakers import exif
from tests.units.test_looks import as_file, scene

pytestmark = pytest.mark.django_db
NEW = "reports:photo-sheet-new"


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    monkeypatch.setattr(make_file, "delay", lambda _pk, _label: None)


@pytest.fixture
def photo(make_material, criterion):
    """Material that is a photo: `photo("清理前", seed=2)`."""

    def make(title="清理现场", seed=1, **file):
        content = as_file(scene(seed), exif=exif(taken="2026:03:02 09:30:00"))
        return make_material(criterion, title=title, name=f"{seed}.jpg", content=content, **file)

    return make


def said(*lines, title="整治图片"):
    """The form as it is sent: for each photo `(theme, place)`."""
    form = {"title": title, "form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": len(lines)}
    for n, (theme, place) in enumerate(lines):
        form |= {f"form-{n}-theme": theme, f"form-{n}-place": place}
    return form


def ask(client, user, photos, data=None, key="material"):
    client.force_login(user)
    address = f"{reverse(NEW)}?{'&'.join(f'{key}={one.pk}' for one in photos)}"
    page = client.get(address)
    if not data:
        return page
    shown = {f"form-{n}-photo": photo.attachment.pk for n, (photo, _line) in enumerate(page.context.get("pairs", []))}
    return client.post(address, shown | data)


def test_the_form_begins_with_what_is_known(client, office, photo):
    page = ask(client, office, [photo("清理现场")]).content.decode()

    assert 'value="清理现场"' in page
    assert "2026-03-02 09:30" in page and "Ⅱ-1-1)-①" in page


def test_photos_stand_in_the_order_of_the_catalogue(client, office, make_material, make_criterion):
    later, earlier = make_criterion("Ⅱ-3"), make_criterion("Ⅱ-1")
    files = {"name": "一.jpg", "content": as_file(scene(1))}
    photos = [make_material(*places, title=title, **files) for title, places in
              (("无编号", []), ("后", [later]), ("先", [earlier]))]  # fmt: skip

    pairs = ask(client, office, photos).context["pairs"]

    assert [photo.theme for photo, _form in pairs] == ["先", "后", "无编号"]


def test_each_photo_has_a_page_with_time_place_and_theme(client, office, photo):
    photos = [photo("清理前", 1), photo("清理后", 2)]
    ask(client, office, photos, said(("清理前", "人民路"), ("清理后", "人民路东段")))
    job = PhotoSheet.objects.get().jobs.get()

    make_file(job.pk, PhotoSheetJob._meta.label)

    job.refresh_from_db()
    pdf = job.file.read()
    assert pages_of(pdf) == 2
    for word in ("整治图片", "清理前", "人民路", "2026年3月2日09:30", "人民路东段", "拍摄时间", "Ⅱ-1-1)-②", "市城管局"):
        assert word in words_of(pdf)


def test_the_photos_of_a_report_go_on_a_sheet_too(client, lead, put_in_report):
    assignment = put_in_report(as_file(scene(3)))

    ask(client, lead, [assignment], said(("现场", "")), key="assignment")

    sheet = PhotoSheet.objects.get()
    assert (sheet.unit, len(sheet.data["photos"])) == (assignment.unit, 1)
    assert sheet.data["photos"][0]["is_taken"] is False


def test_words_stay_with_their_photo_when_another_is_filed_meanwhile(client, office, photo, criterion):
    first, second = photo("清理前", 1), photo("清理后", 2)
    seen = ask(client, office, [first, second]).context["pairs"]
    wrong = {f"form-{n}-photo": one.attachment.pk for n, (one, _line) in enumerate(reversed(seen))}

    ask(client, office, [first, second], said(("说的是后", ""), ("说的是前", "")) | wrong)

    words = {one["attachment"]: one["theme"] for one in PhotoSheet.objects.get().data["photos"]}
    assert words == {str(first.newest.attachment_id): "说的是前", str(second.newest.attachment_id): "说的是后"}


def test_photos_that_changed_meanwhile_are_asked_again_with_what_was_typed(client, office, photo):
    first, second = photo("清理前", 1), photo("清理后", 2)
    gone = {"form-1-photo": "0"}

    answer = ask(client, office, [first, second], said(("我写的", ""), ("别的", "")) | gone)

    assert (answer.status_code, PhotoSheet.objects.count()) == (422, 0)
    assert [line["theme"].value() for _photo, line in answer.context["pairs"]] == ["我写的", "清理后"]


@pytest.fixture
def put_in_report(make_assignment, make_attachment, lead):
    def put(content):
        assignment = make_assignment()
        report = assignment.write(by=lead, percent=50, narrative="已清理")
        Evidence.objects.create(progress=report, attachment=make_attachment(name="现场.jpg", content=content))
        assignment.submit(by=lead)
        return assignment

    return put


def test_chosen_rows_lead_to_the_form(client, office, photo):
    chosen = photo()
    client.force_login(office)

    answer = client.post(reverse("reports:photo-sheet-chosen"), {"selected": [chosen.pk, "x"]})

    assert answer.headers["Location"] == f"{reverse(NEW)}?material={chosen.pk}"


def test_photos_of_two_units_belong_to_the_unit_above_them(client, office, photo, other_bureau, city):
    ask(client, office, [photo("一", 1), photo("二", 2, unit=other_bureau)], said(("一", ""), ("二", "")))

    assert PhotoSheet.objects.get().unit == city


def test_a_unit_does_not_print_the_photos_of_another(client, lead, photo, other_bureau):
    answer = ask(client, lead, [photo(unit=other_bureau)])

    assert answer.status_code == 422
    assert answer.context["photos"] == []


def test_a_theme_is_asked_for(client, office, photo):
    assert ask(client, office, [photo()], said(("", ""))).status_code == 422
    assert not PhotoSheet.objects.exists()


def test_a_photo_that_is_missing_fails_in_words(client, office, photo):
    chosen = photo()
    ask(client, office, [chosen], said(("现场", "")))
    shown = chosen.newest.attachment.shown
    shown.storage.delete(shown.name)
    job = PhotoSheet.objects.get().jobs.get()

    make_file(job.pk, PhotoSheetJob._meta.label)

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "changed")
