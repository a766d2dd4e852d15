"""Work items, leases and slices, on real rows, with a handler that records what it was given."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.work import registry, services
from apps.work.models import Job, Lane, WorkItem
from apps.work.registry import Failure, Handler, TransientWorkError
from apps.work.services import jobs, leases, slices

pytestmark = pytest.mark.django_db


class Recorder(Handler):
    kind = "test"

    def __init__(self):
        self.stored, self.failed, self.cancelled, self.batches = [], {}, [], []
        self.during = lambda prepared: None
        self.size = 3

    def limit(self, *, lane, seconds):
        return self.size

    def prepare(self, target_ids):
        return {target: f"row {target}" for target in target_ids}

    def perform(self, prepared):
        self.batches.append(sorted(prepared))
        assert not connection.in_atomic_block or connection.savepoint_ids == [], "the slow part holds no transaction"
        return self.during(prepared) or dict.fromkeys(prepared, "text")

    def store(self, results):
        self.stored += sorted(results)

    def fail(self, reasons):
        self.failed |= reasons

    def cancel(self, target_ids):
        self.cancelled += target_ids


@pytest.fixture
def handler(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(registry, "_handlers", {"test": recorder})
    return recorder


def enqueue(*targets, **options):
    services.enqueue(kind="test", target_ids=targets, **options)


def work_off():
    count = 0
    while lease := services.claim():
        count += slices.work_on(lease)
    return count


def test_a_small_job_is_not_buried_under_a_large_one(handler):
    large = Job.objects.create(kind="test", title="large")
    small = Job.objects.create(kind="test", title="small")
    enqueue(*range(100, 120), job=large)
    enqueue(1, 2, 3, job=small)
    first_two = [target for _claim in range(2) for target in services.claim().rows.values()]
    assert {1, 2, 3} <= set(first_two)


def test_interactive_work_is_claimed_before_bulk_and_never_shares_its_batch(handler):
    enqueue(1, 2, 3)
    enqueue(9, lane=Lane.INTERACTIVE)
    assert list(services.claim().rows.values()) == [9]


def test_the_oldest_claim_takes_what_would_starve(handler):
    enqueue(5, lane=Lane.BACKGROUND)
    enqueue(*range(10, 20), lane=Lane.INTERACTIVE)
    assert list(services.claim(oldest=True).rows.values()) == [5]


def test_work_that_is_open_is_not_queued_twice(handler):
    enqueue(1, 1, 2)
    enqueue(2, 3)
    assert sorted(WorkItem.objects.values_list("target_id", flat=True)) == [1, 2, 3]


def test_done_work_can_be_asked_for_again(handler):
    enqueue(1)
    work_off()
    enqueue(1)
    assert work_off() == 1
    assert handler.stored == [1, 1]


def test_a_worker_that_lost_its_lease_stores_nothing(handler):
    enqueue(1, 2)

    def freeze(prepared):
        WorkItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        leases.return_expired()

    handler.during = freeze
    assert slices.work_on(services.claim()) == 0
    assert handler.stored == []
    assert WorkItem.objects.filter(state="open", is_alone=True, deaths=0).count() == 2


def test_rows_whose_worker_died_are_next_claimed_alone(handler):
    enqueue(1, 2, 3)
    services.claim()
    WorkItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    leases.return_expired()
    assert [len(services.claim().rows) for _ in range(3)] == [1, 1, 1]


def test_three_deaths_alone_end_as_failed_with_the_reason(handler):
    enqueue(1)
    for _death in range(4):
        WorkItem.objects.update(not_before=None)
        assert services.claim() is not None
        WorkItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        leases.return_expired()
    item = WorkItem.objects.get()
    assert (item.state, item.deaths) == ("failed", 3)
    assert "died" in item.reason
    assert handler.failed == {1: item.reason}
    assert services.claim() is None


def test_a_heartbeat_keeps_the_lease(handler):
    enqueue(1)
    lease = services.claim()
    WorkItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.renew(token=lease.token) == 1
    assert leases.return_expired() == 0
    assert services.renew(token=uuid.uuid4()) == 0


def test_a_stopping_worker_gives_its_leases_back(handler):
    enqueue(1, 2)

    def stop(prepared):
        raise SystemExit

    handler.during = stop
    with pytest.raises(SystemExit):
        slices.work_on(services.claim())
    assert WorkItem.objects.waiting().filter(is_alone=False).count() == 2


def test_a_transient_error_delays_the_rows_and_ends_as_failed_only_after_many(handler):
    enqueue(1)

    def out_of_memory(prepared):
        raise TransientWorkError("out of memory")

    handler.during = out_of_memory
    slices.work_on(services.claim())
    assert services.claim() is None
    item = WorkItem.objects.get()
    assert (item.state, item.retries, item.reason) == ("open", 1, "out of memory")
    assert item.not_before > timezone.now()
    for _try in range(leases.MAX_RETRIES):
        WorkItem.objects.update(not_before=None)
        slices.work_on(services.claim())
    assert WorkItem.objects.get().state == "failed"


def test_a_missing_model_delays_without_blame(handler):
    enqueue(1)

    def no_model(prepared):
        raise TransientWorkError("no model", seconds=20)

    handler.during = no_model
    for _try in range(leases.MAX_RETRIES + 3):
        WorkItem.objects.update(not_before=None)
        slices.work_on(services.claim())
    assert WorkItem.objects.get().state == "open"


def test_one_poisonous_row_fails_alone_and_the_others_are_done(handler):
    enqueue(1, 2, 3)

    def poison(prepared):
        if 2 in prepared:
            raise ValueError("bad row")

    handler.during = poison
    work_off()
    assert sorted(handler.stored) == [1, 3]
    assert handler.failed == {2: "ValueError: bad row"}


def test_a_row_that_failed_by_itself_does_not_touch_its_batch(handler):
    enqueue(1, 2)
    handler.during = lambda prepared: {1: "text", 2: Failure("prompt too long")}
    work_off()
    assert (handler.stored, handler.failed) == ([1], {2: "prompt too long"})


def test_a_target_that_is_gone_is_closed_quietly(handler):
    enqueue(1, 2)
    handler.prepare = lambda ids: {1: "row"}
    work_off()
    assert WorkItem.objects.get(target_id=2).state == "cancelled"
    assert handler.failed == {}


def test_a_job_is_done_when_its_last_row_is(handler):
    job = Job.objects.create(kind="test", title="job")
    enqueue(*range(5), job=job)
    work_off()
    job.refresh_from_db()
    assert job.state == "done"
    assert jobs.job_progress(job).percent == 100


def test_a_cancelled_job_takes_its_rows_out_of_the_workers_hands(handler):
    job = Job.objects.create(kind="test", title="job")
    enqueue(*range(5), job=job)
    handler.during = lambda prepared: jobs.cancel_job(user=None, job=job) and None
    slices.work_on(services.claim())
    assert handler.stored == []
    assert sorted(handler.cancelled) == [0, 1, 2, 3, 4]
    assert services.claim() is None


def test_a_sample_holds_the_rest_back_until_it_is_released(handler):
    job = Job.objects.create(kind="test", title="job", state="sampling")
    enqueue(*range(10), job=job, held=3)
    work_off()
    assert sorted(handler.stored) == [0, 1, 2]
    jobs.release_sample(user=None, job=job)
    work_off()
    assert sorted(handler.stored) == list(range(10))


def test_failed_rows_of_a_job_get_another_try(handler):
    job = Job.objects.create(kind="test", title="job")
    enqueue(1, 2, job=job)
    handler.during = lambda prepared: {target: Failure("no") for target in prepared}
    work_off()
    handler.during = lambda prepared: None
    assert jobs.retry_failed(user=None, job=job) == 2
    work_off()
    job.refresh_from_db()
    assert (job.state, handler.stored) == ("done", [1, 2])


def test_what_cost_a_worker_alone_waits_while_others_are_done(handler):
    enqueue(1, 2)
    for _claim in range(2):
        services.claim()
        WorkItem.objects.filter(lease_token__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))
        leases.return_expired()
    assert WorkItem.objects.get(target_id=1).not_before > timezone.now()
    assert list(services.claim().rows.values()) == [2]
