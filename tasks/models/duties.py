"""What a ledger asks of one unit as a whole: the list in a responsibility letter, and the mark of what it says."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, F, Func, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from tasks.models.assignment import Assignment

# What a letter says of each duty. Numbers and the order of the rows are left out: a ledger sorted anew asks the same.
SAID = (
    "task__uid", "task__title", "task__requirement", "task__is_key", "task__deadline_text", "task__repeats",
    "part", "requirement", "quantity", "quantity_unit", "share", "due_on",
)  # fmt: skip
NOTHING_ASKED = ""


class Sha256(Func):
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


def duties():
    """The assignments that letters are made of. A recurring task is one duty by its pattern, not one each month."""
    return Assignment.objects.asked_by_ledgers().filter(task__repeat_of=None)


def digest_of(ledger, unit):
    """The expression for the mark of what `ledger` asks of `unit` now; `NOTHING_ASKED` for nothing.

    Each is a row or an `OuterRef` of the query it annotates. Two marks are the same when the unit is asked the same: it
    is made by PostgreSQL, so that a list of letters can be filtered by it.
    """
    row = Cast(Func(*map(F, SAID), function="jsonb_build_array"), TextField())
    asked = duties().filter(task__ledger=ledger, unit=unit).order_by().values("unit")
    marked = asked.annotate(mark=Sha256(StringAgg(row, Value("\n"), order_by="task__uid"))).values("mark")
    return Coalesce(Subquery(marked), Value(NOTHING_ASKED))
