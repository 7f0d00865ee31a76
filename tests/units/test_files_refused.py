"""What is not taken, each tried with a real file."""

from io import BytesIO

import pytest
from PIL import Image

from tests.units import filemakers as make
from units.files import Refused, check
from units.filetypes import IMAGES
from units.pictures import develop

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EXE = b"MZ\x90\x00" + bytes(60) + b"\x0e\x1f\xba\x0eThis program cannot be run in DOS mode.\r\r\n$" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)
PICTURE = make.picture()
ZIP = make.archive({"Evil.class": b"\xca\xfe\xba\xbe" * 50})
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
BOMB = make.office(**{"word/media/image1.bmp": bytes(60_000_000)})


def reason(data, name="photo.jpg", **options):
    with pytest.raises(Refused) as refused:
        check(make.upload(data, name), **options)
    return str(refused.value.messages[0])


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "photo.jpg", "文件是空的"),
        (SVG, "plan.svg", "SVG"),
        (SVG, "plan.png", "SVG"),
        (b"\xef\xbb\xbf  " + SVG, "plan.txt", "SVG"),
        (HTML, "page.html", "网页"),
        (HTML, "photo.jpg", "网页"),
        (b"<?xml version='1.0'?><a/>", "a.txt", "网页"),
        (b"note\n<script>alert(1)</script>", "note.txt", "网页"),
        (EXE, "setup.exe", "程序"),
        (EXE, "photo.jpg", "程序"),
        (ELF, "note.txt", "其他内容"),
        (b"#!/bin/sh\nrm -rf /\n", "note.txt", "程序"),
        (ZIP, "photos.zip", "压缩包"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "a.rar", "压缩包"),
        (b"GIF89a" + bytes(50), "a.gif", "不收这类文件"),
        (bytes(range(256)), "a.bin", "不收这类文件"),
        (b"alert(1)", "a.js", "不收这类文件"),
        (bytes(range(256)), "a.txt", "其他内容"),
    ],
)
def test_what_is_no_photo_and_no_document_is_refused_by_its_content(data, name, words):
    assert words in reason(data, name)


@pytest.mark.parametrize(
    "data",
    [
        PICTURE + ZIP,
        make.picture("PNG") + ZIP,
        make.picture("WEBP") + ZIP,
        make.picture("HEIF") + ZIP,
        PICTURE + ZIP + bytes(100_000),
        PICTURE + HTML,
        PICTURE[:20] + HTML + PICTURE[20:],
        PICTURE + make.PDF,
        PICTURE + EXE,
        PICTURE + ELF,
        make.picture("JPEG", comment=b"<script>alert(1)</script>"),
        make.PDF + HTML,
        make.PDF + ZIP,
        b"%PDF-1.4\n<html><script>alert(1)</script></html>\n" + make.PDF,
        make.office() + b"more",
        make.office()[:0] + make.archive({"a": "b"}) + make.office(),
    ],
)
def test_a_second_file_hidden_in_a_sound_one_is_refused(data):
    assert "藏着另一个文件" in reason(data, "photo.jpg")


@pytest.mark.parametrize(
    "data",
    [
        PICTURE[: len(PICTURE) // 2],
        make.picture("PNG")[:60],
        make.picture("WEBP")[:-20],
        make.picture("HEIF")[:300],
        b"\xff\xd8\xff\xe0" + bytes(100),
        make.PDF[:-8],
        make.office()[:-30],
    ],
)
def test_a_truncated_file_is_refused(data):
    assert "损坏或不完整" in reason(data)


def test_a_picture_that_claims_400_million_pixels_is_refused():
    assert "像素" in reason(make.giant_png())


def test_a_document_that_unpacks_to_a_thousand_times_its_size_is_refused():
    assert len(BOMB) < 100_000

    assert "解压" in reason(BOMB, "plan.docx")


def test_a_document_of_too_many_parts_is_refused():
    many = {f"word/part{n}.xml": "" for n in range(4001)}

    assert "解压" in reason(make.office(**many), "plan.docx")


@pytest.mark.parametrize(
    "data",
    [
        make.office(content_type=MACRO),
        make.office(**{"word/vbaProject.bin": "x"}),
        make.office("xlsx", **{"xl/activeX/activeX1.bin": "x"}),
        make.ole("WordDocument", "Macros", "_VBA_PROJECT"),
    ],
)
def test_a_document_with_macros_is_refused(data):
    assert "宏" in reason(data, "plan.docx")


@pytest.mark.parametrize("data", [make.ole("EncryptedPackage", "EncryptionInfo")])
def test_a_locked_document_is_refused(data):
    assert "密码" in reason(data, "plan.docx")


def test_an_archive_that_only_looks_like_a_document_is_refused():
    assert "不收这类文件" in reason(
        make.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "x"}), "a.docx"
    )


def test_an_unknown_document_of_before_2007_is_refused():
    assert "不收这类文件" in reason(make.ole("PowerPoint Document"), "a.ppt")


def test_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1000

    assert "大于" in reason(PICTURE + bytes(1000))


def test_a_document_is_refused_where_only_photos_are_taken():
    assert "只收照片" in reason(make.PDF, "a.pdf", kinds=IMAGES)


def test_the_reason_names_the_file():
    assert reason(EXE, "C:\\tmp\\安装.exe").startswith("安装.exe:")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_few_bytes_that_unpack_to_more_than_any_screen_are_refused(kind):
    picture = BytesIO()
    Image.new("RGBA", (6000, 5001)).save(picture, kind, lossless=True, method=0)

    assert "30" in reason(picture.getvalue())


def test_a_large_drawing_is_made_small_before_it_is_copied():
    picture = BytesIO()
    Image.new("P", (6400, 1600)).save(picture, "PNG", transparency=0)

    shown = Image.open(BytesIO(develop(picture.getvalue()).shown))

    assert (shown.size, shown.getpixel((800, 200))) == ((1600, 400), (255, 255, 255))
