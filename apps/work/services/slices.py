"""One slice of work: claim, prepare, perform, store, again, for about eight seconds."""

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from apps.work import broker
from apps.work.models import WorkItem
from apps.work.registry import Failure, TransientWorkError, handler_of, handlers
from apps.work.services import leases
from apps.work.services.jobs import close_finished
from apps.work.services.queue import has_waiting

logger = logging.getLogger(__name__)
OLDEST_EVERY = 4
_claims = 0


def run_slice() -> int:
    """Work for about SHOPAI_SLICE_SECONDS or until nothing waits; returns the number of rows that were closed.

    Serves every kind of work. Another poke is sent while work is left, so that one more worker can join in and the
    next slice follows this one.
    """
    global _claims
    broker.take_poke()
    for handler in handlers():
        handler.warm_up()
    end = time.monotonic() + settings.SHOPAI_SLICE_SECONDS
    closed, has_called_help = 0, False
    while time.monotonic() < end and not broker.is_stopping():
        _claims += 1
        lease = leases.claim(oldest=_claims % OLDEST_EVERY == 0)
        if lease is None:
            break
        if not has_called_help:
            has_called_help = has_waiting() and broker.send_poke()
        closed += work_on(lease)
    if has_waiting():
        broker.send_poke()
    return closed


def work_on(lease: leases.Lease) -> int:
    """Do one leased batch; returns the number of rows closed. Whatever goes wrong, no lease outlives this call."""
    handler = handler_of(lease.kind)
    try:
        with Heartbeat(lease.token):
            prepared = handler.prepare(list(lease.rows.values()))
            results = handler.perform(prepared) if prepared else {}
        return _store(lease, handler, results)
    except TransientWorkError as error:
        logger.warning("Batch of %d %s goes back: %s", len(lease.rows), lease.kind, error)
        leases.delay(token=lease.token, reason=str(error), seconds=error.seconds)
    except DatabaseError:
        # The database was away or refused; the lease ends by itself if it can't be given back.
        logger.exception("Storing a batch of %d %s failed", len(lease.rows), lease.kind)
        connection.close()
        leases.delay(token=lease.token, reason=_("The database refused the result."))
    except Exception as error:
        logger.exception("A batch of %d %s failed", len(lease.rows), lease.kind)
        _blame(lease, f"{type(error).__name__}: {error}")
    except BaseException:
        leases.give_back(token=lease.token)
        raise
    return 0


def _store(lease: leases.Lease, handler, results: dict) -> int:
    with transaction.atomic():
        held = {
            row.target_id: row
            for row in WorkItem.objects.select_for_update().filter(lease_token=lease.token).order_by("pk")
        }
        good, failed, gone = {}, [], []
        for target_id, row in held.items():
            result = results.get(target_id)
            if result is None:
                gone.append(row.pk)
            elif isinstance(result, Failure):
                row.reason = result.reason[:500]
                failed.append(row)
            else:
                good[target_id] = result
        if good:
            handler.store(good)
        WorkItem.objects.bulk_update(failed, ["reason"])
        leases.fail_rows(rows=failed)
        closed = {"lease_token": None, "lease_until": None, "finished_at": Now()}
        WorkItem.objects.filter(pk__in=[held[target_id].pk for target_id in good]).update(state="done", **closed)
        WorkItem.objects.filter(pk__in=gone).update(state="cancelled", reason=_("Its target was deleted."), **closed)
    close_finished(job_ids=lease.jobs)
    return len(held)


def _blame(lease: leases.Lease, reason: str) -> None:
    """An unexpected error: a row that was alone has failed; a batch is done again row by row to find the one."""
    if len(lease.rows) > 1:
        leases.give_back(token=lease.token, alone=True)
        return
    with transaction.atomic():
        rows = list(WorkItem.objects.select_for_update().filter(lease_token=lease.token))
        for row in rows:
            row.reason = reason[:500]
        WorkItem.objects.bulk_update(rows, ["reason"])
        leases.fail_rows(rows=rows)
    close_finished(job_ids=lease.jobs)


class Heartbeat:
    """Renews a lease from a thread of its own while the batch runs."""

    def __init__(self, token) -> None:
        self._token = token
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._done.wait(settings.SHOPAI_LEASE_SECONDS / 3):
                try:
                    leases.renew(token=self._token)
                except DatabaseError as error:
                    logger.warning("A lease could not be renewed: %s", error)
                    connection.close()
        finally:
            connection.close()
