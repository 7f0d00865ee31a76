"""The sheets of the workbook: their columns, and the print that says what each field of a row was when exported."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.workbook.labels import share_text
from tasks.workbook.texts import fitted, in_every_language
from units.markup import number_text

VERSION, PIECE = "1", 8
PRINT, PRINT_HEADING = "print", _("Row as exported (do not change)")


@dataclass(frozen=True)
class Column:
    """One visible column: the heading that is written, the field it belongs to, its width."""

    name: str
    heading: Promise
    field: str
    width: int


@dataclass(eq=False)
class Layout:
    """One sheet. `fields` are compared, changed and fingerprinted as one thing each; `read_only` only fingerprinted.

    `key` is the name of the hidden column that says which row it is, `key_heading` what stands over it.
    """

    key: str
    key_heading: Promise
    columns: tuple
    fields: tuple
    read_only: tuple = ()

    @cached_property
    def hidden(self):
        return {self.key: self.key_heading, PRINT: PRINT_HEADING}

    @cached_property
    def by_name(self):
        return {column.name: column for column in self.columns}

    @cached_property
    def of_field(self):
        """field → the names of its columns."""
        names = (*self.fields, *self.read_only)
        return {name: [column.name for column in self.columns if column.field == name] for name in names}

    @cached_property
    def headings(self):
        """What each heading means."""
        shown = [(column.heading, column.name) for column in self.columns]
        return in_every_language([*shown, *((heading, name) for name, heading in self.hidden.items())])

    def fingerprint(self, values):
        """What a row said when it was exported, field by field: so each cell can tell whether it was edited."""
        return VERSION + "".join(piece(values[name]) for name in self.of_field)

    def pieces_of(self, mark):
        """field → piece of a fingerprint; nothing for one that is not whole."""
        mark = mark.strip()
        if not mark.startswith(VERSION) or len(mark) != len(VERSION) + PIECE * len(self.of_field):
            return {}
        return {name: mark[1 + n * PIECE : 1 + (n + 1) * PIECE] for n, name in enumerate(self.of_field)}

    def raws_of(self, name, raws):
        """column → value of its cell, of the columns of a field that the file has."""
        return {column: raws[column] for column in self.of_field[name] if column in raws}


def piece(value):
    """Eight letters for one value. Equal values have equal pieces, whatever their order in the cell."""
    if isinstance(value, str):
        plain_value = fitted(value)
    elif isinstance(value, dict):
        plain_value = ";".join(f"{pk}:{part}:{share_text(share)}" for pk, (part, share) in sorted(value.items()))
    elif isinstance(value, frozenset):
        plain_value = ";".join(map(str, sorted(value)))
    elif isinstance(value, Decimal):
        plain_value = number_text(value)
    else:
        plain_value = str(value)
    return urlsafe_b64encode(blake2b(plain_value.encode(), digest_size=6).digest()).decode()
