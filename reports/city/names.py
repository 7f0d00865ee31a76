"""Invented people: names drawn from two lists, telephone numbers that no exchange gives out."""

from reports.city.tables import lines


def person_name(lots):
    words = lines("names")
    given = words["given"]
    second = lots.choice(given) if lots.random() < 0.75 else ""
    return lots.choice(words["family"]) + lots.choice(given) + second


def phone(number):
    """`0000-0000123`: no area code of the country is 0000."""
    return f"0000-{number:07d}"
