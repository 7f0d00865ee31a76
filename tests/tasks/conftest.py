"""What the tests of tasks begin with: assignments in any state, with the reports that belong to it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tasks import jobs
from tasks.models import Assignment, Criterion, Indicator, Ledger, Standard, Task
from tests.makers import at
from units.roles import Role

MORNING = "2026-09-18 08:00"  # a Friday
LATE = "2026-09-10"
SAMPLES = Path(__file__).parent.parent / "data" / "ledgers"


@pytest.fixture
def put_in(make_assignment, make_member, bureau):
    """An assignment in `state`: what is submitted has a report under review, handed in by somebody of the unit."""

    def put(state, percent=40, unit=None):
        done = state == "completed"
        own = {"percent": 100, "completed_at": timezone.now()} if done else {}
        assignment = make_assignment(unit, state=state, **own)
        if state == "submitted":
            by = make_member(unit or bureau, Role.UNIT_LEAD)
            assignment.progress.create(
                by=by, percent=percent, narrative="已清理42处", submitted_at=timezone.now(), submitted_by=by
            )
        else:
            assignment.progress.create(by=make_member(bureau, Role.UNIT_STAFF), percent=percent, narrative="已清理42处")
        return assignment

    return put


@pytest.fixture
def ledger(city):
    return Ledger.objects.create(unit=city, year=2026, name="目标任务分解表")


@pytest.fixture
def make_task(ledger):
    def make(title="清理占道经营", **fields):
        number = Task.objects.count() + 1
        return Task.objects.create(ledger=ledger, key=f"row{number}", order=number, title=title, **fields)

    return make


@pytest.fixture
def give():
    """Give a task to units: `give(task, bureau, part="lead")`."""

    def give(task, *units, part="responsible", **fields):
        return [Assignment.objects.create(task=task, unit=unit, part=part, **fields) for unit in units]

    return give


@pytest.fixture
def upload():
    """A sample as a browser sends it."""

    def upload(name):
        return SimpleUploadedFile(name, (SAMPLES / name).read_bytes())

    return upload


@pytest.fixture
def make_edition(city):
    """An edition with one branch of each level and three criteria at its end: `make_edition("2025")`."""

    def make(edition="2025", name="测评体系", texts=("制定学习计划", "建立学习制度", "定期组织督查"), **fields):
        standard = Standard.objects.create(unit=fields.pop("unit", city), name=name, edition=edition, **fields)
        parent = None
        for level, (code, words) in enumerate([("Ⅰ-1", "思想教育"), ("Ⅱ-1", "学习"), ("Ⅲ-1", "学习制度")], start=1):
            parent = standard.indicators.create(parent=parent, level=level, code=code, name=words, order=level)
        for number, text in enumerate(texts, start=1):
            parent.criteria.create(number=str(number), text=text, methods=["material"], order=number)
        return standard

    return make


@pytest.fixture
def edition(make_edition):
    return make_edition()


def remind(monkeypatch):
    """Run the job of the morning as it runs on a day."""

    def remind(moment=MORNING):
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: at(moment))
            jobs.remind_of_the_day()

    return remind


@pytest.fixture
def ask(make_task, give):
    """An assignment due on a day: `ask(bureau, LATE)`."""

    def ask(unit, deadline=LATE, title="清理占道经营", **fields):
        return give(make_task(title, deadline=deadline), unit, **fields)[0]

    return ask


@pytest.fixture
def tree(ledger, city):
    """Ⅰ-1 over Ⅱ-1 over Ⅲ-1, and Ⅰ-2; a criterion on each but the first."""
    ledger.standard = Standard.objects.create(unit=city, name="测评体系", edition="1")
    ledger.save()
    nodes = {}
    for level, code, above in [(1, "Ⅰ-1", None), (2, "Ⅱ-1", "Ⅰ-1"), (3, "Ⅲ-1", "Ⅱ-1"), (1, "Ⅰ-2", None)]:
        parent = nodes.get(above)
        nodes[code] = Indicator.objects.create(
            standard=ledger.standard, level=level, code=code, name="指标", parent=parent, order=len(nodes)
        )
        nodes[code].leaf = Criterion.objects.create(indicator=nodes[code], number="1)", text="标准")
    return nodes
