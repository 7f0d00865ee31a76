"""`make run`: the servers, the web, the worker and the clock under one roof, which all end with it; `make reset`."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import sys
import time

from config.children import DATA_DIR, MARK, Child, describe, die_with_parent, end_group, end_leftovers, say, spawn

LISTEN = os.environ.get("LISTEN") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
DEMO = os.environ.get("DEMO", "1") != "0"  # the demonstration city; it only ever goes into an empty database
EMBEDDED = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
if EMBEDDED:
    from config import embedded

OURS = {"logs", "media", "postgres", "redis", "run", "secret_key"}
STOP_SECONDS = 10
ANSWER_SECONDS = 60


class Stop(BaseException):
    """Somebody asked this run to end; nothing on the way up may swallow it."""


def children():
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "config"]
    quick = ["--without-gossip", "--without-mingle"]
    return [
        Child("web", [*python, "gunicorn", "config.wsgi", *gunicorn_options()]),
        Child("worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2", *quick]),
        Child(
            "clock",
            [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(DATA_DIR / "run" / "beat")],
        ),
    ]


def gunicorn_options():
    options = ["--bind", f"{LISTEN}:{PORT}", "--workers", "2", "--threads", "4", "--log-level", "warning"]
    return [*options, "--no-control-socket", "--graceful-timeout", "5", "--worker-tmp-dir", str(DATA_DIR / "run")]


def hold_the_only_run():
    """Keep a second run away from this DATA_DIR; the lock goes with the process. None: somebody holds it."""
    try:
        (DATA_DIR / "run").mkdir(mode=0o711, parents=True, exist_ok=True)
        file = (DATA_DIR / "run" / "supervisor").open("a+")
    except OSError as error:
        sys.exit(f"{error.filename} cannot be written ({error.strerror}): set DATA_DIR to a folder of your own")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()} http://{shown_host()}:{PORT}/")
    file.flush()
    return file


def the_other_run():
    """The process id and the address of the run that holds this DATA_DIR."""
    pid, _, address = (DATA_DIR / "run" / "supervisor").read_text().partition(" ")
    return int(pid), address


def shown_host():
    return "localhost" if LISTEN in {"127.0.0.1", "0.0.0.0"} else LISTEN  # noqa: S104 - compared, not bound


def check_port():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LISTEN, int(PORT)))
        except (OSError, OverflowError, ValueError):
            sys.exit(f"Port {PORT} is taken or not ours to use: make run PORT=8001 uses another")


def start_servers():
    """The embedded servers, or none where the environment names others."""
    if not EMBEDDED:
        return []
    servers = []
    if not os.environ.get("DATABASE_URL"):
        servers.append(embedded.Postgres(DATA_DIR, die_with_starter=True))
    if not os.environ.get("REDIS_URL"):
        servers.append(embedded.Redis(DATA_DIR, die_with_starter=True))
    for server in servers:
        server.attach()
    return servers


def manage(*arguments):
    """Run one of Django's commands to its end."""
    process = spawn([sys.executable, "manage.py", *arguments])
    try:
        if status := process.wait():
            sys.exit(f"manage.py {' '.join(arguments)} failed ({describe(status)}): see above")
    finally:
        process.kill()
        process.wait()


def answers():
    try:
        with socket.create_connection((LISTEN, int(PORT)), timeout=5) as client:
            client.sendall(f"GET / HTTP/1.0\r\nHost: localhost:{PORT}\r\n\r\n".encode())
            return client.recv(16).startswith(b"HTTP/")
    except OSError:
        return False


def watch(servers, kept):
    """Look after all of them until somebody asks to stop."""
    announced, deadline = False, time.monotonic() + ANSWER_SECONDS
    while True:
        for server in servers:
            if not server.is_running():
                say(f"{server.name} ended; it is started again")
                server.attach()
        for child in kept:
            child.look_after()
        if not announced and answers():
            announced = True
            say(f"\n文明台 is at http://{shown_host()}:{PORT}/    data: {DATA_DIR}    Ctrl-C ends it\n")
        elif not announced and time.monotonic() > deadline:
            raise SystemExit("The web server does not answer: see above")
        time.sleep(1 if announced else 0.1)


def end(kept):
    """End all children, kindly; a second Ctrl-C, or ten seconds, ends them at once."""
    impatient = []
    signal_handlers(lambda *_: impatient.append(True))
    living = [child.process for child in kept if child.process is not None]
    for process in living:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(process.poll() is None for process in living) and time.monotonic() < deadline and not impatient:
        time.sleep(0.05)
    for process in living:
        end_group(process.pid, signal.SIGKILL)
        process.wait()
    end_leftovers()


def signal_handlers(handler):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def stop(_number, _frame):
    raise Stop


def die_with_make():
    """Ctrl-C reaches us by the terminal, but `kill -9` of make would leave us behind."""
    if "MAKELEVEL" in os.environ:
        die_with_parent()


def run():
    lock = hold_the_only_run()
    if lock is None:
        pid, address = the_other_run()
        sys.exit(f"文明台 already runs on {DATA_DIR}: {address} (process {pid})")
    end_leftovers()
    check_port()
    kept = children()
    try:
        servers = start_servers()
        say("Preparing the database …")
        manage("migrate", "--verbosity", "0")
        if DEMO:
            manage("make_city", "--if-empty")
        watch(servers, kept)
    except Stop:
        say("\nending …")
    finally:
        end(kept)
        lock.close()


def reset():
    """End what runs on DATA_DIR and delete it; a folder that holds anything not ours is left alone."""
    if not DATA_DIR.exists():
        sys.exit(f"{DATA_DIR} does not exist: nothing to delete")
    if strange := sorted({entry.name for entry in DATA_DIR.iterdir()} - OURS):
        sys.exit(f"{DATA_DIR} holds more than the data of 文明台 ({', '.join(strange)}): nothing was deleted")
    deadline = time.monotonic() + 3 * STOP_SECONDS
    while (lock := hold_the_only_run()) is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(the_other_run()[0], signal.SIGTERM)
        if time.monotonic() > deadline:
            sys.exit(f"process {the_other_run()[0]} still uses {DATA_DIR}: nothing was deleted")
        time.sleep(0.5)
    end_leftovers()
    say(f"Deleting {DATA_DIR}")
    if EMBEDDED:
        embedded.delete(DATA_DIR)
    shutil.rmtree(DATA_DIR)
    lock.close()


def main(arguments):
    if arguments == ["reset"]:
        reset()
        return
    os.environ.pop(MARK, None)
    die_with_make()
    signal_handlers(stop)
    try:
        run()
    except Stop:
        pass
    except RuntimeError as error:
        if EMBEDDED and isinstance(error, embedded.Unavailable):
            sys.exit(str(error))
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
