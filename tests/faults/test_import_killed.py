"""A process killed with SIGKILL in the middle of an upload: another goes on, and the end is the same."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.imports.models import Import, StagedRow
from apps.imports.services import running
from apps.products.models import Fact, Listing, ListingRow, Product, SourceTable, Variant
from tests import processes
from tests.imports import factories

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PRODUCTS = 600
# A worker of its own with small batches, so that there is a middle to be killed in.
WORKER = """
import sys, time
import django
django.setup()
from apps.imports.services import running, staging
running.BATCH_ROWS = staging.BATCH_ROWS = 20
while running.advance(int(sys.argv[1]), waits=True):
    time.sleep(0.01)
"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def catalogue() -> str:
    rows = []
    for n, product in enumerate(factories.products(PRODUCTS, Vendor="Auvio")):
        rows += [product, factories.row(f"kettle-{n}", **{"Option1 Value": "Large", "Variant SKU": f"K-{n}-L"})]
    return factories.csv_text(rows) + "too,many" + ",cells" * 20 + "\n"


def everything() -> dict:
    return {
        "products": sorted(Product.objects.values_list("title", "brand")),
        "listings": sorted(Listing.objects.values_list("external_key", "product__title")),
        "variants": sorted(Variant.objects.values_list("product__title", "key", "sku")),
        "facts": sorted(Fact.objects.values_list("product__title", "name", "value")),
        "rows": sorted(ListingRow.objects.values_list("row_number", "listing__external_key")),
        "verdicts": sorted(StagedRow.objects.values_list("row_number", "verdict", "code")),
    }


def finish() -> None:
    while running.run_slice():
        pass


@contextlib.contextmanager
def worker(upload: Import):
    command = [sys.executable, "-c", WORKER, str(upload.pk)]
    process = subprocess.Popen(
        command, cwd=processes.BASE_DIR, env=processes.environment(SHOPAI_MEDIA_DIR=str(factories.media_root()))
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def undisturbed() -> tuple[dict, dict]:
    made = factories.staged(catalogue())
    running.confirm(user=None, upload=made)
    factories.advance_to_rest(made)
    end = everything(), made.counts
    for model in (Product, SourceTable, Import):
        model.objects.all().delete()
    return end


def test_killed_while_reading_and_while_applying_it_comes_to_the_end_of_an_undisturbed_run():
    expected, counts = undisturbed()
    made = factories.upload(catalogue())
    running.start_staging(user=None, upload=made)
    with worker(made):
        processes.wait_until(lambda: StagedRow.objects.filter(upload=made).count() >= 60, seconds=60, every=0.01)
    made.refresh_from_db()
    assert made.state == "staging"
    assert StagedRow.objects.filter(upload=made).count() < 2 * PRODUCTS
    finish()
    made.refresh_from_db()
    running.confirm(user=None, upload=made)
    with worker(made):
        processes.wait_until(lambda: Product.objects.count() >= 60, seconds=60, every=0.01)
    made.refresh_from_db()
    assert made.state == "running"
    assert Product.objects.count() < PRODUCTS
    finish()
    made.refresh_from_db()
    assert made.state == "done"
    assert everything() == expected
    assert made.counts == counts


def test_beat_wakes_a_worker_for_an_upload_whose_own_has_died():
    made = factories.upload(catalogue())
    running.start_staging(user=None, upload=made)
    assert not running.resume_stalled()
    Import.objects.update(updated_at=timezone.now() - timedelta(seconds=60))
    assert running.resume_stalled()
    with processes.celery_worker("default", SHOPAI_MEDIA_DIR=str(factories.media_root())):
        processes.wait_until(lambda: Import.objects.get().state == "staged", seconds=60)
