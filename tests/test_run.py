"""`make run` as a person meets it: it answers, it ends, and whatever is killed, it comes back."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
pytestmark = pytest.mark.xdist_group("run")  # the tests share one running site


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, complaint, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, complaint() if callable(complaint) else complaint
        time.sleep(0.1)
    return value


class Run:
    """One `make run` with a DATA_DIR and a PORT of its own, without the demonstration city."""

    def __init__(self, data_dir, port=None):
        self.data_dir = data_dir
        self.port = port or free_port()
        self.log = data_dir.with_suffix(".log")
        self.make = None

    def start(self):
        with self.log.open("wb") as log:
            self.make = subprocess.Popen(
                ["make", "-C", str(ROOT), "run"],
                cwd="/",
                env=environment(DATA_DIR=str(self.data_dir), PORT=str(self.port), DEMO="0"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def wait_until_ready(self):
        wait_for(lambda: "is at http" in self.said() or self.make.poll() is not None, self.said)
        assert self.make.poll() is None, self.said()
        return self

    def said(self):
        return self.log.read_text()

    def page(self, path="/"):
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as response:
            return response.read().decode()

    def answers(self):
        with contextlib.suppress(OSError):
            return "文明台" in self.page()
        return False

    def processes(self):
        """Process id → command line of everything that serves this DATA_DIR."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                place = f"{command} {(entry / 'cwd').readlink()} {(entry / 'environ').read_bytes()}"
                if command and str(self.data_dir) in place:
                    found[int(entry.name)] = command
        return found

    def process(self, words):
        """The oldest process whose command line has `words`."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def press_ctrl_c(self):
        os.killpg(self.make.pid, signal.SIGINT)

    def end(self):
        if self.make is not None and self.make.poll() is None:
            self.press_ctrl_c()
            self.make.wait(PATIENCE)
        self.wait_until_nothing_is_left()

    def wait_until_nothing_is_left(self):
        wait_for(lambda: not self.processes(), lambda: str(self.processes()), 30)


def environment(**more):
    hidden = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    return {name: value for name, value in os.environ.items() if name not in hidden} | more


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def site(folder):
    """One running site for this file; a test that stops it starts it again."""
    run = Run(folder / "data").start().wait_until_ready()
    yield run
    run.end()


def test_the_page_answers_at_the_address_it_prints(site):
    assert f"http://localhost:{site.port}/" in site.said()
    assert site.answers()


@pytest.mark.parametrize(
    ("name", "words"),
    [("web", "gunicorn"), ("worker", "celery --quiet -A config worker"), ("clock", "celery --quiet -A config beat")],
)
def test_a_killed_child_is_started_again(site, name, words):
    killed = site.process(words)
    said = site.said().count(f"{name} ended")

    os.kill(killed, signal.SIGKILL)

    wait_for(lambda: site.said().count(f"{name} ended") > said, site.said)
    wait_for(lambda: any(words in command for command in site.processes().values()), site.said)
    wait_for(site.answers, site.said)


@pytest.mark.parametrize(("name", "words"), [("postgres", "bin/postgres -D"), ("redis", "redis-server")])
def test_a_killed_server_is_started_again(site, name, words):
    os.kill(site.process(words), signal.SIGKILL)

    wait_for(lambda: f"{name} ended" in site.said(), site.said)
    wait_for(site.answers, site.said)


def test_a_second_run_on_the_same_data_is_told_where_the_first_is(site):
    second = Run(site.data_dir.with_name("data"))
    second.log = site.data_dir.with_name("second.log")

    assert second.start().make.wait(PATIENCE)

    assert f"already runs on {site.data_dir}: http://localhost:{site.port}/" in second.said()


def test_a_taken_port_is_said_in_one_line(site, folder):
    second = Run(folder / "taken", port=site.port)

    assert second.start().make.wait(PATIENCE)

    assert f"Port {site.port} is taken" in second.said()
    assert "Traceback" not in second.said()
    second.wait_until_nothing_is_left()


def test_two_run_side_by_side(site, folder):
    second = Run(folder / "beside").start().wait_until_ready()

    assert site.answers()
    assert second.answers()
    second.end()


def test_ctrl_c_ends_everything(site):
    site.press_ctrl_c()
    site.make.wait(PATIENCE)

    assert site.processes() == {}
    site.start().wait_until_ready()


@pytest.mark.parametrize("words", ["make -C", "config.supervise"])
def test_nothing_outlives_a_killed_run_nor_blocks_the_next(site, words):
    victim = site.make.pid if words == "make -C" else site.process(words)

    os.kill(victim, signal.SIGKILL)

    site.make.wait(PATIENCE)
    site.wait_until_nothing_is_left()
    site.start().wait_until_ready()
    assert site.answers()


def test_a_killed_machine_does_not_block_the_next_run(site):
    for pid in site.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.make.wait(PATIENCE)
    site.wait_until_nothing_is_left()

    site.start().wait_until_ready()

    assert site.answers()


def test_reset_ends_the_run_before_it_deletes_the_data(folder):
    run = Run(folder / "reset").start()
    wait_for(lambda: "Preparing the database" in run.said(), run.said)

    reset = subprocess.run(
        ["make", "-C", str(ROOT), "reset"], env=environment(DATA_DIR=str(run.data_dir)), capture_output=True, text=True
    )

    assert f"Deleting {run.data_dir}" in reset.stdout, reset.stderr
    assert not run.data_dir.exists()
    run.make.wait(PATIENCE)
    run.wait_until_nothing_is_left()


def test_reset_spares_a_folder_that_holds_anything_else(folder):
    strange = folder / "strange"
    strange.mkdir()
    (strange / "thesis.docx").touch()

    reset = subprocess.run(
        ["make", "-C", str(ROOT), "reset"], env=environment(DATA_DIR=str(strange)), capture_output=True, text=True
    )

    assert reset.returncode
    assert "thesis.docx" in reset.stderr
    assert (strange / "thesis.docx").exists()
