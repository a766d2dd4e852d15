"""What a delta holds, what it leaves alone, and what becomes of the texts."""

import csv
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from apps.core.models import AuditEvent
from apps.products.models import PublishedCopy
from apps.products.services.export import ExportRefused, export_products, run
from tests.products.factories import (
    make_draft,
    make_listing,
    make_row,
    make_shop,
    make_table,
    publish,
)

pytestmark = pytest.mark.django_db


def write(shop, tmp_path, name="out.csv", **options):
    return export_products(shop=shop, dialect="shopify", path=tmp_path / name, **options)


def read(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def shirt(shop, table=None, key="shirt", **named):
    """A listing with a table row of its own; returns it."""
    listing = make_listing(shop, key)
    make_row(table or make_table(shop), listing, **{"Title": key.title(), "Body (HTML)": "<p>Old.</p>", **named})
    return listing


def test_delta_holds_identifiers_and_approved_text_only(tmp_path):
    shop = make_shop()
    publish(shirt(shop, **{"Variant Price": "19.00"}), "Soft & warm.\n\nMade of wool.")

    outcome = write(shop, tmp_path)

    assert read(outcome.path) == [
        {"Handle": "shirt", "Title": "Shirt", "Body (HTML)": "<p>Soft &amp; warm.</p>\n<p>Made of wool.</p>"}
    ]
    assert (outcome.rows, outcome.products, outcome.fields) == (1, 1, {"long_description": 1})


def test_delta_of_the_new_template_speaks_its_words(tmp_path):
    shop = make_shop()
    table = make_table(shop, ["Title", "URL handle", "Description", "SEO title", "Price"])
    listing = make_listing(shop, "mug")
    make_row(table, listing, cells=["Mug", "mug", "<p>Old.</p>", "Old", "9"])
    publish(listing, "A mug.", "seo_title")

    outcome = write(shop, tmp_path)

    assert read(outcome.path) == [{"URL handle": "mug", "Title": "Mug", "SEO title": "A mug."}]


def test_drafts_and_withdrawn_texts_never_leave(tmp_path):
    shop = make_shop()
    listing = shirt(shop)
    make_draft(listing.product, status="in_review")
    publish(listing, "Withdrawn.", "seo_title", withdrawn_at=timezone.now())

    outcome = write(shop, tmp_path)

    assert read(outcome.path) == []
    assert outcome.texts == 0


def test_only_the_newest_version_leaves(tmp_path):
    shop = make_shop()
    listing = shirt(shop)
    publish(listing, "First.", draft=make_draft(listing.product))
    publish(listing, "Second.", draft=make_draft(listing.product))

    assert read(write(shop, tmp_path).path)[0]["Body (HTML)"] == "<p>Second.</p>"


def test_a_product_without_text_for_a_column_repeats_what_the_shop_has(tmp_path):
    shop = make_shop()
    table = make_table(shop)
    publish(shirt(shop, table, "a", **{"SEO Title": "Old A"}), "New body of A.")
    publish(shirt(shop, table, "b", **{"SEO Title": "Old B"}), "New title of B", "seo_title")

    outcome = write(shop, tmp_path)

    assert read(outcome.path) == [
        {"Handle": "a", "Title": "A", "Body (HTML)": "<p>New body of A.</p>", "SEO Title": "Old A"},
        {"Handle": "b", "Title": "B", "Body (HTML)": "<p>Old.</p>", "SEO Title": "New title of B"},
    ]
    assert outcome.repeated == 2


def test_a_repeated_cell_is_the_exported_text_where_the_shop_was_not_seen_since(tmp_path):
    shop = make_shop()
    table = make_table(shop)
    first = shirt(shop, table, "a")
    publish(first, "Exported yesterday.", exported_at=timezone.now())
    publish(first, "New title", "seo_title")
    publish(shirt(shop, table, "b"), "New body of B.")

    rows = read(write(shop, tmp_path).path)

    assert rows[0]["Body (HTML)"] == "<p>Exported yesterday.</p>"


def test_a_product_whose_column_is_not_known_goes_to_a_further_file(tmp_path):
    shop = make_shop()
    narrow = make_table(shop, ["Handle", "Title", "SEO Title"])
    wide = make_table(shop)
    for key in ("b", "c"):
        publish(shirt(shop, wide, key), f"Body of {key}.")
    listing = make_listing(shop, "a")
    make_row(narrow, listing, cells=["a", "A", "Old"])
    publish(listing, "Title of A", "seo_title")

    outcome = write(shop, tmp_path)

    assert [set(row) for row in read(outcome.files[0])] == [{"Handle", "Title", "Body (HTML)"}] * 2
    assert read(outcome.files[1]) == [{"Handle": "a", "Title": "A", "SEO Title": "Title of A"}]
    assert outcome.files[1].endswith("out.2.csv")


def test_image_text_leaves_beside_every_image_of_the_product(tmp_path):
    shop = make_shop()
    table = make_table(shop)
    listing = shirt(shop, table, **{"Image Src": "https://x/1.jpg", "Image Position": "1", "Image Alt Text": "old"})
    make_row(table, listing, **{"Image Src": "https://x/2.jpg", "Image Position": "2", "Image Alt Text": "side"})
    make_row(table, listing, **{"Option1 Value": "Large"})
    publish(listing, "A shirt on a chair", "image_alt")

    rows = read(write(shop, tmp_path).path)

    assert [(row["Handle"], row["Title"], row["Image Src"], row["Image Alt Text"]) for row in rows] == [
        ("shirt", "Shirt", "https://x/1.jpg", "A shirt on a chair"),
        ("shirt", "", "https://x/2.jpg", "side"),
    ]


def test_what_shopify_cannot_carry_goes_to_a_named_file(tmp_path):
    shop = make_shop()
    listing = shirt(shop)
    publish(listing, "Body.")
    publish(listing, "Short.", "mobile_description")
    publish(listing, "羊毛衫。", language="zh-Hans")
    publish(listing, "A shirt without a picture", "image_alt")

    outcome = write(shop, tmp_path)

    assert outcome.other_fields_file == str(tmp_path / "out.other-fields.csv")
    assert [tuple(row.values()) for row in read(outcome.other_fields_file)] == [
        ("shirt", "image_alt", "en", "A shirt without a picture"),
        ("shirt", "mobile_description", "en", "Short."),
        ("shirt", "long_description", "zh-Hans", "羊毛衫。"),
    ]
    assert list(read(outcome.path)[0]) == ["Handle", "Title", "Body (HTML)"]
    assert not PublishedCopy.objects.filter(exported_at__isnull=True).exists()


def test_no_other_fields_file_where_nothing_needs_it(tmp_path):
    shop = make_shop()
    publish(shirt(shop), "Body.")

    assert write(shop, tmp_path).other_fields_file is None
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_one_language_leaves_the_others_waiting(tmp_path):
    shop = make_shop()
    listing = shirt(shop)
    english, chinese = publish(listing, "Body."), publish(listing, "羊毛衫。", language="zh-Hans")

    outcome = write(shop, tmp_path, language="zh")

    assert [row["language"] for row in read(outcome.other_fields_file)] == ["zh-Hans"]
    english.refresh_from_db()
    chinese.refresh_from_db()
    assert (english.exported_at, chinese.exported_at is None) == (None, False)


def test_exported_text_and_its_draft_are_marked_and_leave_once(tmp_path):
    shop = make_shop()
    copy = publish(shirt(shop), "Body.")

    write(shop, tmp_path)

    copy.refresh_from_db()
    copy.draft.refresh_from_db()
    assert copy.exported_at is not None
    assert copy.draft.status == "exported"
    assert write(shop, tmp_path, "second.csv").texts == 0
    assert write(shop, tmp_path, "third.csv", again=True).texts == 1


def test_text_in_its_undo_window_is_counted_and_stays(tmp_path, settings):
    settings.SHOPAI_UNDO_SECONDS = 60
    shop = make_shop()
    listing = shirt(shop)
    approved_at = timezone.now()
    make_draft(listing.product, status="approved", reviewed_at=approved_at)

    outcome = write(shop, tmp_path)

    assert (outcome.texts, outcome.waiting_undo) == (0, 1)
    assert outcome.waiting_until == approved_at + timedelta(seconds=60)


def test_another_shop_keeps_its_own_texts(tmp_path):
    shop, other = make_shop(), make_shop()
    publish(shirt(shop), "Ours.")
    theirs = publish(shirt(other), "Theirs.")

    write(shop, tmp_path)

    theirs.refresh_from_db()
    assert theirs.exported_at is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_our_text_is_never_a_spreadsheet_formula(tmp_path, start):
    shop = make_shop()
    listing = shirt(shop, **{"Title": "=SHOP()"})
    publish(listing, f"{start}1+1", "seo_title")
    publish(listing, f"{start} Wool\n{start} Warm", "bullets")

    outcome = write(shop, tmp_path)

    assert read(outcome.path)[0]["SEO Title"] == f" {start}1+1"
    assert read(outcome.path)[0]["Title"] == "=SHOP()"
    assert read(outcome.other_fields_file)[0]["text"].startswith(f" {start}")


def test_outdated_text_is_told(tmp_path):
    shop = make_shop()
    listing = shirt(shop)
    publish(listing, "Body.", draft=make_draft(listing.product, status="outdated"))

    assert write(shop, tmp_path).outdated == 1


def test_a_failure_leaves_neither_file_nor_mark(tmp_path, monkeypatch):
    shop = make_shop()
    copy = publish(shirt(shop), "Body.")

    def fail(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "write_other_fields", fail)

    with pytest.raises(ExportRefused, match="No space left"):
        write(shop, tmp_path)

    copy.refresh_from_db()
    copy.draft.refresh_from_db()
    assert (copy.exported_at, copy.draft.status) == (None, "published")
    assert list(tmp_path.iterdir()) == []


def test_export_is_refused_without_the_permission(tmp_path):
    user = get_user_model().objects.create_user("reviewer")

    with pytest.raises(ExportRefused, match="may not"):
        write(make_shop(), tmp_path, user=user)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"dialect": "magento"}, "magento"), ({"language": "?"}, "language tag"), ({"path": "."}, "folder"),
     ({"path": "/nowhere/out.csv"}, "does not exist"), ({"full": True}, "no imported Shopify file")],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_with_a_reason(tmp_path, options, message):
    asked = {"shop": make_shop(), "dialect": "shopify", "path": tmp_path / "out.csv", **options}

    with pytest.raises(ExportRefused, match=message):
        export_products(**asked)

    assert list(tmp_path.iterdir()) == []


def test_every_export_is_in_the_audit_trail(tmp_path):
    shop = make_shop()
    publish(shirt(shop), "Body.")

    write(shop, tmp_path)

    event = AuditEvent.objects.get(verb="export")
    assert (event.subject_id, event.data["fields"], event.data["files"]) == (
        shop.pk, {"long_description": 1}, ["out.csv"],
    )  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_the_products(tmp_path, django_assert_max_num_queries):
    """Per batch of 1,000 listings: locks, texts, rows, listings and two marks; the rest happens once."""
    shop = make_shop()
    table = make_table(shop)
    for number in range(30):
        publish(shirt(shop, table, f"p{number}"), "Body.")

    with django_assert_max_num_queries(40):
        assert write(shop, tmp_path).products == 30
