"""Redis as the work queue uses it: a key that keeps pokes from piling up, and a flag that says a worker is stopping."""

import logging
import os
from functools import cache

import redis
from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)
POKE_KEY = "shopai:poke:model"
# A poke that was lost is sent again after this long at the latest.
POKE_SECONDS = 20


@cache
def client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def send_poke(*, force: bool = False) -> bool:
    """Send one `run_slice`, unless one waits already. Never raises: beat pokes again where rows wait."""
    try:
        if not client().set(POKE_KEY, "1", nx=not force, ex=POKE_SECONDS):
            return False
        current_app.send_task("apps.work.tasks.run_slice", queue="model")
    except Exception as error:  # kombu and redis-py raise many kinds; all mean the same here
        logger.warning("The broker could not be reached (%s); work starts when it is back.", error)
        return False
    return True


def take_poke() -> None:
    """Forget the waiting poke: whoever asks from now on sends a new one."""
    try:
        client().delete(POKE_KEY)
    except redis.RedisError as error:
        logger.warning("The broker could not be reached (%s).", error)


def announce_stop() -> None:
    """Called in the Celery worker's parent process; its children look with `is_stopping`."""
    try:
        # A client of its own: this runs inside a signal handler, where the shared one may hold its lock.
        own = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        own.set(f"shopai:stopping:{os.getpid()}", "1", ex=120)
    except redis.RedisError as error:
        logger.warning("The broker could not be reached (%s).", error)


def is_stopping() -> bool:
    """Whether the worker that this child process belongs to has been told to stop."""
    try:
        return bool(client().exists(f"shopai:stopping:{os.getppid()}"))
    except redis.RedisError:
        return False
