"""The sheet that an inspector fills at one place: its items, what was found today, what is still open from before."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid4

from django.utils import timezone

from inspections.models import ChecklistItem, RectificationItem, RoundPlace, Visit
from units.models import User, WorkCalendar


@dataclass
class Line:
    """One item. `due` is when a finding of now must be put right; `form` is what was sent and refused."""

    item: ChecklistItem
    due: datetime
    number: int
    answer: str = ""
    lost: object = None
    found: list = field(default_factory=list)
    still_open: list = field(default_factory=list)
    form: object = None
    uuid: UUID = field(default_factory=uuid4)

    @property
    def is_open(self):
        return self.form is not None


@dataclass
class Sheet:
    """Everything the page needs, in a fixed number of queries."""

    stop: RoundPlace
    user: User
    now: datetime
    form: object = None

    @property
    def is_over(self):
        """Whether the round has ended, so that only what was found within it still arrives."""
        return not self.stop.round.is_running(timezone.localdate(self.now))

    @cached_property
    def visit(self):
        """The visit that `user` has open here, or None before the first finding."""
        visits = Visit.objects.unfinished().filter(round=self.stop.round_id, place=self.stop.place_id, by=self.user)
        return visits.first()

    @cached_property
    def visit_uuid(self):
        return self.visit.uuid if self.visit else uuid4()

    @cached_property
    def last_visit(self):
        """The newest finished visit of this round, by anybody."""
        visits = Visit.objects.filter(round=self.stop.round_id, place=self.stop.place_id, finished_at__isnull=False)
        return visits.select_related("by").order_by("-finished_at").first()

    @cached_property
    def units(self):
        return self.stop.place.answering_units()

    @cached_property
    def lines(self):
        items = ChecklistItem.objects.filter(
            checklist=self.stop.round.checklist_id, place_type=self.stop.place.place_type_id
        )
        calendar, found, still_open = WorkCalendar.load(), self._found(), self._still_open()
        answers = {answer.item_id: answer for answer in self.visit.answers.all()} if self.visit else {}
        lines = []
        for number, item in enumerate(items, start=1):
            line = Line(
                item, item.due(self.now, calendar), number, found=found[item.pk], still_open=still_open[item.pk]
            )
            if item.pk in answers:
                line.answer, line.lost = answers[item.pk].outcome, item.deduct(answers[item.pk].count)
            if self.form is not None and self.form.means(item):
                line.form, line.uuid = self.form, self.form.data.get("uuid", line.uuid)
            lines.append(line)
        return lines

    def _found(self):
        """What this visit has found, by item."""
        found = defaultdict(list)
        if self.visit:
            for finding in self.visit.findings.with_photos().select_related("unit").order_by("pk"):
                found[finding.item_id].append(finding)
        return found

    def _still_open(self):
        """What earlier visits found here and nobody has put right, by item: the hint before writing it twice."""
        still_open = defaultdict(list)
        items = RectificationItem.objects.unfinished().filter(finding__place=self.stop.place_id)
        if self.visit:
            items = items.exclude(finding__visit=self.visit)
        for item in items.select_related("finding", "unit").order_by("issued_at"):
            still_open[item.finding.item_id].append(item)
        return still_open

    @cached_property
    def failed(self):
        return sum(line.answer == "fail" for line in self.lines)

    @cached_property
    def rest(self):
        """How many items would be written as met if the visit were finished now."""
        return sum(not line.answer for line in self.lines)
