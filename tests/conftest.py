"""What every test may use. Django is loaded by `tests.session`, on servers of this test process alone."""

import shutil

import pytest
import redis
from django.conf import settings
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.utils import translation

from tests import session

pytest_plugins = ["tests.makers", "tests.processes", "tests.pages"]


@pytest.fixture(scope="session")
def data_dir():
    """Where this test process keeps its servers and files."""
    return session.DATA_DIR


@pytest.fixture(scope="session")
def redis_client():
    """The real Redis of this test process."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def clean_redis(redis_client):
    """Leave no waiting job and nothing cached to the next test; the names of the queues stay, Celery counts on them."""
    yield
    if leftover := [key for key in redis_client.scan_iter() if not key.startswith(b"_kombu.binding.")]:
        redis_client.delete(*leftover)


@pytest.fixture(autouse=True)
def clean_files():
    """Leave no file to the next test."""
    yield
    shutil.rmtree(session.DATA_DIR / "media", ignore_errors=True)


@pytest.fixture(autouse=True)
def own_transactions(monkeypatch):
    """Rows are locked inside a transaction of our code; the one around a test would hide that there is none."""
    in_sql = SQLCompiler.as_sql

    def as_sql(self, *args, **options):
        blocks = self.connection.atomic_blocks
        if self.query.select_for_update and blocks and all(block._from_testcase for block in blocks):
            raise TransactionManagementError("a row is locked outside of a transaction")
        return in_sql(self, *args, **options)

    monkeypatch.setattr(SQLCompiler, "as_sql", as_sql)


@pytest.fixture(autouse=True)
def default_language():
    """Each test begins in the language of the house; a test client leaves that of its last request behind."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
