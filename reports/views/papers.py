"""The file that a job makes of a thing, mostly its paper: asked for, on its way, handed out."""

from django.http import Http404
from django.utils import timezone
from django.utils.http import content_disposition_header

from reports.jobs import ask, ring
from units.files import send

PDF, ZIP = "application/pdf", "application/zip"


def job_of(thing):
    """The job that makes the file of the thing as it stands, or None."""
    return thing.jobs.of_now(thing)


def file_facts(thing, door, *, may_ask=True, **looks):
    """What `reports/_paper.html` shows: the file of the thing, or how far it is.

    `door` is how the names of its addresses begin; `may_ask`: whether the person may have it made. One query.
    """
    return {"thing": thing, "door": door, "job": job_of(thing), "may_ask": may_ask, **looks}


def ask_again(thing, user):
    """Ask for the file, or have a failed one tried again."""
    job = ask(thing, user)
    if job.retry(timezone.now()):
        job.refresh_from_db()
        ring(job)


def handed_out(thing, content_type=PDF):
    """The finished file as a download, named like the thing; 404 while there is none. Call it after the scope check."""
    job = job_of(thing)
    if job is None or job.state != job.State.DONE:
        raise Http404("the file is not made yet")
    response = send(job.file, content_type)
    name = f"{thing}.{job.extension}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
