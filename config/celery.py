"""The Celery app: jobs live in each app's `jobs.py`, the clock is the table below (one beat, no database schedule)."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("wenmingtai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    "announce-waiting": {
        "task": "units.jobs.announce_waiting",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "expire-items": {
        "task": "inspections.jobs.expire_items",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "run-waiting-jobs": {
        "task": "reports.jobs.run_waiting",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "remind-of-the-day": {
        "task": "tasks.jobs.remind_of_the_day",
        "schedule": crontab(hour="8-10", minute="*/15"),  # again and again: a lost one is made good
        "options": {"expires": 840},
    },
    "make-occurrences": {
        "task": "tasks.jobs.make_occurrences",
        "schedule": crontab(hour=0, minute=5),
    },
    "clear-sessions": {
        "task": "units.jobs.clear_sessions",
        "schedule": crontab(hour=3, minute=10),
    },
    "clear-working-files": {
        "task": "reports.jobs.clear_working_files",
        "schedule": crontab(hour=3, minute=25),
    },
    "look-at-photos": {
        "task": "units.jobs.look_at_photos",
        "schedule": crontab(hour=3, minute=30),
    },
    "clear-files": {
        "task": "units.jobs.clear_files",
        "schedule": crontab(hour=3, minute=20),
    },
}
