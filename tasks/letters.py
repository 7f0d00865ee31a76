"""The letters of a ledger: which units need one, drawing drafts up, issuing them."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from tasks.letter_facts import CLAUSES, TITLE, duties_of, facts, heads_of
from tasks.models import Ledger, ResponsibilityLetter
from tasks.models.counting import counted
from tasks.models.duties import NOTHING_ASKED, digest_of, duties
from tasks.models.letters import KEEPERS, READERS
from units.models import Unit
from units.roles import Role
from units.workflow import NotInThisState

# How a unit of a ledger stands with its letter; whether that is out of date is asked besides.
MISSING, DRAFT, UNSIGNED, SIGNED = "missing", "draft", "issued", "signed"


def units_of(ledger, user):
    """The units of which `ledger` asks something, or that have a letter, as far as `user` reads their letters.

    Annotated with `duties` (how many), `standing_pk` and `draft_pk` (letters), `standing` (`MISSING` …) and
    `is_stale`: the letter that stands says something else than is asked now.
    """
    letters = ResponsibilityLetter.objects.visible_to(user).filter(ledger=ledger, unit=OuterRef("pk"))
    stands, draft = letters.standing(), letters.drafts()
    asked = duties().filter(task__ledger=ledger, unit=OuterRef("pk"))
    rows = Unit.objects.filter(pk__in=readable_units(ledger, user).values("pk"))
    return rows.filter(Exists(asked) | Exists(stands)).annotate(
        duties=counted(asked, "unit"),
        standing_pk=Subquery(stands.values("pk")[:1]),
        draft_pk=Subquery(draft.values("pk")[:1]),
        digest_now=digest_of(ledger, OuterRef("pk")),
        is_stale=Exists(stands.exclude(digest=OuterRef("digest_now"))),
        standing=Coalesce(
            Subquery(stands.values("state")[:1]),
            Case(When(draft_pk__isnull=False, then=Value(DRAFT)), default=Value(MISSING), output_field=CharField()),
        ),
    )


def readable_units(ledger, user):
    """The units whose letters of this ledger `user` reads."""
    below = ledger.unit.subtree()
    if user.is_superuser or any(user.has_role(role, ledger.unit) for role in KEEPERS):
        return below
    return user.units_with_role(*READERS)


def needing(ledger, user):
    """The units that need a letter drawn up: they have none, or the one that stands is out of date."""
    rows = units_of(ledger, user).filter(duties__gt=0)
    return rows.filter(Q(standing_pk=None) | Q(is_stale=True))


def ledgers_with_stale_letters(user):
    """The ledgers of the offices of `user` that have standing letters out of date; `stale` says how many."""
    stale = ResponsibilityLetter.objects.standing().out_of_date()
    found = Ledger.objects.kept_by(user).filter(letters__in=stale.values("pk"))
    return found.annotate(stale=Count("letters")).order_by("-year", "pk")


def last_words(ledger):
    """The title and clauses to begin with: those of the newest letter of the ledger, or the usual ones."""
    last = ResponsibilityLetter.objects.filter(ledger=ledger).order_by("-made_at", "-pk").first()
    if last:
        return {"title": last.title, "clauses": last.data["clauses"]}
    return {"title": TITLE.format(year=ledger.year), "clauses": CLAUSES}


@dataclass
class Drawn:
    """What drawing up has done: `letters` are the drafts, `idle` the units whose letter says what is asked already."""

    letters: list = field(default_factory=list)
    idle: list = field(default_factory=list)


@transaction.atomic
def draw_up(ledger, units, words, *, by):
    """Draw up a draft for each of `units` that needs one; a draft there is, is drawn up anew. All or none."""
    if not by.has_role(Role.OFFICE, ledger.unit):
        raise PermissionDenied
    Ledger.objects.select_for_update().get(pk=ledger.pk)  # two people drawing up at once make one draft
    rows = list(units_of(ledger, by).filter(pk__in=[unit.pk for unit in units]).in_tree_order())
    # The marks were read before the duties: what changes in between makes the letter out of date, never falsely right.
    asked, heads, drafts = duties_of(ledger, rows), heads_of(rows), drafts_of(ledger, rows)
    drawn = Drawn()
    for unit in rows:
        if not is_needed(unit):
            drawn.idle.append(unit)
            continue
        letter, duties_now, head = drafts[unit.pk], asked.get(unit.pk, []), heads.get(unit.pk)
        letter.title, letter.digest = words["title"], unit.digest_now
        letter.data = facts(ledger, unit, duties_now, words, edition=letter.edition, head=head)
        letter.made_at, letter.made_by = timezone.now(), by
        letter.save()
        drawn.letters.append(letter)
    return drawn


def is_needed(unit):
    """Whether a row of `units_of` needs a letter drawn up."""
    return unit.digest_now != NOTHING_ASKED and (unit.standing_pk is None or unit.is_stale)


def drafts_of(ledger, units):
    """The draft of each unit, by its primary key: the one there is, or a new one of the next edition."""
    letters = ResponsibilityLetter.objects.filter(ledger=ledger, unit__in=units)
    last = dict(letters.order_by().values("unit").annotate(last=Max("edition")).values_list("unit", "last"))
    there = {one.unit_id: one for one in letters.drafts()}
    return {
        unit.pk: there.get(unit.pk) or ResponsibilityLetter(ledger=ledger, unit=unit, edition=last.get(unit.pk, 0) + 1)
        for unit in units
    }


@transaction.atomic
def issue_all(letters, *, by, seen=None):
    """Issue each of the drafts that still says what is asked. Returns `(issued, left)`.

    `seen` (pk → `version`) names the text that was read of each: one that was drawn up anew since is left, too.
    """
    issued, left = [], []
    for letter in letters:
        try:
            with transaction.atomic():
                letter.issue(by=by, seen=(seen or {}).get(letter.pk, ""))
            issued.append(letter)
        except NotInThisState:
            left.append(letter)
    return issued, left
