"""What a city's installation needs beyond `make run`: production settings, collected files, docker compose."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"POSTGRES_PASSWORD": "x" * 24, "SECRET_KEY": "aB3-xY7_" * 8, "ALLOWED_HOSTS": "wmt.example.cn"}
PRODUCTION = SECRETS | {
    "DATABASE_URL": "postgresql://nobody@nowhere/none",
    "REDIS_URL": "redis://nowhere",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def production(**more):
    environment = os.environ | PRODUCTION | more
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # set for the browser tests
    return environment


def manage(*arguments, **more):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=production(**more),
        capture_output=True,
        text=True,
    )


def compose_client():
    """The command of a compose client on this machine, or None."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and not subprocess.run([*command, "version"], capture_output=True).returncode:
            return command
    return None


def test_the_deployment_check_is_clean(tmp_path):
    checked = manage("check", "--deploy", "--fail-level", "INFO", DATA_DIR=str(tmp_path))

    assert "no issues (0 silenced)" in checked.stdout, checked.stderr


def test_every_static_file_that_is_named_exists(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").exists()


def test_compose_gives_the_settings_only_what_they_read():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    read = set(re.findall(r'env(?:_bool|_int)?\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))

    for name in ("migrate", "web", "worker", "beat"):
        assert set(services[name]["environment"]) <= read


def test_compose_takes_the_file():
    client = compose_client()
    if client is None:
        pytest.skip("no docker compose client on this machine")

    checked = subprocess.run([*client, "config"], cwd=ROOT, env=os.environ | SECRETS, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr
    assert {"postgres", "redis", "migrate", "web", "worker", "beat"} <= set(yaml.safe_load(checked.stdout)["services"])


def test_compose_refuses_to_start_without_its_secrets():
    client = compose_client()
    if client is None:
        pytest.skip("no docker compose client on this machine")
    bare = {name: value for name, value in os.environ.items() if name not in SECRETS}

    checked = subprocess.run([*client, "config"], cwd=ROOT, env=bare, capture_output=True, text=True)

    assert checked.returncode != 0
