"""The columns of the lists of this floor, and what their cells need besides the row."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from tasks.lights import Light
from tasks.lists import markup
from tasks.models import Assignment, HandOver, Postponement
from units.lists import Column


def light_up(rows, lights):
    """Give each assignment the `light` and the `days_left` that its deadline cell shows; a pattern has no light."""
    for row in rows:
        row.light = "" if row.task.repeats else lights.of(row.due_on, row.state)
        row.days_left = lights.days_left(row.due_on)


# What a list of tasks counts of each.
COUNTS = {
    "asked": Count("pk"),
    "done": Count("pk", filter=Q(state="completed")),
    "returned": Count("pk", filter=Q(state="returned")),
}


def light_up_tasks(rows, lights):
    """Give each task its worst `light`, how many of its units are `in_light`, and its counts; one query for all."""
    counts = {light: Count("pk", filter=lights.which(light)) for light in Light.values}
    asked = Assignment.objects.asked_by_ledgers().filter(task__in=[row.pk for row in rows]).order_by()
    found = {one["task"]: one for one in asked.values("task").annotate(**counts, **COUNTS)}
    for row in rows:
        one = found.get(row.pk, {})
        row.asked, row.done, row.returned = (one.get(name, 0) for name in COUNTS)
        row.light = next((light for light in Light.values if one.get(light)), "")
        row.in_light = one.get(row.light, 0)


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

REMINDED = [
    *ASSIGNMENTS[:2],
    Column("state", _("State"), kind="state"),
    Column("due_on", _("Deadline"), draw=markup.deadline_cell),
    Column("why", _("Why you")),
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

REIMPORTS = [column for column in IMPORTS if column.name not in ("name", "year")]

PREVIEW = [
    Column("place", _("Row"), kind="number"),
    Column("words", _("Task"), template="tasks/_import_task_cell.html"),
    Column("lead", _("Lead"), template="tasks/_import_units_cell.html"),
    Column("responsible", _("Responsible"), template="tasks/_import_units_cell.html"),
    Column("supporting", _("Supporting"), template="tasks/_import_units_cell.html"),
    Column("deadline", _("Deadline"), template="tasks/_import_deadline_cell.html"),
    Column("problems", _("Problems"), template="tasks/_import_problems_cell.html"),
]

PREVIEW_STANDARD = [
    Column("place", _("Row"), kind="number"),
    Column("words", _("Indicator and criteria"), template="tasks/_import_task_cell.html"),
    Column("problems", _("Problems"), template="tasks/_import_problems_cell.html"),
]

STANDARDS = [
    Column("name", _("Assessment system"), sort="name", link=True),
    Column("edition", _("Edition"), sort="edition"),
    Column("get_level_display", _("Level"), sort="level"),
    Column("unit", _("Kept by"), sort="unit__name"),
    Column("aspect_count", _("Aspects"), sort="aspect_count", kind="number"),
    Column("indicator_count", _("Indicators"), sort="indicator_count", kind="number"),
    Column("content_count", _("Contents"), sort="content_count", kind="number", phone=False),
    Column("criterion_count", _("Criteria"), sort="criterion_count", kind="number"),
    Column("negative_count", _("Negative list"), sort="negative_count", kind="number"),
    Column("frozen_at", _("Frozen"), sort="frozen_at", kind="date", empty_last=True),
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
