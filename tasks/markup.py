"""Cells of the lists of this floor, drawn in Python: a ledger has thousands of them."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from units.markup import NOTHING, muted, row_link, short, text
from units.templatetags.badges import badge, icon
from units.templatetags.components import deadline, progress

TITLE, SECTION = 80, 60
DEEPEST = 5  # levels that are shown by a step to the right


def quantity_text(quantity):
    """120 and not 120.00, 0.5 and not 0.50."""
    return f"{quantity.normalize():f}"


def star(task):
    if not task.is_key:
        return ""
    words = _("key task")
    return SafeString(f' <span class="star">{icon("star", words)}</span>')


def task_cell(task):
    """The task with its star and its section."""
    section = f'<small class="muted">{text(short(task.section, SECTION))}</small>' if task.section else ""
    again = f" {badge('info', task.get_repeats_display())}" if task.repeats else ""
    return SafeString(f"<div>{row_link(task, short(task.title, TITLE))}{star(task)}{again}{section}</div>")


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
    """The deadline as a day with what is left, or as it was written."""
    return deadline(task.deadline, task.days_left) if task.deadline else muted(task.deadline_text or NOTHING)


def deadline_cell(assignment):
    due = assignment.due_on
    return deadline(due, assignment.days_left) if due else muted(assignment.task.deadline_text or NOTHING)


def share_cell(assignment):
    """The unit, as deep as its assignment was handed down; leads there where the person sees it."""
    unit, level = assignment.unit, min(getattr(assignment, "level", 0), DEEPEST)
    name = row_link(assignment, unit) if assignment.is_seen else text(unit)
    return SafeString(f'<div class="level level-of-{level}">{name}</div>')


def weight_cell(assignment):
    """Its part of the responsibility, and how much of the quantity is done."""
    words = []
    if assignment.share is not None:
        words.append(f"{quantity_text(assignment.share)}%")
    if assignment.quantity is not None:
        done, all_of = quantity_text(assignment.quantity_done), quantity_text(assignment.quantity)
        words.append(f"{done}/{all_of} {assignment.quantity_unit}")
    return " · ".join(words) or NOTHING
