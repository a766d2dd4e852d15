import pytest
from django.urls import reverse

from apps.drafts.models import Draft
from apps.products.services.generation import request_copy
from apps.work.models import Job, WorkItem
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/admin/products/product/generate/"


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def ask(client, **values):
    base = {"fields_wanted": ["long_description"], "languages": ["en"], "candidates": 2, "confirm": "1"}
    return client.post(URL, base | values)


def test_one_product_goes_to_the_desk_in_the_interactive_lane(client, manager):
    product = factories.product(in_shop=factories.shop())
    answer = ask(client, ids=str(product.pk), candidates=4)
    assert answer.url == f"{URL}{product.pk}/"
    assert (Draft.objects.get().candidates_wanted, WorkItem.objects.get().lane) == (4, 0)


def test_a_filter_becomes_a_job_with_its_sample_first(client, manager):
    shop = factories.shop()
    for number in range(12):
        factories.product(in_shop=shop, category="Lamps" if number % 2 else "Kettles")
    ask(client, category="Lamps", sample_first="on")
    job = Job.objects.get()
    assert (job.state, job.params["products"]) == ("sampling", 6)
    assert WorkItem.objects.filter(state="held").count() == 3


def test_the_page_says_what_will_be_written_and_what_is_skipped(client, manager):
    shop = factories.shop()
    products = [factories.product(in_shop=shop) for _ in range(3)]
    request_copy(user=manager, product_ids=[products[0].pk], fields=["long_description"], languages=["en"])
    html = client.get(URL, {"ids": ",".join(str(product.pk) for product in products)}).content.decode()
    assert "2 texts will be written" in html
    assert "1 skipped: a draft is open already" in html
    assert Draft.objects.count() == 1


def test_nothing_chosen_says_what_to_do(client, manager):
    assert "No product is chosen" in client.get(URL).content.decode()


def test_a_form_without_a_field_asks_for_nothing(client, manager):
    product = factories.product(in_shop=factories.shop())
    html = ask(client, ids=str(product.pk), fields_wanted=[]).content.decode()
    assert "Choose at least one field" in html
    assert not Draft.objects.exists()


def test_the_page_takes_the_right_to_request(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(URL).status_code == 403


def test_the_waiting_page_leads_to_the_sheet_when_everything_is_written(client, manager):
    product = factories.product(in_shop=factories.shop())
    ask(client, ids=str(product.pk))
    url = f"{URL}{product.pk}/"
    assert "every 500ms" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    Draft.objects.all().delete()
    factories.delivered(product)
    sheet = reverse("desk:sheet", args=["description", product.pk])
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Redirect"] == sheet
    assert client.get(url).url == sheet


def test_the_waiting_page_says_why_it_failed(client, manager):
    product = factories.product()
    factories.draft(product, status="failed", reason="The prompt is <too> long.")
    html = client.get(f"{URL}{product.pk}/").content.decode()
    assert "The prompt is &lt;too&gt; long." in html
    assert "every 500ms" not in html


def test_the_waiting_page_says_when_the_product_was_deleted_and_asks_no_more(client, manager):
    made = factories.product(in_shop=factories.shop())
    url = reverse("generate-wait", args=[made.pk])
    made.delete()
    html = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "This product was deleted" in html
    assert "hx-get" not in html
    assert client.get(url).status_code == 404
