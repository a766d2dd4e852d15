"""The browser's road of an upload, with a real Celery worker where one is needed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.imports.models import Import
from apps.imports.services import running
from apps.products.models import Product, Shop
from tests import factories, processes

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Image Src\n"
    "kettle,<b>Steel</b> kettle,<p>Boils water.</p>,Auvio,Kettles,kitchen,true,Title,Default Title,K-1,1200,\n"
    'mug,Mug,"=HYPERLINK(""x"")",Auvio,Mugs,kitchen,true,Title,Default Title,M-1,300,\n'
)


@pytest.fixture
def manager(client, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    user = factories.user("manager")
    client.force_login(user)
    return user


def send(client, text: str | bytes, name: str = "products.csv", **values):
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "text/csv")
    asked = {"shop": "+", "shop_code": "web", "language": "en", "file": file} | values
    return client.post(reverse("upload-choose"), asked)


def read(upload: Import) -> None:
    while running.advance(upload.pk, waits=True):
        pass
    upload.refresh_from_db()


def test_a_file_goes_from_choosing_to_done(client, manager):
    answer = send(client, SHOPIFY)
    upload = Import.objects.get()
    assert answer.url == reverse("upload-understood", args=[upload.pk])
    html = client.get(answer.url).content.decode()
    assert "&lt;b&gt;Steel&lt;/b&gt; kettle" in html
    assert client.post(answer.url, {"go": "1"}).url == reverse("upload-running", args=[upload.pk])
    assert not Product.objects.exists()
    read(upload)
    assert client.get(reverse("upload", args=[upload.pk])).url == reverse("upload-preview", args=[upload.pk])
    assert "Import it" in client.get(reverse("upload-preview", args=[upload.pk])).content.decode()
    client.post(reverse("upload-preview", args=[upload.pk]))
    read(upload)
    assert upload.state == "done"
    html = client.get(reverse("upload-done", args=[upload.pk])).content.decode()
    assert f"{reverse('generate')}?import={upload.pk}" in html
    assert set(Product.objects.values_list("title", flat=True)) == {"Steel kettle", "Mug"}
    assert Shop.objects.get().code == "web"


def test_the_running_page_leads_on_when_the_upload_has_moved(client, manager):
    send(client, SHOPIFY)
    upload = Import.objects.get()
    client.post(reverse("upload-understood", args=[upload.pk]), {"go": "1"})
    url = reverse("upload-running", args=[upload.pk])
    assert "every 1s" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    read(upload)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("upload-preview", args=[upload.pk])


def test_a_table_that_no_dialect_knows_waits_for_its_mapping(client, manager):
    send(client, "Artikel,Was,Gewicht\nA1,Kanne,1 kg\nA2,Tasse,300 g\n")
    upload = Import.objects.get()
    url = reverse("upload-understood", args=[upload.pk])
    assert "What it is" in client.get(url).content.decode()
    refused = client.post(url, {"go": "1", "column-0": "ignore", "column-1": "ignore", "column-2": "fact"})
    assert "up-problem" in refused.content.decode()
    client.post(url, {"go": "1", "column-0": "key", "column-1": "title", "column-2": "fact"})
    read(upload)
    client.post(reverse("upload-preview", args=[upload.pk]))
    read(upload)
    kettle = Product.objects.get(title="Kanne")
    assert kettle.facts.get(name="Gewicht").value.startswith("1")
    send(client, "artikel, was ,Gewicht\nA3,Topf,2 kg\n", shop="web")
    assert Import.objects.latest("pk").mapping == {"0": "key", "1": "title", "2": "fact"}


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""), (b"<html><body>Hi</body></html>", "")],
)
def test_a_file_that_is_no_table_is_refused_in_one_line_and_nothing_is_kept(client, manager, settings, content, says):
    html = send(client, content).content.decode()
    assert "up-problem" in html
    assert says in html
    assert not Import.objects.exists()
    folder = settings.MEDIA_ROOT / "imports"
    assert not folder.exists() or not list(folder.iterdir())


def test_a_file_over_the_limit_is_refused(client, manager, settings):
    settings.SHOPAI_MAX_UPLOAD_BYTES = 100
    assert "too large" in send(client, SHOPIFY).content.decode()
    assert not Import.objects.exists()


def test_rejected_rows_come_back_as_a_file_with_reasons_and_no_formula(client, manager):
    send(client, SHOPIFY + "mug2,Mug 2,=1+1,Auvio,Mugs,a,true,Title,Default Title,M-2,300,,too,many,cells\n")
    upload = Import.objects.get()
    client.post(reverse("upload-understood", args=[upload.pk]), {"go": "1"})
    read(upload)
    text = b"".join(client.get(reverse("upload-rejected", args=[upload.pk])).streaming_content).decode("utf-8-sig")
    header, row = text.splitlines()[:2]
    assert header.endswith(",Reason")
    assert row.startswith("mug2,Mug 2, =1+1,")


def test_cancelling_before_confirming_changes_nothing(client, manager):
    send(client, SHOPIFY)
    upload = Import.objects.get()
    assert client.get(reverse("upload-cancel", args=[upload.pk])).status_code == 403
    client.post(reverse("upload-cancel", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == "cancelled"
    assert not Shop.objects.exists()


def test_a_reviewer_may_not_upload(client, db):
    client.force_login(factories.user("reviewer"))
    assert client.get(reverse("upload-choose")).status_code == 403


def test_the_list_costs_the_same_queries_for_3_uploads_as_for_30(client, manager):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:imports_import_changelist")).status_code == 200
        return len(captured)

    # Session, user, permissions, the capped count, and the page with its uploaders.
    Import.objects.bulk_create(Import(original_name=f"{n}.csv", uploaded_by=manager) for n in range(3))
    queries()
    few = queries()
    Import.objects.bulk_create(Import(original_name=f"{n}.csv", uploaded_by=manager) for n in range(27))
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_and_imports_what_the_browser_confirmed(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(factories.user("manager"))
    with processes.celery_worker("default", SHOPAI_MEDIA_DIR=str(tmp_path)):
        send(client, SHOPIFY)
        upload = Import.objects.get()
        client.post(reverse("upload-understood", args=[upload.pk]), {"go": "1"})
        processes.wait_until(lambda: Import.objects.get().state == "staged", seconds=30)
        client.post(reverse("upload-preview", args=[upload.pk]))
        processes.wait_until(lambda: Import.objects.get().state == "done", seconds=30)
    assert Product.objects.count() == 2


class _HugeFile:
    """What Django hands over for a file that lies on disk; its content must not be touched."""

    name, size = "huge.csv", 2 * 1024**3

    def chunks(self):
        raise AssertionError("a file over the limit was read")


def test_a_file_of_2_gb_is_refused_by_its_size_alone(rf, manager, monkeypatch):
    from apps.imports import views

    shown = {}
    monkeypatch.setattr(views, "show", lambda request, template, **context: shown.update(context))
    request = rf.post(reverse("upload-choose"), {"shop": "+", "shop_code": "web", "language": "en"})
    request.user = manager
    request.FILES["file"] = _HugeFile()
    views.choose.__wrapped__(request)  # Past the log-in and its token.
    assert "too large" in shown["problem"]
    assert not Import.objects.exists()


def test_going_back_from_the_preview_and_reading_differently_previews_the_new_reading(client, manager):
    send(client, "Name;SKU\nKettle, blue;K-1\nMug, red;M-1\n")
    upload = Import.objects.get()
    understood, preview = (reverse(name, args=[upload.pk]) for name in ("upload-understood", "upload-preview"))
    client.post(understood, {"go": "1", "column-0": "title", "column-1": "sku"})
    read(upload)
    assert upload.state == "staged"
    again = {"again": "1", "dialect": "generic", "encoding": "utf-8", "delimiter": ",", "has_header": "on"}
    client.post(understood, again)
    assert client.post(preview).url == understood
    client.post(understood, again | {"delimiter": ";"})
    client.post(understood, {"go": "1", "column-0": "title", "column-1": "ignore"})
    read(upload)
    assert (upload.state, upload.counts["rows"], upload.counts["preview"]["products_created"]) == ("staged", 2, 2)
    client.post(preview)
    read(upload)
    assert set(Product.objects.values_list("title", flat=True)) == {"Kettle, blue", "Mug, red"}


def test_cancelling_a_running_import_offers_the_rows_that_were_not_reached(client, manager, monkeypatch):
    monkeypatch.setattr(running, "BATCH_ROWS", 1)
    send(client, SHOPIFY)
    upload = Import.objects.get()
    client.post(reverse("upload-understood", args=[upload.pk]), {"go": "1"})
    read(upload)
    client.post(reverse("upload-preview", args=[upload.pk]))
    running.advance(upload.pk)
    client.post(reverse("upload-cancel", args=[upload.pk]))
    assert Product.objects.count() == 1
    text = b"".join(client.get(reverse("upload-rejected", args=[upload.pk])).streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["mug"]
