"""The work of packing: told as it goes, stopped when it is taken away, read back, and neither lost nor doubled."""

import io
from datetime import timedelta
from tempfile import NamedTemporaryFile
from uuid import uuid4

import pytest
from django.utils import timezone

from reports import jobs, packaging
from reports.hand_in import make_package
from reports.jobs import clear_working_files, make_file, run_waiting
from reports.models import PackageJob
from reports.packaging import NotAsHandedIn, pack

CONTENT = b"0123456789" * 1000


def facts(n=3, sha256=None):
    good = sha256 or packaging.hashlib.sha256(CONTENT).hexdigest()
    common = {"attachment": "a", "content_type": "application/pdf", "at": "2026-03-02T10:00:00+08:00", "see": ""}
    entries = [{"path": f"Ⅱ-1/{k}.pdf", "size": len(CONTENT), "sha256": good, **common} for k in range(n)]
    return {"made_at": "2026-03-02T10:00:00+08:00", "entries": entries, "totals": {"size": n * len(CONTENT)}}


def packed(facts, told=lambda _part: None):
    with NamedTemporaryFile() as target:
        return pack(facts, b"%PDF", target, open_original=lambda _entry: io.BytesIO(CONTENT), told=told)


def test_how_far_it_is_is_told_after_each_file():
    said = []

    packed(facts(4), told=said.append)

    assert said == [0.25, 0.5, 0.75, 1.0]


def test_what_reads_back_different_is_not_finished():
    with pytest.raises(NotAsHandedIn, match="changed: Ⅱ-1/0"):
        packed(facts(40, sha256="0" * 64))


def test_what_the_disk_has_changed_is_noticed(monkeypatch):
    """Not the file that was handed in, but the package itself."""
    read = packaging.os.pread
    monkeypatch.setattr(packaging.os, "pread", lambda *args: read(*args).replace(b"0123456789", b"0123456780"))

    with pytest.raises(NotAsHandedIn):
        packed(facts())


def test_one_file_is_in_memory_in_pieces_only():
    sizes = []

    class Source(io.BytesIO):
        def read(self, size=-1):
            sizes.append(size)
            return super().read(size)

    with NamedTemporaryFile() as target:
        pack(facts(1), b"", target, open_original=lambda _entry: Source(CONTENT), told=lambda _part: None)

    assert set(sizes) == {packaging.CHUNK}


@pytest.fixture
def job(db, city, office, make_material, criterion):
    make_material(criterion)
    return PackageJob.objects.asked_for(make_package(unit=city, standard=None, by=office), office)


def test_a_worker_whose_work_was_taken_stops_and_leaves_the_file_to_the_other(job, monkeypatch):
    def taken(self, _percent, _now):
        PackageJob.objects.filter(pk=self.pk).update(attempt=9)
        return False

    monkeypatch.setattr(PackageJob, "reach", taken)
    make_file(job.pk, PackageJob._meta.label)

    job.refresh_from_db()
    assert (job.state, job.attempt, bool(job.file)) == ("running", 9, False)


def test_what_a_killed_worker_left_half_made_is_cleared_away(job, monkeypatch):
    folder = jobs.working_folder(job.file.storage)
    (folder / "half").write_bytes(b"half")
    clear_working_files()
    assert (folder / "half").exists()

    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(jobs.timezone, "now", lambda: later)
    clear_working_files()

    assert not (folder / "half").exists()


@pytest.fixture
def long_job(transactional_db, celery_worker_process, city, office, make_material, make_attachment, criterion):
    """A package that a real worker is busy with: sixty long files, on the disk one, take it some seconds."""
    long = make_attachment(name="长.txt", content=b"text of a long report\n" * 800_000)
    for n in range(60):
        long.pk = uuid4()
        long.save(force_insert=True)
        make_material(criterion, attachment=long, title=f"第{n}份")
    job = jobs.PackageJob.objects.asked_for(make_package(unit=city, standard=None, by=office), office)
    jobs.ring(job)
    celery_worker_process.wait(lambda: now_of(job).progress >= 15, "the worker did not begin")
    return job


def now_of(job):
    return PackageJob.objects.get(pk=job.pk)


def test_the_package_of_a_killed_worker_is_made_by_the_next_one(long_job, celery_worker_process):
    celery_worker_process.kill()
    assert now_of(long_job).state == "running"
    PackageJob.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))

    celery_worker_process.start()
    run_waiting()

    celery_worker_process.wait(lambda: now_of(long_job).state == "done", "the package was lost", 120)
    job = now_of(long_job)
    assert (job.attempt, job.lost, job.file.name) == (2, 1, f"packages/{job.pk}-2.zip")
    assert job.file.storage.listdir("packages")[1] == [f"{job.pk}-2.zip"]
