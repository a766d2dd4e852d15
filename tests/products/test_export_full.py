"""The full export gives the shop's file back as it came, with approved copy in place."""

import csv

import pytest
from django.utils import timezone

from apps.imports.models import Import, StagedRow
from apps.imports.services import running
from apps.products.models import Listing, Shop
from apps.products.services.export import export_products
from tests.imports import factories as uploads
from tests.products.factories import make_listing, make_row, make_shop, make_table, publish

pytestmark = pytest.mark.django_db

HEADER = [" Handle ", "Title", "Body (HTML)", "Variant Price", "Image Src", "Image Alt Text", "SEO Title", "Note"]
ROWS = [
    ["hat", "=HAT()", '<p>Old.</p><img src="h.jpg">', "'12,50", "https://x/h.jpg", "old alt", "+1 hat", "a;b"],
    ["hat", "", "", "13", "", "", "", 'say "hi"\r\nthere'],
    ["cup", "Cup", "<b>Cup", " 4 ", "", "", "", "-"],
    ["cup", "", "short row"],
]


def imported(shop, header=HEADER, rows=ROWS, **values):
    """A table with its rows, one listing per handle; returns the listings by handle."""
    table = make_table(shop, header, **values)
    listings = {key: make_listing(shop, key) for key in dict.fromkeys(row[0] for row in rows)}
    for number, cells in enumerate(rows, start=2):
        make_row(table, listings[cells[0]], number, cells=cells)
    return listings


def full(shop, tmp_path, **options):
    return export_products(shop=shop, dialect="shopify", path=tmp_path / "full.csv", full=True, **options)


def read(path, encoding="utf-8", delimiter=","):
    with open(path, newline="", encoding=encoding) as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def test_without_approved_text_every_cell_comes_back_as_it_came(tmp_path):
    shop = make_shop()
    imported(shop)

    outcome = full(shop, tmp_path)

    assert read(outcome.path) == [HEADER, *ROWS]
    assert (outcome.rows, outcome.products, outcome.texts) == (4, 2, 0)


def test_approved_text_takes_its_cells_and_nothing_else_changes(tmp_path):
    shop = make_shop()
    listings = imported(shop)
    publish(listings["hat"], "New.")
    publish(listings["hat"], "Hat on a hook", "image_alt")
    publish(listings["cup"], "Cup, new", "seo_title")

    rows = read(full(shop, tmp_path).path)[1:]

    assert rows[0] == ["hat", "=HAT()", '<p>New.</p>\n<img src="h.jpg">', "'12,50", "https://x/h.jpg", "Hat on a hook",
                       "+1 hat", "a;b"]  # fmt: skip
    assert rows[1] == ROWS[1]
    assert rows[2] == ["cup", "Cup", "<b>Cup", " 4 ", "", "", "Cup, new", "-"]
    assert rows[3] == ROWS[3]


def test_text_goes_to_the_row_with_the_title_and_to_the_row_with_the_image(tmp_path):
    shop = make_shop()
    rows = [
        ["a", "", "", "", "", "", "", ""],
        ["a", "A", "", "", "", "", "", ""],
        ["a", "", "", "", "i.jpg", "", "", ""],
    ]
    listing = imported(shop, rows=rows)["a"]
    publish(listing, "Body.")
    publish(listing, "Alt", "image_alt")

    written = read(full(shop, tmp_path).path)[1:]

    assert [row[2] for row in written] == ["", "<p>Body.</p>", ""]
    assert [row[5] for row in written] == ["", "", "Alt"]


def test_text_whose_column_the_file_never_had_goes_beside_it(tmp_path):
    """A new column would be blank, and so erase, for every other product."""
    shop = make_shop()
    listing = imported(shop, header=["Handle", "Title"], rows=[["a", "A"]])["a"]
    publish(listing, "Body.")

    outcome = full(shop, tmp_path)

    assert read(outcome.path) == [["Handle", "Title"], ["a", "A"]]
    assert read(outcome.other_fields_file)[1:] == [["a", "long_description", "en", "Body."]]


def test_text_that_was_seen_live_is_not_written_over_what_the_shop_has_now(tmp_path):
    shop = make_shop()
    listings = imported(shop)
    publish(listings["cup"], "Was live once.", live_at=timezone.now(), exported_at=timezone.now())

    assert read(full(shop, tmp_path).path)[3] == ROWS[2]


def test_exported_text_that_was_not_seen_live_is_in_place_again(tmp_path):
    shop = make_shop()
    publish(imported(shop)["cup"], "Exported.", exported_at=timezone.now())

    assert read(full(shop, tmp_path).path)[3][2] == "<p>Exported.</p>"


def test_encoding_delimiter_and_line_ends_are_those_of_the_file(tmp_path):
    shop = make_shop()
    rows = [["über", "Größe", "", "", "", "", "", "a;b"]]
    imported(shop, rows=rows, encoding="cp1252", delimiter=";", newline="\r\n")

    path = full(shop, tmp_path).path

    assert read(path, "cp1252", ";") == [HEADER, *rows]
    with open(path, "rb") as stream:
        assert stream.read().count(b"\r\n") == 2


def test_text_that_the_files_encoding_lacks_makes_it_utf8_and_says_so(tmp_path):
    shop = make_shop()
    publish(imported(shop, encoding="cp1252")["cup"], "羊毛", "seo_title")

    outcome = full(shop, tmp_path)

    assert read(outcome.path)[3][6] == "羊毛"
    assert "UTF-8" in outcome.notes[0]
    assert [path.name for path in tmp_path.iterdir()] == ["full.csv"]


def test_rows_that_the_import_refused_come_back_in_their_place(tmp_path):
    shop = make_shop()
    upload = Import.objects.create(original_name="f.csv", path="f.csv")
    imported(shop, upload=upload)
    refused = ["", "no handle", "x", "y", "z", "", "", "", "one too many"]
    StagedRow.objects.create(upload=upload, row_number=6, cells=refused, verdict="rejected")
    StagedRow.objects.create(upload=upload, row_number=2, cells=ROWS[0], verdict="created")

    assert read(full(shop, tmp_path).path) == [HEADER, *ROWS, refused]


def test_files_of_different_shape_come_back_apart_and_alike_ones_together(tmp_path):
    shop = make_shop()
    imported(shop)
    imported(shop, rows=[["pen", "Pen", "", "", "", "", "", ""]])
    imported(shop, header=["Handle", "Title"], rows=[["a", "A"]])

    outcome = full(shop, tmp_path)

    assert [row[0] for row in read(outcome.files[0])[1:]] == ["hat", "hat", "cup", "cup", "pen"]
    assert read(outcome.files[1]) == [["Handle", "Title"], ["a", "A"]]


def test_a_product_that_came_again_stands_once_with_its_newest_rows(tmp_path):
    shop = make_shop()
    listings = imported(shop)
    newer = make_table(shop, HEADER)
    cells = ["cup", "Cup 2", "", "", "", "", "", ""]
    make_row(newer, listings["cup"], 2, cells=cells)

    assert read(full(shop, tmp_path).path)[1:] == [*ROWS[:2], cells]


def test_products_without_a_shopify_file_make_the_export_partial(tmp_path):
    shop = make_shop()
    imported(shop)
    make_listing(shop)

    outcome = full(shop, tmp_path)

    assert outcome.is_partial
    assert "1 product " in outcome.notes[0]


def test_rows_that_a_cancelled_import_did_not_reach_do_not_stand_beside_those_of_the_file_before(
    tmp_path, settings, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads.import_rows(tmp_path, uploads.products(4))
    monkeypatch.setattr(running, "BATCH_ROWS", 2)
    second = uploads.staged(uploads.csv_text(uploads.products(4, Vendor="Other")))
    running.confirm(user=None, upload=second)
    running.advance(second.pk)
    running.cancel(user=None, upload=second)
    path = tmp_path / "out.csv"
    export_products(shop=Shop.objects.get(), dialect="shopify", path=path, full=True)
    with path.open(newline="", encoding="utf-8-sig") as file:
        handles = [row["Handle"] for row in csv.DictReader(file)]
    assert sorted(handles) == sorted(Listing.objects.values_list("external_key", flat=True))
