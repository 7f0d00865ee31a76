"""Trying a door: its address for a row, who is let in there, and a try that leaves nothing behind."""

import uuid

from django.db import transaction
from django.urls import reverse

from tests.access.table import LETTERS

# No such row exists for anybody: who is let in learns that, who is not let in does not get so far.
MISSING = {"unit_upload", "notice", "session", "saved_filter", "digest"}


def address(name, door, side, world):
    """The URL for the row of one side: `own`, `other` (bureau of our city), `elsewhere` (another city)."""
    if not door.of:
        return reverse(name)
    if door.of in vars(world.shared) or door.of == "calendar_day":
        row = world.shared.day if door.of in {"day", "calendar_day"} else getattr(world.shared, door.of)
        return reverse(name, args=[row.date.isoformat() if door.of == "day" else row.pk])
    if door.of == "unit_upload":
        return reverse(name, args=[uuid.uuid4()])
    if door.of in MISSING:
        return reverse(name, args=[999_999])
    rows = getattr(world, side)
    if door.of == "place_code":
        return reverse(name, args=[rows.place.code])
    return reverse(name, args=[getattr(rows, door.of).pk])


def is_let_in(door, role):
    return any(LETTERS[letter] == role for letter in door.roles) or (door.nobody and role == "nobody")


class TriedOut(Exception):
    """Thrown to take back what one try has changed, so that each person meets the same world."""


def in_savepoint(work):
    found = []
    try:
        with transaction.atomic():
            found.append(work())
            raise TriedOut
    except TriedOut:
        return found[0]
