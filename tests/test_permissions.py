"""Who may open what: a walk over every URL of the project, so that a new page can't be forgotten."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories

pytestmark = pytest.mark.django_db

# Open to all, each for its reason.
OPEN = {
    "": "leads to the home page, which asks for the log-in",
    "favicon.ico": "the sign, which the log-in shows too",
    "healthz": "says only that the web process lives",
    "readyz": "says only whether work can be done, names no host and no user",
    "i18n/setlang/": "chooses the language of the pages",
    "admin/login/": "the log-in itself",
    "admin/jsi18n/": "Django's translations of the date picker",
}
# Open to everyone who has logged in as staff.
STAFF = {
    "admin/": "home: shows only what each right allows",
    "admin/logout/": "the way out",
    "admin/password_change/": "one's own password",
    "admin/password_change/done/": "one's own password",
    "admin/search/": "Unfold's search of the sidebar: names pages, not rows",
    "api/v1/": "the root of the API: names its endpoints",
    "api/v1/schema/": "the schema",
    "api/v1/docs/": "the schema, to read",
}


def routes(patterns=None, prefix: str = ""):
    """Every route of the project with its converters filled in."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + fill(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path


def fill(pattern: str) -> str:
    # The API's routes are regular expressions.
    pattern = re.sub(r"\(\?P<\w+>[^)]*\)", "1", pattern)
    pattern = re.sub(r"<int:\w+>", "1", pattern)
    pattern = re.sub(r"<slug:kind>", "description", pattern)
    pattern = re.sub(r"<(?:\w+:)?\w+>", "1", pattern)
    return pattern.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "").replace("/?", "/")


ROUTES = sorted(set(routes()))


def test_the_walk_finds_the_pages():
    assert {"admin/", "admin/desk/", "admin/products/product/generate/", "api/v1/copy/"} <= set(ROUTES)
    assert len(ROUTES) > 80


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in OPEN])
def test_a_stranger_is_asked_to_log_in(client, route):
    for method in (client.get, client.post):
        answer = method(f"/{route}")
        if answer.status_code == 302:
            assert "login" in answer.url or route == "admin/logout/", route
        else:
            assert answer.status_code in (401, 403, 404, 405), route
            assert answer.status_code != 404 or "1" in route or route.endswith("format"), route


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in OPEN and route not in STAFF])
def test_a_person_without_rights_sees_no_page(client, route):
    client.force_login(factories.user(role="", username="nobody"))
    for method in (client.get, client.post):
        answer = method(f"/{route}")
        assert answer.status_code in (302, 403, 404, 405), (route, answer.status_code)
        if answer.status_code == 302:
            # A redirect to another page of the walk shows nothing by itself, and that page is walked too.
            target = answer.url.partition("?")[0].lstrip("/")
            assert target == "admin/" or "login" in target or target in ROUTES, (route, answer.url)


@pytest.mark.parametrize("route", sorted(OPEN) + sorted(STAFF))
def test_the_lists_of_open_pages_name_no_page_that_is_gone(route):
    assert route in ROUTES
