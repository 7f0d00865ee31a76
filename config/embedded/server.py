"""What the two embedded servers share: their place, their lease, how they start and stop."""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import signal
import socket
import stat
import subprocess
import time
from functools import partial
from pathlib import Path

from config.children import die_with_parent

SYSTEM_USER = "wenmingtai"  # who PostgreSQL runs as when we are root, which it refuses to be
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes
LONGEST_SOCKET_NAME = "postgres/.s.PGSQL.5432"
START_SECONDS = 60
STOP_SECONDS = 15

unreaped = []  # started servers: kept, so that Python does not complain about them


class Unavailable(RuntimeError):
    """An embedded server cannot run here; the message is one line for a person to read."""


class Server:
    """One server of one DATA_DIR.

    `durable=False` gives up crash safety for speed (tests); `die_with_starter` takes the server down with the process
    that started it, however that one ends (the supervisor, tests).
    """

    name = ""
    death_signal = signal.SIGTERM

    def __init__(self, data_dir, *, durable=True, die_with_starter=False):
        self.data_dir = data_dir.expanduser().resolve()
        self.durable = durable
        self.die_with_starter = die_with_starter
        self.run_dir = short_run_dir(self.data_dir) / self.name
        self.home = self.data_dir / self.name
        self.log = self.data_dir / "logs" / f"{self.name}.log"
        self.process = None
        self.lease = None

    def attach(self):
        """Hold a lease until this process ends, and have the server up."""
        self.prepare()
        with self.lock():
            if self.lease is None:
                self.lease = os.open(self.run_dir.parent / f"{self.name}.lease", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self.lease, fcntl.LOCK_SH)
                atexit.register(self.leave, os.getpid())
            if not self.is_up():
                self.start()

    def leave(self, owner):
        """Give the lease back; the last one out stops the server."""
        if os.getpid() != owner or self.lease is None or not self.run_dir.exists():
            return  # a forked child: the lease is its parent's; or DATA_DIR was deleted
        with self.lock():
            try:
                fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.stop()
            except BlockingIOError:
                pass
            finally:
                os.close(self.lease)
                self.lease = None

    def is_running(self):
        """The same as `is_up`, at less cost where this process started the server."""
        return self.is_up() if self.process is None else self.process.poll() is None

    def prepare(self):
        mode = 0o711 if os.geteuid() == 0 else 0o700  # as root, PostgreSQL's own user must pass through
        try:
            self.data_dir.mkdir(mode=mode, parents=True, exist_ok=True)
            check_ours(self.data_dir)
            if {entry.name for entry in self.data_dir.iterdir()} <= {"secret_key", "run"}:  # new: for us alone
                self.data_dir.chmod(mode)
            (self.data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
            make_private(self.run_dir.parent, mode)
            make_private(self.run_dir, 0o700)
        except OSError as error:
            reason = f"{error.filename} cannot be written ({error.strerror})"
            raise Unavailable(f"{reason}: set DATA_DIR to a folder of your own") from error

    @contextlib.contextmanager
    def lock(self):
        """One process at a time starts or stops this server."""
        with (self.run_dir.parent / f"{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def start(self):
        self.before_start()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is the supervisor's business
                preexec_fn=partial(die_with_parent, self.death_signal) if self.die_with_starter else None,
                **self.run_as(),
            )
        unreaped.append(self.process)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"{self.name} did not start: see the last lines of {self.log}")
            time.sleep(0.02)
        self.after_start()

    def run_as(self):
        return {}

    def before_start(self):
        self.home.mkdir(mode=0o700, exist_ok=True)

    def after_start(self):
        """What can be done only once the server answers."""

    def wait_until_down(self):
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_listening() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)

    def is_listening(self):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
            client.settimeout(5)
            return client.connect_ex(str(self.socket)) == 0


def wheel(package):
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise Unavailable(
            f"{package} is not installed: install requirements-dev.txt, or set DATABASE_URL and REDIS_URL"
        )
    return Path(spec.origin).parent


def digest(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def short_run_dir(data_dir):
    """Where the sockets lie: under `data_dir`, or in a private folder when that is too long for a socket or closed."""
    usual = data_dir / "run"
    fits = len(os.fsencode(usual / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    if fits and (os.geteuid() != 0 or reachable_by_others(data_dir)):
        return usual
    return Path("/tmp") / f"wenmingtai-{os.geteuid()}-{digest(data_dir)}"  # noqa: S108 - see make_private


def make_private(path, mode):
    """Have a folder of our own at `path`; a stranger's folder or link there is refused."""
    path.mkdir(mode=mode, exist_ok=True)
    check_ours(path)
    if stat.S_IMODE(path.lstat().st_mode) != mode:
        path.chmod(mode)


def check_ours(path):
    """Refuse what is not a folder that belongs to us, or as root to PostgreSQL's user."""
    status = path.lstat()
    owners = {os.geteuid()} | ({user_id(SYSTEM_USER)} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise Unavailable(f"{path} belongs to somebody else: set DATA_DIR to a folder of your own")


def user_id(name):
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def reachable_by_others(path):
    """Whether a stranger may pass every folder above `path`, and run `path` itself if it is a file."""
    parents = [parent for parent in path.parents if parent.exists()]
    if path.is_file():
        parents.append(path)
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)
