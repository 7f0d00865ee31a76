"""A PostgreSQL, a Redis and a DATA_DIR for this test process alone; imported before anything of Django.

Each worker of pytest-xdist has its own: nothing is shared, so nothing has to be agreed on, and two runs in two clones
never meet. The servers die with the process, however it ends.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

from config import embedded

FOLDERS = Path(tempfile.gettempdir()) / f"wenmingtai-tests-{os.geteuid()}"


def sweep():
    """Delete what test processes left behind that were killed."""
    for folder in FOLDERS.iterdir():
        if not Path("/proc", folder.name.partition("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def start():
    """Start the servers, point the settings at them, load Django."""
    if settings.configured:  # by pytest-django, for somebody's own data: these tests would empty it
        pytest.exit("DJANGO_SETTINGS_MODULE is set in the environment: unset it, the tests choose their servers", 4)
    FOLDERS.mkdir(mode=0o711, exist_ok=True)
    sweep()
    data_dir = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=FOLDERS))
    data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)  # runs last: after the servers have stopped
    for server in (embedded.Postgres, embedded.Redis):
        server(data_dir, durable=False, die_with_starter=True).attach()

    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "HTTPS", "ACCEL_REDIRECT_PREFIX", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread of the tests
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker that inherits it would load the settings of this process
    return data_dir


DATA_DIR = start()
