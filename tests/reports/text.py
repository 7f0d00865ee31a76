"""The words of a PDF."""

from io import BytesIO

from pypdf import PdfReader


def words_of(pdf):
    """All text without spaces and line breaks, which a PDF puts anywhere."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def pages_of(pdf):
    return len(PdfReader(BytesIO(pdf)).pages)
