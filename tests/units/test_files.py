"""What is taken, how it is cleaned and sealed, and how it is handed out."""

import hashlib
import shutil
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageCms

from tests.makers import at
from tests.units import filemakers as make
from units.files import accept, check, clean_name, remove_leftovers, stream
from units.filetypes import CSV, DOC, DOCX, HEIC, JPEG, PNG, PPTX, TXT, WEBP, XLS, XLSX, Refused
from units.filetypes import PDF as PDF_KIND
from units.forms import FilesField, PhotosField
from units.models import Attachment
from units.pictures import develop


@pytest.fixture(autouse=True)
def media(data_dir):
    """Where files are kept, empty at the start of each test."""
    folder = data_dir / "media"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def stored(media):
    return sorted(path for path in media.rglob("*") if path.is_file())


def content(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (make.picture(), "a.jpg", JPEG),
        (make.picture("PNG", mode="RGBA"), "a.png", PNG),
        (make.picture("PNG", mode="P"), "a.png", PNG),
        (make.picture("WEBP"), "a.webp", WEBP),
        (make.picture("HEIF"), "a.heic", HEIC),
        (make.PDF, "a.pdf", PDF_KIND),
        (make.office("docx"), "a.docx", DOCX),
        (make.office("xlsx"), "a.xlsx", XLSX),
        (make.office("pptx"), "a.pptx", PPTX),
        (make.ole("WordDocument"), "a.doc", DOC),
        (make.ole("Workbook"), "a.xls", XLS),
        ("整改情况,完成\n".encode(), "a.csv", CSV),
        ("整改情况".encode("gb18030"), "a.txt", TXT),
        ("整改情况".encode("utf-16"), "a.txt", TXT),
    ],
)
def test_the_kinds_that_an_office_sends_are_taken(data, name, kind):
    checked = check(make.upload(data, name))

    assert (checked.kind, checked.name) == (kind, name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\张三\\整改 照片.jpg", "整改 照片.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("a\x00b\r\nc.jpg", "abc.jpg"),
        ("\u202egpj.exe.jpg", "gpj.exe.jpg"),
        (".htaccess", "htaccess"),
        ('a"b<c>.jpg', "a_b_c_.jpg"),
        ("...", "file"),
        ("名" * 300 + ".jpg", "名" * 180 + ".jpg"),
    ],
)
def test_a_name_keeps_only_what_is_a_name(sent, kept):
    assert clean_name(sent) == kept


@pytest.mark.parametrize(("sent", "kept"), [("run.exe", "run.exe.jpg"), ("a.png", "a.jpg"), ("照片", "照片.jpg")])
def test_a_name_gets_the_extension_of_what_the_file_is(sent, kept):
    assert check(make.upload(make.picture(), sent)).name == kept


def test_the_original_is_kept_byte_for_byte(bureau, lead):
    data = make.picture(exif=make.exif())

    attachment = accept(make.upload(data), unit=bureau, by=lead)

    assert attachment.original.read() == data
    assert (attachment.sha256, attachment.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_what_is_shown_holds_no_place_no_owner_no_device(bureau, lead):
    attachment = accept(make.upload(make.picture(exif=make.exif())), unit=bureau, by=lead)

    for copy in (attachment.shown, attachment.thumb):
        data = copy.read()
        assert not Image.open(BytesIO(data)).getexif()
        assert b"SecretPhone" not in data


def test_a_photo_taken_sideways_is_shown_upright():
    shown = develop(make.picture(size=(64, 48), exif=make.exif(orientation=6)))

    image = Image.open(BytesIO(shown.shown))
    assert (shown.width, shown.height) == image.size == (48, 64)
    assert image.getpixel((24, 5))[0] > 200  # red was left and is on top now


def test_large_photos_are_shown_smaller():
    photo = develop(make.picture(size=(4000, 3000)))

    assert (photo.width, photo.height) == (4000, 3000)
    assert Image.open(BytesIO(photo.shown)).size == (1600, 1200)
    assert Image.open(BytesIO(photo.thumb)).size == (320, 240)


def test_what_is_transparent_is_shown_on_white():
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    target = BytesIO()
    image.save(target, "PNG")

    shown = develop(target.getvalue()).shown

    assert Image.open(BytesIO(shown)).getpixel((10, 10)) == (255, 255, 255)


def test_a_photo_with_a_colour_profile_is_shown_in_plain_colours():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    shown = develop(make.picture(icc_profile=profile)).shown

    assert "icc_profile" not in Image.open(BytesIO(shown)).info


@pytest.mark.parametrize(
    ("taken", "offset", "moment"),
    [
        ("2026:03:05 09:30:00", "", "2026-03-05 09:30"),
        ("2026:03:05 09:30:00", "+00:00", "2026-03-05 17:30"),
        ("0000:00:00 00:00:00", "", None),
        ("yesterday", "", None),
    ],
)
def test_the_camera_says_when_the_photo_was_taken(taken, offset, moment):
    photo = develop(make.picture(exif=make.exif(taken=taken, offset=offset)))

    assert photo.taken_at == (moment and at(moment))


def test_a_heic_photo_is_shown_as_jpeg(bureau, lead):
    attachment = accept(make.upload(make.picture("HEIF"), "IMG_1.HEIC"), unit=bureau, by=lead)

    assert attachment.content_type == "image/heic"
    assert content(stream(attachment, "shown"))[:3] == b"\xff\xd8\xff"


@pytest.mark.django_db(transaction=True)
def test_the_files_stay_when_the_transaction_commits(bureau, lead, media):
    accept(make.upload(make.picture()), unit=bureau, by=lead)

    assert len(stored(media)) == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_on_the_disk_when_the_transaction_fails(bureau, lead, media):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        accept(make.upload(make.picture()), unit=bureau, by=lead)
        assert len(stored(media)) == 3
        raise ZeroDivisionError

    assert stored(media) == []


@pytest.mark.django_db(transaction=True)
def test_only_the_files_of_the_failed_part_go(bureau, lead, media):
    with transaction.atomic():
        accept(make.upload(make.picture()), unit=bureau, by=lead)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            accept(make.upload(make.PDF, "a.pdf"), unit=bureau, by=lead)
            raise ZeroDivisionError

    assert len(stored(media)) == 3


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_left_is_swept(bureau, lead, media):
    kept = accept(make.upload(make.picture()), unit=bureau, by=lead)
    accept(make.upload(make.PDF, "a.pdf"), unit=bureau, by=lead).delete()

    assert remove_leftovers(timezone.now() - timedelta(days=1)) == 0
    assert remove_leftovers(timezone.now() + timedelta(seconds=1)) == 1
    assert [path.name[:36] for path in stored(media)] == [str(kept.pk)] * 3


def test_a_refused_file_leaves_nothing(bureau, lead, media):
    with pytest.raises(Refused):
        accept(make.upload(b"MZ"), unit=bureau, by=lead)

    assert not Attachment.objects.exists()
    assert stored(media) == []


def test_the_database_refuses_to_exchange_an_original(bureau, lead):
    attachment = accept(make.upload(make.PDF, "a.pdf"), unit=bureau, by=lead)

    with pytest.raises(InternalError, match="original_is_sealed"):
        Attachment.objects.filter(pk=attachment.pk).update(sha256="0" * 64)


def test_the_database_refuses_an_empty_file(bureau):
    with pytest.raises(IntegrityError, match="units_file_is_not_empty"):
        Attachment.objects.create(unit=bureau, family="image", content_type="image/jpeg", name="a", size=0)


def test_a_photo_opens_in_the_browser_under_its_chinese_name(bureau, lead):
    response = stream(accept(make.upload(make.picture(), "整改后.png"), unit=bureau, by=lead))

    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E6%95%B4%E6%94%B9%E5%90%8E.jpg"


def test_a_document_is_saved_and_never_opened_by_the_browser(bureau, lead):
    response = stream(accept(make.upload(make.office(), "方案.docx"), unit=bureau, by=lead))

    assert response["Content-Disposition"].startswith("attachment")
    assert zipfile.is_zipfile(BytesIO(content(response)))


def test_an_original_is_saved_and_never_opened_by_the_browser(bureau, lead):
    response = stream(accept(make.upload(make.picture()), unit=bureau, by=lead), "original")

    assert response["Content-Disposition"] == 'attachment; filename="photo.jpg"'


def test_a_file_cannot_run_anything_in_the_browser(bureau, lead):
    response = stream(accept(make.upload(make.picture()), unit=bureau, by=lead))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("private")


def test_nginx_is_told_where_the_file_lies(bureau, lead, settings):
    settings.ACCEL_REDIRECT_PREFIX = "/files/"
    attachment = accept(make.upload(make.picture()), unit=bureau, by=lead)

    response = stream(attachment, "thumb")

    assert response["X-Accel-Redirect"] == f"/files/{attachment.thumb.name}"
    assert (response["Content-Type"], response.content) == ("image/jpeg", b"")


def test_a_document_has_no_small_picture(bureau, lead):
    with pytest.raises(Http404):
        stream(accept(make.upload(make.PDF, "a.pdf"), unit=bureau, by=lead), "thumb")


def test_a_file_that_is_not_in_its_place_is_not_found(bureau, lead):
    attachment = accept(make.upload(make.PDF, "a.pdf"), unit=bureau, by=lead)
    Path(attachment.original.path).unlink()

    with pytest.raises(Http404):
        stream(attachment)


class Photos(forms.Form):
    photos = PhotosField(max_files=2)
    files = FilesField(required=False)


def fill(*photos, files=()):
    return Photos({}, MultiValueDict({"photos": list(photos), "files": list(files)}))


def test_a_form_takes_several_photos(bureau, lead):
    form = fill(make.upload(make.picture()), make.upload(make.picture("PNG"), "b.png"))

    assert form.is_valid()
    names = [accept(photo, unit=bureau, by=lead).name for photo in form.cleaned_data["photos"]]
    assert names == ["photo.jpg", "b.png"]


def test_a_form_names_every_file_that_it_refuses():
    form = fill(make.upload(make.PDF, "a.pdf"), make.upload(b"", "b.jpg"), files=[make.upload(b"MZ", "c.exe")])

    assert not form.is_valid()
    assert [str(error)[:5] for error in form.errors["photos"]] == ["a.pdf", "b.jpg"]
    assert form.errors["files"][0].startswith("c.exe")


def test_a_form_tells_the_limits_before_the_upload():
    field = Photos()["photos"].field

    assert "2" in str(field.help_text)
    assert "image/heic" in field.widget.attrs["accept"]
    assert field.max_bytes == 20 * 1024 * 1024


def test_too_many_photos_are_refused():
    assert "photos" in fill(*[make.upload(make.picture())] * 3).errors


def test_a_photo_is_asked_for_where_one_must_be():
    assert list(fill().errors) == ["photos"]
