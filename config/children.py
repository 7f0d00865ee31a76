"""The processes of one run: started, kept, and ended with all that they started themselves.

Three things keep anything from being left over, whatever is killed: the kernel signals each child when this process
dies; each child's descendants carry a mark in their environment, by which the next start finds and ends them; and every
lock is one that the kernel gives back.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()
MARK = "WENMINGTAI_RUN_OF"
PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 60
LONGEST_PAUSE = 30
# Nothing is collected in development, and root is no danger here: Celery takes JSON only.
NOISE = "ignore:No directory at,ignore:You're running the worker"

libc = ctypes.CDLL(None)


def say(line):
    print(line, flush=True)


def die_with_parent(death_signal=signal.SIGTERM):
    """Have the kernel signal this process when the one that started it ends."""
    libc.prctl(PR_SET_PDEATHSIG, death_signal)


@dataclass
class Child:
    """One process that is kept running; it is started again when it ends, each time a little later."""

    name: str
    command: list
    process: subprocess.Popen | None = None
    pause: float = 1
    started: float = 0
    due: float = field(default_factory=time.monotonic)

    def start(self):
        self.started = time.monotonic()
        self.process = spawn(self.command, start_new_session=True)

    def look_after(self):
        """Start it when it is due; when it has ended, say so and plan the next start."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        end_group(self.process.pid, signal.SIGKILL)
        self.pause = 1 if now - self.started > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.process, self.due = None, now + self.pause
        say(f"{self.name} ended ({describe(status)}); it is started again in {self.pause:.0f} s")


def describe(status):
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def spawn(command, **options):
    """Start a process that is ended when this one dies."""
    environment = os.environ | {MARK: str(DATA_DIR), "DATA_DIR": str(DATA_DIR)}
    environment.setdefault("PYTHONWARNINGS", NOISE)
    environment.pop("MAKEFLAGS", None)
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
        **options,
    )


def end_group(group, how):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def marked_processes():
    """Every process that descends from a run with this DATA_DIR."""
    mark = f"{MARK}={DATA_DIR}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)


def end_leftovers():
    """End what an earlier run left behind when it was killed."""
    for how, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
        deadline = time.monotonic() + patience
        found = list(marked_processes())
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        while found and time.monotonic() < deadline:
            time.sleep(0.05)
            found = list(marked_processes())
        if not found:
            return
