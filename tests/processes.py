"""Real Celery workers for tests that are about workers: started, crashed and started again."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from config.children import die_with_parent
from tests import session

READY_SECONDS = 60


class WorkerProcess:
    """A real `celery worker` on the test database and the test Redis."""

    def __init__(self, database):
        self.database = database
        self.log = session.DATA_DIR / "logs" / f"worker-{time.monotonic_ns()}.log"
        self.process = None

    def start(self, *options):
        """Start it, and return when it takes jobs."""
        command = [sys.executable, "-m", "celery", "-A", "tests.worker", "worker", "-l", "INFO", "-c", "1"]
        command += ["--without-gossip", "--without-mingle", "-n", f"test-{self.database}@localhost", *options]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                env=os.environ | {"TEST_DATABASE": self.database},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.wait(lambda: " ready." in self.log.read_text(), "the worker did not get ready")
        return self

    def wait(self, condition, complaint, seconds=READY_SECONDS):
        """Return as soon as `condition()` holds; fail with the worker's log if it never does."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.kill()
                pytest.fail(f"{complaint}\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def kill(self):
        """`kill -9` of the worker and all its children, as when the machine dies."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_children(self):
        """`kill -9` of the children that run the jobs, as the kernel does when memory runs out."""
        for child in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def children(self):
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]

    def stop(self):
        """Let it finish what it does, then end."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()


@pytest.fixture
def celery_worker_process(transactional_db):
    """A real worker that takes jobs. `kill()` and `kill_children()` crash it, `start()` brings it back."""
    worker = WorkerProcess(connection.settings_dict["NAME"]).start()
    yield worker
    if worker.process.poll() is None:
        worker.stop()
