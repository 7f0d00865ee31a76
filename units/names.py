"""How two spellings of a unit's name are compared: without spaces, width and punctuation."""

import re
import unicodedata

IGNORED = re.compile(r"[\s()·\-—_\"“”'、,.。]+")


def plain(name):
    """The name as it is compared: full width folded to half, spaces and punctuation gone, lower case."""
    return IGNORED.sub("", unicodedata.normalize("NFKC", name)).lower()
