"""A real PostgreSQL and a real Redis under DATA_DIR, for machines that have neither.

Settings come here only while DATABASE_URL or REDIS_URL is unset. Both servers listen on a Unix socket and nothing else.
Whoever uses one holds a lease (a shared file lock, which the kernel gives back even after `kill -9`); the last to leave
stops the server, so a single `manage.py` command leaves nothing running behind.
"""

import shutil
from pathlib import Path

from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from config.embedded.server import Unavailable

__all__ = ["Postgres", "Redis", "Unavailable", "delete", "postgres_url", "redis_socket"]


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
