"""An audit in the browser: start it, see it end, send what it found to the desk, mend it there."""

import pytest
from django.conf import settings
from django.test import Client

from apps.drafts.models import Draft
from apps.products.services.audit import runs
from tests import factories
from tests.e2e.conftest import wake
from tests.e2e.test_desk_keys import until

pytestmark = [pytest.mark.e2e]
FALSE = "A kettle for every small kitchen. It holds 9 l and is made for tea. Fill it and wait for it."


@pytest.fixture
def manager(context, live_server, transactional_db):
    client = Client()
    client.force_login(factories.user("manager"))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    context.set_default_timeout(8000)
    return context.new_page()


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_first_audit_to_the_mended_text(manager, live_server, width):
    page = manager
    page.set_viewport_size({"width": width, "height": 844})
    product = factories.product(in_shop=factories.shop(name="Web"), title="Alder kettle")
    product.listings.update(live={"long_description": FALSE})

    page.goto(f"{live_server.url}/admin/products/audit/")
    page.click("text=Check the live text")
    page.wait_for_selector("#audit-progress")
    while runs.run_slice():
        pass
    page.wait_for_selector(".audit-row")
    assert page.locator("mark.audit-mark").inner_text() == "9 l"
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.check("[name=text]")
    page.click("text=Send the ticked ones to the desk")
    page.click(".audit-row >> text=on the desk")
    page.wait_for_selector("[data-field].is-selected")
    wake(page)
    assert page.locator(".desk-badge.is-outdated").inner_text() == "outdated"
    assert "The audit found: Number without a fact." in page.locator(".desk-outdated").inner_text()
    page.fill("[data-text]", FALSE.replace("9 l", "1.7 l"))
    page.keyboard.press("Control+Enter")
    until(page, lambda: Draft.objects.get().status == "approved")
