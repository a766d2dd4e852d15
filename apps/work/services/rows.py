"""Verbs on chosen rows, whichever job they belong to; services/jobs.py has those for a whole job."""

from django.db import transaction
from django.db.models.functions import Now

from apps.core.services import record_event
from apps.work.models import Job, WorkItem
from apps.work.registry import handler_of
from apps.work.services.queue import poke


@transaction.atomic
def retry_rows(*, user, kind: str, target_ids: list[int]) -> int:
    """Give the failed or cancelled among these targets another try, within their jobs; returns how many."""
    again = handler_of(kind).retry(target_ids)
    closed = WorkItem.objects.filter(kind=kind, target_id__in=again, state__in=["failed", "cancelled"])
    # A target may have failed in several jobs: its newest row goes on.
    newest = list(closed.order_by("target_id", "-id").distinct("target_id").values_list("pk", "job_id"))
    WorkItem.objects.filter(pk__in=[pk for pk, _job in newest]).update(
        state="open", deaths=0, retries=0, is_alone=False, not_before=None, reason="", finished_at=None
    )
    jobs = {job_id for _pk, job_id in newest if job_id}
    Job.objects.filter(pk__in=jobs, state__in=["done", "cancelled"]).update(state=Job.State.RUNNING, finished_at=None)
    if newest:
        record_event(user=user, verb="retry", kind=kind, rows=len(newest))
        poke()
    return len(newest)


@transaction.atomic
def cancel_rows(*, user, kind: str, target_ids: list[int]) -> int:
    """Close the unfinished rows of these targets. What a worker has in hand is taken from it: it stores nothing."""
    unfinished = WorkItem.objects.unfinished().filter(kind=kind, target_id__in=target_ids)
    rows = list(unfinished.select_for_update().values_list("pk", "target_id"))
    WorkItem.objects.filter(pk__in=[pk for pk, _target in rows]).update(
        state="cancelled", lease_token=None, lease_until=None, finished_at=Now()
    )
    handler_of(kind).cancel([target for _pk, target in rows])
    if rows:
        record_event(user=user, verb="cancel", kind=kind, rows=len(rows))
    return len(rows)
