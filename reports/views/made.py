"""The file that a job makes of a thing: asked for, on its way, handed out."""

from django.http import Http404
from django.utils import timezone
from django.utils.http import content_disposition_header

from reports.jobs import ring
from reports.models.job import FileJob
from units.files import send


def ask_for(jobs, thing, user):
    """Have the file of `thing` made, or a failed try begun anew. `jobs`: the model of its jobs."""
    job = jobs.objects.asked_for(thing, user)
    if job.retry(timezone.now()):
        job.refresh_from_db()
    ring(job)


def download(thing, content_type):
    """The finished file as an answer, named like the thing. Call it after the scope check."""
    job = thing.jobs.filter(state=FileJob.State.DONE).first()
    if job is None:
        raise Http404("the file is not made yet")
    response = send(job.file, content_type)
    name = f"{thing}.{job.extension}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
