"""An upload on its road: batches, restarts, other hands, cancelling."""

import threading
from collections import Counter

import pytest
from django.db import connection, connections

from apps.imports.errors import ImportRefused
from apps.imports.models import ColumnMapping, Import, StagedRow
from apps.imports.registry import kind_of
from apps.imports.services import running, staging, uploading
from apps.imports.services.uploading import refuse_size
from apps.products.models import Fact, Listing, ListingRow, Product, SourceTable, Variant
from tests.imports import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(running, "BATCH_ROWS", 7)
    monkeypatch.setattr(staging, "BATCH_ROWS", 5)


def catalogue(count: int = 20) -> str:
    return factories.csv_text(factories.products(count))


def confirmed(content: str, **params) -> Import:
    made = factories.staged(content, **params)
    running.confirm(user=None, upload=made)
    return made


def state_of_catalogue() -> dict:
    return {
        "products": sorted(Product.objects.values_list("title", "brand", "facts_key")),
        "listings": sorted(Listing.objects.values_list("external_key", "status")),
        "variants": sorted(Variant.objects.values_list("product__title", "key", "sku")),
        "facts": sorted(Fact.objects.values_list("product__title", "name", "value", "status")),
        "rows": [cells for (cells,) in ListingRow.objects.order_by("row_number").values_list("cells")],
    }


def test_every_row_has_one_staged_row_and_one_verdict():
    made = factories.advance_to_rest(confirmed(catalogue() + "too,many,cells" + ",x" * 20 + "\n"))
    verdicts = Counter(StagedRow.objects.filter(upload=made).values_list("verdict", flat=True))
    assert verdicts == {"created": 20, "rejected": 1}
    assert (made.counts["rows"], made.counts["rejected"]) == (21, 1)
    assert (made.state, made.counts["result"]["products_created"]) == ("done", 20)


def test_rows_of_one_handle_far_apart_are_one_product():
    rows = factories.products(20)
    rows.append(factories.row("kettle-0", **{"Option1 Value": "Large", "Variant SKU": "K-0-L"}))
    made = factories.advance_to_rest(confirmed(factories.csv_text(rows)))
    assert Product.objects.count() == 20
    assert set(Variant.objects.filter(product__title="Kettle 0").values_list("sku", flat=True)) == {"K-0", "K-0-L"}
    assert made.counts["result"]["rows_created"] == 21


def test_reading_a_file_again_starts_from_its_first_row():
    made = factories.staged(catalogue())
    running.start_staging(user=None, upload=made)
    factories.advance_to_rest(made)
    assert made.state == "staged"
    assert made.counts["rows"] == StagedRow.objects.filter(upload=made).count() == 20


def test_a_preview_of_another_understanding_cannot_be_confirmed():
    made = factories.staged(catalogue())
    uploading.change_understanding(
        user=None, upload=made, dialect="generic", encoding="utf-8", delimiter=",", has_header=True
    )
    with pytest.raises(ImportRefused):
        running.confirm(user=None, upload=Import.objects.get(pk=made.pk))
    assert not Product.objects.exists()


def test_cancelling_in_the_middle_keeps_what_was_applied_and_says_of_every_other_row_that_it_was_not():
    made = confirmed(catalogue())
    assert running.advance(made.pk)
    running.cancel(user=None, upload=made)
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert Product.objects.count() == 7
    reasons = Counter(StagedRow.objects.filter(upload=made).values_list("verdict", "code"))
    assert reasons == {("created", ""): 7, ("rejected", "not_reached"): 13}
    assert made.counts["rejected"] == 13
    assert not running.advance(made.pk)


def test_an_ended_upload_cannot_be_cancelled():
    made = factories.advance_to_rest(confirmed(catalogue(2)))
    with pytest.raises(ImportRefused):
        running.cancel(user=None, upload=made)
    made.refresh_from_db()
    assert made.state == "done"


def test_a_confirmed_upload_cannot_be_confirmed_again():
    made = confirmed(catalogue(2))
    with pytest.raises(ImportRefused):
        running.confirm(user=None, upload=made)


def test_an_upload_whose_file_is_gone_is_refused_and_the_others_go_on(settings):
    lost, fine = (factories.upload(catalogue(3), shop=code) for code in ("a", "b"))
    for made in (lost, fine):
        running.start_staging(user=None, upload=made)
    uploading.stored_path(lost).unlink()
    running.run_slice(seconds=5)
    lost.refresh_from_db()
    fine.refresh_from_db()
    assert (lost.state, fine.state) == ("refused", "staged")
    assert "FileNotFoundError" in lost.message


@pytest.mark.parametrize("step", ["preview", "apply"])
def test_a_product_that_cannot_be_taken_costs_its_own_rows_only(monkeypatch, step):
    kind = kind_of("products")
    tried = getattr(kind, step)

    def fails_on_one(upload, rows):
        if any(row.key == "kettle-3" for row in rows):
            raise AttributeError("no such thing")
        return tried(upload, rows)

    monkeypatch.setattr(kind, step, fails_on_one)
    made = factories.advance_to_rest(confirmed(catalogue(10)))
    assert (made.state, made.counts["rejected"]) == ("done", 1)
    assert Product.objects.count() == 9
    assert StagedRow.objects.get(upload=made, verdict="rejected").key == "kettle-3"


def test_a_column_mapped_to_the_handle_by_mistake_does_not_gather_the_file_into_one_product(monkeypatch):
    monkeypatch.setattr(staging, "KEY_ROWS_LIMIT", 10)
    rows = [{"Handle": "same", "Title": f"Kettle {n}"} for n in range(15)] + [{"Handle": "other", "Title": "Mug"}]
    made = factories.advance_to_rest(confirmed(factories.csv_text(rows)))
    assert made.counts["rejected"] == 15
    assert list(Product.objects.values_list("title", flat=True)) == ["Mug"]


def test_an_import_that_begins_while_another_ends_keeps_its_table():
    confirmed(catalogue(2))
    waiting = confirmed(factories.csv_text([factories.row("mug", "Mug")]))
    factories.advance_to_rest(Import.objects.order_by("pk").first())
    factories.advance_to_rest(waiting)
    assert waiting.counts["rejected"] == 0
    assert Product.objects.filter(title="Mug").exists()
    assert SourceTable.objects.count() == 2


def test_a_mapping_is_remembered_for_headers_that_differ_in_case_and_blanks_only():
    first = factories.upload("Artikel,Was\n1,Kanne\n2,Tasse\n")
    uploading.confirm_mapping(user=None, upload=first, mapping={"0": "key", "1": "title"}, params={})
    assert factories.upload(" ARTIKEL , was\n3,Topf\n4,Glas\n").mapping == {"0": "key", "1": "title"}
    assert factories.upload("Artikel,Wer\n3,Topf\n4,Glas\n").mapping != {"0": "key", "1": "title"}
    assert ColumnMapping.objects.count() == 1


def test_a_file_at_the_limit_is_refused_and_one_below_it_is_not(settings):
    settings.SHOPAI_MAX_UPLOAD_BYTES = 2 * 1024**3
    refuse_size(2 * 1024**3 - 1)
    with pytest.raises(ImportRefused) as refused:
        refuse_size(2 * 1024**3)
    assert refused.value.code == "too_large"


def test_a_file_that_grows_past_the_limit_while_it_comes_in_is_not_kept(settings, tmp_path):
    settings.SHOPAI_MAX_UPLOAD_BYTES = 1_000
    with pytest.raises(ImportRefused):
        factories.upload(catalogue(100))
    assert not list((tmp_path / "media" / "imports").iterdir())
    assert not Import.objects.exists()


def test_an_upload_is_kept_under_a_name_of_our_own_that_only_this_account_can_read(tmp_path):
    made = factories.upload(catalogue(2), name="../../etc/passwd")
    path = uploading.stored_path(made)
    assert path.parent == tmp_path / "media" / "imports"
    assert path.stat().st_mode & 0o077 == 0
    assert made.original_name == "passwd"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_come_to_the_same_end_as_one():
    alone = factories.advance_to_rest(confirmed(catalogue(60)))
    expected = state_of_catalogue()
    Product.objects.all().delete()
    SourceTable.objects.all().delete()
    made = factories.upload(catalogue(60))
    errors = []

    def work():
        try:
            while running.advance(made.pk, waits=True):
                pass
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    def together():
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    running.start_staging(user=None, upload=made)
    together()
    made.refresh_from_db()
    running.confirm(user=None, upload=made)
    together()
    made.refresh_from_db()
    assert errors == []
    assert made.counts == alone.counts
    assert state_of_catalogue() == expected


@pytest.mark.django_db(transaction=True)
def test_a_worker_leaves_an_upload_alone_that_another_has_in_hand():
    made = confirmed(catalogue(5))
    seen = []

    def look():
        seen.append(running.run_slice(seconds=1))
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM imports_import WHERE id = %s FOR UPDATE", [made.pk])
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        cursor.execute("ROLLBACK")
    assert seen == [False]
    assert not Product.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_catalogue_brought_into_two_shops_at_once_makes_each_product_once():
    uploads = [confirmed(catalogue(40), shop=code) for code in ("web", "store")]
    errors = []

    def work(upload: Import):
        try:
            while running.advance(upload.pk, waits=True):
                pass
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[upload]) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Product.objects.count() == 40
    assert Listing.objects.count() == 80
    assert not StagedRow.objects.filter(verdict="rejected").exists()
