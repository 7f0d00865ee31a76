"""The lists the city is made from: CSV files in `data/`."""

import csv
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pgtrigger
from django.db import connection

DATA = Path(__file__).parent / "data"


@cache
def rows(name):
    """The rows of `data/<name>.csv` as dicts."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def lines(name):
    """The rows of `data/<name>.csv`, which has the columns `list` and `text`, as a dict of tuples."""
    found = {}
    for row in rows(name):
        found.setdefault(row["list"], []).append(row["text"])
    return {key: tuple(texts) for key, texts in found.items()}


def split(text):
    return [part for part in text.split(",") if part]


@contextmanager
def backdated(model, *names):
    """Let rows say themselves when they were written: `auto_now_add` would stamp two past quarters with today."""
    fields = [model._meta.get_field(name) for name in names]
    stamps = [(field.auto_now, field.auto_now_add) for field in fields]
    for field in fields:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, (auto_now, auto_now_add) in zip(fields, stamps, strict=True):
            field.auto_now, field.auto_now_add = auto_now, auto_now_add


def date_back(event, moment):
    """The step was taken then and not now, and nobody is called for it any more."""
    with pgtrigger.ignore(f"{event._meta.label}:events_unchanged"):
        type(event).objects.filter(pk=event.pk).update(at=moment, announced_at=moment)


def take_stock(*models):
    """Let the planner know how much there is by now: without, it reckons with the empty tables of the beginning.

    `models`: those whose rows are looked up next; none means all tables.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")
