"""The spreadsheet of units: its columns, written and read. What its rows mean for the tree is said in `imports`."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from units.models import UnitName, UnitPerson
from units.names import plain
from units.spreadsheets import read_sheets, write_rows

HEADER_WITHIN = 10
SEPARATOR, INSIDE = "；", "/"
STEP = " / "

# Field, the header that is written, and the other words that are understood. Spreadsheets of the office are Chinese.
COLUMNS = (
    ("pk", "编号", ("单位编号", "id")),
    ("name", "单位名称", ("单位", "名称", "name", "unit")),
    ("short_name", "简称", ("short name",)),
    ("code", "代码", ("单位代码", "统一社会信用代码", "code")),
    ("parent", "上级单位", ("上级", "隶属", "隶属单位", "superior unit")),
    ("kind", "类别", ("单位类别", "类型", "kind")),
    ("peer_group", "考核分组", ("分组", "peer group")),
    ("order", "排序", ("序号", "order")),
    ("valid_from", "生效日期", ("valid from",)),
    ("aliases", "别名", ("其他名称", "also called")),
    ("head", "主要负责人", ("第一责任人", "head")),
    ("deputy", "分管领导", ("deputy",)),
    ("contact", "联络员", ("联系人", "contact")),
)
HEADERS = [header for _field, header, _words in COLUMNS]
FIELD_OF = {plain(word): name for name, header, words in COLUMNS for word in (header, *words)}
POSITIONS = tuple(UnitPerson.Position.values)
LONGEST = {"name": 100, "short_name": 40, "code": 32, "kind": 32, "peer_group": 32}


@dataclass
class Problem:
    """What is wrong in a cell, for a person to mend in the sheet."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class SheetRow:
    """One row of the sheet: only the fields whose columns it has. Persons are `(name, title, phone)` tuples."""

    number: int
    values: dict = field(default_factory=dict)


# --- writing ---


def label_of(units):
    """For each unit the name by which a sheet calls it as a superior: plain if unique, else with its superiors."""
    by_pk = {unit.pk: unit for unit in units}
    twice = {name for name, n in Counter(unit.name for unit in units).items() if n > 1}

    def path(unit):
        above = by_pk.get(unit.parent_id)
        return f"{path(above)}{STEP}{unit.name}" if above else unit.name

    return {unit.pk: path(unit) if unit.name in twice else unit.name for unit in units}


def person_text(person):
    return INSIDE.join([person.name, person.title, person.phone]).rstrip(INSIDE)


def write_units(file, units):
    """Write current units (with `parent`, `kind`, `peer_group`, `names` and `persons` loaded) as a workbook."""
    units = list(units)
    labels = label_of(units)
    write_rows(file, HEADERS, (written(unit, labels) for unit in units), sheet="单位", widths=WIDTHS)


WIDTHS = (8, 28, 16, 12, 28, 14, 14, 8, 12, 24, 28, 28, 28)


def written(unit, labels):
    persons = {
        position: SEPARATOR.join(
            person_text(person) for person in unit.persons.all() if person.position == position and person.is_current
        )
        for position in POSITIONS
    }
    parent = labels.get(unit.parent_id) or (unit.parent.name if unit.parent else "")
    aliases = SEPARATOR.join(name.name for name in unit.names.all() if name.kind == UnitName.Kind.ALIAS)
    group = unit.peer_group.name if unit.peer_group else ""
    facts = [unit.pk, unit.name, unit.short_name, unit.code or "", parent, unit.kind.name, group]
    return [*facts, unit.order, unit.valid_from, aliases, *(persons[position] for position in POSITIONS)]


# --- reading ---


def read_units(file):
    """`(rows, problems)` of the first sheet that has a header with the unit's name. Raises `UnreadableFile`."""
    for sheet in read_sheets(file):
        heads = None
        rows, problems = [], []
        for number, cells in sheet.rows():
            if heads is None:
                heads = header(cells)
                if heads is None and number > HEADER_WITHIN:
                    break
                continue
            rows.append(read_row(number, heads, cells, problems))
        if heads is not None:
            return [row for row in rows if row.values.get("name")], problems
    return [], [Problem(0, header_of("name"), "", _("No header was found: one column must be called 单位名称."))]


def header(cells):
    """`{column: field}` if this row is the header."""
    found = {column: FIELD_OF.get(plain(str(value))) for column, value in cells.items()}
    found = {column: name for column, name in found.items() if name}
    return found if "name" in found.values() else None


def read_row(number, heads, cells, problems):
    """The row's values; what cannot be read is a problem and left out."""
    row = SheetRow(number)
    for column, name in heads.items():
        value = cells.get(column)
        try:
            row.values[name] = READERS.get(name, text)(value)
        except ValueError as error:
            problems.append(Problem(number, header_of(name), str(value), str(error)))
    if not row.values.get("name"):
        problems.append(Problem(number, header_of("name"), "", _("The row names no unit.")))
    for name, longest in LONGEST.items():
        if len(row.values.get(name) or "") > longest:
            reason = _("Longer than %(n)s characters.") % {"n": longest}
            problems.append(Problem(number, header_of(name), row.values[name], reason))
    return row


def header_of(name):
    return next(head for key, head, _words in COLUMNS if key == name)


def text(value):
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) if value is not None else ""


def number(value):
    words = text(value)
    if not words:
        return None
    if not words.isdecimal() or int(words) > 2**31 - 1:
        raise ValueError(_("This is not a whole number."))
    return int(words)


def day(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = re.sub(r"[年月./]", "-", text(value)).rstrip("日")
    if not words:
        return None
    try:
        year, month, number = map(int, words.split("-"))
        return date(year, month, number)
    except ValueError as error:
        raise ValueError(_("This is not a date such as 2026-09-30.")) from error


def several(value):
    parts = tuple(dict.fromkeys(part.strip() for part in re.split(r"[;；、\n]+", str(value or "")) if part.strip()))
    if any(len(part) > LONGEST["name"] for part in parts):
        raise ValueError(_("Longer than %(n)s characters.") % {"n": LONGEST["name"]})
    return parts


def persons(value):
    """`姓名/职务/电话`, several separated by semicolons."""
    people = []
    for part in re.split(r"[;；\n]+", str(value or "")):
        if words := [word.strip() for word in re.split(r"[/／]", part)]:
            if len(words) > 3:
                raise ValueError(_("A person is written as name/title/telephone."))
            name, title, phone = [*words, "", ""][:3]
            if max(len(name), len(title)) > 64 or len(phone) > 32:
                raise ValueError(_("A person is written as name/title/telephone."))
            people.append((name, title, phone))
    return tuple(dict.fromkeys(person for person in people if person[0]))


READERS = {
    "pk": number,
    "order": number,
    "valid_from": day,
    "aliases": several,
    **dict.fromkeys(POSITIONS, persons),
}
