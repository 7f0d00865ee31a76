"""Cells of the lists of this floor, drawn in Python: a ledger has thousands of them."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.markup import NOTHING, muted, row_link, short, text
from units.templatetags.badges import badge, icon, light
from units.templatetags.components import progress

TITLE, SECTION = 80, 60
IN_LIGHT = {
    "overdue": gettext_lazy("%(n)s overdue"),
    "due_soon": gettext_lazy("%(n)s due soon"),
    "on_track": gettext_lazy("%(n)s on track"),
    "submitted": gettext_lazy("%(n)s handed in"),
    "completed": gettext_lazy("%(n)s completed"),
}


def star(task):
    if not task.is_key:
        return ""
    words = _("key task")
    return SafeString(f' <span class="star">{icon("star", words)}</span>')


def task_cell(task):
    """The task with its star and its section."""
    section = f'<small class="muted">{text(short(task.section, SECTION))}</small>' if task.section else ""
    return SafeString(f"<div>{row_link(task, short(task.title, TITLE))}{star(task)}{section}</div>")


def assignment_cell(assignment):
    """The task of an assignment, leading to the assignment."""
    task = assignment.task
    return SafeString(f"<div>{row_link(assignment, short(task.title, TITLE))}{star(task)}</div>")


def done_cell(row):
    """How many of those that were asked have done it."""
    return progress(row.done, row.asked) if row.asked else NOTHING


def review_cell(task):
    """What waits for the office, and what it has sent back."""
    badges = [("submitted", _("%(n)s waiting"), task.waiting), ("returned", _("%(n)s returned"), task.returned)]
    shown = [badge(state, words % {"n": n}) for state, words, n in badges if n]
    return SafeString(f"<div>{' '.join(shown)}</div>") if shown else NOTHING


def task_deadline_cell(task):
    """The day, or as it was written, and the worst light of its units with how many are in it."""
    day = light("", task.deadline, None) or muted(task.deadline_text or NOTHING)
    if not task.light:
        return day
    return SafeString(f"<div>{badge(task.light, IN_LIGHT[task.light] % {'n': task.in_light})} {day}</div>")


def deadline_cell(assignment):
    shown = light(assignment.light, assignment.due_on, assignment.days_left)
    return shown or muted(assignment.task.deadline_text or NOTHING)


def due_counts(counts, addresses):
    """How many are due, by light or state, each leading to its rows."""
    drawn = (
        f'<li><a href="{text(addresses[name])}">{badge(name, IN_LIGHT[name] % {"n": n})}</a></li>'
        for name, n in counts.items()
    )
    return SafeString(f'<ul class="due-counts">{"".join(drawn)}</ul>')
