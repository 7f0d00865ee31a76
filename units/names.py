"""How two spellings of a unit's name are compared: without spaces, width and punctuation."""

import re
import unicodedata

# What other programs leave between letters: marks of no width and of the direction of writing.
MARKS = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
INVISIBLE = re.compile(f"[{MARKS}]")
IGNORED = re.compile(rf"[\s()·\-—_\"“”'、,.。{MARKS}]+")


def plain(name):
    """The name as it is compared: full width folded to half, spaces and punctuation gone, lower case."""
    return IGNORED.sub("", unicodedata.normalize("NFKC", name)).lower()
