"""A scoreboard on the screen: the facts of a snapshot with the links and bars that only a page needs."""

from decimal import Decimal

from django.urls import reverse

from reports.models import Score


def on_screen(board, reader=None, earlier=None):
    """The groups of a snapshot for a page.

    A row links to its lines if the `reader` may see them (None: whoever sees the page may). `earlier`, an older
    ranking, adds how far each total moved. At most two queries.
    """
    seen = scores_seen(board, reader) if reader else None
    totals = dict(earlier.scores.values_list("unit", "total")) if earlier else {}
    components = board["scheme"]["components"]
    return [
        group | {"rows": [shown(row, components, seen, totals) for row in group["rows"]]} for group in board["groups"]
    ]


def scores_seen(board, reader):
    return set(Score.objects.visible_to(reader).filter(ranking=board["ranking"]).values_list("pk", flat=True))


def shown(row, components, seen, totals):
    parts = [(c["name"], part["points"]) for c, part in zip(components, row["parts"], strict=True)]
    before = totals.get(row["unit"])
    return row | {
        "url": reverse("reports:score", args=[row["score"]]) if seen is None or row["score"] in seen else "",
        "points": parts,
        "bar": [(name, Decimal(points or 0)) for name, points in parts],
        "full": assessed(row, components),
        "moved": None if before is None else Decimal(row["total"]) - before,
    }


def assessed(row, components):
    """The full marks that a unit could reach, so that its bar is as long as its total says."""
    pairs = zip(components, row["parts"], strict=True)
    return sum(Decimal(component["full"]) for component, part in pairs if part["points"] is not None)


def moved(groups):
    """How many units' totals changed since the earlier calculation."""
    return sum(bool(row["moved"]) for group in groups for row in group["rows"])
