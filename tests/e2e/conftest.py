"""A signed-in browser at the desk of a running server."""

import os

import pytest
from django.conf import settings
from django.test import Client

from tests import factories

# Playwright's synchronous API runs an event loop in this thread, and Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def reviewer(transactional_db):
    return factories.user("reviewer")


@pytest.fixture
def signed_in(context, live_server, reviewer):
    """The browser's context, signed in as `reviewer` without going through the login form."""
    client = Client()
    client.force_login(reviewer)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    context.set_default_timeout(8000)
    return context


@pytest.fixture
def desk(signed_in, live_server):
    """Opens the desk: `desk("?category=Lamps")` gives the page, its first sheet readable and its keys awake."""
    return lambda query="", page=None: open_desk(page or signed_in.new_page(), f"{live_server.url}/admin/desk/{query}")


def open_desk(page, address):
    page.goto(address)
    if page.wait_for_selector("[data-field].is-selected, [data-empty]").get_attribute("data-empty") is None:
        wake(page)
    return page


def wake(page):
    """Wait until the keys of the sheet on the screen are no longer deaf."""
    page.wait_for_selector("#desk[data-awake]")
    # A key press is told from an early one by the browser's clock, which is a little behind the script's.
    page.wait_for_timeout(30)
