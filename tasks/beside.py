"""What stands on the page of an assignment beside its reports: self-check, postponement, co-operation, history."""

from dataclasses import dataclass
from typing import Any

from tasks.forms.beside import CoordinationForm, PostponementForm, SelfCheckForm
from tasks.models import Coordination, CoordinationEvent, Postponement, PostponementEvent, SelfCheck
from units.history import entries
from units.roles import Role


@dataclass
class Line:
    """One criterion of an assignment (None: the task itself), what the unit says of it, and the form to say it."""

    assignment: Any
    criterion: Any
    check: Any = None
    form: Any = None
    is_late: bool = False

    @property
    def key(self):
        """Names the line on its page."""
        return f"{self.assignment.pk}-{self.criterion.pk if self.criterion else 0}"


def beside(shown, user, lights, check=None, postpone=None, coordinate=None):
    """The context of these parts. `check`, `postpone` and `coordinate` are forms that were not accepted."""
    asked = list(shown.postponements.select_related("asked_by", "decided_by"))
    for one in asked:
        one.days_more = lights.calendar.days_between(one.before, one.until)
    writes = shown.may_write(user) and not shown.task.repeats
    is_open = shown.state != shown.State.COMPLETED and not shown.task.repeats
    if postpone is None and is_open and may_ask(shown, user, asked):
        postpone = PostponementForm(due=shown.due_on, calendar=lights.calendar)
    needed = list(Coordination.objects.with_everything().filter(assignment=shown))
    if coordinate is None and is_open and writes:
        coordinate = CoordinationForm(assignment=shown)
    return {
        "lines": lines_of([shown], lights.today, writer=writes, refused=check),
        "postponements": asked,
        "postponed": sum(one.state == Postponement.State.GRANTED for one in asked),
        "postpone": postpone,
        "coordinations": needed,
        "coordinate": coordinate,
        "replaced": shown.replaced_drafts.select_related("by", "replaced_by") if shown.may_write(user) else [],
        "history": history(shown),
    }


def may_ask(shown, user, asked):
    """Whether the person may ask for a later day now: the unit's lead, for one day at a time."""
    is_asked = any(one.state == Postponement.State.ASKED for one in asked)
    return shown.due_on and not is_asked and user.has_role(Role.UNIT_LEAD, shown.unit)


def history(shown):
    """The steps of the assignment with those of its postponements and requests for co-operation, newest first."""
    postponed = PostponementEvent.objects.filter(postponement__assignment=shown)
    return entries(shown, beside=[postponed, CoordinationEvent.objects.filter(coordination__assignment=shown)])


def lines_of(assignments, today, *, writer, refused=None):
    """The lines of `assignments` in their order, with forms for a `writer`. Two queries, or three.

    `refused` is a form that was not accepted; its `line` says where it stands.
    """
    said = SelfCheck.objects.filter(assignment__in=[one.pk for one in assignments]).select_related("by")
    checks = {(one.assignment_id, one.criterion_id): one for one in said}
    found = []
    for given in assignments:
        for criterion in list(given.task.criteria.all()) or [None]:
            line = Line(given, criterion, checks.get((given.pk, criterion.pk if criterion else None)))
            now = line.check
            line.is_late = bool(now and now.until and now.until < today)
            if writer:
                line.form = refused if refused and refused.line == line.key else form_of(line)
            found.append(line)
    return found


def form_of(line):
    now = line.check
    initial = {"verdict": now.verdict, "measure": now.measure, "until": now.until, "seen": now.version} if now else {}
    return SelfCheckForm(initial=initial, auto_id=f"id_{line.key}_%s")
