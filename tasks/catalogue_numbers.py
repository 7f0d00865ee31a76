"""The numbers of a material catalogue (资料目录), as offices write them: `Ⅱ-1-1)-①`. Pure.

- the **project**: the code of the indicator above the criterion, `Ⅱ-1`;
- the **content**: the number of the criterion, whatever brackets or stops the table had: `1)`; left out where it has
  none, or where it only repeats the indicator's code;
- the **material**: its place among those of the criterion, circled: ①, ⑳, ㊿, from 51 on in brackets.
"""

import re
import unicodedata

CIRCLED = [chr(code) for first, last in ((0x2460, 0x2473), (0x3251, 0x325F), (0x32B1, 0x32BF))
           for code in range(first, last + 1)]  # fmt: skip
DASHES = re.compile(r"\s*[-‐‑‒–—―－]+\s*")


def circled(n):
    """1 as ①, up to ㊿; then (51)."""
    if n < 1:
        raise ValueError("places are counted from 1")
    return CIRCLED[n - 1] if n <= len(CIRCLED) else f"({n})"


def content(number):
    """The number of a criterion with one bracket behind: `1)` for 1, (1), 1., 1）or ①; codes stay as they are."""
    plain = unicodedata.normalize("NFKC", number).strip()
    if found := re.fullmatch(r"[(\[]?\s*(\d+)\s*[)\].、]?", plain):
        return f"{found[1]})"
    return DASHES.sub("-", number.strip())


def criterion_code(project, number):
    """The code of the criterion `number` under the indicator `project`: `Ⅱ-1-1)`."""
    code = DASHES.sub("-", project.strip())
    own = content(number)
    return code if own == code else "-".join(filter(None, [code, own]))


def catalogue_number(project, number, place):
    """The number of the material at `place` of a criterion."""
    return "-".join(filter(None, [criterion_code(project, number), circled(place)]))
