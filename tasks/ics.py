"""Deadlines as an iCalendar file (RFC 5545), for the calendar on one's telephone. Pure."""

from datetime import date, timedelta

OCTETS = 75  # of a line


def escaped(words):
    for sign, written in [("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")]:
        words = words.replace(sign, written)
    return words


def folded(line):
    """The line in pieces of at most 75 octets, no letter cut in two."""
    pieces, piece = [], b""
    for letter in line:
        if len(piece) + len(letter.encode()) > OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += letter.encode()
    return b"\r\n".join([*pieces, piece])


def event(uid, day, summary, description, url, now):
    """A day that ends with the deadline."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        # One day, by RFC 5545 also without its end: the last day that Python knows has none after it.
        *([f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"] if day < date.max else []),
        f"SUMMARY:{escaped(summary)}",
        f"DESCRIPTION:{escaped(description)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def calendar(name, events):
    """The file, as bytes."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wenmingtai//Deadlines//ZH", f"X-WR-CALNAME:{escaped(name)}"]
    lines = [*head, *(line for one in events for line in one), "END:VCALENDAR"]
    return b"".join(folded(line) + b"\r\n" for line in lines)
