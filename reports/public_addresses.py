"""Addresses of the public pages. The language is part of them, so that a page depends on its address alone."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

CHINESE, ENGLISH = "zh-hans", "en"


def public_address(name, *args, language=None):
    """The address of a public page, in the language that is spoken or in `language`."""
    language = language or get_language()
    query = "" if language == settings.LANGUAGE_CODE else f"?language={language}"
    return reverse(f"public:{name}", args=args) + query


def other_language():
    """The language that a page offers instead of the one it speaks."""
    return CHINESE if get_language() == ENGLISH else ENGLISH
