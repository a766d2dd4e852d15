"""Jobs: progress, cancel, retry, and the sample that gates the rest."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.services import record_event
from apps.core.wording import Wording
from apps.work.models import Job, WorkItem
from apps.work.registry import handler_of
from apps.work.services.queue import poke

RATE_WINDOW = timedelta(seconds=60)


@dataclass(frozen=True)
class Progress:
    """Counts of a job's rows; `per_minute` over the last minute, `seconds_left` None while unknown."""

    total: int
    held: int
    waiting: int
    running: int
    done: int
    failed: int
    cancelled: int
    per_minute: int
    seconds_left: int | None

    @property
    def percent(self) -> int:
        return 100 * (self.done + self.failed + self.cancelled) // self.total if self.total else 0

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else max(1, round(self.seconds_left / 60))


def create_job(*, user, kind: str, title: Wording | str, lane: int, params: dict, has_sample: bool = False) -> Job:
    state = Job.State.SAMPLING if has_sample else Job.State.RUNNING
    if isinstance(title, Wording):
        params = params | {"title": title.to_json()}
    job = Job.objects.create(
        kind=kind, title=str(title)[:200], lane=lane, state=state, requested_by=user, params=params
    )  # fmt: skip
    record_event(user=user, verb="request", kind="job", subject_id=job.pk, title=job.title)
    return job


def job_progress(job: Job) -> Progress:
    """One query over the job's rows."""
    recently = Q(finished_at__gte=timezone.now() - RATE_WINDOW)
    counts = WorkItem.objects.filter(job=job).aggregate(
        total=Count("id"),
        held=Count("id", filter=Q(state="held")),
        waiting=Count("id", filter=Q(state="open", lease_token__isnull=True)),
        running=Count("id", filter=Q(lease_token__isnull=False)),
        done=Count("id", filter=Q(state="done")),
        failed=Count("id", filter=Q(state="failed")),
        cancelled=Count("id", filter=Q(state="cancelled")),
        per_minute=Count("id", filter=recently & Q(state__in=["done", "failed"])),
    )
    left = counts["waiting"] + counts["running"]
    rate = counts["per_minute"]
    seconds = round(60 * left / rate) if rate and left else (0 if not left else None)
    return Progress(**counts, seconds_left=seconds)


def close_finished(*, job_ids=None) -> int:
    """Mark running jobs that have no unfinished row as done (`job_ids` None: all of them)."""
    if job_ids is not None and not job_ids:
        return 0
    jobs = Job.objects.filter(state=Job.State.RUNNING)
    if job_ids is not None:
        jobs = jobs.filter(pk__in=job_ids)
    unfinished = WorkItem.objects.unfinished().filter(job=OuterRef("pk"))
    return jobs.filter(~Exists(unfinished)).update(state=Job.State.DONE, finished_at=Now())


@transaction.atomic
def cancel_job(*, user, job: Job) -> int:
    """Close every unfinished row. What a worker has in hand is taken from it: it stores nothing."""
    changed = Job.objects.filter(pk=job.pk, state__in=["sampling", "running"]).update(
        state=Job.State.CANCELLED, finished_at=Now()
    )
    if not changed:
        return 0
    rows = list(
        WorkItem.objects.unfinished().filter(job=job).select_for_update().values_list("pk", "kind", "target_id")
    )
    WorkItem.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(
        state="cancelled", lease_token=None, lease_until=None, finished_at=Now()
    )
    for kind in {kind for _, kind, _ in rows}:
        handler_of(kind).cancel([target for _, of_kind, target in rows if of_kind == kind])
    record_event(user=user, verb="cancel", kind="job", subject_id=job.pk, rows=len(rows))
    return len(rows)


@transaction.atomic
def retry_failed(*, user, job: Job) -> int:
    """Give the job's failed rows another try; returns how many."""
    rows = list(WorkItem.objects.filter(job=job, state="failed").select_for_update())
    again = set()
    for kind in {row.kind for row in rows}:
        again.update((kind, target) for target in handler_of(kind).retry([r.target_id for r in rows if r.kind == kind]))
    chosen = [row.pk for row in rows if (row.kind, row.target_id) in again]
    WorkItem.objects.filter(pk__in=chosen).update(
        state="open", deaths=0, retries=0, is_alone=False, not_before=None, reason="", finished_at=None
    )
    if chosen:
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, finished_at=None)
        record_event(user=user, verb="retry", kind="job", subject_id=job.pk, rows=len(chosen))
        poke()
    return len(chosen)


@transaction.atomic
def release_sample(*, user, job: Job) -> int:
    """The sample was read and found good: let the rest run."""
    if not Job.objects.filter(pk=job.pk, state=Job.State.SAMPLING).update(state=Job.State.RUNNING):
        return 0
    released = WorkItem.objects.filter(job=job, state="held").update(state="open")
    record_event(user=user, verb="release", kind="job", subject_id=job.pk, rows=released)
    poke()
    return released
