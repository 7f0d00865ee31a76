"""Background work of the reports: making files, and looking after what was begun and not finished.

The row (`FileJob`) is the truth, the queue only rings. A ring too many does no harm: the work is claimed by a guarded
update. A ring too few is made good by `run_waiting`, which the clock calls each minute.
"""

import hashlib
import logging
import threading
from contextlib import contextmanager
from tempfile import TemporaryFile

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from reports.models import DisclosureJob, LetterJob, ReportJob
from reports.render import NotInline, to_html, to_pdf

log = logging.getLogger(__name__)
BEAT_SECONDS = 10
Trouble = ReportJob.Trouble


@shared_task
def make_file(job_id, label="reports.ReportJob"):
    """Write the file of one job and store it. Called twice, or after another worker took over, it changes nothing."""
    job = apps.get_model(label).objects.get(pk=job_id)
    if not job.claim(timezone.now()):
        return
    try:
        with heartbeat(job), TemporaryFile() as file:
            WRITERS[type(job)](job, file)
            job.reach(90, timezone.now())
            store(job, file)
    except NotInline as error:
        give_up(job, Trouble.NOT_INLINE, error)
    except SoftTimeLimitExceeded as error:
        give_up(job, Trouble.TOO_LONG, error)
    except OSError as error:
        give_up(job, Trouble.NO_STORAGE, error)
    except Exception as error:  # the border: whatever happened, the person who waits must be told
        give_up(job, Trouble.BROKEN, error)


@shared_task
def run_waiting():
    """Ring again for work that nobody has begun, and take it from workers that fell silent."""
    now = timezone.now()
    for kind in WRITERS:
        for job in kind.objects.unheard(now):
            if job.state == kind.State.QUEUED or job.hand_on():
                make_file.delay(job.pk, job._meta.label)


def ask(thing, by):
    """The job that makes the file of the thing as it stands: the one there is, or a new one."""
    job = thing.jobs.model.objects.asked_for(thing, by)
    ring(job)
    return job


def ring(job):
    """Call a worker once the transaction is through. If the queue is down, the sweeper calls a minute later."""
    if job.state == job.State.QUEUED:
        transaction.on_commit(lambda: make_file.delay(job.pk, job._meta.label), robust=True)


def write_paper(job, file):
    """Draw the facts of a job's thing as a PDF."""
    html = to_html(job.of.data)
    job.reach(20, timezone.now())
    file.write(to_pdf(html))


# How the file of each kind of job is written: `(job, open file)`, saying on the way how far it is (`job.reach`).
WRITERS = {ReportJob: write_paper, DisclosureJob: write_paper, LetterJob: write_paper}


def store(job, file):
    """Put the file in its place under a name of this attempt; it counts only if this attempt still does."""
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    files = job.file.storage
    name = files.save(name_of(job, job.attempt), File(file))
    if not job.finish(name, sha256, size, timezone.now()):
        files.delete(name)
        return
    for dead in range(1, job.attempt):  # a worker may have died between storing its file and saying so
        files.delete(name_of(job, dead))


def name_of(job, attempt):
    return f"{job.folder}/{job.pk}-{attempt}.{job.extension}"


def give_up(job, trouble, error):
    log.error("report job %s, attempt %s: %s", job.pk, job.attempt, error, exc_info=error)
    job.fail(trouble)


@contextmanager
def heartbeat(job):
    """Beat beside the work, which may be long and says nothing on the way. It ends when the attempt is taken away."""
    over = threading.Event()

    def beat():
        try:
            while not over.wait(BEAT_SECONDS) and job.beat(timezone.now()):
                pass
        finally:
            connection.close()  # each thread has its own

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
