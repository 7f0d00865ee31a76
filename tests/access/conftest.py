"""The two cities, built once for all tests of the doors."""

import shutil

import pytest
from django.db import transaction

from tests.access import world as make_world


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, data_dir, tmp_path_factory):
    """Built once: every try is taken back, so all meet the same rows."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = make_world.build()
        built.files = shutil.copytree(data_dir / "media", tmp_path_factory.mktemp("world") / "media")
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def files_of_the_world(world, data_dir):
    """Each test clears the folder of handed-in files behind it."""
    shutil.copytree(world.files, data_dir / "media", dirs_exist_ok=True)
