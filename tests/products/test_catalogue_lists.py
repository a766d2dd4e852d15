"""Shops, and the read-only lists of listings, facts and published copy."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.products.models import Fact, Shop
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def row(shop):
    product = factories.product(facts={"Depth": "4 cm"})
    publish(factories.listing(product, shop), "A text.")


@pytest.mark.parametrize("name", ["listing", "fact", "publishedcopy"])
def test_lists_cost_the_same_for_one_and_for_twenty_rows(client, manager, name):
    """Session, user, permissions (2), the filters' choices, the capped count, and the rows with all they show."""
    url = reverse(f"admin:products_{name}_changelist")
    shop = factories.shop()
    row(shop)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(19):
        row(shop)
    with CaptureQueriesContext(connection) as many:
        response = client.get(url)

    assert len(response.context["cl"].result_list) >= 20
    assert len(many) == len(few) <= 7
    assert all("LIMIT" in query["sql"] for query in many if "COUNT(" in query["sql"])


@pytest.mark.parametrize("name", ["listing", "fact", "publishedcopy"])
def test_records_are_read_and_not_changed(client, manager, name):
    shop = factories.shop()
    row(shop)
    admin_rows = client.get(reverse(f"admin:products_{name}_changelist")).context["cl"].result_list
    page = reverse(f"admin:products_{name}_change", args=[admin_rows[0].pk])

    assert client.get(page).status_code == 200
    assert client.post(page, {"text": "x"}).status_code == 403
    assert client.get(reverse(f"admin:products_{name}_add")).status_code == 403


def test_facts_are_confirmed_from_their_list(client, manager):
    product = factories.product()
    fact = factories.add_fact(product, "Depth", "4 cm", status="proposed", source="person")

    client.post(reverse("admin:products_fact_changelist"), {"action": "confirm", "_selected_action": [fact.pk]})

    fact.refresh_from_db()
    assert fact.status == Fact.Status.CONFIRMED


def post_shop(client, **values):
    data = {"name": "Web", "code": "web", "platform": "shopify", "base_language": "EN", "languages": "", "markets": ""}
    return client.post(reverse("admin:products_shop_add"), data | values)


def test_a_shop_s_languages_and_markets_are_normalised(client, manager):
    post_shop(client, languages="zh, pt-br  en", markets="de;us eu de")

    shop = Shop.objects.get(code="web")
    assert (shop.base_language, shop.languages, shop.markets) == ("en", ["en", "zh-Hans", "pt-BR"], ["DE", "US", "EU"])


@pytest.mark.parametrize(
    ("values", "message"),
    [({"languages": "english!"}, "english! is no language tag"), ({"markets": "Germany"}, "two letters"),
     ({"base_language": "?"}, "no language tag"), ({"code": "My Shop"}, "Use a-z")],
)  # fmt: skip
def test_a_wrong_code_is_named(client, manager, values, message):
    response = post_shop(client, **values)

    assert message in response.content.decode()
    assert not Shop.objects.exists()


def test_a_shop_with_products_keeps_its_code_and_base_language(client, manager):
    shop = factories.shop(code="web", base_language="en")
    factories.listing(factories.product(), shop)

    client.post(
        reverse("admin:products_shop_change", args=[shop.pk]),
        {"name": "New", "code": "new", "platform": "shopify", "base_language": "de", "languages": "de"},
    )

    shop.refresh_from_db()
    assert (shop.name, shop.code, shop.base_language) == ("New", "web", "en")


def test_the_base_language_stays_among_a_shop_s_languages(client, manager):
    shop = factories.shop(base_language="en")
    factories.listing(factories.product(), shop)

    client.post(
        reverse("admin:products_shop_change", args=[shop.pk]), {"name": "Web", "platform": "shopify", "languages": "zh"}
    )

    shop.refresh_from_db()
    assert shop.languages == ["en", "zh-Hans"]


def test_published_copy_says_where_it_stands(client, manager):
    publish(factories.listing(factories.product(), factories.shop()), "A text.", exported_at=timezone.now())

    assert "exported" in client.get(reverse("admin:products_publishedcopy_changelist")).content.decode()
