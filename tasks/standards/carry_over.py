"""Carrying a ledger over to another edition: planned, looked at, then stored in one transaction.

The criteria of both editions are paired by the rule of `tasks.standards.edition_diff`. A task follows its criterion:
it keeps its units with their shares, quantities and requirements, its key mark, material and named persons. Its words
change where they were the criterion's own words. What is not carried: progress, evidence, reviews, what units handed
down, and the single occurrences of recurring tasks. Units that have ended are replaced by the unit they were merged
into, or left out.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import ngettext

from tasks.models import Assignment, Criterion, Ledger, Task
from tasks.models.assignment import PARTS
from tasks.models.recurrence import moved
from tasks.models.successors import Successors
from tasks.reading.deadline_text import leaves_the_years, text_later
from tasks.standards.edition_diff import REWORDED, Leaf, compare
from tasks.standards.editions import BATCH, Keys, leaves, link, new_ledger, number_of, section_of
from units.models import Unit
from units.names import plain
from units.years import is_plausible

SAME, CHANGED, NEW, DROPPED, APART = "same", "reworded", "new", "dropped", "apart"
SHIFT, NONE = "shift", "none"
KEPT = ["material", "persons", "is_key", "repeats"]


@dataclass
class Given:
    """A unit with its part in a carried task; `instead_of` is the unit that ended."""

    unit: Unit
    part: str
    of: Assignment
    instead_of: Unit | None
    share: Decimal | None
    quantity: Decimal | None
    deadline: date | None

    def take_in(self, other):
        """Two units that are one by now: their shares, and quantities of one kind, add up."""
        if self.share is not None or other.share is not None:
            self.share = (self.share or 0) + (other.share or 0)
        if self.of.quantity_unit == other.of.quantity_unit and self.quantity is not None:
            self.quantity += other.quantity


@dataclass
class Carried:
    """One task of the new ledger, or a task of the old one that is dropped (`fate`).

    `criteria` are leaves of the new edition; `others` the keys of criteria of further editions that it goes on naming.
    """

    fate: str
    words: dict
    old: Task | None = None
    criteria: list = field(default_factory=list)
    others: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    given: list = field(default_factory=list)
    left_out: list = field(default_factory=list)
    loses_shares: bool = False
    keeps_own_words: bool = False

    @property
    def is_stored(self):
        return self.fate != DROPPED


@dataclass(frozen=True)
class Wish:
    """What is asked for: the edition, and the year, name and deadlines of the new ledger."""

    standard: object
    year: int
    name: str
    deadlines: str = SHIFT


class CarryPlan:
    """What carrying `ledger` over would make, task by task, in the order of the new edition."""

    def __init__(self, ledger, wish):
        self.ledger, self.wish = ledger, wish
        self.years = wish.year - ledger.year
        self.units = Successors(ledger)
        criteria = Prefetch("criteria", Criterion.objects.select_related("indicator"))
        self.tasks = list(ledger.tasks.filter(repeat_of=None).prefetch_related(criteria).order_by("order", "pk"))
        self.given = self.assignments()
        self.rows = self.plan()

    def assignments(self):
        found = {}
        rows = Assignment.objects.given_by_ledgers().filter(task__ledger=self.ledger).select_related("unit")
        for one in rows.order_by("pk"):
            found.setdefault(one.task_id, []).append(one)
        return found

    def plan(self):
        pairs = compare(leaves(self.ledger.standard), leaves(self.wish.standard))
        of_old = {pair.old.pk: pair for pair in pairs if pair.old}
        order = {pair.new.pk: place for place, pair in enumerate(pairs) if pair.new}
        rows, covered = [], set()
        for task in self.tasks:
            row = self.carry(task, [of_old[one.pk] for one in task.criteria.all() if one.pk in of_old])
            covered.update(leaf.pk for leaf in row.criteria)
            rows.append(row)
        rows += [self.added(pair.new) for pair in pairs if pair.new and pair.new.pk not in covered]
        last = len(pairs)
        return sorted(rows, key=lambda row: min((order[leaf.pk] for leaf in row.criteria), default=last))

    def carry(self, task, pairs):
        kept = [pair for pair in pairs if pair.new]
        words = {name: getattr(task, name) for name in ["number", "section", "title", "requirement", "methods", *KEPT]}
        if pairs and not kept:
            return Carried(DROPPED, words, task)
        is_reworded = any(REWORDED in pair.changes for pair in kept)
        row = Carried(CHANGED if is_reworded else SAME if kept else APART, words, task)
        row.criteria = [pair.new for pair in kept]
        row.others = [one.pk for one in task.criteria.all() if one.indicator.standard_id != self.ledger.standard_id]
        if len(kept) == 1:
            self.follow(row, kept[0])
        row.keeps_own_words = is_reworded and (words["title"], words["requirement"]) == (task.title, task.requirement)
        words |= self.deadline(task)
        self.give(row)
        return row

    def follow(self, row, pair):
        """Take over what the task had from its one criterion; what the office wrote itself stays."""
        old, new, words = pair.old, pair.new, row.words
        for name in ("title", "requirement"):
            if plain(words[name]) == plain(old.text):
                words[name] = new.text
                row.marks = pair.marks
        for name, of in (("number", number_of), ("section", section_of)):
            if words[name] == of(old):
                words[name] = of(new)
        if set(words["methods"]) == set(old.methods):
            words["methods"] = list(new.methods)

    def later(self, day):
        return None if self.wish.deadlines == NONE else later(day, self.years)

    def deadline(self, task):
        text = "" if self.wish.deadlines == NONE else text_later(task.deadline_text, self.years)
        return {"deadline": self.later(task.deadline), "deadline_text": text}

    def give(self, row):
        """Who has the task: the units of the old ledger as they are today, each one once with its strongest part."""
        found = {}
        for one in sorted(self.given.get(row.old.pk, []), key=lambda one: PARTS.index(one.part)):
            unit = self.units.today(one.unit)
            if unit is None:
                row.left_out.append(one.unit)
                continue
            given = Given(
                unit,
                one.part,
                one,
                one.unit if unit != one.unit else None,
                one.share,
                one.quantity,
                self.later(one.deadline),
            )
            if unit.pk in found:
                found[unit.pk].take_in(given)
            found.setdefault(unit.pk, given)
        row.given = list(found.values())
        if row.left_out and any(one.share is not None for one in row.given):
            row.loses_shares = True
            for one in row.given:
                one.share = None

    def added(self, leaf: Leaf):
        words = {"title": leaf.text, "number": number_of(leaf), "section": section_of(leaf)}
        return Carried(NEW, {**words, "methods": list(leaf.methods)}, criteria=[leaf])

    def check(self):
        """Raise `ValidationError` when a deadline, moved by the years between, is one that nobody can mean."""
        if lost := [row for row in self.rows if row.is_stored and self.is_out_of_time(row)]:
            words = ngettext(
                "%(n)s task would be due in a year that nobody can mean: “%(task)s”. Choose another year, or let the"
                " deadlines stay empty.",
                "%(n)s tasks would be due in a year that nobody can mean, the first is “%(task)s”. Choose another year,"
                " or let the deadlines stay empty.",
                len(lost),
            )
            raise ValidationError(words % {"n": len(lost), "task": lost[0].words["title"]})

    def is_out_of_time(self, row):
        days = [row.words.get("deadline"), *(one.deadline for one in row.given)]
        if not all(map(is_plausible, filter(None, days))):
            return True
        is_moved = row.old and self.wish.deadlines == SHIFT
        return bool(is_moved) and leaves_the_years(row.old.deadline_text, self.years)

    @property
    def counts(self):
        fates = Counter(row.fate for row in self.rows)
        return {
            **{fate: fates[fate] for fate in (SAME, CHANGED, NEW, DROPPED, APART)},
            "units": sum(len(row.given) for row in self.rows),
            "key": sum(bool(row.words.get("is_key")) for row in self.rows if row.is_stored),
            "left_out": sum(len(row.left_out) for row in self.rows),
            "handed_down": Assignment.objects.filter(task__ledger=self.ledger).exclude(parent=None).count(),
        }

    @property
    def seal(self):
        """Says what was looked at: another plan has another seal."""
        said = [
            [row.fate, row.words, [leaf.pk for leaf in row.criteria], [(one.unit.pk, one.part) for one in row.given]]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(said, default=str, ensure_ascii=False).encode()).hexdigest()[:32]


def later(day, years):
    """The same day of the year `years` later; the 29th of February becomes the 28th where there is none.

    A day that nobody can mean stays: it may be the last of the calendar.
    """
    return moved(day, 12 * years) if day and is_plausible(day) else day


def look(ledger, wish):
    """The plan, as it may be confirmed. Raises `ValidationError` where it may not."""
    plan = CarryPlan(ledger, wish)
    plan.check()
    return plan


class PlanChanged(Exception):
    """What would be carried over is not what was looked at: somebody has changed the ledger or the edition since."""


@transaction.atomic
def carry_over(ledger, wish, *, seal):
    """Make the new ledger, all or nothing, and return it; the old one is left alone.

    `seal` is that of the plan that was looked at. Raises `PlanChanged` when it is another one by now, and
    `ValidationError` when a ledger of this name and year exists (carried twice, nothing changes), or when a deadline
    would be one that nobody can mean.
    """
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    new = new_ledger(wish.standard, unit=ledger.unit, name=wish.name, year=wish.year, carried_from=ledger)
    plan = CarryPlan(ledger, wish)
    if plan.seal != seal:
        raise PlanChanged
    plan.check()
    rows, keys = [row for row in plan.rows if row.is_stored], Keys()
    tasks = [
        Task(ledger=new, key=keys.of(row.words["title"], row.words.get("requirement", "")), order=order, **row.words)
        for order, row in enumerate(rows, start=1)
    ]
    Task.objects.bulk_create(tasks, batch_size=BATCH)
    link((task, [*(leaf.pk for leaf in row.criteria), *row.others]) for task, row in zip(tasks, rows, strict=True))
    given = (assigned(task, one) for task, row in zip(tasks, rows, strict=True) for one in row.given)
    Assignment.objects.bulk_create(given, batch_size=BATCH)
    return new


def assigned(task, given):
    """The share of one unit in the new task, not begun yet."""
    old = given.of
    return Assignment(
        task=task, unit=given.unit, part=given.part, requirement=old.requirement, share=given.share,
        quantity=given.quantity, quantity_unit=old.quantity_unit, deadline=given.deadline,
    )  # fmt: skip
