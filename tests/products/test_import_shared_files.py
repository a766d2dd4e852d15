"""Real shops' files that no one here wrote; they lie beside the project and may be missing."""

import json
from pathlib import Path

import pytest

from apps.products.models import Fact, Listing, ListingRow, Product, Variant
from tests.imports.factories import HEADER, accounted, import_file, import_rows

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "catalogues"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def shared(name: str) -> Path:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    return path


def everything() -> dict:
    return {
        "products": sorted(Product.objects.values_list("pk", "title", "brand", "category", "facts_key", "updated_at")),
        "facts": sorted(Fact.objects.values_list("pk", "name", "value")),
        "variants": sorted(Variant.objects.values_list("pk", "key", "sku")),
        "listings": sorted(Listing.objects.values_list("pk", "body_html", "status", "updated_at")),
        "rows": [cells for (cells,) in ListingRow.objects.order_by("row_number").values_list("cells")],
    }


@pytest.mark.parametrize(
    ("name", "rows", "products", "variants"),
    [
        ("shopify_official_apparel.csv", 22, 20, 22),
        ("shopify_official_home-and-garden.csv", 21, 20, 21),
        ("shopify_official_jewelery.csv", 41, 20, 23),
        ("shopify_real_patak.csv", 548, 86, 168),
    ],
)
def test_every_row_of_a_shopify_export_is_accounted_for_and_a_second_import_changes_nothing(
    name, rows, products, variants
):
    path = shared(name)
    first = import_file(path)
    assert first["status"] == 0
    assert accounted(first)
    assert (first["dialect"], first["rows"], first["variants"]) == ("shopify", rows, variants)
    assert first["products"] == {"created": products, "updated": 0, "unchanged": 0}
    assert Variant.objects.count() == variants
    before = everything()
    again = import_file(path)
    assert again["products"] == {"created": 0, "updated": 0, "unchanged": products}
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "rows", "maps"),
    [
        ("woo_official_sample_products.csv", 25, ["SKU=sku", "Name=title"]),
        ("woo_real_variations_MIT.csv", 117, ["Parent=key", "Name=title"]),
        ("magento2_products.csv", 1994, ["sku=sku", "name=title", "url_key=key"]),
        ("google_feed_lecc.tsv", 160, ["item_group_id=key"]),
    ],
)
def test_other_systems_tables_come_in_through_a_mapping(name, rows, maps):
    path = shared(name)
    options = [option for item in maps for option in ("--map", item)]
    report = import_file(path, *options)
    assert report["status"] in (0, 1)
    assert accounted(report)
    assert (report["dialect"], report["rows"]) == ("generic", rows)
    assert report["products"]["created"] == Product.objects.count() > 0
    again = import_file(path, *options)
    assert again["products"] == {"created": 0, "updated": 0, "unchanged": Product.objects.count()}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bambini_rs_woo.xlsx", "binary"),
        ("google_rss_solea_fr.xml", "not_a_table"),
        ("oscar_books.essential.csv", "mapping"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(name, code):
    report = import_file(shared(name))
    assert (report["status"], report["code"]) == (2, code)
    assert report["error"].endswith(".")
    assert not Product.objects.exists()


def test_a_table_without_a_header_is_mapped_by_the_numbers_of_its_columns():
    report = import_file(shared("oscar_books.essential.csv"), "--map", "Column 3=sku", "--map", "Column 4=title")
    assert accounted(report)
    assert Product.objects.filter(title="The C Programming Language").exists()


def test_naughty_strings_in_every_column_cost_no_more_than_their_rows(tmp_path):
    safety = FOLDER.parent / "safety"
    names = ("blns.json", "csv-injection-payload.txt")
    if not all((safety / name).is_file() for name in names):
        pytest.skip(f"{safety} is missing")
    strings = json.loads((safety / names[0]).read_text("utf-8"))
    strings += (safety / names[1]).read_text("utf-8", "replace").splitlines()
    columns = [name for name in HEADER if name != "Handle"]
    rows = [{"Handle": f"h-{n}", **dict.fromkeys(columns, text)} for n, text in enumerate(strings)]
    report = import_rows(tmp_path, rows)
    assert accounted(report)
    assert report["rows"] == len(strings)
    assert {reason["code"] for reason in report["reasons"]} <= {"no_title", "nul"}
    assert report["accepted"] > len(strings) * 0.8  # Of some, nothing is left but a tag; such a title is none.
    assert import_rows(tmp_path, rows)["products"]["unchanged"] == report["products"]["created"]
