"""Live text whose facts changed: found by a worker, marked, and on the desk."""

import uuid

import pytest
from django.urls import reverse

from apps.drafts.models import Draft, Finding
from apps.drafts.services import publishing
from apps.drafts.services.bulk import approve_clean
from apps.drafts.services.decisions import approve, reject
from apps.drafts.services.editing import save_text
from apps.drafts.services.errors import Refused
from apps.drafts.services.sheets import DeskFilter, load_sheet, next_sheet
from apps.products.models import ChangedProduct, DescriptionDraft, Fact, LiveText, PublishedCopy
from apps.products.services import fact_review
from apps.products.services.audit import changes
from apps.products.services.audit.changes import recheck_changed
from apps.products.services.facts import refresh_product
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db
TEXT = "A kettle that holds 1.7 l, for every small kitchen that likes its tea fresh and hot."
OTHER = "A kettle for every small kitchen that likes its tea fresh and hot, morning and evening."


@pytest.fixture
def manager():
    return factories.user("manager")


@pytest.fixture
def product():
    made = factories.product(in_shop=factories.shop())
    refresh_product([made.pk])
    return made


def listing_of(product):
    return product.listings.get()


def correct(user, product, value="1.5 l", name="Capacity"):
    fact = Fact.objects.get(product=product, name=name, status="confirmed")
    fact_review.change_fact(user=user, fact_id=fact.pk, value=value)


def set_live(product, text, field="long_description"):
    listing = listing_of(product)
    listing.live = {field: text}
    listing.save()


def test_a_corrected_fact_outdates_the_text_that_cites_it_and_no_other(manager, product):
    citing = publish(listing_of(product), TEXT)
    silent = publish(listing_of(product), OTHER, field="mobile_description")

    correct(manager, product)
    assert Draft.objects.get(pk=citing.draft_id).status == "published"
    assert recheck_changed() == 1

    draft = Draft.objects.get(pk=citing.draft_id)
    assert draft.status == "outdated"
    assert "Capacity: 1.7 l" in draft.outdated_reason
    assert Draft.objects.get(pk=silent.draft_id).status == "published"
    citing.refresh_from_db()
    assert citing.outdated_at
    assert citing.withdrawn_at is None
    assert not ChangedProduct.objects.exists()
    assert recheck_changed() == 0


def test_the_request_writes_one_row_however_often_the_facts_change(manager, product):
    for value in ("1.5 l", "1.4 l", "1.3 l"):
        correct(manager, product, value)
    (row,) = ChangedProduct.objects.all()
    assert [fact["value"] for fact in row.gone] == ["1.7 l", "1.5 l", "1.4 l"]


def test_a_fact_that_stands_again_before_the_worker_looks_outdates_nothing(manager, product):
    copy = publish(listing_of(product), TEXT)
    fact = Fact.objects.get(product=product, name="Capacity")
    fact_review.set_aside_fact(user=manager, fact_id=fact.pk)
    fact_review.confirm_fact(user=manager, fact_id=fact.pk)
    recheck_changed()
    assert Draft.objects.get(pk=copy.draft_id).status == "published"


def test_another_fact_that_says_the_same_keeps_the_text_true(manager, product):
    factories.add_fact(product, "Volume", "1.7 l")
    copy = publish(listing_of(product), TEXT)
    correct(manager, product)
    recheck_changed()
    assert Draft.objects.get(pk=copy.draft_id).status == "published"


def test_an_imported_text_that_cites_the_fact_comes_to_the_desk_as_a_draft(manager, product):
    set_live(product, TEXT)
    correct(manager, product)
    recheck_changed()
    (draft,) = DescriptionDraft.objects.all()
    assert (draft.status, draft.text, draft.field, draft.chosen_id) == ("outdated", TEXT, "long_description", None)
    assert "1.7 l" in draft.outdated_reason
    assert Finding.objects.filter(draft=draft, rule="number").exists()
    assert LiveText.objects.get().rules == ["number"]


def test_an_imported_text_that_was_no_better_before_stays_where_it_is(manager, product):
    set_live(product, "A kettle that holds 9 l, for every small kitchen that likes its tea fresh and hot.")
    correct(manager, product)
    recheck_changed()
    assert not DescriptionDraft.objects.exists()
    assert LiveText.objects.get().severity == 3


def test_no_second_draft_beside_one_that_waits(manager, product):
    set_live(product, TEXT)
    factories.delivered(product)
    correct(manager, product)
    recheck_changed()
    assert DescriptionDraft.objects.count() == 1


def test_text_that_was_mended_in_the_shop_leaves_the_desk(manager, product):
    set_live(product, TEXT)
    correct(manager, product)
    recheck_changed()
    set_live(product, TEXT.replace("1.7", "1.5"))
    changes.note_live_changed([product.pk])
    recheck_changed()
    assert DescriptionDraft.objects.get().status == "cancelled"


def test_what_a_person_has_begun_to_mend_stays(manager, product):
    set_live(product, TEXT)
    correct(manager, product)
    recheck_changed()
    draft = DescriptionDraft.objects.get()
    save_text(user=manager, draft_id=draft.pk, revision=draft.revision, text=OTHER)
    set_live(product, OTHER)
    changes.note_live_changed([product.pk])
    recheck_changed()
    assert DescriptionDraft.objects.get().status == "outdated"


def test_a_product_of_two_shops_gets_a_draft_for_each_shop_whose_text_is_touched(manager, product):
    set_live(product, TEXT)
    other = factories.shop(name="Other")
    factories.listing(product, other, live={"long_description": "Our own words: it holds 1.7 l and boils them fast."})
    correct(manager, product)
    recheck_changed()
    shops = set(product.listings.values_list("shop", flat=True))
    assert set(DescriptionDraft.objects.values_list("shop", flat=True)) == shops


def test_facts_are_read_in_a_fixed_number_of_queries(manager, django_assert_max_num_queries):
    shop = factories.shop()
    for _each in range(6):
        product = factories.product(in_shop=shop)
        refresh_product([product.pk])
        set_live(product, OTHER)
        correct(manager, product)
    # The changed rows, products, facts, listings, copy; what was known; the lists of the rules; what is written.
    with django_assert_max_num_queries(20):
        assert recheck_changed() == 6


def test_a_product_that_cannot_be_checked_stops_no_other(manager, monkeypatch):
    made = [factories.product(in_shop=factories.shop()) for _each in range(3)]
    refresh_product([product.pk for product in made])
    copies = [publish(listing_of(product), TEXT) for product in made]
    for product in made:
        correct(manager, product)
    load = changes.load_live

    def failing(ids):
        if made[1].pk in ids:
            raise ValueError("broken")
        return load(ids)

    monkeypatch.setattr(changes, "load_live", failing)
    assert recheck_changed() == 3
    statuses = [Draft.objects.get(pk=copy.draft_id).status for copy in copies]
    assert statuses == ["outdated", "published", "outdated"]
    assert not ChangedProduct.objects.exists()


@pytest.fixture
def outdated(manager, product):
    copy = publish(listing_of(product), TEXT)
    correct(manager, product)
    recheck_changed()
    return Draft.objects.get(pk=copy.draft_id)


def test_the_desk_queues_outdated_text_and_says_why(client, manager, outdated):
    sheet = next_sheet(user=manager, desk_filter=DeskFilter(status="outdated"))
    assert [each.draft.pk for each in sheet.drafts] == [outdated.pk]
    assert [finding.rule for finding in sheet.drafts[0].findings] == ["number"]
    client.force_login(manager)
    page = client.get(reverse("desk:desk") + "?status=outdated").content.decode()
    assert "This fact no longer stands: Capacity: 1.7 l." in page
    assert "outdated texts in the shops to look at again" in client.get(reverse("admin:index")).content.decode()


def test_mended_and_approved_it_becomes_the_next_version(manager, outdated, settings):
    settings.SHOPAI_UNDO_SECONDS = 0
    sheet = load_sheet(user=manager, kind="description", subject_id=outdated.subject_id, wants_claim=True)
    draft = save_text(
        user=manager, draft_id=outdated.pk, revision=sheet.drafts[0].draft.revision, text=TEXT.replace("1.7", "1.5")
    )
    approve(user=manager, draft_id=draft.pk, revision=draft.revision, check_key=draft.check_key, key=uuid.uuid4())
    publishing.publish_due()
    newest = PublishedCopy.objects.current().get()
    assert (newest.version, newest.outdated_at) == (2, None)
    assert "1.5 l" in newest.text


def test_rejected_it_is_no_longer_served(manager, outdated):
    reject(user=manager, draft_id=outdated.pk, revision=outdated.revision, key=uuid.uuid4(), reason="not_true")
    assert not PublishedCopy.objects.current().exists()


def test_a_shop_may_want_outdated_text_taken_back_at_once(manager, product):
    product.listings.get().shop.__class__.objects.update(withdraws_outdated=True)
    publish(listing_of(product), OTHER)
    publish(listing_of(product), TEXT)
    correct(manager, product)
    recheck_changed()
    assert not PublishedCopy.objects.current().exists()


def test_a_newer_text_takes_the_outdated_one_off_the_desk(manager, outdated, product, settings):
    settings.SHOPAI_UNDO_SECONDS = 0
    fresh = factories.delivered(product, OTHER)
    approve(user=manager, draft_id=fresh.pk, revision=fresh.revision, check_key=fresh.check_key, key=uuid.uuid4())
    sheet = load_sheet(user=manager, kind="description", subject_id=product.pk, wants_claim=True)
    (found,) = (each.draft for each in sheet.drafts if each.draft.pk == outdated.pk)
    edited = save_text(user=manager, draft_id=found.pk, revision=found.revision, text=OTHER)
    with pytest.raises(Refused, match="Another draft of the same text is open"):
        approve(user=manager, draft_id=found.pk, revision=edited.revision, check_key=edited.check_key, key=uuid.uuid4())
    publishing.publish_due()
    outdated.refresh_from_db()
    assert outdated.status == "cancelled"


def test_in_bulk_one_of_two_drafts_of_a_text_is_refused(manager, outdated, product):
    fresh = factories.delivered(product, OTHER)
    Draft.objects.filter(pk=outdated.pk).update(text=OTHER)
    outcome = approve_clean(user=manager, draft_ids=[outdated.pk, fresh.pk], key=uuid.uuid4())
    assert outcome.changed == 1
    assert "Another draft" in outcome.refused[outdated.pk]
