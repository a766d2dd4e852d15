"""Putting work into the queue."""

from collections.abc import Iterable

from django.db import transaction

from apps.work.broker import send_poke
from apps.work.models import Job, Lane, WorkItem


def enqueue(
    *, kind: str, target_ids: Iterable[int], lane: int = Lane.BULK, job: Job | None = None, held: int = 0
) -> int:
    """Insert one row per target, in order, and poke on commit; a target that is already open is left as it is.

    The last `len(target_ids) - held` rows wait for the sample's release where `held` > 0 names the sample's size.
    Returns the number of rows asked for.
    """
    rows = [
        WorkItem(
            kind=kind,
            target_id=target_id,
            lane=lane,
            job=job,
            ordinal=ordinal,
            state=WorkItem.State.HELD if held and ordinal >= held else WorkItem.State.OPEN,
        )
        for ordinal, target_id in enumerate(target_ids)
    ]
    WorkItem.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    poke()
    return len(rows)


def poke() -> None:
    """Ask a worker to look, once the transaction is committed."""
    transaction.on_commit(send_poke)


def has_waiting() -> bool:
    return WorkItem.objects.waiting().exists()
