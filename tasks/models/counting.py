"""Counts of rows that belong to the rows of another query."""

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce


def counted(rows, by):
    """How many of `rows` there are for each row of the outer query, 0 for none."""
    counts = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)
