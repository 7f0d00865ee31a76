"""The peer groups of a disclosure as a page shows them: folded where there are many units, narrowed by a word."""

from units.names import plain

FEW = 20  # units: so many are shown without a fold


def folded(data, words=""):
    """What a page needs of a snapshot's groups: `groups`, each with its `rows` and whether it `is_open`, and `found`.

    `words` leave the units of which they are a part of the name; the sums stay those of the whole group.
    """
    asked = plain(words)
    left = [(group, [row for row in group["rows"] if is_called(row, asked)]) for group in data["groups"]]
    left = [(group, rows) for group, rows in left if rows]
    found = sum(len(rows) for _group, rows in left)
    is_open = bool(asked) or found <= FEW or len(left) == 1
    groups = [{**group, "rows": rows, "is_open": is_open} for group, rows in left]
    return {"groups": groups, "found": found, "sought": words}


def is_called(row, asked):
    return asked in plain(row["name"]) or asked in plain(row["short"])
