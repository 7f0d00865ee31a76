"""One row of a ledger's table as one task."""

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from tasks.reading.cell_text import TAIL, coded_parts, list_number, number_style, numbered_points, one_line
from tasks.reading.deadline_text import Deadline, read_deadline
from tasks.reading.ledger_draft import CriterionDraft, TaskDraft
from tasks.reading.method_cells import read_methods
from tasks.reading.sheet_headings import DEADLINE, MATERIAL, METHOD, NUMBER, PATH, PERSON, REQUIREMENT, TITLE, UNIT
from tasks.reading.unit_cells import UnitCell, share_out, split_persons, split_units
from units.spreadsheets import Formula

MOST_WORDS = 5
NO_UNIT = _("No unit is named for this task.")
DITTO = frozenset(["同上", "〃", "″", "同前"])

# The same methods stand in row after row.
read_methods = lru_cache(maxsize=512)(read_methods)


@lru_cache(maxsize=2048)
def shares_of(said):
    """([UnitCell], Shares) of a row's unit cells, given as (Heading, text, is it a formula)."""
    cells = [
        UnitCell({text: None}) if is_formula else split_units(text, with_persons=head.with_persons)
        for head, text, is_formula in said
    ]
    return cells, share_out(
        [(head.part, head.rest, cell) for (head, _text, _formula), cell in zip(said, cells, strict=True)]
    )


class RowReader:
    """Reads one line below the headings; `table` is the TableReader that knows the columns and what stood above."""

    def __init__(self, table, line):
        self.table, self.line, self.columns = table, line, table.columns

    def problem(self, column, value, reason):
        self.table.problem(self.line, column.place if column else 0, value, reason)

    def filled(self, role):
        """[(column, text)] of the columns of one role that say something here."""
        found = []
        for column in self.columns.of.get(role, []):
            text = self.line.text(column.place)
            if text in DITTO:
                text = self.table.above.get(column.place, "")
            if text:
                self.table.above[column.place] = text
                found.append((column, text))
        return found

    def task(self):
        """The TaskDraft, or None where the row asks nothing of anybody."""
        requirements = self.filled(REQUIREMENT)
        text = self.title_text(requirements)
        if not text:
            return None
        title_number, title = list_number(one_line(text))
        number = self.line.text(self.columns.number.place) if self.columns.number else ""
        task = TaskDraft(
            self.line.number, title.rstrip(TAIL) or title, sheet=self.table.sheet, section=self.table.section
        )
        task.number = number or title_number
        self.table.remember_style(number_style(text) if title_number else None, number)
        task.requirement = "\n".join(said for _column, said in requirements if said != text)
        self.take_codes(task, text if not title_number else title)
        self.take_units(task)
        self.take_methods(task, requirements, text)
        self.take_deadline(task)
        task.headings = self.columns.names
        task.cells = tuple([self.line.text(column.place) for column in self.columns.all])
        return task

    def title_text(self, requirements):
        """The title cell; blank below a title it belongs to the title above, as merged areas arrive in some files."""
        column = self.columns.title
        text = next((said for _column, said in self.filled(TITLE)), "")
        if text:
            self.table.title_above = text
            return text
        says_more = next((said for role in (UNIT, METHOD, DEADLINE) for said in self.filled(role)), None)
        has_number = any(column.place in self.line.own for column in self.columns.of.get(NUMBER, []))
        if requirements:
            return self.table.title_above or requirements[0][1]
        if says_more and self.table.title_above and not has_number:
            return self.table.title_above
        if says_more:
            self.problem(column or says_more[0], "", _("The row names no task; it is left out."))
        return ""

    def take_codes(self, task, text):
        """Take the title apart where it carries codes; indicators named in it belong to the path."""
        path = [
            part
            for column in self.columns.of.get(PATH, [])
            if (said := self.table.path.get(column.place))
            for part in coded_parts(said)
        ]
        *above, (task.code, task.content) = coded_parts(text)
        if not task.code:
            task.content = task.title
        if above:
            self.table.heading_above = above[-1]
        elif "-" in task.code and task.code.rsplit("-", 1)[0] == self.table.heading_above[0]:
            above = [self.table.heading_above]
        if task.code.count("-") == 1:  # the cell is an indicator itself, its standards stand beside it
            self.table.heading_above = (task.code, task.content)
            above = [*above, (task.code, task.content)]
        task.path = [*path, *above]

    def take_units(self, task):
        filled = self.filled(UNIT)
        cells, shares = shares_of(
            tuple([(column.head, text, isinstance(self.line.value(column.place), Formula)) for column, text in filled])
        )
        for (column, text), cell in zip(filled, cells, strict=True):
            task.persons += cell.persons
            if cell.is_open:
                self.problem(column, text, _("The list of units is left open by 等: who else is meant is not said."))
            if cell.is_prose:
                self.problem(column, text, _("This does not read like names of units."))
        task.lead, task.responsible, task.supporting = [*shares.lead], [*shares.responsible], [*shares.supporting]
        for _column, text in self.filled(PERSON):
            task.persons += split_persons(text)
        column = filled[0][0] if filled else next(iter(self.columns.of.get(UNIT, [])), None)
        if not shares.names():
            self.problem(column, "", NO_UNIT)
        elif not shares.lead:
            self.problem(column, "", _("Only supporting units are named; nobody leads."))

    def take_methods(self, task, requirements, text):
        """Methods of the row; where standards are numbered, each keeps its own."""
        title = self.columns.title
        sources = [(column, said) for column, said in requirements if column.is_standard] or requirements
        if title and title.is_standard and not requirements:
            sources = [(title, text)]
        points = [point for _column, said in sources for point in numbered_points(said)]
        if not points and sources and sources[0][0].is_standard:
            points = [("", one_line(said)) for _column, said in sources]
        cells = [(column, said, read_methods(said)) for column, said in self.filled(METHOD)]
        materials = [one_line(said) for _column, said in self.filled(MATERIAL)]
        for column, said, cell in cells:
            task.methods += [method for method in cell.methods if method not in task.methods]
            materials.append(cell.material)
            self.check_methods(column, said, cell, points)
        task.material = "\n".join(filter(None, materials))
        for number, point in points:
            methods = [method for _column, _said, cell in cells for method in cell.of(number)]
            task.criteria.append(CriterionDraft(number, point, list(dict.fromkeys(methods))))

    def check_methods(self, column, said, cell, points):
        for word in cell.unknown[:MOST_WORDS]:
            self.problem(column, word, _("Not a known method of assessment."))
        if not cell.methods and not cell.unknown:
            self.problem(column, said, _("No known method of assessment is named; the text is kept as material."))
        if cell.by_number and set(cell.by_number) != {number for number, _point in points}:
            self.problem(column, said, _("The numbers of the methods are not those of the standards."))

    def take_deadline(self, task):
        """The last deadline column that says something counts."""
        for column in self.columns.of.get(DEADLINE, []):
            value = self.line.value(column.place)
            if value is None or value == "":
                continue
            found = self.deadline(column, value)
            task.deadline, task.deadline_text = found.day, found.text
            if not found.is_clear:
                self.problem(column, found.text, _("No date can be read from this text."))

    def deadline(self, column, value):
        if isinstance(value, Formula):  # listed as a formula already
            return Deadline(None, str(value))
        if isinstance(value, str) and value.strip() in DITTO:
            value = self.table.above.get(column.place, "")
        elif isinstance(value, str):
            self.table.above[column.place] = value
        return read_deadline(value, year=column.year or self.table.year)
