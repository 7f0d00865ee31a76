"""The sheet of self-checks as its page shows it: folded aspect by aspect, so that a phone is not a mile long."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

FEW = 12  # lines: so many are shown without a fold


@dataclass
class Part:
    """The lines of one aspect; of tasks without a criterion those of one section."""

    name: Any
    lines: list = field(default_factory=list)
    is_open: bool = False

    @property
    def unchecked(self):
        return sum(line.check is None for line in self.lines)


def parts(lines, *, narrowed, at=""):
    """`lines` by aspect, in the order in which those first come. Their indicators are fetched up to the top.

    Open are all of a few lines or of what was `narrowed` down to; else the part with the line whose key is `at`.
    """
    found = {}
    for line in lines:
        name = aspect_of(line)
        found.setdefault(str(name), Part(name)).lines.append(line)
    few = narrowed or len(lines) <= FEW or len(found) == 1
    for part in found.values():
        part.is_open = few or any(line.key == at for line in part.lines)
    return list(found.values())


def aspect_of(line):
    if line.criterion is None:
        return line.assignment.task.section or _("without a section")
    above = line.criterion.indicator
    while above.parent:
        above = above.parent
    return above
