"""Choosing a file in a real browser: what is wrong with it is said where the person looks."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer(transactional_db):
    return factories.user("manager")


@pytest.fixture
def chooser(signed_in, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    factories.shop(code="web")
    page = signed_in.new_page()
    page.goto(f"{live_server.url}/admin/imports/upload/")
    return page


def choose(page, tmp_path, content: bytes, name="products.csv"):
    (tmp_path / name).write_bytes(content)
    page.set_input_files("input[type=file]", tmp_path / name)


def test_a_file_that_is_no_table_is_refused_with_the_reason_and_the_next_try_works(chooser, tmp_path):
    choose(chooser, tmp_path, b"")
    chooser.click("#upload button.is-main")
    expect(chooser.locator(".up-problem")).to_be_focused()
    expect(chooser.locator(".up-problem")).to_contain_text("empty")
    choose(chooser, tmp_path, b"Title,SKU\nKettle,K-1\n")
    chooser.click("#upload button.is-main")
    chooser.wait_for_url("**/understood/")


def test_a_file_above_the_limit_is_refused_before_it_is_sent(chooser, tmp_path, settings):
    settings.SHOPAI_MAX_UPLOAD_BYTES = 10
    chooser.reload()
    sent = []
    chooser.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    choose(chooser, tmp_path, b"Title,SKU\nKettle,K-1\n")
    chooser.click("#upload button.is-main")
    expect(chooser.locator(".up-problem")).to_contain_text("too large")
    assert sent == []


def test_a_lost_connection_says_that_nothing_was_changed(chooser, tmp_path):
    chooser.route(
        "**/imports/upload/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    choose(chooser, tmp_path, b"Title,SKU\nKettle,K-1\n")
    chooser.click("#upload button.is-main")
    expect(chooser.locator(".up-problem")).to_contain_text("did not arrive")
    expect(chooser.locator("#upload button.is-main")).to_be_enabled()


def test_the_name_of_the_file_does_not_become_the_code_of_the_shop(chooser, tmp_path):
    choose(chooser, tmp_path, b"Title,SKU\nKettle,K-1\n")
    chooser.select_option("select[name=shop]", "+")
    expect(chooser.locator("[name=shop_code]")).to_have_value("")
