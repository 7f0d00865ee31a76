"""A table of an assessment system becomes an edition: its tree of indicators, and criteria at the leaves."""

from django.db import transaction

from tasks.imports import METHODS, clip
from tasks.models import Criterion, Indicator, Standard

DEEPEST = 3


@transaction.atomic
def store(draft, *, unit, year, name):
    """Import `draft` as the edition `year`; what it has already stays. Returns `(standard, outcome as JSON)`."""
    standard, _made = Standard.objects.get_or_create(unit=unit, name=clip(name, 100), edition=str(year))
    Standard.objects.select_for_update().get(pk=standard.pk)
    writer = Writer(standard)
    for task in draft.tasks:
        writer.add(task)
    return standard, writer.outcome


class Writer:
    """Adds the rows of a table to a standard; a node or criterion that is there already is met, not made again."""

    def __init__(self, standard):
        self.standard = standard
        indicators = list(standard.indicators.all())
        criteria = Criterion.objects.filter(indicator__standard=standard)
        self.nodes = {(one.parent_id, one.code, one.name): one for one in indicators}
        self.leaves = {(one.indicator_id, one.number, one.text) for one in criteria}
        self.order = len(indicators) + len(self.leaves)
        self.outcome = {"indicators": 0, "criteria": 0, "same": 0}

    def add(self, task):
        """The path of a row, then its numbered standards; a row without any is a criterion itself."""
        chain = [(code, name) for code, name in task.path[:DEEPEST]]
        if task.criteria:
            chain.append((task.code, task.content or task.title))
            leaves = [(one.number, one.text, one.methods) for one in task.criteria]
        else:
            leaves = [(task.code or task.number, task.requirement or task.content or task.title, task.methods)]
        parent = None
        for level, (code, name) in enumerate((chain or [("", task.section or task.title)])[:DEEPEST], start=1):
            parent = self.indicator(parent, level, clip(code, 20), clip(name, 300))
        for number, text, methods in leaves:
            self.criterion(parent, clip(number, 20), text, methods)

    def indicator(self, parent, level, code, name):
        key = (parent and parent.pk, code, name)
        if key not in self.nodes:
            self.order += 1
            self.nodes[key] = Indicator.objects.create(
                standard=self.standard, parent=parent, level=level, code=code, name=name, order=self.order
            )
            self.outcome["indicators"] += 1
        return self.nodes[key]

    def criterion(self, indicator, number, text, methods):
        if (indicator.pk, number, text) in self.leaves:
            self.outcome["same"] += 1
            return
        self.leaves.add((indicator.pk, number, text))
        self.order += 1
        known = [METHODS[name].value for name in methods if name in METHODS]
        Criterion.objects.create(indicator=indicator, number=number, text=text, methods=known, order=self.order)
        self.outcome["criteria"] += 1
