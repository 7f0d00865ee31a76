"""What holds from a day until a day, both included."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


def ends_after_it_began(name):
    """The constraint of each table of terms, under a name of its own."""
    return models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name=name)


class Term(models.Model):
    """Rows with `since` and `until` (None: until further notice)."""

    class Meta:
        abstract = True

    @property
    def is_current(self):
        """Whether today lies in its days."""
        today = timezone.localdate()
        return self.since <= today and (self.until is None or self.until >= today)
