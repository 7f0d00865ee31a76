"""Figures counted a moment ago, kept in Redis. Without a Redis nothing is kept, and pages come all the same."""

from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

SECONDS = 30  # how old a kept figure may be on a page


def recall(key):
    """What was kept under the key, or None."""
    with suppress(RedisError):
        return cache.get(key)
    return None


def keep(key, value):
    """Keep it for `SECONDS`."""
    with suppress(RedisError):
        cache.set(key, value, SECONDS)


def forget(key):
    with suppress(RedisError):
        cache.delete(key)
