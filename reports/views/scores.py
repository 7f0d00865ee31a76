"""The score of one unit: total, parts, and for each lost point what it was lost for."""

from itertools import groupby
from operator import attrgetter

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from inspections.models import Answer, Finding, RectificationItem
from reports.models import Score
from reports.scoring import lines_of
from reports.snapshots import plain
from reports.views.access import reads
from tasks.models import Assignment

CAUSES = [
    Prefetch("finding", Finding.objects.select_related("place", "visit__team").prefetch_related("finding_photos")),
    Prefetch("item", RectificationItem.objects.select_related("finding__place")),
    Prefetch("assignment", Assignment.objects.select_related("task")),
    Prefetch("answer", Answer.objects.select_related("item", "visit__place", "visit__team")),
]
TOLD = 6  # so many lost points are written out as a sum


@require_GET
def score(request, pk):
    related = ("unit", "peer_group", "ranking__period__unit", "ranking__scheme")
    score = get_object_or_404(Score.objects.visible_to(request.user).select_related(*related), pk=pk)
    lines = lines_of(score)
    prefetch_related_objects(lines, *CAUSES)
    in_order = sorted(lines, key=lambda line: (line.component_id, line.points, line.uncut))
    by_component = {pk: list(found) for pk, found in groupby(in_order, attrgetter("component_id"))}
    sees_visits = reads(request.user, score.ranking.period.unit)
    parts = [
        accounted(part, by_component.get(part.component_id, []), sees_visits)
        for part in score.parts.select_related("component")
    ]
    return render(request, "reports/score.html", {"score": score, "parts": parts, "bar": bar(parts)})


def accounted(part, lines, sees_visits):
    """A part with its lines, and whether they still add up: the rows behind a trial may have changed since."""
    costly = [line for line in lines if line.points]
    return {
        "part": part,
        "figures": {"got": plain(part.got), "possible": plain(part.possible), "cases": part.cases},
        "lines": [{"line": line, **cause(line, sees_visits)} for line in lines],
        "told": costly if len(costly) <= TOLD else None,
        "costly": len(costly),
        "agrees": sum(line.lost for line in lines) == (part.lost or 0),
    }


def cause(line, sees_visits):
    """What cost the points, as the page says it: words, link, place, day, team, photos."""
    found = line.cause
    if line.assignment:
        return {"words": found.task.title, "url": found.get_absolute_url(), "at": found.due_on}
    if line.item:
        place = found.finding.place
        return {"words": found.finding.text, "url": found.get_absolute_url(), "place": place, "at": found.due_at}
    if line.finding:
        team = found.visit.team if found.visit else None
        facts = {"place": found.place, "at": found.found_at, "team": team, "photos": found.finding_photos.all()}
        return {"words": found.text, "url": found.get_absolute_url(), **facts}
    visit = found.visit
    url = visit.get_absolute_url() if sees_visits else ""
    return {"words": found.item.text, "url": url, "place": visit.place, "at": visit.started_at, "team": visit.team}


def bar(parts):
    return {
        "parts": [(entry["part"].component.name, entry["part"].points or 0) for entry in parts],
        "full": sum(entry["part"].full for entry in parts),
    }
