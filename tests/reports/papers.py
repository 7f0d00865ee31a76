"""A finished snapshot without any database, for tests of the drawing."""

COMPONENTS = [
    {"id": 1, "name": "任务完成", "measure": "tasks", "full": "30"},
    {"id": 2, "name": "督查扣分", "measure": "deductions", "full": "50"},
    {"id": 3, "name": "整改率", "measure": "rectification", "full": "20"},
]
FIGURES = {"units": 0, "got": "0", "possible": "0", "cases": 0}
DAYS = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}


def row(n, name=None, change=0):
    parts = [{"points": points, "got": "1", "possible": "2", "cases": 2} for points in ("28.50", "47.90", "18.51")]
    name = name or f"安澜市第{n}单位"
    return {
        "unit": n,
        "name": name,
        "short": name,
        "score": n,
        "rank": n,
        "change": change,
        "total": f"{100 - n / 10:.2f}",
        "parts": parts,
    }


def entry(row, group):
    return {"place": row["rank"], "group": group, **{name: row[name] for name in ("unit", "name", "short", "total")}}


def board(units=69, names=(), **changes):
    """The snapshot of a city with so many units in one group; the first ones are called `names`."""
    rows = [row(n, name) for n, name in zip(range(1, units + 1), [*names, *[None] * units], strict=False)]
    return {
        "version": 1,
        "kind": "scoreboard",
        "title": "安澜市创建文明城市2026年第三季度督查考核成绩榜",
        "unit": {"id": 1, "name": "安澜市"},
        "period": {"id": 1, "name": "2026年第三季度", "year": 2026, "number": 3, **DAYS},
        "ranking": 1,
        "computed_at": "2026-10-08T09:00:00+08:00",
        "scheme": {
            "name": "季度督查考核办法",
            "version": 2,
            "basis": "《督查考核办法》",
            "decimals": 2,
            "ties": "competition",
            "red_list": 20,
            "black_list": 10,
            "components": [component | FIGURES for component in COMPONENTS],
        },
        "before": {"report": 1, "period": "2026年第二季度"},
        "groups": [{"number": "一", "name": "市直部门组", "average": "96.50", "rows": rows}],
        "red_list": [entry(row, "市直部门组") for row in rows[:20]],
        "black_list": [entry(row, "市直部门组") for row in rows[20:][-10:]],
        "not_assessed": [],
        "counts": {"ranked": units, "all": units},
        "sha256": "0" * 64,
    } | changes
