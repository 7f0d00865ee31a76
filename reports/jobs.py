"""Background work of the reports: making files, and looking after what was begun and not finished.

The row (`FileJob`) is the truth, the queue only rings. A ring too many does no harm: the work is claimed by a guarded
update. A ring too few is made good by `run_waiting`, which the clock calls each minute.
"""

import hashlib
import logging
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from reports.models import DisclosureJob, LetterJob, PackageJob, PhotoSheetJob, ReportJob
from reports.packaging import NotAsHandedIn, pack
from reports.render import NotInline, to_html, to_pdf
from units.models import Attachment

log = logging.getLogger(__name__)
BEAT_SECONDS = 10
WORKING = "working"  # where files lie while they are made
Trouble = ReportJob.Trouble


@shared_task
def make_file(job_id, label="reports.ReportJob"):
    """Write the file of one job and store it. Called twice, or after another worker took over, it changes nothing."""
    job = apps.get_model(label).objects.get(pk=job_id)
    if not job.claim(timezone.now()):
        return
    try:
        with heartbeat(job), working_file(job) as file:
            WRITERS[type(job)](job, file)
            job.reach(95, timezone.now())
            store(job, file)
    except TakenAway:
        log.warning("job %s goes on elsewhere", job)
    except NotInline as error:
        give_up(job, Trouble.NOT_INLINE, error)
    except NotAsHandedIn as error:
        give_up(job, Trouble.CHANGED, error)
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


def write_package(job, file):
    """Pack the material of a package with its catalogue, and read it back; the hash of its checksum list proves it."""
    facts = job.of.data
    files = {entry["attachment"] for entry in facts["entries"]}
    sealed = {str(pk): name for pk, name in Attachment.objects.filter(pk__in=files).values_list("pk", "original")}
    storage = Attachment._meta.get_field("original").storage
    catalogue = to_pdf(to_html(facts))

    def open_original(entry):
        return storage.open(sealed.get(entry["attachment"]) or missing(entry))

    job.sha256 = pack(facts, catalogue, file, open_original=open_original, told=Steps(job, 10, 90).reach)


def missing(entry):
    raise NotAsHandedIn(f"deleted: {entry['attachment']} for {entry['path']}")


def shown(photo):
    try:
        with photo.shown.open("rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise NotAsHandedIn(f"missing: photo {photo.pk}") from error


def write_photo_sheet(job, file):
    """Draw the chosen photos, one on each page."""
    facts = job.of.data
    chosen = [photo["attachment"] for photo in facts["photos"]]
    pictures = {str(photo.pk): shown(photo) for photo in Attachment.objects.filter(pk__in=chosen)}
    html = to_html(facts, pictures)
    job.reach(20, timezone.now())
    file.write(to_pdf(html))


# How the file of each kind of job is written: `(job, open file)`, saying on the way how far it is (`job.reach`). Who
# knows a SHA-256 that proves all of it says it (`job.sha256`), else the file is hashed.
WRITERS = {
    ReportJob: write_paper,
    DisclosureJob: write_paper,
    LetterJob: write_paper,
    PackageJob: write_package,
    PhotoSheetJob: write_photo_sheet,
}


class TakenAway(Exception):
    """The work was given to another worker: this one was thought dead."""


class Steps:
    """How far a long work is, said to the row by whole percent. `reach` raises `TakenAway` when nobody waits for it."""

    def __init__(self, job, first, last):
        self.job, self.first, self.last, self.said = job, first, last, None

    def reach(self, part):
        percent = self.first + int(part * (self.last - self.first))
        if percent != self.said and not self.job.reach(percent, timezone.now()):
            raise TakenAway
        self.said = percent


@contextmanager
def working_file(job):
    """An open file beside where the finished one will lie, so that storing it copies nothing."""
    folder = working_folder(job.file.storage)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


def working_folder(storage):
    """The folder on this machine's disk, made when it is missing; None (any) where the storage is elsewhere."""
    try:
        folder = Path(storage.path(WORKING))
    except NotImplementedError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@shared_task
def clear_working_files():
    """Nightly: delete what killed workers have left half made."""
    folder = working_folder(ReportJob._meta.get_field("file").storage)
    before = (timezone.now() - timedelta(days=1)).timestamp()
    for path in folder.iterdir() if folder else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


class Made(File):
    """A finished file that the storage moves into its place instead of copying it."""

    def temporary_file_path(self):
        return self.file.name


def store(job, file):
    """Put the file in its place under a name of this attempt; it counts only if this attempt still does."""
    file.seek(0)
    sha256 = job.sha256 or hashlib.file_digest(file, "sha256").hexdigest()
    size = file.seek(0, 2)
    file.flush()
    files = job.file.storage
    name = files.save(name_of(job, job.attempt), Made(file) if hasattr(file, "name") else File(file))
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
