"""The papers of responsibility letters; the letters themselves have their pages on the floor below."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from reports.views.access import must_see
from reports.views.papers import ask_again, file_facts, handed_out
from tasks.models import ResponsibilityLetter

DOOR = "reports:letter"


def letter_of(request, pk):
    """The letter; one that was withdrawn hands its paper out to the office and leaders of its ledger only."""
    rows = ResponsibilityLetter.objects.visible_to(request.user).select_related("ledger__unit", "unit")
    letter = get_object_or_404(rows, pk=pk)
    must_see(request.user, letter, letter.kept_by)
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
    return render(request, "reports/_paper.html", file_facts(letter_of(request, pk), DOOR))


@require_GET
def letter_file(request, pk):
    return handed_out(letter_of(request, pk))
