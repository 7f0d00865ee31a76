"""Tasks that come again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tasks.models import recurrence
from tasks.views.access import own_task


@require_POST
def make(request, pk):
    """Make what the pattern owes today, without waiting for the night."""
    pattern = own_task(request, pk)
    made = len(recurrence.make_due(pattern.pk, timezone.localdate()))
    words = ngettext("%(n)s task was made.", "%(n)s tasks were made.", made) % {"n": made}
    messages.success(request, words if made else _("Everything that is due exists already."))
    return redirect(f"{pattern.get_absolute_url()}#occurrences")
