"""The filters of a list: which parameters they own, how they are said, and the two of ours."""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Model
from django_filters.fields import ModelChoiceField, ModelChoiceIterator
from django_filters.widgets import SuffixedMultiWidget

from units.markup import listed

MOST_WORDS = 10  # of a search: each is a look at every row


class DateRange(SuffixedMultiWidget):
    """Two date fields, `<name>_after` and `<name>_before`, for a `DateFromToRangeFilter`."""

    template_name = "components/_date_range.html"
    suffixes = ["after", "before"]

    def __init__(self, attrs=None):
        day = {"type": "date"}
        super().__init__([forms.DateInput(day, "%Y-%m-%d"), forms.DateInput(day, "%Y-%m-%d")], attrs)

    def decompress(self, value):
        return [value.start, value.stop] if value else [None, None]


class RowIterator(ModelChoiceIterator):
    """All rows at once: for a select's few, Django's own cursor on the server costs more than they do."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        yield from map(self.choice, self.queryset)


class RowChoiceField(ModelChoiceField):
    iterator = RowIterator


class RowChoiceFilter(django_filters.ModelChoiceFilter):
    """One row of a short list."""

    field_class = RowChoiceField


class UnitIterator(ModelChoiceIterator):
    """The units as pairs out of the database: hundreds of model instances would cost more than the rows of a page."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for pk, short_name, name in self.queryset.values_list("pk", "short_name", "name"):
            yield pk, short_name or name


class UnitChoiceField(ModelChoiceField):
    iterator = UnitIterator


class UnitChoiceFilter(django_filters.ModelChoiceFilter):
    """One unit of a queryset of units."""

    field_class = UnitChoiceField


MOST_DIGITS = 18  # of a primary key


def whole(value):
    """The number that a field or an address names a row by; None for what names no row."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def keys(values):
    """Those of the values that name a row, as numbers."""
    return [pk for pk in map(whole, values) if pk is not None]


PASSING = frozenset({"page", "size"})  # where one stands in a list is nothing that it is asked


def essence(query):
    """What an address asks of a list, written the same way each time: without what is empty, in order."""
    kept = [(name, value) for name, values in query.lists() if name not in PASSING for value in values if value]
    return urlencode(sorted(kept))


def parameters(name, item):
    """The address parameters of one filter field."""
    suffixes = getattr(item.widget, "suffixes", None)
    return [f"{name}_{suffix}" if suffix else name for suffix in suffixes] if suffixes else [name]


def spoken(item, value):
    """A filter's value as a person says it; empty when it is not set."""
    if value is None or value == "" or value is False:
        return ""
    if isinstance(value, slice):
        return " – ".join(f"{end:%Y-%m-%d}" if end else "…" for end in (value.start, value.stop))
    if isinstance(value, Model):
        return str(value)
    if isinstance(item, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        choices = {str(key): label for key, label in item.choices} if not hasattr(value, "model") else {}
        return listed(str(choices.get(str(part), part)).strip() for part in value)
    if isinstance(item, forms.ChoiceField):
        return str(dict(item.choices).get(value, value))
    return "✓" if value is True else str(value)
