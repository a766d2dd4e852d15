"""Waking the default worker for what waits to be checked."""

from django.core.cache import cache
from django.db import transaction

POKED = "audit:poked"


def poke_on_commit() -> None:
    transaction.on_commit(poke, robust=True)


def poke() -> None:
    """Wake a worker, once for many pokes."""
    from apps.products.tasks import check_live_texts

    if cache.add(POKED, 1, timeout=30):
        check_live_texts.delay()
