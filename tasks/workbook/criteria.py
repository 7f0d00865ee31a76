"""The code of a criterion: `Ⅲ-3-1`, the code of its indicator and its own number."""

import re
import unicodedata
from collections import defaultdict

DASHES = re.compile("[-—–―‐‑─]+")
AROUND = " \t).、．"


def code_of(indicator, number):
    return "-".join(filter(None, [indicator.strip(), number.strip(AROUND).lstrip("(")]))


def squeezed(code):
    """How codes are compared: `III-3-1)` is `Ⅲ-3-1`, in any width and with any dash."""
    plain = unicodedata.normalize("NFKC", code).lower()
    return DASHES.sub("-", "".join(plain.split())).strip(AROUND)


def by_code(codes):
    """The function that finds what a code means, from `(primary key, code)`: one criterion or none."""
    known = defaultdict(list)
    for pk, code in codes:
        known[squeezed(code)].append(pk)

    def meaning(text):
        found = known.get(squeezed(text), [])
        return found if len(found) == 1 else []

    return meaning
