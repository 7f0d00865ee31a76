"""One line of history: who took which step, when, and why. Written in the transaction of the change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def told(what, thing):
    """What happened to a thing, as one line."""
    return gettext("%(what)s: %(thing)s") % {"what": what, "thing": thing}


class Event(models.Model):
    """What happened to one row, for people to read, and the work list of the announcements.

    A subclass adds the foreign key to its row with `related_name="events"` and says in `readers` who is told,
    in `subject` what they are told, and in `get_absolute_url` where they look. Rows are append-only: the
    database refuses to delete one or to change anything but `announced_at`.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    step = models.CharField(_("step"), max_length=32)
    before = models.CharField(_("before"), max_length=32, blank=True)
    after = models.CharField(_("after"), max_length=32, blank=True)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(announced_at=None),
                name="%(class)s_unsaid",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="events_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="events_unchanged", exclude=["announced_at"]),
        ]

    def __str__(self):
        return f"{self.step} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        raise NotImplementedError

    def subject(self):
        """One line for the inbox; translated when it is read, so return a lazy or plain string."""
        raise NotImplementedError

    def readers(self):
        """The people to tell, as an iterable of users. Never people outside the row's scope."""
        raise NotImplementedError
