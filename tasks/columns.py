"""The columns of the lists of this floor, and what their cells need besides the row."""

from django.utils.translation import gettext_lazy as _

from tasks import markup
from tasks.models import HandOver, Postponement, Task
from units.lists import Column


def light_up(rows, lights):
    """Give each row, task or assignment, the `days_left` that its deadline cell shows: none when all is done."""
    for row in rows:
        if isinstance(row, Task):
            due, is_done = row.deadline, row.asked and row.done == row.asked
        else:
            due, is_done = row.due_on, row.state == "completed"
        row.days_left = None if is_done else lights.days_left(due)


def count_postponed(assignments):
    """Give each how often it was `postponed`; one query."""
    counts = Postponement.objects.counts_of(assignments)
    for one in assignments:
        one.postponed = counts.get(one.pk, 0)


def mark_ready(assignments):
    """Say of each whether its draft waits for the lead to hand it in; one query."""
    drafts = HandOver.objects.filter(progress__submitted_at=None, progress__assignment__in=assignments)
    ready = set(drafts.values_list("progress__assignment", flat=True))
    for one in assignments:
        one.is_ready = one.pk in ready


LEDGERS = [
    Column("name", _("Ledger"), sort="name", link=True),
    Column("year", _("Year"), sort="year"),
    Column("unit", _("Kept by"), sort="unit__name"),
    Column("asked", _("Assignments"), sort="asked", kind="number"),
    Column("done", _("Completed"), draw=markup.done_cell),
    Column("overdue", _("Overdue"), sort="overdue", kind="number"),
]

TASKS = [
    Column("number", _("No."), sort="order", kind="nowrap", phone=False),
    Column("title", _("Task"), draw=markup.task_cell, link=True),
    Column("lead", _("Lead"), sort="lead"),
    Column("done", _("Units done"), draw=markup.done_cell),
    Column("waiting", _("Review"), sort="waiting", draw=markup.review_cell),
    Column("deadline", _("Deadline"), sort="deadline", draw=markup.task_deadline_cell, empty_last=True),
]

ASSIGNMENTS = [
    Column("task.title", _("Task"), sort="task__order", draw=markup.assignment_cell, link=True),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("get_part_display", _("Part"), sort="part"),
    Column("percent", _("Approved"), sort="percent", kind="percent"),
    Column("state", _("State"), sort="state", kind="state"),
    Column("due_on", _("Deadline"), sort="due_on", draw=markup.deadline_cell, empty_last=True),
]

MY_TASKS = [column for column in ASSIGNMENTS if column.name != "percent"]

REVIEWS = [
    Column("task.title", _("Task"), sort="task__order", draw=markup.review_cell_of, link=True),
    *ASSIGNMENTS[1:3],
    Column("reported", _("Reported"), sort="reported", kind="percent"),
    Column("submitted_at", _("Handed in"), sort="submitted_at", kind="datetime"),
    ASSIGNMENTS[-1],
]

SHARES = [
    Column("unit", _("Unit"), template="tasks/_share_cell.html", link=True),
    Column("get_part_display", _("Part")),
    Column("state", _("State"), kind="state"),
    Column("percent", _("Approved"), kind="percent"),
]

IMPORTS = [
    Column("attachment", _("File"), link=True),
    Column("name", _("Name")),
    Column("year", _("Year")),
    Column("by", _("By")),
    Column("at", _("Uploaded"), kind="datetime"),
    Column("state", _("State"), kind="state"),
]

PREVIEW = [
    Column("place", _("Row"), kind="number"),
    Column("words", _("Task"), template="tasks/_import_task_cell.html"),
    Column("lead", _("Lead"), template="tasks/_import_units_cell.html"),
    Column("responsible", _("Responsible"), template="tasks/_import_units_cell.html"),
    Column("supporting", _("Supporting"), template="tasks/_import_units_cell.html"),
    Column("deadline", _("Deadline"), template="tasks/_import_deadline_cell.html"),
    Column("problems", _("Problems"), template="tasks/_import_problems_cell.html"),
]

STANDARDS = [
    Column("name", _("Assessment system"), sort="name", link=True),
    Column("edition", _("Edition"), sort="edition"),
    Column("unit", _("Kept by"), sort="unit__name"),
    Column("get_level_display", _("Level"), sort="level"),
    Column("criteria", _("Criteria"), sort="criteria", kind="number"),
]

CHECKS_BY_UNIT = [
    Column("name", _("Unit"), sort="path", draw=markup.check_unit_cell, link=True),
    Column("points", _("Criteria"), sort="points", kind="number"),
    Column("met", _("Met"), sort="met", kind="number"),
    Column("mostly", _("Mostly met"), sort="mostly", kind="number"),
    Column("unmet", _("Not met"), sort="unmet", kind="number"),
    Column("unchecked", _("Not checked"), sort="unchecked", kind="number"),
    Column("overdue", _("Overdue"), sort="overdue", kind="number"),
]

CHECKS_SHORT = [
    Column("criterion", _("Criterion"), draw=markup.check_cell, link=True),
    Column("assignment.unit", _("Unit"), sort="assignment__unit__path"),
    Column("verdict", _("Self-check"), sort="verdict", kind="state"),
    Column("measure", _("Measure")),
    Column("until", _("To be met by"), sort="until", draw=markup.until_cell, empty_last=True),
]

POSTPONEMENTS = [
    Column("assignment.task", _("Task"), link=True),
    Column("unit", _("Unit"), sort="assignment__unit__path"),
    Column("before", _("Present deadline"), sort="before", kind="date"),
    Column("until", _("New deadline"), sort="until", draw=markup.new_day_cell),
    Column("asked_at", _("Asked"), sort="asked_at", kind="datetime"),
    Column("state", _("State"), sort="state", kind="state"),
]

COORDINATIONS = [
    Column("what", _("What is needed"), link=True),
    Column("unit", _("Asked by"), sort="assignment__unit__path"),
    Column("of", _("Of which unit"), sort="of__path"),
    Column("needed_by", _("Needed by"), sort="needed_by", kind="date", empty_last=True),
    Column("due_on", _("To be done by"), sort="due_on", kind="date", empty_last=True),
    Column("state", _("State"), sort="state", kind="state"),
]
