"""Two people at two desks read the same text, one after the other."""

import pytest
from django.conf import settings
from django.test import Client

from apps.drafts.models import Draft
from apps.products.models import Shop
from tests import factories
from tests.e2e.conftest import open_desk, wake
from tests.e2e.test_desk_keys import until

pytestmark = [pytest.mark.e2e]
FIELDS = ("long_description", "mobile_description")


@pytest.fixture
def tom_desk(browser, live_server, transactional_db):
    """The desk of a second person, in a browser of their own."""
    tom = factories.user("reviewer", username="tom")
    client = Client()
    client.force_login(tom)
    context = browser.new_context()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    context.set_default_timeout(8000)
    yield lambda query="": open_desk(context.new_page(), f"{live_server.url}/admin/desk/{query}")
    context.close()


def statuses() -> list[str]:
    return sorted(Draft.objects.values_list("status", flat=True))


def decide_with_a(page, *expected) -> None:
    page.keyboard.press("a")
    until(page, lambda: statuses() == sorted(expected))


def test_one_key_of_each_of_two_people_approves_a_sheet(desk, tom_desk, reviewer):
    product = factories.product(in_shop=factories.shop(second_review=True), title="Alder kettle")
    for field in FIELDS:
        factories.delivered(product, field=field)
    mei = desk()
    assert mei.locator(".desk-second").first.inner_text() == "needs two readers"
    decide_with_a(mei, "second_review", "second_review")
    assert "Waiting for a second reader: 2." in mei.locator(".desk-notice").first.inner_text()
    mei.wait_for_selector("[data-empty]")

    tom = tom_desk()
    badge = tom.locator(".desk-field.is-selected .desk-second.is-second")
    assert badge.inner_text() == f"second reading, first read by {reviewer.username}"
    decide_with_a(tom, "approved", "approved")
    tom.wait_for_selector("[data-empty]")
    tom.keyboard.press("u")
    until(tom, lambda: statuses() == ["second_review", "second_review"])
    assert set(Draft.objects.values_list("reviewed_by", flat=True)) == {reviewer.pk}


def test_an_edit_of_the_second_reader_goes_back_to_the_first(desk, tom_desk, reviewer):
    factories.delivered(factories.product(in_shop=factories.shop(second_review=True), title="Alder kettle"))
    mei = desk()
    decide_with_a(mei, "second_review")

    tom = tom_desk()
    tom.keyboard.press("e")
    tom.keyboard.type(" It is made of steel.")
    tom.keyboard.press("Escape")
    tom.wait_for_selector(".desk-second:has-text('changed since')")
    wake(tom)
    decide_with_a(tom, "second_review")
    until(tom, lambda: Draft.objects.get().reviewed_by.username == "tom")
    assert "Waiting for a second reader: 1." in tom.locator(".desk-notice").first.inner_text()

    back = desk()
    assert back.locator(".desk-second").inner_text() == "second reading, first read by tom"
    assert back.input_value("[data-text]").endswith("It is made of steel.")
    decide_with_a(back, "approved")


def test_a_rule_that_changed_under_an_open_sheet_is_told(desk):
    factories.delivered(factories.product(in_shop=factories.shop(), title="Alder kettle"))
    page = desk()
    Shop.objects.update(second_review=True)
    page.keyboard.press("a")
    page.wait_for_selector(".desk-notice.is-problem:has-text('Alder kettle: waits for a second reader')")
    assert statuses() == ["second_review"]


def test_the_first_reader_sees_why_they_can_not_approve_twice(desk, live_server):
    draft = factories.delivered(factories.product(in_shop=factories.shop(second_review=True)))
    page = desk()
    decide_with_a(page, "second_review")
    page.goto(f"{live_server.url}/admin/desk/description/{draft.subject_id}/")
    wake(page)
    assert page.locator(".desk-second").inner_text() == "read by you, waits for another person"
    assert page.locator("[data-do=approve_sheet]").get_attribute("aria-disabled") == "true"
    for key in ("a", "f"):
        page.keyboard.press(key)
        assert "Another person has to read it" in page.locator(".desk-notice.is-hint").first.inner_text()
    assert statuses() == ["second_review"]
