"""Lists of this floor as workbooks."""

from tempfile import TemporaryFile

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tasks.models import Assignment
from units.spreadsheets import write_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 500


def task_workbook(tasks):
    """One row for each task, its units by part; an open file, read from its start."""
    header = [_("No."), _("Section"), _("Task"), _("Requirement"), _("Material"), _("Method"), _("Key task")]
    header += [_("Lead"), _("Responsible"), _("Supporting"), _("Deadline"), _("Deadline as written"), _("Completed")]
    given = Prefetch("assignments", Assignment.objects.filter(parent=None).select_related("unit"))
    rows = tasks.prefetch_related(given).iterator(chunk_size=CHUNK)
    return written(header, map(task_row, rows), widths=[6, 16, 40, 40, 30, 14, 8, 20, 40, 40, 12, 14, 10])


def task_row(task):
    given = list(task.assignments.all())
    return [
        task.number,
        task.section,
        task.title,
        task.requirement,
        task.material,
        "、".join(map(str, task.method_labels())),
        _("yes") if task.is_key else "",
        *("、".join(one.unit.name for one in given if one.part == part) for part in Assignment.Part.values),
        task.deadline,
        task.deadline_text,
        "" if task.repeats else f"{sum(one.state == 'completed' for one in given)}/{len(given)}",
    ]


def assignment_workbook(assignments):
    """One row for each assignment."""
    header = [_("Task"), _("Unit"), _("Part"), _("Approved progress"), _("State"), _("Deadline"), _("Ledger")]
    header += [_("Handed down by")]
    rows = (
        [
            one.task.title,
            one.unit.name,
            one.get_part_display(),
            one.percent,
            one.get_state_display(),
            one.due_on or one.task.deadline_text,
            str(one.task.ledger),
            one.parent.unit.name if one.parent_id else "",
        ]
        for one in assignments.iterator(chunk_size=CHUNK)
    )
    return written(header, rows, widths=[50, 24, 10, 10, 12, 14, 30, 24])


def written(header, rows, *, widths):
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_rows(file, header, rows, widths=widths)
    file.seek(0)
    return file
