"""Snapshot → HTML → PDF. Pure: no database, no network, no clock; the same snapshot gives the same bytes.

The template is chosen by the snapshot's version, so an old report prints the same after a page is redesigned: never
edit `scoreboard_v1.html` or `scoreboard_v1.css` after the first issue, add `_v2`.
"""

import logging
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

OURS = "ours:"  # ours:fonts/fandol/FandolSong-Bold.otf is a file below static/
STATIC = Path(__file__).resolve().parent.parent / "static"
TYPES = {".css": "text/css", ".otf": "font/otf"}

logging.getLogger("fontTools").setLevel(logging.WARNING)
# WeasyPrint lets the whole process read damaged pictures; a photo handed in must be whole.
ImageFile.LOAD_TRUNCATED_IMAGES = False


class NotInline(Exception):
    """The page asks for something that is neither in it nor one of our faces."""


class OnlyOurs(URLFetcher):
    """Reads `data:` and our own style sheets and faces; anything else stops the drawing."""

    def __init__(self):
        super().__init__(allowed_protocols=["data"], fail_on_errors=True)

    def fetch(self, url, headers=None):
        if not url.startswith(OURS):
            return super().fetch(url, headers)
        path = (STATIC / url.removeprefix(OURS)).resolve()
        if not path.is_relative_to(STATIC) or path.suffix not in TYPES:
            raise ValueError(f"not one of our files: {url}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


def to_html(snapshot):
    """The finished page, in Chinese whatever language is spoken."""
    page, context = TEMPLATES[snapshot["kind"], snapshot["version"]]
    return render_to_string(page, context(snapshot))


def to_pdf(html):
    """The page as PDF bytes. Raises `NotInline` when it asks for anything from outside."""
    try:
        return HTML(string=html, url_fetcher=OnlyOurs()).write_pdf(font_config=faces())
    except FatalURLFetchingError as error:  # a BaseException: uncaught, it would take the worker down
        raise NotInline(str(error)) from error


def board_of(snapshot):
    return {"board": snapshot, "groups": drawn_groups(snapshot), "dates": dates(snapshot)}


def letter_of(snapshot):
    """The letter with its days in words, and with which columns its table has: a figure nobody gave has none."""
    duties = [one | {"day": spoken(one["due"]) if one["due"] else one["due_text"]} for one in snapshot["duties"]]
    shown = {name: any(one[name] for one in duties) for name in ("quantity", "share")}
    issued = snapshot["issued_on"] and spoken(snapshot["issued_on"])
    return {"letter": snapshot, "duties": duties, "shown": shown, "issued": issued}


# What each kind of paper is drawn with: the page, and what it needs of the snapshot.
TEMPLATES = {
    ("scoreboard", 1): ("reports/scoreboard_v1.html", board_of),
    ("letter", 1): ("reports/letter_v1.html", letter_of),
}


def dates(snapshot):
    """The days of a snapshot as papers say them: 2026年9月30日."""
    period = snapshot["period"]
    days = {name: period[name] for name in ("starts_on", "ends_on")} | {"computed_at": snapshot["computed_at"]}
    return {name: spoken(day) for name, day in days.items()}


def spoken(moment):
    """A day or a moment as written in a snapshot, as papers say it: 2026年9月30日."""
    day = datetime.fromisoformat(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def drawn_groups(snapshot):
    """The groups with what only a drawing needs: how far a rank fell, and how wide the bars are."""
    marks = [Decimal(component["full"]) for component in snapshot["scheme"]["components"]]
    return [
        group | {"rows": [row | {"fall": -(row["change"] or 0), "bars": bars(row, marks)} for row in group["rows"]]}
        for group in snapshot["groups"]
    ]


def bars(row, marks):
    """How wide each part of a total is, in whole percent of the full marks that the unit could reach."""
    points = [part["points"] for part in row["parts"]]
    full = sum(mark for mark, number in zip(marks, points, strict=True) if number is not None) or 1
    return [round(Decimal(number or 0) * 100 / full) for number in points]


@cache
def faces():
    """The faces that were loaded by this process: they are read and registered once, not once a paper."""
    return FontConfiguration()
