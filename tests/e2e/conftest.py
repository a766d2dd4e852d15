"""A signed-in browser at the desk of a running server."""

import os
import time

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests import factories, processes

# Playwright's synchronous API runs an event loop in this thread, and Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(autouse=True)
def settled(request):
    """Close the browser's pages and let the server answer what they sent last, before the database is emptied."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    context = request.getfixturevalue("context")
    yield
    for page in context.pages:
        page.close()
    processes.wait_until(lambda: not busy_backends(), seconds=20)


def busy_backends() -> int:
    """Other connections to the test's database that are in the middle of something; the last request may just begin."""
    time.sleep(0.15)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND state <> 'idle'"
        )
        return cursor.fetchone()[0]


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
