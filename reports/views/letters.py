"""The papers of responsibility letters; the letters themselves have their pages on the floor below."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from reports.views import papers
from reports.views.access import reads
from tasks.models import ResponsibilityLetter

DOOR = "reports:letter"


def letter_of(request, pk):
    """The letter; one that was withdrawn hands its paper out to the office and leaders of its ledger only."""
    rows = ResponsibilityLetter.objects.visible_to(request.user).select_related("ledger__unit", "unit")
    letter = get_object_or_404(rows, pk=pk)
    if letter.state == ResponsibilityLetter.State.WITHDRAWN and not reads(request.user, letter.kept_by):
        raise PermissionDenied
    return letter


@require_POST
def letter_make_file(request, pk):
    """Ask for the paper, or have a failed one tried again."""
    return papers.make(request, letter_of(request, pk))


@require_GET
def letter_progress(request, pk):
    return papers.piece(request, letter_of(request, pk), DOOR, reads=True)


@require_GET
def letter_file(request, pk):
    letter = letter_of(request, pk)
    return papers.hand_out(letter.jobs.of_now(letter), str(letter))
