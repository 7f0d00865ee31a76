"""The columns of the lists of this floor, and what their cells need besides the row."""

from django.utils.translation import gettext_lazy as _

from tasks import markup
from tasks.models import Task
from units.lists import Column


def light_up(rows, lights):
    """Give each row, task or assignment, the `days_left` that its deadline cell shows: none when all is done."""
    for row in rows:
        if isinstance(row, Task):
            due, is_done = row.deadline, row.asked and row.done == row.asked
        else:
            due, is_done = row.due_on, row.state == "completed"
        row.days_left = None if is_done else lights.days_left(due)


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
    *ASSIGNMENTS[:3],
    Column("reported", _("Reported"), sort="reported", kind="percent"),
    Column("submitted_at", _("Handed in"), sort="submitted_at", kind="datetime"),
    ASSIGNMENTS[-1],
]

SHARES = [
    Column("unit", _("Unit"), draw=markup.share_cell, link=True),
    Column("get_part_display", _("Part")),
    Column("share", _("Share"), draw=markup.weight_cell),
    Column("due_on", _("Deadline"), draw=markup.deadline_cell),
    Column("state", _("State"), kind="state"),
    Column("percent", _("Approved"), kind="percent"),
    Column("rolled_up", _("Rolled up"), kind="percent"),
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
