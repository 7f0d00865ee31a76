"""A pair of criteria and a carried task, as their pages show them."""

from django.utils.translation import gettext_lazy as _

from tasks.models import Method
from tasks.standards import carry_over as carrying
from tasks.standards import edition_diff as diff

KINDS = {
    diff.ADDED: (_("Added"), "confirmed"),
    diff.REMOVED: (_("Removed"), "fail"),
    diff.REWORDED: (_("Reworded"), "due_soon"),
    diff.MOVED: (_("Moved"), "open"),
    diff.METHODS: (_("Other methods"), "open"),
    diff.RENUMBERED: (_("Renumbered"), "not_started"),
    diff.SAME: (_("Unchanged"), "not_started"),
}
FATES = {
    carrying.SAME: (_("Same words"), "confirmed"),
    carrying.CHANGED: (_("Reworded"), "due_soon"),
    carrying.NEW: (_("New"), "open"),
    carrying.DROPPED: (_("Dropped"), "fail"),
    carrying.APART: (_("Without a criterion"), "not_started"),
}


def labels(methods):
    return [Method(method).label for method in methods]


class PairRow:
    """One line of the comparison."""

    def __init__(self, pair):
        old, new = pair.old, pair.new
        self.pair, self.leaf = pair, new or old
        self.badges = [KINDS[kind] for kind in pair.changes or [diff.SAME]]
        self.marks = pair.marks
        self.old_number = old.number if old and new and old.number != new.number else ""
        self.old_place = old.place if old and new and old.place != new.place else ""
        before, after = set(old.methods if old else ()), set(new.methods if new else ())
        is_whole = old is None or new is None
        self.methods = labels(self.leaf.methods if is_whole else [one for one in new.methods if one in before])
        self.methods_gone = [] if is_whole else labels(one for one in old.methods if one not in after)
        self.methods_come = [] if is_whole else labels(one for one in new.methods if one not in before)


class CarriedRow:
    """One line of the preview of carrying over."""

    def __init__(self, row):
        self.row, self.old = row, row.old
        self.label, self.tone = FATES[row.fate]
        self.number, self.section, self.title = (row.words.get(name) for name in ("number", "section", "title"))
        self.marks = row.marks if any(mark != "=" for mark, _words in row.marks) else []
        self.is_key, self.deadline = row.words.get("is_key"), row.words.get("deadline")
        self.given, self.left_out = row.given, row.left_out
        self.units = [f"{one.unit} ({one.of.get_part_display()})" for one in row.given]
        self.successors = [one for one in row.given if one.instead_of]
