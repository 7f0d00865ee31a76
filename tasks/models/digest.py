"""The one reminder of a day: what presses in a person's own hands, and what the ladder brought to them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from tasks.lights import Lights
from tasks.models.assignment import Assignment
from units.markup import short
from units.working_time import words_left

MOST = 10
TITLE = 60


def line(number, assignment, lights):
    """One assignment in a reminder: what, of whom, how late."""
    title = short(assignment.task.title, TITLE)
    left = words_left(lights.days_left(assignment.due_on))
    return gettext("%(number)s. %(title)s (%(unit)s): %(left)s") % {
        "number": number,
        "title": title,
        "unit": assignment.unit,
        "left": left,
    }


class Digest(models.Model):
    """A person's reminder of one working day; told like an event, in the person's language, once.

    `overdue` and `due_soon` count what lies in their hands, `raised` what is late elsewhere and was brought to them;
    `most_urgent` are the first of all these, by primary key, at most ten.
    """

    actor_id = None  # by the clock

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    overdue = models.PositiveIntegerField(_("overdue"), default=0)
    due_soon = models.PositiveIntegerField(_("due soon"), default=0)
    raised = models.PositiveIntegerField(_("brought to you"), default=0)
    most_urgent = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("daily reminder")
        verbose_name_plural = _("daily reminders")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="tasks_one_digest_a_day")]

    def __str__(self):
        return self.subject()

    def get_absolute_url(self):
        return reverse("tasks:digest", args=[self.pk])

    def readers(self):
        return [self.user]

    @property
    def more(self):
        """How many it does not name."""
        return self.overdue + self.due_soon + self.raised - len(self.most_urgent)

    def subject(self):
        """What presses, as one line."""
        parts = [
            (self.overdue, gettext("%(n)s overdue")),
            (self.due_soon, gettext("%(n)s due soon")),
            (self.raised, ngettext("%(n)s late one elsewhere", "%(n)s late ones elsewhere", self.raised)),
        ]
        comma = pgettext("between the things of a list", ", ")
        words = comma.join(part % {"n": n} for n, part in parts if n)
        return gettext("Your tasks today: %(words)s") % {"words": words}

    @property
    def note(self):
        """The most urgent, one a line, and how many more there are."""
        lights = Lights.load(self.made_at)
        lines = [line(n, row, lights) for n, row in enumerate(self.rows(), start=1)]
        if self.more:
            lines.append(ngettext("and %(n)s more", "and %(n)s more", self.more) % {"n": self.more})
        return "\n".join(lines)

    def rows(self):
        """The assignments that it names, as they are today, in its order."""
        found = Assignment.objects.with_everything().in_bulk(self.most_urgent)
        return [found[pk] for pk in self.most_urgent if pk in found]
