"""The paper of a thing that is said: asked for, and handed out once it is made."""

from django.http import Http404
from django.utils import timezone
from django.utils.http import content_disposition_header

from reports.jobs import ask, ring
from units.files import send

PDF = "application/pdf"


def job_of(thing):
    """The job that makes the paper of the thing as it stands, or None."""
    return thing.jobs.of_now(thing)


def ask_again(thing, user):
    """Ask for the paper, or have a failed one tried again."""
    job = ask(thing, user)
    if job.retry(timezone.now()):
        job.refresh_from_db()
        ring(job)


def handed_out(thing):
    """The finished paper as a download; 404 while there is none."""
    job = job_of(thing)
    if job is None or job.state != job.State.DONE:
        raise Http404("the paper is not made yet")
    response = send(job.file, PDF)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{thing}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
