"""Where one criterion stands: its tasks, the units that have them, its files and required pieces."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max

from tasks.lights import Lights
from tasks.lists.piece_lists import mark_ours
from tasks.models import AskedPiece, Assignment, CatalogueNumber, Criterion, Evidence, Ledger, Task

MOST_UNITS, MOST_FILES = 200, 24


@dataclass
class Standing:
    """What `user` may see of how `criterion` stands, in one ledger: `asked` (a primary key), else the newest."""

    criterion: Criterion
    user: Any
    asked: str = ""

    @cached_property
    def ledgers(self):
        """The ledgers that ask for it, the newest first."""
        seen = Ledger.objects.visible_to(self.user).select_related("unit")
        return list(seen.filter(tasks__criteria=self.criterion).distinct().order_by("-year", "-pk"))

    @cached_property
    def ledger(self):
        """The ledger that is shown, or None."""
        named = (one for one in self.ledgers if str(one.pk) == self.asked)
        return next(named, None) or next(iter(self.ledgers), None)

    @cached_property
    def tasks(self):
        rows = Task.objects.visible_to(self.user).filter(criteria=self.criterion, ledger=self.ledger)
        return list(rows.with_counts().order_by("order", "pk"))

    @property
    def _given(self):
        mine = Assignment.objects.visible_to(self.user).asked_by_ledgers()
        return mine.filter(task__criteria=self.criterion, task__ledger=self.ledger)

    @cached_property
    def assignments(self):
        """The units that have it, with state and progress, and `days_left` where their deadline has a light."""
        found = list(self._given.with_everything().order_by("task__order", "part", "unit__path")[:MOST_UNITS])
        lights = Lights.load()
        for one in found:
            one.days_left = lights.days_left(one.due_on) if lights.of(one.due_on, one.state) else None
        return found

    @property
    def completed(self):
        return sum(one.state == "completed" for one in self.assignments)

    @cached_property
    def evidence(self):
        """The newest files that were handed in for it, each file once."""
        rows = Evidence.objects.filter(
            progress__assignment__in=self._given.values("pk"), progress__submitted_at__isnull=False
        )
        once = rows.order_by().values("attachment_id").annotate(newest=Max("pk")).values("newest")
        return list(Evidence.objects.filter(pk__in=once).select_related("attachment").order_by("-pk")[:MOST_FILES])

    @cached_property
    def pieces(self):
        """The required pieces that units owe for it, and under which number they are filed."""
        asked = AskedPiece.objects.visible_to(self.user).filter(criterion=self.criterion, ledger=self.ledger)
        rows = asked.select_related("piece", "unit", "filed").order_by("piece__order", "piece", "unit__path")
        found = list(rows[:MOST_UNITS])
        mark_ours(found, self.user)
        return found

    @property
    def pieces_there(self):
        return sum(one.filed_id is not None for one in self.pieces)

    @cached_property
    def filed(self):
        """Its numbers in the material catalogue, whatever ledger asks for it."""
        seen = CatalogueNumber.objects.visible_to(self.user).filter(criterion=self.criterion)
        return list(seen.select_related("material__unit", "piece").order_by("place")[:MOST_FILES])
