"""Long work: asked for once, begun once, neither lost nor doubled, and a failure is told in words."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports import jobs
from reports.jobs import ask, make_file, run_waiting
from reports.models import Report, ReportJob
from reports.render import NotInline
from tests.reports.papers import board

State = ReportJob.State


@pytest.fixture
def report(calculate, make_scheme, quarter, city):
    ranking = calculate(make_scheme(deductions=100))
    return Report.objects.create(unit=city, period=quarter, ranking=ranking, title="成绩榜", data=board(units=2))


@pytest.fixture
def rung(monkeypatch):
    """The jobs that a worker was called for."""
    calls = []
    monkeypatch.setattr(make_file, "delay", lambda pk, _label: calls.append(pk))
    return calls


@pytest.fixture
def job(report, office, rung):
    return ask(report, office)


def silent_since(job, seconds):
    """The worker of `job` has begun it and not been heard of for so long."""
    job.claim(timezone.now() - timedelta(seconds=seconds))


def files_of(job):
    return sorted(job.file.storage.listdir("reports")[1]) if job.file.storage.exists("reports") else []


@pytest.fixture(autouse=True)
def no_files_yet(db):
    storage = ReportJob._meta.get_field("file").storage
    for name in storage.listdir("reports")[1] if storage.exists("reports") else ():
        storage.delete(f"reports/{name}")


def test_asking_twice_is_one_job(job, report, office, leader):
    assert ask(report, leader) == job
    assert job.asked_by == office


def test_a_worker_is_called_after_the_commit_only(report, office, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        ask(report, office)

    assert rung == []
    assert len(callbacks) == 1


def test_a_queue_that_is_down_does_not_fail_the_page(report, office, monkeypatch, django_capture_on_commit_callbacks):
    def down(*_args):
        raise ConnectionError("redis is away")

    monkeypatch.setattr(make_file, "delay", down)

    with django_capture_on_commit_callbacks(execute=True):
        job = ask(report, office)

    assert job.state == State.QUEUED


def test_the_finished_job_has_the_file_with_its_hash_and_size(job):
    make_file(job.pk)

    job.refresh_from_db()
    assert (job.state, job.progress, job.attempt) == (State.DONE, 100, 1)
    assert job.file.read().startswith(b"%PDF") and len(job.sha256) == 64 and job.size == job.file.size


def test_a_second_ring_does_nothing(job):
    make_file(job.pk)
    make_file(job.pk)

    job.refresh_from_db()
    assert job.attempt == 1
    assert files_of(job) == [f"{job.pk}-1.pdf"]


def test_only_one_of_two_workers_begins(job):
    rival = ReportJob.objects.get(pk=job.pk)

    assert [job.claim(timezone.now()), rival.claim(timezone.now())] == [True, False]


def test_a_page_that_asks_for_the_outside_fails_in_words(job, monkeypatch):
    def refused(_html):
        raise NotInline("Error fetching http://example.org")

    monkeypatch.setattr(jobs, "to_pdf", refused)
    make_file(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, ReportJob.Trouble.NOT_INLINE)


@pytest.mark.parametrize(
    ("error", "trouble"), [(OSError(28, "No space left"), "no_storage"), (KeyError("groups"), "broken")]
)
def test_a_failure_says_what_went_wrong(job, monkeypatch, error, trouble):
    def fail(_job, _content):
        raise error

    monkeypatch.setattr(jobs, "store", fail)
    make_file(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, trouble)


def test_a_failed_job_is_tried_again_when_a_person_says_so(job, monkeypatch):
    job.claim(timezone.now())
    job.fail(ReportJob.Trouble.BROKEN)

    assert job.retry(timezone.now())
    make_file(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error, job.attempt) == (State.DONE, "", 2)


def test_a_job_that_has_not_failed_is_not_tried_again(job):
    make_file(job.pk)

    assert not job.retry(timezone.now())


def test_a_ring_that_was_lost_is_made_good(job, rung):
    ReportJob.objects.update(created_at=timezone.now() - timedelta(minutes=2))

    run_waiting()

    assert rung == [job.pk]


def test_fresh_work_is_left_alone(job, rung):
    run_waiting()

    assert rung == []


def test_a_silent_workers_job_is_handed_on(job, rung):
    silent_since(job, 120)

    run_waiting()

    job.refresh_from_db()
    assert (job.state, job.lost, rung) == (State.QUEUED, 1, [job.pk])


def test_a_worker_that_beats_keeps_its_job(job, rung):
    silent_since(job, 120)
    job.beat(timezone.now())

    run_waiting()

    job.refresh_from_db()
    assert (job.state, rung) == (State.RUNNING, [])


def test_a_beat_between_look_and_take_saves_the_workers_job(job):
    silent_since(job, 120)
    seen = ReportJob.objects.get(pk=job.pk)
    job.beat(timezone.now())

    assert not seen.hand_on()
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_the_third_lost_worker_ends_it_in_words(job, rung):
    for _ in range(3):
        job.refresh_from_db()
        silent_since(job, 120)
        run_waiting()

    job.refresh_from_db()
    assert (job.state, job.error, len(rung)) == (State.FAILED, ReportJob.Trouble.LOST, 2)


def overtaken(job):
    """A worker stalls, another takes over and finishes; returns the stalled worker's view of the job."""
    stalled = ReportJob.objects.get(pk=job.pk)
    silent_since(stalled, 120)
    ReportJob.objects.get(pk=job.pk).hand_on()
    make_file(job.pk)
    return stalled


def test_a_worker_thought_dead_cannot_replace_the_file(job):
    stalled = overtaken(job)

    jobs.store(stalled, BytesIO(b"%PDF of the stalled worker"))

    job.refresh_from_db()
    assert job.file.name == f"reports/{job.pk}-2.pdf"
    assert files_of(job) == [f"{job.pk}-2.pdf"]


def test_without_the_guard_it_would_replace_the_file(job, monkeypatch):
    stalled = overtaken(job)
    monkeypatch.setattr(ReportJob, "_guarded", lambda self, _state: ReportJob.objects.filter(pk=self.pk))

    jobs.store(stalled, BytesIO(b"%PDF of the stalled worker"))

    job.refresh_from_db()
    assert job.file.name == f"reports/{job.pk}-1.pdf"


def test_a_file_left_by_a_dead_worker_is_cleared_away(job):
    dead = ReportJob.objects.get(pk=job.pk)
    silent_since(dead, 120)
    dead.file.storage.save(jobs.name_of(dead, 1), BytesIO(b"half"))
    ReportJob.objects.get(pk=job.pk).hand_on()

    make_file(job.pk)

    assert files_of(job) == [f"{job.pk}-2.pdf"]


def test_the_heart_beats_while_the_work_goes_on(job, monkeypatch):
    beats = []
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(ReportJob, "beat", lambda _job, now: beats.append(now) or len(beats) < 3)

    with jobs.heartbeat(job):
        deadline = timezone.now() + timedelta(seconds=5)
        while len(beats) < 3 and timezone.now() < deadline:
            pass

    assert len(beats) == 3


def test_the_database_refuses_a_finished_job_without_a_file(job):
    with pytest.raises(IntegrityError, match="reports_reportjob_done_has_a_file"), transaction.atomic():
        ReportJob.objects.update(state=State.DONE)
