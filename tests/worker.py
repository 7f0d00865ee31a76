"""The real Celery app on the test database: `celery -A tests.worker worker`, with TEST_DATABASE set."""

import os

from django.conf import settings

from config.celery import app

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]

__all__ = ["app"]
