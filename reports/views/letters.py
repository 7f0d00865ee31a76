"""The papers of responsibility letters; the letters themselves have their pages on the floor below."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from reports.views.access import reads
from reports.views.papers import ask_again, handed_out, job_of
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
    letter = letter_of(request, pk)
    ask_again(letter, request.user)
    return redirect(letter)


@require_GET
def letter_progress(request, pk):
    """How far the paper is: the piece of the page that asks for itself again while it is under way."""
    letter = letter_of(request, pk)
    context = {"thing": letter, "door": DOOR, "job": job_of(letter), "reads": True}
    return render(request, "reports/_paper.html", context)


@require_GET
def letter_file(request, pk):
    return handed_out(letter_of(request, pk))
