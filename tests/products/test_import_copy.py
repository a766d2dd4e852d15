"""Text that stands in the shop: what an import makes of it, and of what was approved here."""

import pytest
from django.urls import reverse

from apps.drafts.models import Draft
from apps.products.models import Listing, PublishedCopy
from tests import factories
from tests.imports.factories import import_rows, products, row
from tests.products.factories import publish

pytestmark = pytest.mark.django_db

TEXT = "Boils water.\n\n- quick\n- quiet"
HTML = "<p>Boils water.</p>\n<ul><li>quick</li><li>quiet</li></ul>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def kettle(body: str = "", **named) -> dict[str, str]:
    return row("kettle", "Kettle", **{"Body (HTML)": body, "Vendor": "Auvio"} | named)


def test_a_body_is_kept_as_it_came_and_its_words_are_the_live_text(tmp_path):
    body = '<p style="x">Boils&nbsp;water.</p><table><tr><td>1</td></tr></table>'
    import_rows(tmp_path, [kettle(body, **{"SEO Title": "Buy a kettle"})])
    listing = Listing.objects.get()
    assert listing.body_html == body
    assert listing.live == {"long_description": "Boils water.", "seo_title": "Buy a kettle"}


@pytest.mark.parametrize("status", ["published", "exported"])
def test_approved_copy_that_comes_back_is_live_and_keeps_its_origin(tmp_path, status):
    import_rows(tmp_path, [kettle()])
    copy = publish(Listing.objects.get(), TEXT, origin="edited")
    Draft.objects.update(status=status)
    report = import_rows(tmp_path, [kettle(HTML)])
    copy.refresh_from_db()
    assert copy.live_at is not None
    assert copy.origin == "edited"
    assert PublishedCopy.objects.count() == 1
    assert Draft.objects.get().status == "live"
    assert report["products"] == {"created": 0, "updated": 0, "unchanged": 1}


def test_text_that_is_not_what_was_approved_does_not_become_live_and_is_warned_of(tmp_path):
    import_rows(tmp_path, [kettle()])
    copy = publish(Listing.objects.get(), TEXT)
    report = import_rows(tmp_path, [kettle("<p>Someone wrote this in the shop.</p>")])
    copy.refresh_from_db()
    assert copy.live_at is None
    assert Draft.objects.get().status == "published"
    assert any("differ" in warning for warning in report["warnings"])


def test_an_outdated_text_that_comes_back_stays_outdated(tmp_path):
    import_rows(tmp_path, [kettle()])
    copy = publish(Listing.objects.get(), TEXT)
    Draft.objects.update(status="outdated")
    import_rows(tmp_path, [kettle(HTML)])
    copy.refresh_from_db()
    assert copy.live_at is not None
    assert Draft.objects.get().status == "outdated"


def test_approved_copy_in_another_language_becomes_live_by_a_file_in_that_language(tmp_path):
    import_rows(tmp_path, [kettle("<p>Boils water.</p>")])
    copy = publish(Listing.objects.get(), "把水烧开。", language="zh-Hans")
    import_rows(tmp_path, [kettle("<p>把水烧开。</p>")], "--language", "zh")
    copy.refresh_from_db()
    assert copy.live_at is not None
    assert Listing.objects.get().live["long_description"] == "Boils water."


def test_scripts_and_frames_of_a_body_are_warned_of_kept_for_the_export_and_never_part_of_a_page(tmp_path, client):
    attack = (
        '<script>alert("x1")</script><iframe src="https://x1.example"></iframe><img src=x onerror="x1()"><p>Good.</p>'
    )
    report = import_rows(tmp_path, [kettle(attack, Vendor='"><script>x1()</script>', Tags="{{ x1 }}")])
    assert any("row" in warning and "script" in warning for warning in report["warnings"])
    listing = Listing.objects.get()
    assert listing.body_html == attack
    assert listing.live["long_description"] == "Good."
    client.force_login(factories.user("manager"))
    pages = [
        reverse("admin:products_product_changelist"),
        reverse("admin:products_product_change", args=[listing.product_id]),
        reverse("admin:products_listing_change", args=[listing.pk]),
        reverse("upload-done", args=[report["import_id"]]),
    ]
    for page in pages:
        html = client.get(page, follow=True).content.decode()
        for harm in ("<script>alert", "<iframe", 'onerror="x1', "<script>x1"):
            assert harm not in html, page


def test_a_cell_that_begins_with_an_equals_sign_stays_text(tmp_path):
    import_rows(tmp_path, [row("kettle", "=1+1", **{"Body (HTML)": '=HYPERLINK("x")', "Vendor": "@SUM(A1)"})])
    listing = Listing.objects.get()
    assert listing.product.title == "=1+1"
    assert listing.product.brand == "@SUM(A1)"
    assert listing.live["long_description"] == '=HYPERLINK("x")'


def test_a_blank_body_column_removes_the_live_text_and_says_so_before(tmp_path):
    import_rows(tmp_path, [kettle("<p>Boils water.</p>"), *products(2)])
    foretold = import_rows(tmp_path, [kettle(""), *products(2)], "--dry-run")
    assert any("“Body (HTML)”" in warning and "1 product" in warning for warning in foretold["warnings"])
    import_rows(tmp_path, [kettle(""), *products(2)])
    assert Listing.objects.get(external_key="kettle").live == {}
