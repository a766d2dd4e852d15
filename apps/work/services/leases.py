"""Leases: who may work on which rows, until when. PostgreSQL is the truth; every write names the token."""

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from apps.work.models import WorkItem
from apps.work.registry import handler_of

MAX_RETRIES = 8
FIRST_PAUSE, LONG_PAUSE = timedelta(seconds=20), timedelta(seconds=180)
_WAITING = "state = 'open' AND lease_token IS NULL AND (not_before IS NULL OR not_before <= now())"
# Two steps in one transaction: the best row names kind and lane, then its like are claimed. The CTE is materialized
# because the planner may otherwise run the subquery again and lock more than the limit.
_BEST = f"""
SELECT id, kind, lane, is_alone FROM work_workitem WHERE {_WAITING} ORDER BY {{order}} LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_CLAIM = f"""
WITH c AS MATERIALIZED (
    SELECT id FROM work_workitem
    WHERE {_WAITING} AND kind = %(kind)s AND lane = %(lane)s AND NOT is_alone
    ORDER BY {{order}} LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE work_workitem w SET lease_token = %(token)s, lease_until = now() + %(lease)s
FROM c WHERE w.id = c.id RETURNING w.id, w.target_id, w.job_id
"""
_ORDERS = {False: "lane, ordinal, id", True: "id"}


@dataclass(frozen=True)
class Lease:
    """A claimed batch of one kind: `rows` maps work item id -> target id."""

    token: uuid.UUID
    kind: str
    lane: int
    is_alone: bool
    rows: dict[int, int]
    jobs: frozenset[int]


def _length() -> timedelta:
    return timedelta(seconds=settings.SHOPAI_LEASE_SECONDS)


def claim(*, oldest: bool = False) -> Lease | None:
    """Lease the best batch by lane, ordinal and id (`oldest`: by id, so that nothing starves), or None."""
    order = _ORDERS[oldest]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEST.format(order=order))
        best = cursor.fetchone()
        if best is None:
            return None
        item_id, kind, lane, is_alone = best
        token = uuid.uuid4()
        if is_alone:
            rows = WorkItem.objects.filter(pk=item_id)
            rows.update(lease_token=token, lease_until=Now() + _length())
            found = list(rows.values_list("id", "target_id", "job_id"))
        else:
            limit = max(1, handler_of(kind).limit(lane=lane, seconds=settings.SHOPAI_BATCH_SECONDS))
            values = {"kind": kind, "lane": lane, "limit": limit, "token": token, "lease": _length()}
            cursor.execute(_CLAIM.format(order=order), values)
            found = cursor.fetchall()
    rows = {row_id: target_id for row_id, target_id, _job in sorted(found)}
    return Lease(token, kind, lane, is_alone, rows, frozenset(job for _, _, job in found if job))


def renew(*, token: uuid.UUID) -> int:
    """Push the end of a lease away; returns how many rows still hold it."""
    return WorkItem.objects.filter(lease_token=token).update(lease_until=Now() + _length())


def give_back(*, token: uuid.UUID, alone: bool = False) -> int:
    """Free the rows of a lease at once, with no blame; `alone`: each is next claimed by itself."""
    freed = {"lease_token": None, "lease_until": None} | ({"is_alone": True} if alone else {})
    return WorkItem.objects.filter(lease_token=token).update(**freed)


def delay(*, token: uuid.UUID, reason: str, seconds: float | None = None) -> None:
    """Free the rows of a lease after a transient error: later, with backoff and jitter; too many end as failed."""
    with transaction.atomic():
        rows = list(WorkItem.objects.select_for_update().filter(lease_token=token))
        for row in rows:
            row.lease_token = row.lease_until = None
            row.reason = reason[:500]
            row.retries += 1 if seconds is None else 0
            wait = seconds if seconds is not None else min(60, 2**row.retries) * random.uniform(0.75, 1.25)
            row.not_before = Now() + timedelta(seconds=wait)
        exhausted = [row for row in rows if row.retries > MAX_RETRIES]
        WorkItem.objects.bulk_update(rows, ["lease_token", "lease_until", "reason", "retries", "not_before"])
        fail_rows(rows=exhausted)


def fail_rows(*, rows: list[WorkItem]) -> None:
    """Close rows as failed, with the `reason` that each carries, and tell their handlers. Needs a transaction."""
    if not rows:
        return
    WorkItem.objects.filter(pk__in=[row.pk for row in rows], state="open").update(
        state=WorkItem.State.FAILED, lease_token=None, lease_until=None, finished_at=Now()
    )
    for kind in {row.kind for row in rows}:
        handler_of(kind).fail({row.target_id: row.reason for row in rows if row.kind == kind})


def return_expired() -> int:
    """Free the rows whose worker is gone. Each is next claimed alone; one that cost three workers alone has failed."""
    reason = _("The worker died three times while it worked on this alone.")
    with transaction.atomic():
        lost = list(WorkItem.objects.expired().select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not lost:
            return 0
        WorkItem.objects.filter(pk__in=lost).update(
            deaths=Case(When(is_alone=True, then=F("deaths") + 1), default=Value(0), output_field=IntegerField()),
            # What cost a worker alone waits while others are done, the second time longer, so that a machine on which
            # workers die for another reason does not fail the row that stands first.
            not_before=Case(
                When(is_alone=True, deaths=0, then=Now() + FIRST_PAUSE),
                When(is_alone=True, then=Now() + LONG_PAUSE),
                default=None,
            ),
            is_alone=True,
            lease_token=None,
            lease_until=None,
        )
        dead = list(WorkItem.objects.filter(pk__in=lost, deaths__gte=settings.SHOPAI_MAX_DEATHS))
        WorkItem.objects.filter(pk__in=[row.pk for row in dead]).update(reason=reason)
        for row in dead:
            row.reason = reason
        fail_rows(rows=dead)
    return len(lost)
