"""Snapshot → HTML → PDF. Pure: no database, no network, no clock; the same snapshot gives the same bytes.

The template is chosen by the snapshot's version, so an old report prints the same after a page is redesigned: never
edit `scoreboard_v1.html` or `scoreboard_v1.css` after the first issue, add `_v2`.
"""

import logging
from base64 import b64encode
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports import catalogue_paper
from units.working_time import official_day

OURS = "ours:"  # ours:fonts/fandol/FandolSong-Bold.otf is a file below static/
STATIC = Path(__file__).resolve().parent.parent / "static"
TEMPLATES = {
    ("scoreboard", 1): "reports/scoreboard_v1.html",
    ("disclosure", 1): "reports/disclosure_v1.html",
    ("letter", 1): "reports/letter_v1.html",
    ("hand_in", 1): "reports/hand_in_v1.html",
    ("photo_sheet", 1): "reports/photo_sheet_v1.html",
}
TITLE_LINE, LAST_PART = 20, "目标任务"  # characters in a line of a title; what its second line begins with
PARTS = {"lead": "牵头", "responsible": "责任", "supporting": "配合"}
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


def to_html(snapshot, pictures=None):
    """The finished page, in Chinese whatever language is spoken. `pictures`: JPEGs by the attachment they belong to."""
    context = CONTEXTS[snapshot["kind"]](snapshot, pictures or {})
    return render_to_string(TEMPLATES[snapshot["kind"], snapshot["version"]], context)


def of_scoreboard(snapshot, _pictures):
    return {"board": snapshot, "groups": drawn_groups(snapshot), "dates": dates(snapshot)}


def of_package(snapshot, _pictures):
    parts = [
        chapter | {"lines": catalogue_paper.text_of(chapter["entries"])}
        for chapter in catalogue_paper.chapters(snapshot)
    ]
    made = datetime.fromisoformat(snapshot["made_at"])
    size = catalogue_paper.spoken_size(snapshot["totals"]["size"])
    return {
        "package": snapshot,
        "heads": catalogue_paper.heads(),
        "chapters": parts,
        "day": official_day(made),
        "size": size,
    }


def of_photo_sheet(snapshot, pictures):
    photos = [
        photo | {"source": f"data:image/jpeg;base64,{b64encode(pictures[photo['attachment']]).decode()}",
                 "moment": moment_of(datetime.fromisoformat(photo["at"]))}
        for photo in snapshot["photos"]
    ]  # fmt: skip
    return {"sheet": snapshot, "photos": photos}


def of_disclosure(snapshot, _pictures):
    as_of = official_day(datetime.fromisoformat(snapshot["as_of"]))
    return {"disclosure": snapshot, "title": title_lines(snapshot["title"]), "as_of": as_of}


def of_letter(snapshot, _pictures):
    """The letter with its days in words, and with which columns its table has: a figure nobody gave has none."""
    duties = [one | {"when": when(one)} for one in snapshot["duties"]]
    return {
        "letter": snapshot,
        "title": title_lines(snapshot["title"]),
        "duties": duties,
        "parts": [(name, snapshot["counts"][part]) for part, name in PARTS.items() if snapshot["counts"][part]],
        "shown": {name: any(one[name] for one in duties) for name in ("quantity", "share")},
        "issued": official_day(date.fromisoformat(snapshot["issued_on"])) if snapshot["issued_on"] else "",
    }


def when(duty):
    """The lines that say by when: how often, then the year and the day; in a narrow column each has its own line."""
    day = official_day(date.fromisoformat(duty["due"])).partition("年") if duty["due"] else (duty["due_text"],)
    return [line for line in (duty["repeats"], "".join(day[:2]), *day[2:]) if line]


def moment_of(moment):
    return f"{official_day(moment)} {moment:%H:%M}"


CONTEXTS = {
    "scoreboard": of_scoreboard,
    "disclosure": of_disclosure,
    "letter": of_letter,
    "hand_in": of_package,
    "photo_sheet": of_photo_sheet,
}


def to_pdf(html):
    """The page as PDF bytes. Raises `NotInline` when it asks for anything from outside."""
    try:
        return HTML(string=html, url_fetcher=OnlyOurs()).write_pdf(font_config=faces())
    except FatalURLFetchingError as error:  # a BaseException: uncaught, it would take the worker down
        raise NotInline(str(error)) from error


def title_lines(title):
    """A long title in two lines: before its last part where that is known, else in the middle."""
    if len(title) <= TITLE_LINE:
        return [title]
    at = title.find(LAST_PART)
    at = at if len(title) - TITLE_LINE <= at <= TITLE_LINE else len(title) // 2
    return [title[:at], title[at:]]


def dates(snapshot):
    """The days of a board's snapshot as papers say them."""
    period = snapshot["period"]
    days = {name: date.fromisoformat(period[name]) for name in ("starts_on", "ends_on")}
    days["computed_at"] = datetime.fromisoformat(snapshot["computed_at"])
    return {name: official_day(day) for name, day in days.items()}


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
