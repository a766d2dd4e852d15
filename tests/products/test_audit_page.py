"""The audit of live text in the browser."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apps.drafts.models import Draft
from apps.products.models import AuditRun, Fact, LiveText
from apps.products.services.audit import runs
from apps.products.services.audit.changes import recheck_changed
from apps.products.services.fact_review import change_fact
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = reverse("products:audit")
FALSE = "A kettle for every small kitchen. It holds 9 l & is made for <b>tea</b>. Fill it and wait."


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def sold(count=1, text=FALSE, shop=None):
    shop = shop or factories.shop(name="Web")
    for _each in range(count):
        factories.listing(factories.product(), shop, live={"long_description": text})
    return shop


def finish():
    while runs.run_slice():
        pass


def test_a_reviewer_reads_and_cannot_start(client):
    sold()
    client.force_login(factories.user("reviewer"))
    page = client.get(PAGE).content.decode()
    assert "Check the live text" not in page
    for name, args in (("audit_start", []), ("audit_cancel", [1]), ("audit_send", [])):
        assert client.post(reverse(f"products:{name}", args=args)).status_code == 403


def test_without_a_shop_the_page_says_what_to_do(client, manager):
    assert "Upload a catalogue first" in client.get(PAGE).content.decode()


def test_started_followed_and_done(client, manager):
    shop = sold(2)
    answer = client.post(reverse("products:audit_start"), {"shop": shop.code}, follow=True)
    assert "0 of 2 products" in answer.content.decode()
    part = client.get(reverse("products:audit_progress"), headers={"hx-request": "true"})
    assert "0 of 2 products" in part.content.decode()
    finish()
    assert client.get(reverse("products:audit_progress")).headers["HX-Refresh"] == "true"
    page = client.get(PAGE).content.decode()
    assert "2 of 2" not in page
    assert "asked for by" in page


def test_started_twice_it_says_that_it_runs(client, manager):
    sold()
    client.post(reverse("products:audit_start"))
    assert "running already" in client.post(reverse("products:audit_start"), follow=True).content.decode()
    run = AuditRun.objects.get()
    assert "cancelled" in client.post(reverse("products:audit_cancel", args=[run.pk]), follow=True).content.decode()
    assert AuditRun.objects.get().state == "cancelled"


def test_an_unknown_shop_is_not_found(client, manager):
    assert client.post(reverse("products:audit_start"), {"shop": "nowhere"}).status_code == 404


def test_a_row_shows_the_sentence_with_the_words_marked_and_what_to_do(client, manager):
    sold()
    runs.start_audit(user=manager, shop=None)
    finish()
    page = client.get(PAGE).content.decode()
    assert ">9 l</mark> &amp; is made for " in page
    assert "&lt;b&gt;" in page
    assert "<b>tea" not in page
    assert "add the fact with its source" in page
    assert reverse("admin:products_product_change", args=[LiveText.objects.get().product_id]) in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("rule=number", 2), ("rule=nothing", 0), ("severity=3", 2), ("severity=1", 0), ("language=en", 2),
        ("language=zh-Hans", 0), ("category=Kettles", 2), ("shop=x&severity=9&page=x", 2), ("shop=999999999999999", 0),
    ],
)  # fmt: skip
def test_filters(client, manager, query, shown):
    sold(2)
    runs.start_audit(user=manager, shop=None)
    finish()
    page = client.get(f"{PAGE}?{query}")
    assert page.content.decode().count('class="audit-row"') == shown


def test_page_costs_the_same_however_much_was_found(client, manager, django_assert_max_num_queries):
    for _each in range(3):
        sold(4)
    runs.start_audit(user=manager, shop=None)
    finish()
    # Session and user, rights; figures by place and by rule, names of shops; runs; the count, the rows, their findings,
    # what is on the desk; the menu.
    with django_assert_max_num_queries(16):
        page = client.get(PAGE)
    assert page.content.decode().count('class="audit-row"') == 12


def test_ticked_texts_go_to_the_desk_and_the_row_says_so(client, manager):
    sold(3)
    runs.start_audit(user=manager, shop=None)
    finish()
    first, second = LiveText.objects.values_list("pk", flat=True)[:2]
    page = client.post(reverse("products:audit_send"), {"text": [first, second, "x"]}, follow=True).content.decode()
    assert "2 texts are on the desk now." in page
    assert page.count("on the desk</a>") == 2
    assert Draft.objects.filter(status="outdated").count() == 2
    page = client.post(reverse("products:audit_send"), {"all": "1", "rule": "number"}, follow=True).content.decode()
    assert "1 text is on the desk now. 2 were there already." in page
    assert "Tick the texts" in client.post(reverse("products:audit_send"), follow=True).content.decode()


def test_one_row_goes_to_the_desk_and_the_ticked_ones_stay(client, manager):
    sold(3)
    runs.start_audit(user=manager, shop=None)
    finish()
    first, second, _third = LiveText.objects.values_list("pk", flat=True)
    client.post(reverse("products:audit_send"), {"one": second, "text": [first]})
    (draft,) = Draft.objects.all()
    assert draft.subject_id == LiveText.objects.get(pk=second).product_id


def test_every_sentence_that_a_corrected_fact_touches_is_listed(client, manager):
    text = "A kettle for every kitchen. It holds 1.7 l of tea. Fill it, wait, and pour 1.7 l again."
    sold(2, text)
    for fact in Fact.objects.filter(name="Capacity"):
        change_fact(user=manager, fact_id=fact.pk, value="1.5 l")
    recheck_changed()
    assert "2 texts in the shops are outdated" in client.get(PAGE).content.decode()
    page = client.get(reverse("products:audit_outdated")).content.decode()
    assert page.count("This fact no longer stands: Capacity: 1.7 l.") == 2
    assert page.count(">1.7 l</mark>") == 4
    answer = client.get(reverse("products:audit_workbook"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row[5] for row in book["Outdated"].iter_rows(min_row=2, max_row=3, values_only=True)] == [
        "It holds 1.7 l of tea.", "Fill it, wait, and pour 1.7 l again.",
    ]  # fmt: skip


def test_the_list_of_outdated_texts_costs_the_same_however_many_there_are(
    client, manager, django_assert_max_num_queries
):
    sold(8)
    runs.start_audit(user=manager, shop=None)
    finish()
    client.post(reverse("products:audit_send"), {"all": "1"})
    # Session and user, rights; the count and the rows; the menu.
    with django_assert_max_num_queries(10):
        page = client.get(reverse("products:audit_outdated"))
    assert page.content.decode().count('class="audit-row"') == 8


def test_the_workbook_holds_what_the_filters_show_and_runs_no_formula(client, manager):
    sold(2)
    sold(1, "=HYPERLINK(0) holds 8 l and that is what this one here is for, every single day.")
    runs.start_audit(user=manager, shop=None)
    finish()
    answer = client.get(reverse("products:audit_workbook") + "?rule=number")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book["Findings"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Worst finding", "Rule", "Product", "Shop")
    numbers = [row for row in rows[1:] if row[1] == "Number without a fact" and row[7] in ("9 l", "8 l")]
    assert len(numbers) == 3
    assert all(cell.data_type != "f" for row in book["Findings"].iter_rows() for cell in row)
    assert any(str(row[8]).startswith(" =HYPERLINK") for row in rows)
    assert book["Overview"]["B2"].value == 3
