"""What holds from a day until a day, both included."""

from django.db import models
from django.utils import timezone


class Term(models.Model):
    """Rows with `since` and `until` (None: until further notice)."""

    class Meta:
        abstract = True

    @property
    def is_current(self):
        """Whether today lies in its days."""
        today = timezone.localdate()
        return self.since <= today and (self.until is None or self.until >= today)
