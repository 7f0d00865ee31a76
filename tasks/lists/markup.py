"""Cells of the lists of this floor, drawn in Python: a ledger has thousands of them."""

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from units.markup import NOTHING, muted, number_text, row_link, short, text
from units.templatetags.badges import badge, icon, light
from units.templatetags.components import deadline, progress

TITLE, SECTION = 80, 60
IN_LIGHT = {
    "overdue": gettext_lazy("%(n)s overdue"),
    "due_soon": gettext_lazy("%(n)s due soon"),
    "on_track": gettext_lazy("%(n)s on track"),
    "submitted": gettext_lazy("%(n)s handed in"),
    "completed": gettext_lazy("%(n)s completed"),
}
DEEPEST = 5  # levels that are shown by a step to the right


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
    ready = badge("submitted", _("ready to hand in")) if getattr(assignment, "is_ready", False) else ""
    return SafeString(f"<div>{row_link(assignment, short(task.title, TITLE))}{star(task)} {ready}</div>")


def review_cell_of(assignment):
    """The task of an assignment, leading to its report in the queue."""
    task, url = assignment.task, reverse("tasks:review", args=[assignment.pk])
    title = text(short(task.title, TITLE))
    return SafeString(f'<div><a class="row-link" href="{url}">{title}</a>{star(task)}</div>')


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
    shown = shown or muted(assignment.task.deadline_text or NOTHING)
    times = getattr(assignment, "postponed", 0)
    return SafeString(f"<div>{text(shown)} {postponed(times)}</div>") if times else shown


def postponed(times):
    """How often a deadline was moved, where it was."""
    words = ngettext("postponed %(n)s time", "postponed %(n)s times", times) % {"n": times}
    return muted(words) if times else ""


def check_unit_cell(unit):
    """A unit, leading to its sheet of the ledger."""
    return SafeString(f'<a class="row-link" href="{text(unit.sheet_url)}">{text(unit)}</a>')


def check_cell(check):
    """The criterion of a self-check, leading to the assignment."""
    words = text(short(str(check.criterion or check.assignment.task), TITLE))
    return SafeString(f'<a class="row-link" href="{text(check.assignment.get_absolute_url())}">{words}</a>')


def until_cell(check):
    return deadline(check.until, check.days_left) if check.until else NOTHING


def new_day_cell(postponement):
    """The new day, and how many working days that is more."""
    more = ngettext("%(n)s working day more", "%(n)s working days more", postponement.days_more)
    words = muted(more % {"n": postponement.days_more})
    return SafeString(f"<div>{deadline(postponement.until)} {words}</div>")


def due_counts(counts, addresses):
    """How many are due, by light or state, each leading to its rows."""
    drawn = (
        f'<li><a href="{text(addresses[name])}">{badge(name, IN_LIGHT[name] % {"n": n})}</a></li>'
        for name, n in counts.items()
    )
    return SafeString(f'<ul class="due-counts">{"".join(drawn)}</ul>')


def share_cell(assignment):
    """The unit, as deep as its assignment was handed down; leads there where the person sees it."""
    unit, level = assignment.unit, min(getattr(assignment, "level", 0), DEEPEST)
    name = row_link(assignment, unit) if assignment.is_seen else text(unit)
    return SafeString(f'<div class="level level-of-{level}">{name}</div>')


def reached_text(done, assignment):
    """`60/120 个` of the quantity that is asked; nothing where none is."""
    if assignment.quantity is None or done is None:
        return ""
    return f"{number_text(done)}/{number_text(assignment.quantity)} {assignment.quantity_unit}"


def reported_cell(assignment):
    """The percent that was reported, and the quantity where one is asked (`with_submitted_at`)."""
    if assignment.reported is None:
        return NOTHING
    percent, reached = f"{number_text(assignment.reported)}%", reached_text(assignment.reached, assignment)
    if not reached:
        return percent
    return SafeString(f'<div>{percent} <small class="muted nowrap">{text(reached)}</small></div>')


def weight_cell(assignment):
    """Its part of the responsibility, and how much of the quantity is done."""
    words = []
    if assignment.share is not None:
        words.append(f"{number_text(assignment.share)}%")
    words.append(reached_text(assignment.quantity_done, assignment))
    return " · ".join(filter(None, words)) or NOTHING
