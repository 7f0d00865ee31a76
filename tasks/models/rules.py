"""Rules of duty (分工规则): which units answer for what, so that a new ledger need not be divided by hand again."""

import re
import unicodedata

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tasks.models.assignment import Assignment
from units.models import Unit, UnitKind
from units.names import plain
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change

CODE = re.compile(r"(?:[IVX]+-)?\d+(?:-\d+)*\)?", re.IGNORECASE)  # Ⅱ-5, Ⅲ-12-①, Ⅱ-1-1), 3


@pghistory.track(*every_change(), model_name="DutyRuleHistory")
class DutyRule(models.Model):
    """`words` × `kind` → `units` with a `part`: a proposal for tasks that nobody has yet, never a decision.

    `words` are a code with which the task's number or section begins (Ⅱ-5 means Ⅱ-5-3) too), the name of a kind of
    place (农贸市场) or other words, all of which the task must say. Without `units` it means all units of the `kind`
    below the keeper.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_rules", verbose_name=_("kept by"))
    words = models.CharField(_("code or words"), max_length=100)
    kind = models.ForeignKey(
        UnitKind, models.PROTECT, null=True, blank=True, related_name="duty_rules", verbose_name=_("kind of unit")
    )
    units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("units"))
    part = models.CharField(_("part"), max_length=12, choices=Assignment.Part)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of duty")
        verbose_name_plural = _("rules of duty")
        ordering = ["words", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "words", "kind", "part"], nulls_distinct=False, name="tasks_rule_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="tasks_rule_has_words"),
            models.CheckConstraint(condition=Q(part__in=Assignment.Part.values), name="tasks_rule_part_is_known"),
        ]

    def __str__(self):
        return f"{self.words} → {self.get_part_display()}"

    def get_absolute_url(self):
        return reverse("tasks:rule-edit", args=[self.pk])

    def fits(self, task):
        """Whether the task says the words, or stands in the standard at the code or below it."""
        if code := as_code(self.words):
            return any(begins(place, code) for place in (task.number, task.section))
        said = plain(f"{task.title} {task.section} {task.requirement} {task.material}")
        return all(plain(word) in said for word in self.words.split())


def as_code(words):
    """The words as a code of a standard, or nothing."""
    code = unicodedata.normalize("NFKC", words).strip()
    return code if CODE.fullmatch(code) else ""


def begins(text, code):
    """Whether the text begins with the code: Ⅱ-5 with itself and Ⅱ-5-3), and not with Ⅱ-53."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text.startswith(code) and not text[len(code) : len(code) + 1].isdigit()
