"""A list page: rows filtered, sorted and paged by the address. How to use it: docs/components.md."""

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from units.columns import Column, Tab
from units.filters import DateRange, essence, parameters, spoken
from units.models import SavedFilter

__all__ = ["Column", "DateRange", "Listing", "Tab"]

SIZES = (25, 50, 100, 250)
PIECE = "components/_listing_rows.html"
PIECE_ID = "listing-rows"


@dataclass
class Listing:
    """Rows of `queryset` as the address asks for them: filters, `sort`, `page`, `size`.

    Nothing in the address can break it: wrong filters are named and ignored, unknown sorts fall back to
    `default_sort` (a column's name or an order_by term), a bad page is the last. The order ends with the primary
    key, so pages never overlap. Costs two queries, one for the filters that people keep, and one for each select
    that is fed from a table. `empty` is the sentence for no rows; `bulk` a template of buttons for the selected rows,
    which are posted to `bulk_url`.
    """

    request: Any
    source: Any
    filterset_class: Any = None
    columns: list = field(default_factory=list)
    default_sort: str = "pk"
    per_page: int = SIZES[0]
    export: str = ""
    export_args: tuple = ()
    empty: Any = ""
    bulk: str = ""
    bulk_url: str = ""

    @cached_property
    def filterset(self):
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=self.source, request=self.request)

    @cached_property
    def sort(self):
        asked = self.request.GET.get("sort", "")
        known = {column.name for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in known else self.default_sort

    @cached_property
    def queryset(self):
        """All rows that the filters leave, in order."""
        rows = self.filterset.qs if self.filterset else self.source
        name, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        column = next(
            (column for column in self.columns if column.name == name and column.sort),
            None,
        )
        first = column.order(descending=descending) if column else self.sort
        return rows.order_by(*dict.fromkeys([first, "-pk" if descending else "pk"]))

    @cached_property
    def size(self):
        asked = self.request.GET.get("size", "")
        return int(asked) if asked in map(str, SIZES) else self.per_page

    @cached_property
    def page(self):
        return Paginator(self.queryset, self.size).get_page(self.request.GET.get("page", 1))

    @cached_property
    def rows(self):
        return list(self.page.object_list)

    @property
    def count(self):
        return self.page.paginator.count

    def url(self, **changes):
        """This list's address with some parameters changed; None removes one."""
        query = copy(self.request.GET)  # Django's own copies deeply, a dozen times a page
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def heads(self):
        """Per column: `(column, address of its sort or "", aria-sort)`."""
        now, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        for column in self.columns:
            here = column.name == now and bool(column.sort)
            target = f"-{column.name}" if here and not down else column.name
            aria = ("descending" if down else "ascending") if here else "none"
            yield column, self.url(sort=target, page=None) if column.sort else "", aria

    @cached_property
    def chips(self):
        """The filters that are set: `(label, words, address without it)`."""
        if self.filterset is None or not self.filterset.form.is_valid():
            return []
        form = self.filterset.form
        found = ((name, form.fields[name], value) for name, value in form.cleaned_data.items())
        return [
            (
                item.label,
                spoken(item, value),
                self.url(**dict.fromkeys(parameters(name, item), None), page=None),
            )
            for name, item, value in found
            if spoken(item, value)
        ]

    @cached_property
    def kept(self):
        """Parameters that the filter form must carry along although they are none of its fields."""
        fields = self.filterset.form.fields.items() if self.filterset else ()
        own = {"page"} | {parameter for name, item in fields for parameter in parameters(name, item)}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def reset_url(self):
        form = self.filterset.form.fields.items() if self.filterset else ()
        return self.url(
            **{p: None for name, item in form for p in parameters(name, item)},
            page=None,
        )

    @cached_property
    def saved(self):
        """The filters kept at this list that the person sees: own ones and those of the offices. One query."""
        if self.filterset_class is None:
            return []
        rows = list(SavedFilter.objects.visible_to(self.request.user).of_page(self.request.path))
        asked = essence(self.request.GET)
        for row in rows:
            row.is_here, row.is_own = row.query == asked, row.user_id == self.request.user.pk
        return rows

    @property
    def keep_url(self):
        """Where the list as it is asked now can be kept under a name; nothing where it is kept already."""
        asked = essence(self.request.GET)
        if not asked or self.filterset_class is None or any(row.is_here for row in self.saved):
            return ""
        return f"{reverse('units:filter-new')}?{urlencode({'page': self.request.path, 'query': asked})}"

    @property
    def export_url(self):
        if not self.export:
            return ""
        query = self.request.GET.copy()
        for name in ("page", "size"):
            query.pop(name, None)
        return f"{reverse(self.export, args=self.export_args)}?{query.urlencode()}"

    @property
    def fills_a_page(self):
        """Whether there is anything to leaf through or to choose a size for."""
        return self.count > SIZES[0]

    @property
    def sizes(self):
        return [(size, self.url(size=size, page=None), size == self.size) for size in SIZES]

    @property
    def pages(self):
        """The pages near this one and both ends: `(number or None for a gap, address, is this page)`."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        for n in numbers:
            is_page = isinstance(n, int)
            yield ((n, self.url(page=n), n == self.page.number) if is_page else (None, "", False))

    def render(self, template, context=None):
        """The answer: the whole page, or for htmx only the rows and what belongs to them."""
        htmx = self.request.htmx
        piece = htmx and htmx.target == PIECE_ID and not htmx.history_restore_request
        response = render(
            self.request,
            PIECE if piece else template,
            {**(context or {}), "listing": self},
        )
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response
