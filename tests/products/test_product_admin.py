"""The product list and the page of one product."""

import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.products.models import Fact, Product
from apps.products.services.facts import refresh_product
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db
LIST = reverse("admin:products_product_changelist")


def page_of(product):
    return reverse("admin:products_product_change", args=[product.pk])


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def stocked(count: int, shop):
    """Products with facts, a variant, a draft in review and live text each."""
    for _ in range(count):
        product = factories.product()
        factories.listing(product, shop, live={"long_description": "Old."})
        factories.variant(product)
        factories.draft(product, status="in_review")


def test_list_costs_the_same_for_two_and_for_forty_products(client, manager, django_assert_num_queries):
    """11: session, user, permissions (2), shops and categories of the filters (2), the capped count, products, listings
    with their shops, drafts, published copy."""
    shop = factories.shop()
    stocked(2, shop)
    client.get(LIST)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    stocked(38, shop)
    with CaptureQueriesContext(connection) as many:
        response = client.get(LIST)

    assert len(response.context["cl"].result_list) == 40
    assert len(many) == len(few) <= 11
    assert all("LIMIT" in query["sql"] for query in many if "COUNT(" in query["sql"])


def test_search_finds_by_a_word_of_a_fact_and_by_sku(client, manager):
    shop = factories.shop()
    wool, cotton = factories.product(facts={"Material": "wool"}), factories.product(facts={"Material": "cotton"})
    for product in (wool, cotton):
        factories.listing(product, shop)
        refresh_product([product.pk])
    variant = factories.variant(cotton, sku="KST-77")
    refresh_product([cotton.pk])

    def found(term):
        return [product.pk for product in client.get(LIST, {"q": term}).context["cl"].result_list]

    assert found("wool") == [wool.pk]
    assert found(variant.sku) == [cotton.pk]
    assert found("linen") == []


def test_filters_show_what_they_say(client, manager):
    shop, other = factories.shop(), factories.shop()
    plain = factories.product(category="Mugs")
    factories.listing(plain, shop)
    live = factories.product(category="Hats")
    factories.listing(live, other, live={"long_description": "Old."})
    published = factories.product(category="Hats", leave_alone=True)
    publish(factories.listing(published, other), "New.")

    def found(**query):
        return {product.pk for product in client.get(LIST, query).context["cl"].result_list}

    assert found(shop=shop.code) == {plain.pk}
    assert found(category="Hats") == {live.pk, published.pk}
    assert found(text="none") == {plain.pk}
    assert found(text="live") == {live.pk, published.pk}
    assert found(leave_alone="1") == {published.pk}


def test_list_says_what_there_is_of_copy(client, manager):
    shop = factories.shop()
    product = factories.product()
    factories.listing(product, shop, live={"long_description": "Old."})
    factories.draft(product, status="in_review")
    factories.draft(product, status="in_review", field="seo_title")
    bare = factories.product()

    states = {each.pk: each.copy_state for each in client.get(LIST).context["cl"].result_list}

    assert (states[product.pk].in_review, states[product.pk].has_live) == (2, True)
    assert not states[bare.pk].has_text


def test_write_copy_sends_the_ticked_products_on(client, manager):
    ids = [factories.product().pk, factories.product().pk]
    factories.product()

    response = client.post(LIST, {"action": "write_copy", "_selected_action": ids})

    assert response["Location"] == f"{reverse('generate')}?ids={ids[0]},{ids[1]}"


def test_write_copy_for_all_keeps_the_filters(client, manager):
    bare = factories.product(category="Hats")
    with_text = factories.product(category="Hats")
    factories.listing(with_text, factories.shop(), live={"long_description": "Old."})

    page = client.get(reverse("generate"), {"category": "Hats", "text": "none"})

    assert list(page.context["selection"].products()) == [bare]
    assert 'name="text" value="none"' in client.get(LIST, {"text": "none"}).content.decode()
    assert 'name="text" value="none"' in page.content.decode()


def test_leave_alone_is_set_for_a_selection_and_kept_in_the_trail(client, manager):
    products = [factories.product(), factories.product()]
    ids = [product.pk for product in products]

    client.post(LIST, {"action": "mark_leave_alone", "_selected_action": ids})

    assert Product.objects.filter(leave_alone=True).count() == 2
    events = AuditEvent.objects.filter(verb="leave_alone", actor=manager)
    assert sorted(events.values_list("subject_id", flat=True)) == sorted(ids)


def test_reviewer_may_look_and_neither_change_nor_ask_for_copy(client):
    client.force_login(factories.user("reviewer"))
    product = factories.product()

    actions = client.get(LIST).context["action_form"]
    client.post(reverse("admin:products_product_leave_alone", args=[product.pk]), {"is_on": "1"})

    assert actions is None
    assert client.get(page_of(product)).status_code == 200
    product.refresh_from_db()
    assert product.leave_alone is False


def test_who_may_not_see_products_is_refused(client):
    client.force_login(factories.user("engineer"))
    product = factories.product()

    assert [client.get(url).status_code for url in (LIST, page_of(product))] == [403, 403]


def test_product_page_shows_facts_listings_drafts_and_versions(client, manager):
    shop = factories.shop(name="Web shop")
    product = factories.product(facts={"Material": "steel <b>"})
    listing = factories.listing(product, shop, live={"long_description": "The <old> text."})
    factories.draft(product, status="in_review", field="seo_title")
    publish(listing, "The new text.", origin="edited", changed_share=0.25)
    factories.variant(product, sku="SKU-X", options={"Size": "L"})

    html = client.get(page_of(product)).content.decode()

    for shown in (
        "Web shop",
        "steel &lt;b&gt;",
        "The &lt;old&gt; text.",
        "The new text.",
        "25 % changed",
        "SKU-X",
        "Size: L",
    ):
        assert shown in html


def test_product_page_costs_the_same_however_much_there_is(client, manager):
    """14: session, user and permissions (4), product, facts, variants, drafts, versions, listings, decisions, events,
    and the texts around them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(product) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(product)).status_code == 200
        return len(queries)

    small = factories.product(in_shop=factories.shop())
    large = factories.product(facts={f"Fact {number}": "x" for number in range(40)})
    for _ in range(5):
        listing = factories.listing(large, factories.shop(), live={"seo_title": "x"})
        publish(listing, "A text.")
        factories.variant(large)
    factories.draft(large, status="in_review", model_version=factories.model_version())
    cost(small)

    assert cost(large) == cost(small) <= 14


def test_missing_product_is_not_found(client, manager):
    assert client.get(reverse("admin:products_product_change", args=[10**9])).status_code == 404


def test_forms_of_the_page_propose_confirm_and_change(client, manager):
    product = factories.product(in_shop=factories.shop())
    url = reverse("admin:products_product_facts", args=[product.pk])

    client.post(
        url,
        {"verb": "propose", "name": "Depth", "value": "4", "unit": "cm", "language": "en", "source_note": "sheet 2"},
    )
    fact = product.facts.get(name="Depth")
    assert "sheet 2" in client.get(reverse("admin:products_product_change", args=[product.pk])).content.decode()
    client.post(url, {"verb": "confirm", "fact": fact.pk})
    response = client.post(url, {"verb": "change", "fact": fact.pk, "value": "5", "unit": "cm"}, follow=True)

    assert [(each.value, each.status) for each in product.facts.filter(name="Depth")] == [("5", "confirmed")]
    assert "Changed." in response.content.decode()


def test_a_fact_of_another_product_is_out_of_reach(client, manager):
    product, other = factories.product(), factories.product()
    fact = factories.add_fact(other, "Depth", "4 cm", status="proposed")

    client.post(reverse("admin:products_product_facts", args=[product.pk]), {"verb": "confirm", "fact": fact.pk})

    fact.refresh_from_db()
    assert fact.status == Fact.Status.PROPOSED
