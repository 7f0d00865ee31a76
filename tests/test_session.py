"""The tests never touch anybody's own data: each process has servers and a folder of its own."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

ARGUMENTS = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/test_session.py", "-k"]


def test_database_queue_and_files_are_those_of_this_process(data_dir):
    assert f"{os.getpid()}-" in data_dir.name
    assert str(data_dir) in str(connection.settings_dict)
    assert str(data_dir) in settings.REDIS_URL
    assert str(data_dir) in settings.CELERY_BROKER_URL
    assert data_dir == settings.DATA_DIR


def test_settings_that_were_loaded_before_the_servers_end_the_run():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [*ARGUMENTS, "those_of_this_process", "-n", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 4
    assert "DJANGO_SETTINGS_MODULE is set" in done.stdout + done.stderr


def test_workers_do_not_inherit_the_settings_of_the_process_that_starts_them():
    done = subprocess.run(
        [*ARGUMENTS, "those_of_this_process", "-n", "2"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )

    assert "1 passed" in done.stdout, done.stdout + done.stderr
