"""What the database keeps of each table's rows, whoever changes them."""

import pghistory


def every_change():
    """Trackers for tables whose rows may also be deleted."""
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
