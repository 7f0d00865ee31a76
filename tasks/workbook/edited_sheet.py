"""A workbook that was exported and edited, read row by row. What its cells mean is said in `cells`."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.reading.ledger_draft import Problem
from tasks.workbook.cell_reading import text
from tasks.workbook.cells import TASKS
from tasks.workbook.given_cells import UNITS
from tasks.workbook.layout import PRINT, Layout
from units.markup import listed
from units.names import plain
from units.spreadsheets import UnreadableFile, read_sheets

HEAD_WITHIN = 10
MOST_MERGES = 20
LETTERS = 26


@dataclass(slots=True)
class FileRow:
    """One row of the sheet: its hidden key and fingerprint as they stand there, and column → value of its cell."""

    number: int
    key: str
    mark: str
    raws: dict


@dataclass
class EditedSheet:
    """What was read of one sheet. `places`: column → where it stands; `remarks` are worth a word and do no harm.

    `units` is the sheet that says what single units are given, where the first one of the file has such a second.
    """

    name: str
    layout: Layout
    places: dict
    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    units: "EditedSheet | None" = None

    def column(self, name):
        """How the page calls a column: its letter and its heading."""
        column = self.layout.by_name.get(name)
        heading = str(column.heading if column else self.layout.hidden[name])
        return f"{letters(self.places[name])} {heading}" if name in self.places else heading


def letters(place):
    """1 → A, 27 → AA."""
    found = ""
    while place:
        place, rest = divmod(place - 1, LETTERS)
        found = chr(ord("A") + rest) + found
    return found


def was_exported(draft):
    """Whether a `LedgerDraft` was read from a ledger that was exported for editing: its hidden keys say so."""
    return any(TASKS.headings.get(plain(words)) == TASKS.key for task in draft.tasks[:1] for words in task.headings)


def head(rows):
    """`(layout, row number, cells)` of the heading among the first rows; None without a column of row keys."""
    for _n, (number, cells) in zip(range(HEAD_WITHIN), rows, strict=False):
        words = {plain(value) for value in cells.values() if isinstance(value, str)}
        for layout in (TASKS, UNITS):
            if any(layout.headings.get(word) == layout.key for word in words):
                return layout, number, cells
    return None


def read_edited(file):
    """The `EditedSheet` of the file. Raises `UnreadableFile` where it is no exported ledger, or its head is broken."""
    found = {}
    for sheet in read_sheets(file):
        rows = iter(sheet.rows())
        top = head(rows)
        if top and top[0].key not in found:
            found[top[0].key] = read_sheet(sheet, rows, *top)
        if len(found) == len((TASKS, UNITS)):
            break
    if TASKS.key not in found:
        raise UnreadableFile(
            _("This is no workbook that was exported here for editing: its hidden column of row keys is missing. "
              "Please export the ledger again and change that file; a table of your own goes to “Import a ledger”.")
        )  # fmt: skip
    first = found[TASKS.key]
    first.units = found.get(UNITS.key)
    return first


def read_sheet(sheet, rows, layout, number, cells):
    found = EditedSheet(sheet.name, layout, places_of(cells, layout))
    found.remarks += remarks_on(cells, found)
    read_rows(found, rows)
    found.problems += merged(sheet, number, found)
    return found


def places_of(cells, layout):
    places = {}
    for place, value in sorted(cells.items()):
        name = layout.headings.get(plain(value)) if isinstance(value, str) else None
        if name in places:
            words = _("The heading “%(heading)s” stands over two columns; please delete one of them.")
            raise UnreadableFile(words % {"heading": value})
        if name:
            places[name] = place
    if not places.keys() & layout.by_name.keys():
        raise UnreadableFile(_("No column of the ledger is left in this file; please export the ledger again."))
    return places


def remarks_on(cells, found):
    """What became of columns: deleted, renamed, added."""
    lacking = [column.heading for column in found.layout.columns if column.name not in found.places]
    more = [value for place, value in sorted(cells.items()) if place not in found.places.values()]
    if lacking:
        yield _("Not in the file, so they stay as they are: %(columns)s.") % {"columns": listed(lacking)}
    if PRINT not in found.places:
        yield _(
            "The hidden column of fingerprints is missing: it cannot be told which cells were edited, so that every "
            "difference is shown for you to choose."
        )
    if more:
        yield _("Columns of your own, which were not read: %(columns)s.") % {"columns": listed(more)}


def read_rows(found, rows):
    visible = {name: place for name, place in found.places.items() if name in found.layout.by_name}
    key, mark = found.places[found.layout.key], found.places.get(PRINT)
    for number, cells in rows:
        raws = {name: cells.get(place, "") for name, place in visible.items()}
        if any(text(raw) for raw in raws.values()):  # a row that was emptied is a row that was deleted
            found.rows.append(FileRow(number, text(cells.get(key, "")), text(cells.get(mark, "")), raws))


def merged(sheet, head, found):
    """Merged cells hide what their other cells say."""
    names = {place: name for name, place in found.places.items()}
    spans = [span for span in sheet.merges if span.bottom > head]
    where = "" if found.layout is TASKS else found.name
    reason = _("Merged cells: only one of them would be read. Please take the merge apart.")
    columns = [found.column(names[span.left]) if span.left in names else letters(span.left) for span in spans]
    return [
        Problem(span.top, column, "", reason, where) for span, column in zip(spans[:MOST_MERGES], columns, strict=False)
    ]
