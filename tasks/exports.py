"""Lists of this floor as workbooks: the rows of the list in its order, as tuples, in one query however many."""

from tempfile import TemporaryFile

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.models import Assignment, Ledger, Method
from tasks.models.assignment import PARTS
from units.spreadsheets import write_rows

CHUNK = 2000


def task_workbook(tasks):
    """One row for each task (`with_counts`), its units by part; an open file, read from its start."""
    header = [_("No."), _("Section"), _("Task"), _("Requirement"), _("Material"), _("Method"), _("Key task")]
    header += [_("Lead"), _("Responsible"), _("Supporting"), _("Deadline"), _("Deadline as written"), _("Completed")]
    fields = ["number", "section", "title", "requirement", "material", "methods", "is_key"]
    fields += [*(f"units_{part}" for part in PARTS), "deadline", "deadline_text", "done", "asked", "repeats"]
    rows = tasks.annotate(**{f"units_{part}": unit_names(part) for part in PARTS}).values_list(*fields)
    widths = [6, 16, 40, 40, 30, 14, 8, 20, 40, 40, 12, 14, 10]
    return written(header, map(task_row, rows.iterator(chunk_size=CHUNK)), widths=widths)


def unit_names(part):
    """The names of the units that have this part in a task, in one text."""
    given = Assignment.objects.given_by_ledgers().filter(task=OuterRef("pk"), part=part).order_by()
    names = StringAgg("unit__name", "、", order_by="unit__path")
    return Subquery(given.values("task").annotate(names=names).values("names"))


def task_row(row):
    *words, methods, is_key, lead, responsible, supporting, deadline, deadline_text, done, asked, repeats = row
    said = "、".join(str(Method(method).label) for method in methods)
    units, count = (lead, responsible, supporting), "" if repeats else f"{done}/{asked}"
    return [*words, said, _("yes") if is_key else "", *units, deadline, deadline_text, count]


ASKED = ("task__title", "unit__name", "part")
DUE = ("due_on", "task__deadline_text", "task__ledger__name", "task__ledger__year")


def assignment_workbook(assignments):
    """One row for each assignment."""
    header = [_("Task"), _("Unit"), _("Part"), _("Approved progress"), _("State"), _("Deadline"), _("Ledger")]
    header += [_("Handed down by")]
    parts, states, ledgers = labels(Assignment.Part), labels(Assignment.State), LedgerNames()
    rows = (
        (task, unit, parts[part], percent, states[state], day or words, ledgers[name, year], above)
        for task, unit, part, percent, state, day, words, name, year, above in assignments.values_list(
            *ASKED, "percent", "state", *DUE, "parent__unit__name"
        ).iterator(chunk_size=CHUNK)
    )
    return written(header, rows, widths=[50, 24, 10, 10, 12, 14, 30, 24])


def review_workbook(assignments):
    """One row for each report that waits for review (`with_submitted_at`)."""
    header = [_("Task"), _("Unit"), _("Part"), _("Reported"), _("Handed in"), _("Deadline"), _("Ledger")]
    header += [_("Quantity reported"), _("Quantity asked"), _("Unit of the quantity")]
    parts, ledgers = labels(Assignment.Part), LedgerNames()
    rows = (
        (task, unit, parts[part], percent, timezone.localtime(at), day or words, ledgers[name, year], *quantity)
        for task, unit, part, percent, at, day, words, name, year, *quantity in assignments.values_list(
            *ASKED, "reported", "submitted_at", *DUE, "reached", "quantity", "quantity_unit"
        ).iterator(chunk_size=CHUNK)
    )
    return written(header, rows, widths=[50, 24, 10, 10, 17, 14, 30, 12, 12, 12])


def labels(choices):
    """value → word in the reader's language, looked up once and not for each row."""
    return {value: str(label) for value, label in choices.choices}


class LedgerNames(dict):
    """(name, year) → how the ledger is called; each put together once and not for each row."""

    def __missing__(self, key):
        name, year = key
        self[key] = str(Ledger(name=name, year=year))
        return self[key]


def written(header, rows, *, widths):
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_rows(file, header, rows, widths=widths)
    file.seek(0)
    return file
