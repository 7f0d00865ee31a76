"""Facts as they are printed: a ranking in, a plain dict out. What is drawn from the dict needs no database any more.

A snapshot is Chinese, as official papers are, holds decimals as strings, and carries its `version`, which names the
template it is drawn with. `sha256` is the hash of all the rest.
"""

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from reports.models import Period, Report
from units.markup import number_text

VERSION = 1
NUMERALS = "〇一二三四五六七八九十"
QUARTERS = {n: f"第{NUMERALS[n]}季度" for n in range(1, 5)}


def scoreboard(ranking):
    """The quarterly scoreboard: groups with ranks and their change, both lists, who was not assessed, and how."""
    period, scheme = ranking.period, ranking.scheme
    scores = list(ranking.scores.select_related("unit", "peer_group").prefetch_related("parts"))
    components = list(scheme.components.all())
    before = previous(period)
    ranked = [score for score in scores if score.total is not None]
    snapshot = {
        "version": VERSION,
        "kind": Report.Kind.SCOREBOARD.value,
        "title": f"{period.unit.name}创建文明城市{name_of(period)}督查考核成绩榜",
        "unit": {"id": period.unit_id, "name": period.unit.name},
        "period": facts_of(period),
        "ranking": ranking.pk,
        "computed_at": timezone.localtime(ranking.computed_at).isoformat(timespec="seconds"),
        "scheme": rules_of(scheme, components, scores),
        "before": {"report": before.pk, "period": name_of(before.period)} if before else None,
        "groups": groups(ranked, components, scheme, earlier_ranks(before)),
        "not_assessed": [
            {"unit": score.unit_id, "name": score.unit.name, "group": str(score.peer_group)}
            for score in scores
            if score.total is None
        ],
        **lists(ranked, scheme),
        "counts": {"ranked": len(ranked), "all": len(scores)},
    }
    return snapshot | {"sha256": fingerprint(snapshot)}


def fingerprint(snapshot):
    """The hash of everything in a snapshot but the hash itself."""
    facts = {name: value for name, value in snapshot.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def name_of(period):
    if period.kind == Period.Kind.QUARTER:
        return f"{period.year}年{QUARTERS[period.number]}"
    return f"{period.starts_on:%Y.%m.%d}—{period.ends_on:%Y.%m.%d}"


def numeral(n):
    """The number of a heading: 一, 十二, 二十, 三十一."""
    tens, ones = divmod(n, 10)
    return f"{NUMERALS[tens] if tens > 1 else ''}{'十' if tens else ''}{NUMERALS[ones] if ones else ''}"


def facts_of(period):
    days = {"starts_on": period.starts_on.isoformat(), "ends_on": period.ends_on.isoformat()}
    return {"id": period.pk, "name": name_of(period), "year": period.year, "number": period.number, **days}


def previous(period):
    """The report issued for the last earlier period of this kind, or None."""
    issued = Report.objects.issued().filter(unit=period.unit_id, period__kind=period.kind)
    earlier = issued.filter(period__ends_on__lt=period.starts_on).select_related("period")
    return earlier.order_by("-period__ends_on").first()


def earlier_ranks(report):
    """`(group, unit id) → rank` as that report printed it."""
    groups = report.data["groups"] if report else []
    return {(group["name"], row["unit"]): row["rank"] for group in groups for row in group["rows"]}


def rules_of(scheme, components, scores):
    """The scheme as data, with what each component counted over all units: the denominators of the paper."""
    return {
        "name": scheme.name,
        "version": scheme.version,
        "basis": scheme.basis,
        "decimals": scheme.decimals,
        "ties": scheme.ties,
        "red_list": scheme.red_list,
        "black_list": scheme.black_list,
        "components": [component_facts(component, scheme, scores) for component in components],
    }


def component_facts(component, scheme, scores):
    parts = [part for score in scores for part in score.parts.all() if part.component_id == component.pk]
    return {
        "id": component.pk,
        "name": component.name,
        "measure": component.measure,
        "full": plain(component.full),
        "units": sum(part.points is not None for part in parts),
        "got": plain(sum(part.got for part in parts)),
        "possible": plain(sum(part.possible for part in parts)),
        "cases": sum(part.cases for part in parts),
    }


def groups(scores, components, scheme, ranks):
    """The peer groups in their order, each with its rows from the first rank to the last."""
    found = {}
    for score in scores:
        found.setdefault(score.peer_group, []).append(score)
    return [
        {
            "number": numeral(n),
            "name": str(group),
            "average": fixed(sum(score.total for score in rows) / len(rows), scheme),
            "rows": [row(score, components, scheme, ranks) for score in rows],
        }
        for n, (group, rows) in enumerate(found.items(), start=1)
    ]


def row(score, components, scheme, ranks):
    parts = {part.component_id: part for part in score.parts.all()}
    earlier = ranks.get((str(score.peer_group), score.unit_id))
    return {
        "unit": score.unit_id,
        "name": score.unit.name,
        "short": str(score.unit),
        "score": score.pk,
        "rank": score.rank,
        "change": None if earlier is None else earlier - score.rank,
        "total": fixed(score.total, scheme),
        "parts": [part_facts(parts[component.pk], scheme) for component in components],
    }


def part_facts(part, scheme):
    """Points and what stands behind them; `points` None: not assessed."""
    points = None if part.points is None else fixed(part.points, scheme)
    return {"points": points, "got": plain(part.got), "possible": plain(part.possible), "cases": part.cases}


def lists(scores, scheme):
    """The first and the last over all groups. Equal totals at the edge all enter; red goes before black."""
    totals = sorted((score.total for score in scores), reverse=True)
    red_edge = totals[min(scheme.red_list, len(totals)) - 1] if totals and scheme.red_list else None
    red = [score for score in scores if red_edge is not None and score.total >= red_edge]
    rest = sorted((score.total for score in scores if score not in red), reverse=True)
    black_edge = rest[-min(scheme.black_list, len(rest))] if rest and scheme.black_list else None
    black = [score for score in scores if score not in red and black_edge is not None and score.total <= black_edge]
    places = {total: 1 + sum(better > total for better in totals) for total in set(totals)}
    return {name: entries(listed, places, scheme) for name, listed in (("red_list", red), ("black_list", black))}


def entries(scores, places, scheme):
    """The units of a list from the best place on; `place` is the place among all ranked units."""
    ordered = sorted(scores, key=lambda score: (places[score.total], score.unit.path))
    return [
        {
            "place": places[score.total],
            "unit": score.unit_id,
            "name": score.unit.name,
            "short": str(score.unit),
            "group": str(score.peer_group),
            "total": fixed(score.total, scheme),
        }
        for score in ordered
    ]


def fixed(number, scheme):
    """With exactly the decimals of the scheme, rounded half up."""
    return str(number.quantize(Decimal(1).scaleb(-scheme.decimals), ROUND_HALF_UP))


def plain(number):
    """Without zeros at the end: 50, 12.5."""
    return number_text(Decimal(number))
