"""Background work of the ground floor: telling people what happened."""

import logging
from datetime import timedelta

from celery import shared_task
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from units.files import remove_leftovers
from units.models.notices import Notice
from units.models.people import UserSession
from units.reuse import keep_looks

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 1000


def event_models():
    """Every event table of the house, found by its `announced_at`, so that no floor above is imported."""
    return [model for model in apps.get_models() if hasattr(model, "announced_at") and hasattr(model, "readers")]


@shared_task
def announce(label, pk):
    """Put one event into the inboxes of its readers; an event already announced is skipped.

    The notices and `announced_at` are one transaction, so a crash or a second ring never tells anybody twice.
    """
    events = apps.get_model(label)._base_manager.select_for_update(of=("self",), skip_locked=True)
    with transaction.atomic():
        event = events.filter(pk=pk, announced_at=None).first()
        if event is None:
            return
        Notice.objects.tell(event)
        event.announced_at = timezone.now()
        event.save(update_fields=["announced_at"])


@shared_task
def announce_waiting(older_than_seconds=60):
    """Ring again for events whose doorbell was lost: the table is the truth, the queue only the bell."""
    before = timezone.now() - timedelta(seconds=older_than_seconds)
    for model in event_models():
        waiting = model._base_manager.filter(announced_at=None, at__lt=before).order_by("at")
        for pk in waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]:
            try:
                announce(model._meta.label, pk)
            except Exception:  # one that cannot be told must not keep the others waiting
                logger.exception("cannot announce %s %s", model._meta.label, pk)


@shared_task
def clear_files():
    """Nightly: delete what a killed process has left half written."""
    remove_leftovers(timezone.now() - timedelta(days=1))


@shared_task
def look_at_photos():
    """Nightly: look at photos that were handed in before looks were kept, until none is left."""
    keep_looks(MOST_AT_ONCE)


@shared_task
def clear_sessions():
    """Nightly: forget sessions that have run out."""
    call_command("clearsessions")
    alive = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
