"""A process killed with SIGKILL in the middle of an audit: another goes on, and what is found is the same."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.products.models import AuditRun, ChangedProduct, LiveFinding, LiveText, Shop
from apps.products.services.audit import changes, runs
from tests import factories, processes

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PRODUCTS = 200
# A worker of its own with small batches, so that there is a middle to be killed in.
WORKER = """
import sys, time
import django
django.setup()
from apps.products.services.audit import runs
runs.BATCH_PRODUCTS = 5
while runs.advance(int(sys.argv[1])):
    time.sleep(0.01)
"""


@pytest.fixture
def manager():
    shop = factories.shop()
    for number in range(PRODUCTS):
        text = f"A kettle for every small kitchen. It holds {number + 2} l and is made for tea. Fill it and wait."
        factories.listing(factories.product(), shop, live={"long_description": text})
    return factories.user("manager")


def everything() -> dict:
    return {
        "texts": sorted(LiveText.objects.values_list("product", "text_hash", "severity", "findings_count")),
        "findings": sorted(LiveFinding.objects.values_list("text__product", "rule", "start", "end", "sentence")),
    }


def finish() -> None:
    while runs.run_slice():
        pass


@contextlib.contextmanager
def worker(run: AuditRun):
    command = [sys.executable, "-c", WORKER, str(run.pk)]
    process = subprocess.Popen(command, cwd=processes.BASE_DIR, env=processes.environment())
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def test_killed_in_the_middle_an_audit_comes_to_the_end_of_an_undisturbed_one(manager):
    runs.start_audit(user=manager, shop=None)
    finish()
    expected = everything()
    assert expected["findings"]
    LiveText.objects.all().delete()
    run = runs.start_audit(user=manager, shop=None)
    with worker(run):
        processes.wait_until(lambda: LiveText.objects.count() >= 20, seconds=60, every=0.01)
    run.refresh_from_db()
    assert run.state == "running"
    assert run.texts == run.products_done == LiveText.objects.count() < PRODUCTS
    finish()
    run.refresh_from_db()
    assert (run.state, run.texts) == ("done", PRODUCTS)
    assert everything() == expected


def test_two_workers_on_two_audits_of_the_same_texts_do_not_collide(manager):
    everywhere, here = (
        runs.start_audit(user=manager, shop=None),
        runs.start_audit(user=manager, shop=Shop.objects.get()),
    )
    with worker(everywhere), worker(here):
        running = AuditRun.objects.filter(state="running")
        processes.wait_until(lambda: not running.exists(), seconds=120)
    assert list(AuditRun.objects.values_list("state", "texts")) == [("done", PRODUCTS)] * 2
    assert LiveText.objects.count() == PRODUCTS


def test_beat_wakes_a_worker_for_what_its_own_left_behind(manager):
    run = runs.start_audit(user=manager, shop=None)
    changes.note_changed([LiveText.objects.count() or factories.product().pk])
    assert not runs.resume_stalled()
    past = timezone.now() - timedelta(seconds=60)
    AuditRun.objects.update(updated_at=past)
    ChangedProduct.objects.update(since=past)
    assert runs.resume_stalled()
    with processes.celery_worker("default"):
        processes.wait_until(lambda: AuditRun.objects.get(pk=run.pk).state == "done", seconds=60)
    assert not ChangedProduct.objects.exists()
