"""An upload as a manager makes it in a browser, into a shop that exists already."""

import pytest

from apps.imports.services import running
from apps.products.models import Listing
from tests import factories

pytestmark = [pytest.mark.e2e]
TABLE = "Handle,Title,Body (HTML)\nkettle,{title},<p>Good.</p>\n"


@pytest.fixture
def reviewer(transactional_db):
    return factories.user("manager")


@pytest.fixture
def page(signed_in, monkeypatch):
    # No worker runs beside the test: it does the batches itself.
    monkeypatch.setattr(running, "poke", lambda: None)
    return signed_in.new_page()


def work() -> None:
    while running.run_slice():
        pass


def upload(page, base: str, shop: str, title: str) -> None:
    page.goto(f"{base}/admin/imports/upload/")
    # The page answers a dropped and a chosen file alike; Unfold's own script sees it, too.
    file = {"name": "my shop.csv", "mimeType": "text/csv", "buffer": TABLE.format(title=title).encode()}
    page.set_input_files("input[type=file]", file)
    page.select_option("select[name=shop]", shop)
    page.click("#upload button.is-main")
    page.wait_for_url("**/understood/")
    page.click("button[name=go]")
    page.wait_for_url("**/running/")
    work()
    page.wait_for_url("**/preview/")


def test_file_for_a_shop_that_exists_is_imported_and_its_changes_are_shown_first(page, live_server):
    shop = factories.shop()
    upload(page, live_server.url, shop.code, "Steel kettle")
    page.click(".job-actions button.is-main")
    page.wait_for_url("**/running/")
    work()
    page.wait_for_url("**/done/")
    assert Listing.objects.get(shop=shop).product.title == "Steel kettle"
    upload(page, live_server.url, shop.code, "Copper <b>kettle</b>")
    shown = page.inner_text(".up-changes")
    assert "Steel kettle" in shown
    assert "Copper <b>kettle</b>" in shown
    assert Listing.objects.get(shop=shop).product.title == "Steel kettle"
