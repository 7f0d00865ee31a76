"""A workbook that was exported and edited, read row by row. What its cells mean is said in `cells`."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.reading.ledger_draft import Problem
from tasks.workbook.cells import BY_NAME, COLUMNS, HIDDEN, KEY, PRINT, headings, text
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
    """What was read. `places`: column → where it stands in the sheet; `remarks` are worth a word and do no harm."""

    name: str
    places: dict
    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    def column(self, name):
        """How the page calls a column: its letter and its heading."""
        heading = str(BY_NAME[name].heading if name in BY_NAME else HIDDEN[name])
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
    return any(headings().get(plain(words)) == KEY for task in draft.tasks[:1] for words in task.headings)


def heads(file):
    """`(sheet, places, row number of the heading, rows below it)` of each sheet; places None without the keys."""
    for sheet in read_sheets(file):
        rows = iter(sheet.rows())
        number, cells = 0, {}
        for _n, (number, cells) in zip(range(HEAD_WITHIN), rows, strict=False):
            if any(isinstance(value, str) and headings().get(plain(value)) == KEY for value in cells.values()):
                yield sheet, cells, number, rows
                break
        else:
            yield sheet, None, 0, rows


def read_edited(file):
    """The `EditedSheet` of the file. Raises `UnreadableFile` where it is no exported ledger, or its head is broken."""
    for sheet, cells, head, rows in heads(file):
        if cells is not None:
            found = EditedSheet(sheet.name, places_of(cells))
            found.remarks += remarks_on(cells, found)
            read_rows(found, rows)
            found.problems += merged(sheet, head, found)
            return found
    raise UnreadableFile(
        _("This is no workbook that was exported here for editing: its hidden column of row keys is missing. "
          "Please export the ledger again and change that file; a table of your own goes to “Import a ledger”.")
    )  # fmt: skip


def places_of(cells):
    places = {}
    for place, value in sorted(cells.items()):
        name = headings().get(plain(value)) if isinstance(value, str) else None
        if name in places:
            words = _("The heading “%(heading)s” stands over two columns; please delete one of them.")
            raise UnreadableFile(words % {"heading": value})
        if name:
            places[name] = place
    if not places.keys() & BY_NAME.keys():
        raise UnreadableFile(_("No column of the ledger is left in this file; please export the ledger again."))
    return places


def remarks_on(cells, found):
    """What became of columns: deleted, renamed, added."""
    lacking = [column.heading for column in COLUMNS if column.name not in found.places]
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
    visible = {name: place for name, place in found.places.items() if name in BY_NAME}
    key, mark = found.places[KEY], found.places.get(PRINT)
    for number, cells in rows:
        raws = {name: cells.get(place, "") for name, place in visible.items()}
        if any(text(raw) for raw in raws.values()):  # a row that was emptied is a row that was deleted
            found.rows.append(FileRow(number, text(cells.get(key, "")), text(cells.get(mark, "")), raws))


def merged(sheet, head, found):
    """Merged cells hide what their other cells say."""
    names = {place: name for name, place in found.places.items()}
    spans = [span for span in sheet.merges if span.bottom > head]
    reason = _("Merged cells: only one of them would be read. Please take the merge apart.")
    return [
        Problem(span.top, found.column(names[span.left]) if span.left in names else letters(span.left), "", reason)
        for span in spans[:MOST_MERGES]
    ]
