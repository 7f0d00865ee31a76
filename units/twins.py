"""Two people make the same at the same moment: the second is told, in the words of a conflict or of a form."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from units.workflow import NotInThisState


class Twin(NotInThisState):
    """The same was made a moment ago. Answered as 409; nothing is changed."""


@contextmanager
def once():
    """Do what a unique constraint allows once. All or nothing; who comes second gets `Twin`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Twin(error.__cause__.diag.constraint_name) from error
        raise


def saved(form, save=None):
    """What `save` (if none is given, the form's own) returns; None when the same was made a moment ago.

    The form says so then. It has looked for a twin itself; this is for those who look at the same time.
    """
    try:
        with once():
            return (save or form.save)()
    except Twin:
        form.add_error(None, _("Somebody saved the same a moment ago. Please look at it before you change yours."))
        return None
