"""Real files for the tests, made here: sound ones, and the kinds that attackers and clumsy phones send."""

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", OOXML + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", OOXML + "presentationml.presentation.main+xml"),
}


def upload(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data)


def picture(kind="JPEG", size=(64, 48), mode="RGB", **options):
    """A small picture: red left half, blue right half."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    target = BytesIO()
    image.convert(mode).save(target, kind, **options)
    return target.getvalue()


def exif(orientation=1, taken="2026:03:05 09:30:00", offset=""):
    """What a phone writes: how it was held, when, and where."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "SecretPhone"
    details = tags.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return tags


def giant_png(width=20_000, height=20_000):
    """A few hundred bytes that claim 400 million pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(entries, method=zipfile.ZIP_DEFLATED):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return target.getvalue()


def office(kind="docx", content_type=None, **more):
    """A Word, Excel or PowerPoint file, as small as they come."""
    part, main = MAIN[kind]
    types = f'<Types><Override PartName="/{part}" ContentType="{content_type or main}"/></Types>'
    return archive({"[Content_Types].xml": types, part: "<x/>"} | more)


def ole(*streams):
    """The head of a Word or Excel file of before 2007 with these streams."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + names.ljust(2048, b"\x00")
