"""Export in the browser."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.models import AuditEvent
from tests import factories
from tests.products.factories import make_draft, make_listing, make_row, make_shop, make_table, publish

pytestmark = pytest.mark.django_db
PAGE = reverse("products:export")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def hat(shop):
    listing = make_listing(shop, "hat")
    make_row(make_table(shop), listing, **{"Title": "Hat", "Variant Price": "9"})
    return listing


def test_only_who_may_export_gets_in(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(PAGE).status_code == 403
    assert client.get(reverse("products:export_file", args=[1, "x.csv"])).status_code == 403


def test_page_without_a_shop_says_what_to_do(client, manager):
    assert "Upload a catalogue first" in client.get(PAGE).content.decode()


def test_page_shows_what_will_be_in_the_export(client, manager):
    shop = make_shop(name="Hats")
    listing = hat(shop)
    publish(listing, "Body.")
    publish(listing, "Short.", "mobile_description")
    make_draft(listing.product, status="approved", field="seo_title", reviewed_at=timezone.now())

    preview = client.get(PAGE, {"shop": shop.code, "kind": "copy"}).context["preview"]

    assert [(str(field), count, carried) for field, _language, count, carried in preview.texts] == [
        ("Long description", 1, True), ("Mobile description", 1, False),
    ]  # fmt: skip
    assert preview.waiting.count == 1


def test_export_then_download_gives_the_approved_text(client, manager, media):
    shop = make_shop()
    publish(hat(shop), "Body.")

    page = client.post(PAGE, {"shop": shop.code, "kind": "copy"}, follow=True)
    event = AuditEvent.objects.get(verb="export", actor=manager)
    response = client.get(reverse("products:export_file", args=[event.pk, event.data["files"][0]]))

    assert "1 approved texts" in page.content.decode()
    assert response["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert rows == [{"Handle": "hat", "Title": "Hat", "Body (HTML)": "<p>Body.</p>"}]


def test_the_whole_file_comes_back(client, manager):
    shop = make_shop()
    hat(shop)

    client.post(PAGE, {"shop": shop.code, "kind": "full"})

    event = AuditEvent.objects.get(verb="export")
    assert (event.data["full"], event.data["rows"]) == (True, 1)


def test_a_refusal_is_told_and_leaves_nothing(client, manager, media):
    shop = make_shop()

    response = client.post(PAGE, {"shop": shop.code, "kind": "full"}, follow=True)

    assert "no imported Shopify file" in response.content.decode()
    assert list((media / "exports").iterdir()) == []


@pytest.mark.parametrize("name", ["other.csv", "..%2F..%2Fsecret", "out.csv"])
def test_only_files_of_the_export_are_given_out(client, manager, media, name):
    (media / "exports").mkdir()
    (media / "secret").write_text("x")
    event = AuditEvent.objects.create(verb="export", subject_kind="shop", data={"files": ["out.csv"], "folder": "../x"})

    assert client.get(f"{PAGE}{event.pk}/{name}").status_code == 404


def test_an_export_is_no_get_request(client, manager):
    shop = make_shop()
    publish(hat(shop), "Body.")

    client.get(PAGE, {"shop": shop.code, "kind": "copy"})

    assert not AuditEvent.objects.filter(verb="export").exists()
