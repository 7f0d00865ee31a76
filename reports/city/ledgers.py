"""The assessment system (an example, marked as one) and the ledgers of the years the quarters lie in."""

from dataclasses import dataclass
from datetime import date

from reports.city.plan import at
from reports.city.tables import backdated, rows, split
from tasks.models import Assignment, Criterion, Indicator, Ledger, Standard, Task
from tasks.reading.deadline_text import read_deadline

NAME, EDITION = "安澜市文明城市测评体系（示例）", "示例版"
LEDGER = "创建全国文明城市目标任务分解表（示例）"


@dataclass(frozen=True)
class Row:
    """One criterion, its code (`Ⅱ-5-3)`) and the line of the list it was made from."""

    criterion: Criterion
    code: str
    line: dict


def make_standard(scene):
    """7 aspects, 33 indicators, 111 criteria. Returns a `Row` for each criterion."""
    standard = Standard.objects.create(unit=scene.ground.root, name=NAME, edition=EDITION, level=Standard.Level.CITY)
    aspects, indicators, found = {}, {}, []
    for line in rows("standard"):
        aspect, indicator = line["aspect"], line["indicator"]
        if aspect not in aspects:
            aspects[aspect] = Indicator(standard=standard, level=1, code=f"Ⅰ-{len(aspects) + 1}", name=aspect)
        if indicator not in indicators:
            indicators[indicator] = Indicator(
                standard=standard, level=2, code=f"Ⅱ-{len(indicators) + 1}", name=indicator, parent=aspects[aspect]
            )
        above = indicators[indicator]
        number = sum(row.criterion.indicator is above for row in found) + 1
        criterion = Criterion(indicator=above, number=f"{number})", text=line["criterion"], order=len(found) + 1)
        criterion.methods = line["methods"].split()
        found.append(Row(criterion, f"{above.code}-{number})", line))
    for order, indicator in enumerate([*aspects.values(), *indicators.values()], start=1):
        indicator.order = order
    Indicator.objects.bulk_create(aspects.values())
    Indicator.objects.bulk_create(indicators.values())
    Criterion.objects.bulk_create(row.criterion for row in found)
    standard.frozen_at = at(date(scene.plan.quarters[0].year, 1, 5), 9)
    standard.save(update_fields=["frozen_at"])
    return standard, found


def make_ledgers(scene):
    """A ledger for each year of the plan's quarters, a task for each criterion. Returns all assignments."""
    standard, table = make_standard(scene)
    assignments = []
    for year in sorted({quarter.year for quarter in scene.plan.quarters}):
        with backdated(Ledger, "created_at"):
            ledger = Ledger.objects.create(
                unit=scene.ground.root,
                name=LEDGER,
                year=year,
                standard=standard,
                created_at=min(at(date(year, 1, 8), 10), scene.plan.now),
            )
        tasks = Task.objects.bulk_create(new_task(ledger, row, order) for order, row in enumerate(table, start=1))
        Task.criteria.through.objects.bulk_create(
            Task.criteria.through(task=task, criterion=row.criterion) for task, row in zip(tasks, table, strict=True)
        )
        for task, row in zip(tasks, table, strict=True):
            parts = parts_of(scene, row.line).items()
            assignments += [Assignment(task=task, unit=scene.ground.by_pk[pk], part=part) for pk, part in parts]
    return assignments


def new_task(ledger, row, order):
    deadline = read_deadline(row.line["deadline"], year=ledger.year)
    return Task(
        ledger=ledger,
        key=Task.key_of(row.criterion.text, ""),
        order=order,
        number=row.code,
        section=f"{row.criterion.indicator.code} {row.criterion.indicator.name}",
        title=row.criterion.text,
        material=row.line["material"],
        methods=row.criterion.methods,
        deadline=deadline.day,
        deadline_text=deadline.text,
        is_key=bool(row.line["key"]),
    )


def parts_of(scene, line):
    """The part of each unit, by primary key; a unit named twice has its first part."""
    parts = {}
    for part in Assignment.Part:
        for unit in scene.ground.meant(split(line[part.value])):
            parts.setdefault(unit.pk, part)
    return parts
