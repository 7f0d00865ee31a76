"""The file of a thing: asked for, seen coming along, handed out. Who may do so is said by the views of the thing."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from reports.jobs import ring
from units.files import send

PDF = "application/pdf"


def make(request, thing):
    """Ask for the file of the thing as it stands, or have a failed one tried again. Back to the thing's page."""
    job = thing.jobs.asked_for(thing, request.user)
    if job.retry(timezone.now()):
        job.refresh_from_db()
    ring(job)
    return redirect(thing)


def piece(request, thing, door, *, reads):
    """How far the file is: the piece of the page that asks for itself again while it is under way.

    `door` is how the names of its addresses begin (`reports:letter` of `reports:letter-file`).
    """
    shown = {"thing": thing, "door": door, "job": thing.jobs.of_now(thing), "reads": reads}
    return render(request, "reports/_paper.html", shown)


def hand_out(job, title):
    """The finished file, to be saved. Call it after the view has checked who asks."""
    if job is None or job.state != job.State.DONE:
        raise Http404("the paper is not made yet")
    response = send(job.file, PDF)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
