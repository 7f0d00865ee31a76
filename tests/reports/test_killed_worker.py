"""A real worker, killed in the middle of a real paper: the file is neither lost nor made twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.jobs import ask, run_waiting
from reports.models import Report, ReportJob
from tests.reports.papers import board

UNITS_FOR_SOME_SECONDS = 700


@pytest.fixture
def job(celery_worker_process, calculate, make_scheme, quarter, city, office):
    """A job that the worker is busy with: so many units take it some seconds."""
    ranking = calculate(make_scheme(deductions=100))
    facts = board(units=UNITS_FOR_SOME_SECONDS)
    report = Report.objects.create(unit=city, period=quarter, ranking=ranking, title="成绩榜", data=facts)
    job = ask(report, office)
    celery_worker_process.wait(lambda: now_of(job).progress >= 20, "the worker did not begin")
    return job


def now_of(job):
    return ReportJob.objects.get(pk=job.pk)


def a_minute_passes():
    ReportJob.objects.filter(heartbeat_at__isnull=False).update(heartbeat_at=timezone.now() - timedelta(minutes=2))


def is_done_at_the_second_attempt(job):
    job = now_of(job)
    files = job.file.storage.listdir("reports")[1]
    return (job.state, job.attempt, job.lost) == ("done", 2, 1) and files == [f"{job.pk}-2.pdf"]


@pytest.fixture(autouse=True)
def no_files_yet(transactional_db):
    storage = ReportJob._meta.get_field("file").storage
    for name in storage.listdir("reports")[1] if storage.exists("reports") else ():
        storage.delete(f"reports/{name}")


def test_work_of_a_killed_machine_is_done_by_the_next_worker(job, celery_worker_process):
    celery_worker_process.kill()
    a_minute_passes()

    celery_worker_process.start()
    run_waiting()

    celery_worker_process.wait(lambda: now_of(job).state == "done", "the file was lost")
    assert is_done_at_the_second_attempt(job)


def test_work_of_a_killed_child_is_not_begun_twice(job, celery_worker_process):
    celery_worker_process.kill_children()
    celery_worker_process.wait(lambda: celery_worker_process.children(), "no child came back")
    a_minute_passes()

    run_waiting()

    celery_worker_process.wait(lambda: now_of(job).state == "done", "the file was lost")
    assert is_done_at_the_second_attempt(job)
