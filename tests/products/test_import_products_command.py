"""`import_products` as scripts call it: exit status, keys, streams."""

import json
import os
import resource
import subprocess
import sys

import pytest

from apps.core.models import AuditEvent
from apps.imports.models import ColumnMapping, Import, StagedRow
from apps.imports.services import running
from apps.products.models import Product, Shop
from tests import processes
from tests.imports.factories import HEADER, accounted, csv_text, import_file, import_rows, products, row, write_file

pytestmark = pytest.mark.django_db

KEYS = {
    "rows", "accepted", "rejected", "ignored", "products", "variants", "seconds", "import_id", "dialect", "encoding", "reasons",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_all_rows_taken_is_0_and_the_report_has_the_keys_that_scripts_rely_on(tmp_path):
    report = import_rows(tmp_path, products(3))
    assert report["status"] == 0
    assert set(report) >= KEYS
    assert report["products"] == {"created": 3, "updated": 0, "unchanged": 0}
    assert (report["rows"], report["accepted"], report["variants"]) == (3, 3, 3)
    assert Import.objects.get().pk == report["import_id"]


def test_some_rows_rejected_is_1_with_a_reason_for_each(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_text(csv_text([*products(2), row("ghost", **{"Variant SKU": "G"})]) + "a,b" + ",c" * 30 + "\n")
    report = import_file(path)
    assert (report["status"], report["rejected"]) == (1, 2)
    assert accounted(report)
    assert [(reason["row"], reason["code"]) for reason in report["reasons"]] == [(4, "no_title"), (5, "too_many_cells")]


def test_a_row_of_empty_cells_is_ignored_and_counted(tmp_path):
    report = import_rows(tmp_path, [*products(1), dict.fromkeys(HEADER, " "), {}])
    assert (report["rows"], report["accepted"], report["ignored"], report["status"]) == (3, 1, 2, 0)


@pytest.mark.parametrize(
    ("options", "shop", "code"),
    [
        (["--dialect", "woocommerce"], "web", "dialect"),
        (["--map", "Handle=key"], "web", "mapping"),
        (["--language", "not a language"], "web", "language"),
        ([], "No Such Code!", "file"),
    ],
)
def test_what_is_refused_is_2_and_changes_nothing(tmp_path, options, shop, code):
    report = import_rows(tmp_path, products(1), *options, shop=shop)
    assert report["status"] == 2
    assert report["code"] == code
    assert not Import.objects.exists()
    assert not Shop.objects.exists()
    assert not list((tmp_path / "media").rglob("*.*"))


def test_a_missing_file_is_refused(tmp_path):
    assert import_file(tmp_path / "none.csv")["status"] == 2


def test_a_file_that_is_told_to_be_of_another_dialect_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Name,Text\nKettle,boils\nMug,holds\n")
    assert import_file(path, "--dialect", "shopify")["code"] == "dialect"


def test_the_only_shop_need_not_be_named(tmp_path):
    Shop.objects.create(code="only", name="Only")
    assert import_rows(tmp_path, products(1), shop="")["status"] == 0
    Shop.objects.create(code="second", name="Second")
    assert import_rows(tmp_path, products(1), shop="")["code"] == "shop"


def test_a_dry_run_says_what_would_happen_and_changes_nothing(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Artikel,Was\n1,Kanne\n2,Tasse\n")
    report = import_file(path, "--dry-run", "--map", "Artikel=key", "--map", "Was=title")
    assert (report["status"], report["products"]["created"], report["import_id"]) == (0, 2, None)
    for model in (Import, StagedRow, ColumnMapping, Shop, Product):
        assert not model.objects.exists()
    assert not list((tmp_path / "media" / "imports").iterdir())


def test_a_dry_run_foretells_what_the_import_then_does(tmp_path):
    import_rows(tmp_path, products(3))
    changed = [row("kettle-0", "Another kettle", Vendor="Auvio", **{"Variant SKU": "K-0"}), *products(3)[1:], row("x")]
    foretold = import_rows(tmp_path, changed, "--dry-run")
    done = import_rows(tmp_path, changed)
    for name in ("rows", "accepted", "rejected", "ignored", "products", "variants", "reasons", "status"):
        assert foretold[name] == done[name]
    assert done["products"] == {"created": 0, "updated": 1, "unchanged": 2}


def test_a_guessed_mapping_is_shown_and_warned_of_and_a_told_one_is_not(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Name,SKU,Finish\nKettle,K,matt\nMug,M,gloss\n")
    guessed = import_file(path)
    assert guessed["mapping"] == {"Name": "title", "SKU": "sku", "Finish": "fact"}
    assert any("guessed" in warning for warning in guessed["warnings"])
    told = import_file(path, "--map", "Name=title")
    assert not any("guessed" in warning for warning in told["warnings"])
    assert not any("guessed" in warning for warning in import_file(path)["warnings"])


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_an_import_that_is_stopped_on_its_way_is_1_and_every_row_is_accounted_for(
    tmp_path, monkeypatch, is_interrupted
):
    monkeypatch.setattr(running, "BATCH_ROWS", 5)
    advance = running.advance

    def cancelled_on_the_way(upload_id, **options):
        moved = advance(upload_id, **options)
        upload = Import.objects.get(pk=upload_id)
        if upload.state == "running" and is_interrupted:
            raise KeyboardInterrupt
        if upload.state == "running":
            running.cancel(user=None, upload=upload)
        return moved

    monkeypatch.setattr(running, "advance", cancelled_on_the_way)
    report = import_rows(tmp_path, products(12))
    assert report["status"] == 1
    assert accounted(report)
    assert (report["accepted"], report["rejected"]) == (5, 7)
    assert {reason["code"] for reason in report["reasons"]} == {"not_reached"}
    assert "error" in report


def call(*arguments: str, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "import_products", *arguments]
    return subprocess.run(
        command, cwd=processes.BASE_DIR, env=processes.environment(**env), capture_output=True, text=True, timeout=120
    )


@pytest.mark.django_db(transaction=True)
def test_json_is_the_one_thing_on_standard_output(tmp_path):
    path = write_file(tmp_path / "catalogue.csv", products(3))
    env = {"SHOPAI_MEDIA_DIR": str(tmp_path / "media")}
    done = call(str(path), "--shop", "web", "--new-shop", "--json", **env)
    assert done.returncode == 0
    assert json.loads(done.stdout)["products"]["created"] == 3
    assert done.stdout.count("\n") == 1
    refused = call(str(tmp_path), "--shop", "web", "--json", **env)
    assert refused.returncode == 2
    assert set(json.loads(refused.stdout)) == {"error", "code"}
    assert "Traceback" not in refused.stderr
    plain = call(str(path), "--shop", "web", **env)
    assert plain.stdout.startswith("3 rows: 3 accepted")


@pytest.mark.django_db(transaction=True)
def test_a_file_of_2_gb_is_refused_at_once_and_in_little_memory(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(csv_text(products(2)).encode())
        os.truncate(path, 2 * 1024**3)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = call(str(path), "--shop", "web", "--new-shop", "--json", SHOPAI_MEDIA_DIR=str(tmp_path / "media"))
    assert json.loads(done.stdout)["code"] == "too_large"
    assert done.returncode == 2
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10
    assert not (tmp_path / "media").exists()


def test_the_audit_trail_says_what_was_uploaded_and_imported(tmp_path):
    import_rows(tmp_path, products(1))
    assert set(AuditEvent.objects.filter(subject_kind="import").values_list("verb", flat=True)) >= {
        "upload",
        "confirm",
        "import",
    }


def test_the_command_advances_its_import_itself_and_wakes_no_worker(
    tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    pokes = []
    monkeypatch.setattr(running, "poke", lambda: pokes.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        assert import_rows(tmp_path, products(1))["status"] == 0
    assert pokes == []
