"""Ledgers drawn by hypothesis: any texts and names, in any cell that an exported workbook has."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tasks.models import Assignment, Criterion, Indicator, Ledger, Method, Standard, Task
from units.models import UnitKind

ODD = "=+-@'\"\\\n\r\t \u3000、,;，；()（）[]【#％%0129_xABaéⅡ①市区局教育👩‍🚒𠮷\x01\x0b\x85\u2028\ufffe\ufffd"
letters = st.sampled_from(ODD) | st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])
texts = st.text(letters, max_size=40) | st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "+86",
        "-",
        "_x0041_",
        "_x005F_",
        "x" * 40_000,
        "👍" * 20_000,
        "第一行\r\n\r\n第二行",
        "'",
        "1e5",
        "0012",
    ]
)
names = st.lists(st.text(letters, min_size=1, max_size=12), min_size=3, max_size=3, unique=True) | st.just(
    ["市住建局(人防办、地震局)", "市教育局(60%)", "市住建局#3"]
)
shares = st.sampled_from(
    [None, (Decimal("33.33"), Decimal("33.33"), Decimal("33.34")), (Decimal(0), Decimal(99), Decimal(1))]
)
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)) | st.dates()
ANY = {
    "number": texts.map(lambda text: text[:32]),
    "section": texts.map(lambda text: text[:200]),
    "title": texts.map(lambda text: text or "任务"),
    "requirement": texts,
    "material": texts,
    "deadline_text": texts.map(lambda text: text[:100]),
    "methods": st.sets(st.sampled_from(Method.values)).map(list),
    "is_key": st.booleans(),
    "deadline": days,
}
given_units = st.tuples(st.lists(st.sampled_from(["responsible", "supporting", "lead"]), max_size=3), shares)
task = st.tuples(st.fixed_dictionaries(ANY), given_units, st.sets(st.integers(0, 2)))
every_ledger = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


class Bench:
    """A ledger of drawn tasks, with a city of drawn units and a standard of drawn codes."""

    def __init__(self, make_unit, city, names):
        self.units = [make_unit(name, parent=city) for name in names]
        standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
        top = Indicator.objects.create(standard=standard, level=1, code=names[0][:20], name="环境")
        made = [Criterion.objects.create(indicator=top, number=f"{n})", text="标准", order=n) for n in (1, 2, 2)]
        self.criteria = made
        self.ledger = Ledger.objects.create(unit=city, year=2026, name="台账", standard=standard)

    def fill(self, drawn):
        for number, (words, (parts, shares), criteria) in enumerate(drawn):
            task = Task.objects.create(ledger=self.ledger, key=str(number), order=number, **words)
            for place, part in enumerate(one_lead(parts)):
                share = shares[place] if shares and len(parts) == 3 else None
                Assignment.objects.create(task=task, unit=self.units[place], part=part, share=share)
            task.criteria.set(self.criteria[n] for n in criteria)


def one_lead(parts):
    """The first of several leads leads."""
    return [part if part != "lead" or "lead" not in parts[:n] else "supporting" for n, part in enumerate(parts)]


@pytest.fixture
def world(make_unit, city):
    """Runs one drawn ledger and takes it back, so that each begins with an empty one."""

    def run(names, drawn, work):
        with transaction.atomic():
            bench = Bench(make_unit, city, names)
            bench.fill(drawn)
            work(bench)
            transaction.set_rollback(True)

    UnitKind.objects.get_or_create(name="政府部门")
    return run
