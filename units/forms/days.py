"""Days and years that people type."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from units.years import YEARS, is_plausible


def doubt():
    """What is said of a day that nobody can mean."""
    return _("Please check the day: its year lies between %(first)s and %(last)s.") % {
        "first": YEARS[0],
        "last": YEARS[-1],
    }


def must_be_plausible(day):
    if not is_plausible(day):
        raise ValidationError(doubt())


class DayField(forms.DateField):
    """A day that somebody may mean."""

    default_validators = [must_be_plausible]


class YearField(forms.IntegerField):
    """The year of such a day."""

    def __init__(self, **options):
        super().__init__(min_value=YEARS[0], max_value=YEARS[-1], **options)
