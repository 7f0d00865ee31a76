"""Working days between two days: pure reckoning over a work calendar."""

from datetime import datetime, time

from django.utils import timezone


def later_by(calendar, day, n):
    """The day that lies `n` working days after `day`."""
    return timezone.localdate(calendar.add_days(timezone.make_aware(datetime.combine(day, time(12))), n))
