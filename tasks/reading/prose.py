"""Ledgers written as text: "1.task。(责任单位:…)", one paragraph a task."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from tasks.reading.cell_text import TAIL, folded, list_number, number_style, one_line
from tasks.reading.deadline_text import read_deadline
from tasks.reading.ledger_draft import Problem, TaskDraft
from tasks.reading.sheet import year_in
from tasks.reading.sheet_headings import DEADLINE, PERSON, UNIT, heading
from tasks.reading.unit_cells import share_out, split_persons, split_units
from units.spreadsheets import UnreadableFile

LABEL = re.compile(r"(?P<open>\()?(?P<label>[一-鿿]{2,12})\s*:")
SOURCE = re.compile(r"(?:数据|资料|信息)?来源(?:$|[:\s(])|source(?:$|[:\s])|(?:注|备注|附件|附)[:\d]", re.IGNORECASE)
NAME_FIRST = re.compile(r"([^。:\n]{2,20})[。:\n]\s*(?=\S)")
SECTIONS = ("chinese", "chinese_ringed")
SUB_POINTS = ("ringed", "circled")
LONGEST_TEXT = 1_000_000
UNIT_COLUMN = "责任单位"


@dataclass
class Label:
    """ "责任单位:甲局、乙局" inside a paragraph."""

    role: str
    name: str
    value: str


@dataclass
class Block:
    """A paragraph with the lines that go on with it, taken apart into its words and its labels."""

    row: int
    style: str | None
    text: str
    labels: list[Label] = field(default_factory=list)
    words: str = ""
    lines: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    def go_on(self, other):
        """Take in the lines of another block; `whole` puts them together at the end."""
        self.lines += other.lines or [other.text]
        self.labels += other.labels

    def whole(self):
        if self.lines:
            self.text = "\n".join([self.text, *self.lines])
            self.take_apart()
        return self

    def take_apart(self):
        """Labels reach to their closing bracket, to the end of their sentence or to the next label."""
        plain = folded(self.text)
        found = [label for label in LABEL.finditer(plain) if role_of(label["label"])]
        self.labels, words, place = [], "", 0
        for number, label in enumerate(found):
            limit = found[number + 1].start() if number + 1 < len(found) else len(plain)
            end = end_of_value(plain, label, limit)
            words += self.text[place : label.start()]
            self.labels.append(Label(role_of(label["label"]), label["label"], self.text[label.end() : end].strip(TAIL)))
            place = min(end + 1, limit) if end < limit else limit
        self.words = re.sub(r"[(\uff08]\s*$", "", (words + self.text[place:]).strip()).strip()
        return self


def role_of(label):
    head = heading(label)
    return head.role if head and head.is_sure and head.role in (UNIT, DEADLINE, PERSON) else None


def end_of_value(plain, label, limit):
    depth = 0
    for place in range(label.end(), limit):
        if plain[place] == "(":
            depth += 1
        elif plain[place] == ")":
            depth -= 1
            if depth < 0:
                return place
        elif plain[place] == "。" and depth <= 0 and not label["open"]:
            return place
    return limit


def blocks_in(text):
    """The paragraphs of the text: numbered ones, and those whose units are named without a number."""
    blocks = []
    if len(text) > LONGEST_TEXT:
        raise UnreadableFile(_("This text is far too long for a ledger."))
    for row, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line or SOURCE.match(folded(line)):
            continue
        block = Block(row, number_style(line), line).take_apart()
        goes_on = bool(blocks) and block.style is None and (not block.words or not blocks[-1].labels)
        if goes_on and not (blocks[-1].style is None and not blocks[-1].labels and block.words and block.labels):
            blocks[-1].go_on(block)
        else:
            blocks.append(block)
    return [block.whole() for block in blocks]


class ProseReader:
    """Reads the text of a file into the draft."""

    def __init__(self, draft, *, year):
        self.draft, self.year = draft, year
        self.sections = {}

    def read(self, text):
        """All of the text; False if it names no units, so that it is no ledger."""
        blocks = blocks_in(text)
        styles = {block.style for block in blocks if block.labels}
        if not styles:
            return False
        for block in self.joined(blocks, styles):
            if block.style is None and not block.labels:
                self.year = year_in(block.text) or self.year
                self.draft.title = self.draft.title or one_line(block.text)
            elif not block.labels and (block.style in SECTIONS or block.style not in styles):
                self.start_section(block)
            else:
                self.add(block)
        return True

    def joined(self, blocks, styles):
        """Points (1) ① below a task belong to it, unless such points have units of their own."""
        kept = []
        for block in blocks:
            if kept and block.style in SUB_POINTS and block.style not in styles and kept[-1].style is not None:
                kept[-1].more.append(block.words)
            else:
                kept.append(block)
        return kept

    def start_section(self, block):
        kept = {}
        for style, text in self.sections.items():
            if style == block.style:
                break
            kept[style] = text
        self.sections = {**kept, block.style: one_line(block.words)}
        self.year = year_in(block.words) or self.year

    def problem(self, block, column, value, reason):
        self.draft.problems.append(Problem(block.row, column, value, reason))

    def add(self, block):
        number, words = list_number("\n".join([block.words, *block.more]))
        name = NAME_FIRST.match(folded(words))
        title, more = (words[: name.end(1)], words[name.end() :]) if name else (words, "")
        task = TaskDraft(
            block.row, one_line(title).rstrip(TAIL), number=number, section=" ".join(self.sections.values())
        )
        task.content, task.requirement = task.title, one_line(more)
        task.headings = ("", *(label.name for label in block.labels))
        task.cells = (one_line(block.words), *(label.value for label in block.labels))
        if block.words.endswith(("…", "...")):
            self.problem(block, "", block.words[-30:], _("The text seems to be cut off."))
        self.take_units(task, block)
        self.take_deadline(task, block)
        earlier = self.draft.earlier_row(task)
        if earlier is None:
            self.draft.add(task)
        else:
            self.problem(block, "", task.title, _("The same as row %(row)s; it is taken once.") % {"row": earlier})

    def take_units(self, task, block):
        said = []
        for label in block.labels:
            if label.role == PERSON:
                task.persons += split_persons(label.value)
            if label.role != UNIT:
                continue
            cell, head = split_units(label.value), heading(label.name)
            said.append((head.part, head.rest, cell))
            if cell.is_open:
                self.problem(
                    block,
                    label.name,
                    label.value,
                    _("The list of units is left open by 等: who else is meant is not said."),
                )
            if cell.is_cut:
                self.problem(block, label.name, label.value, _("The text seems to be cut off."))
        shares = share_out(said)
        task.lead, task.responsible, task.supporting = shares.lead, shares.responsible, shares.supporting
        if not shares.names():
            self.problem(block, UNIT_COLUMN, "", _("No unit is named for this task."))
        elif not shares.lead:
            self.problem(block, UNIT_COLUMN, "", _("Only supporting units are named; nobody leads."))

    def take_deadline(self, task, block):
        for label in block.labels:
            if label.role == DEADLINE:
                found = read_deadline(label.value, year=self.year)
                task.deadline, task.deadline_text = found.day, found.text
                if not found.is_clear:
                    self.problem(block, label.name, found.text, _("No date can be read from this text."))
