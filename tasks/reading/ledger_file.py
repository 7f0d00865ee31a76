"""A ledger file of any known shape, read into a LedgerDraft. Nothing is stored here."""

import re

from django.utils.translation import gettext_lazy as _

from tasks.reading.cell_text import folded, text_of
from tasks.reading.ledger_draft import LedgerDraft, Problem
from tasks.reading.prose import ProseReader
from tasks.reading.sheet import year_in
from tasks.reading.sheet_tasks import TableReader
from units.cells import MAX_COLUMNS
from units.spreadsheets import UnreadableFile, read_sheets, read_text

NO_TASKS = re.compile(r"(?:数据)?来源|(?:填表)?说明|备注|目录|封面|source|notes?|readme", re.IGNORECASE)
NO_HEADINGS = _("No row with headings was found. A ledger needs headings such as 工作任务, 责任单位 and 完成时限.")
NO_UNITS = _("No task was found in this text. Each needs its units, as in: 1.任务。(责任单位:…)")


def nobody(name):
    """No unit is known."""
    return False


def read_ledger(file, *, today, known=nobody):
    """Read a ledger (.xlsx, .csv or .txt; a path or an open binary file) into a LedgerDraft.

    `today` gives the year to deadlines that name none in a table whose title names none; `known(name)` says whether the
    tree of units knows a name (groups like 各区 too). What a person should look at is in the draft's problems; a file
    that is no ledger at all, or takes longer to read than `units.cells.SECONDS`, raises UnreadableFile with the reason.
    """
    draft = LedgerDraft(known)
    text = read_text(file)
    found = False
    if text is None or looks_like_table(text):
        found = read_tables(file, draft, today)
    if not found and text is not None:
        found = ProseReader(draft, year=today.year).read(text)
    if not found:
        raise UnreadableFile(NO_HEADINGS if text is None or looks_like_table(text) else NO_UNITS)
    if not draft.tasks:
        raise UnreadableFile(_("The headings were found, but no task below them."))
    return draft


def looks_like_table(text):
    """Whether lines are cut into columns by one of the separators of text tables."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()][:20]
    return any(sum(separator in line for line in lines) >= max(2, len(lines) / 2) for separator in ",\t;")


def read_tables(file, draft, today):
    """Every sheet with headings; the others are listed unless they only tell where the table comes from."""
    without, found = [], False
    for sheet in read_sheets(file):
        if sheet.is_hidden or NO_TASKS.fullmatch(folded(sheet.name.strip())):
            continue
        reader = TableReader(draft, sheet, year=year_in(sheet.name) or today.year)
        if reader.read(sheet):
            found = True
            draft.year, draft.title = draft.year or reader.year, draft.title or next(iter(reader.titles), "")
            if sheet.declared and sheet.declared.right > MAX_COLUMNS:
                area = f"{sheet.declared.bottom} × {sheet.declared.right}"
                reason = _("The sheet claims to be this large; only what is filled was read.")
                draft.problems.append(Problem(1, "", area, reason, sheet.name))
        elif reader.titles:
            without.append(
                Problem(
                    reader.first_row,
                    "",
                    text_of(reader.titles[0]),
                    _("This sheet has no row with headings; it was left out."),
                    sheet.name,
                )
            )
    draft.problems += without if found else []
    return found
