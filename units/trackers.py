"""What the database keeps of each table's rows, whoever changes them."""

import pghistory
from django.db import models


def every_change():
    """Trackers for tables whose rows may also be deleted."""
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


def plain_links(**links):
    """The links of a history (name → model) without an index each, for tables that imports fill by ten thousands.

    The history of one row is found by the row; nobody asks for all that ever pointed to another.
    """
    options = {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False, "null": True}
    return {
        name: models.ForeignKey(model, related_name="+", related_query_name="+", **options)
        for name, model in links.items()
    }
