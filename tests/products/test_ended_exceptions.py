"""Accepted findings that end by themselves: the live texts that rested on them come back, once."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core.models import AuditEvent
from apps.drafts.models import BannedWord, Draft, Finding, RuleException
from apps.drafts.services import exceptions
from apps.drafts.services.decisions import approve
from apps.drafts.services.editing import recheck
from apps.products.models import ChangedProduct, DescriptionDraft, EndedException, LiveText, PublishedCopy
from apps.products.services.audit import changes, endings, runs
from apps.products.services.facts import refresh_product
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db
TEXT = "A gizmo for every small kitchen that likes its tea fresh and hot, morning and evening."
CLEAN = TEXT.replace("gizmo", "kettle")
WHY = "A term of the trade, see the style guide."


@pytest.fixture(autouse=True)
def banned(settings):
    settings.SHOPAI_UNDO_SECONDS = 0
    BannedWord.objects.create(word="gizmo")
    runs.notice_rules()


@pytest.fixture
def manager():
    return factories.user("manager")


@pytest.fixture
def shop():
    return factories.shop()


def sold(shop, text="", **fields):
    product = factories.product(in_shop=shop, **fields)
    refresh_product([product.pk])
    product.listings.update(live={"long_description": text} if text else {})
    # What a worker has looked at already.
    ChangedProduct.objects.all().delete()
    product.refresh_from_db()
    return product


def accepted(product=None, **fields) -> RuleException:
    if product is not None:
        fields |= {"kind": "description", "subject_id": product.pk, "facts_key": product.facts_key}
    values = {"rule": "banned_word", "phrase": "gizmo", "reason": WHY, "by": factories.user("manager")}
    return RuleException.objects.create(**values | fields, expires_at=timezone.now() + timedelta(days=1))


def let_end(*rows, seconds=1):
    ids = [row.pk for row in rows]
    RuleException.objects.filter(pk__in=ids).update(expires_at=timezone.now() - timedelta(seconds=seconds))


def work():
    while runs.run_slice():
        pass


def status_of(copy):
    return Draft.objects.get(pk=copy.draft_id).status


def test_published_text_that_an_exception_held_is_outdated_when_it_ends_and_no_other(shop):
    held, other, clean = sold(shop), sold(shop), sold(shop)
    copies = [publish(held.listings.get(), TEXT), publish(clean.listings.get(), CLEAN)]
    old = publish(other.listings.get(), TEXT)
    row = accepted(held)
    assert endings.notice_ended() == 0
    work()
    assert status_of(copies[0]) == "published"

    let_end(row)
    assert endings.notice_ended() == 1
    work()
    assert [status_of(copy) for copy in copies] == ["outdated", "published"]
    assert status_of(old) == "published"
    draft = Draft.objects.get(pk=copies[0].draft_id)
    assert draft.outdated_reason == "An accepted finding ended: Banned word."
    assert draft.outdated_by["spans"] == [[2, 7]]
    assert PublishedCopy.objects.get(pk=copies[0].pk).outdated_at
    assert LiveText.objects.get(product=held).severity == 3


def test_beat_looks_every_few_minutes(shop, settings):
    copy = publish(sold(shop).listings.get(), TEXT)
    let_end(accepted(copy.listing.product))
    entry = settings.CELERY_BEAT_SCHEDULE["notice-ended-exceptions"]
    assert 60 <= entry["schedule"] <= 300
    import_string(entry["task"])()
    work()
    assert status_of(copy) == "outdated"


def test_each_end_is_noticed_once_and_told_in_the_audit_trail(shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    let_end(row := accepted(copy.listing.product), seconds=86_400 * 3)
    assert endings.notice_ended() == 1
    assert endings.notice_ended() == 0
    work()
    work()
    assert endings.notice_ended() == 0
    event = AuditEvent.objects.get(subject_kind="rule_exception")
    assert (event.verb, event.subject_id, event.actor) == ("end", row.pk, None)
    assert (event.data["rule"], event.data["phrase"], event.data["blocked"]) == ("banned_word", "gizmo", 1)
    assert AuditEvent.objects.filter(subject_kind="draft", verb="outdate").count() == 1


def test_one_that_was_given_a_later_end_is_noticed_again_when_it_comes(manager, shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    let_end(row := accepted(copy.listing.product), seconds=60)
    endings.notice_ended()
    exceptions.set_expiry(user=manager, row=row, expires_at=timezone.now() + timedelta(days=1))
    work()
    assert status_of(copy) == "published"
    let_end(row)
    assert endings.notice_ended() == 1
    work()
    assert status_of(copy) == "outdated"


def test_a_withdrawn_one_has_ended_too(manager, shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    exceptions.withdraw(user=manager, exception_id=accepted(copy.listing.product).pk)
    assert endings.notice_ended() == 1
    work()
    assert status_of(copy) == "outdated"


def test_what_another_exception_still_holds_stays(shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    accepted(language="en")
    let_end(accepted(copy.listing.product))
    endings.notice_ended()
    work()
    assert status_of(copy) == "published"


def test_one_of_other_facts_held_nothing_any_more(shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    row = accepted(copy.listing.product)
    RuleException.objects.filter(pk=row.pk).update(facts_key="of other facts")
    let_end(row)
    endings.notice_ended()
    work()
    assert status_of(copy) == "published"
    assert AuditEvent.objects.get(subject_kind="rule_exception").data["blocked"] == 0


def test_one_of_a_category_is_walked_in_batches_and_reaches_imported_text(shop, monkeypatch):
    monkeypatch.setattr(endings.recheck_ended, "__defaults__", (2,))
    products = [sold(shop, TEXT) for _each in range(5)]
    type(products[0]).objects.filter(pk__in=[each.pk for each in products[:3]]).update(category="Kettles")
    let_end(accepted(category="kettles"))
    endings.notice_ended()
    assert endings.recheck_ended()
    assert DescriptionDraft.objects.count() == 2
    assert EndedException.objects.get().cursor == products[1].pk
    work()
    drafts = DescriptionDraft.objects.order_by("pk")
    assert [(each.product_id, each.status, each.text) for each in drafts] == [
        (each.pk, "outdated", TEXT) for each in products[:3]
    ]
    assert EndedException.objects.get().finished_at
    assert AuditEvent.objects.get(subject_kind="rule_exception").data["blocked"] == 3


def test_an_audit_in_between_hides_nothing(manager, shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    let_end(accepted(copy.listing.product))
    runs.start_audit(user=manager, shop=None)
    work()
    assert status_of(copy) == "published"
    endings.notice_ended()
    work()
    assert status_of(copy) == "outdated"


def test_a_list_that_changed_at_the_same_time_is_not_hidden_either(shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    other = publish(copy.listing, CLEAN.replace("fresh", "splendid"), field="mobile_description")
    let_end(accepted(copy.listing.product))
    BannedWord.objects.create(word="splendid")
    endings.notice_ended()
    work()
    assert [status_of(copy), status_of(other)] == ["outdated", "outdated"]


def test_text_that_was_approved_just_before_the_end_is_looked_at_when_it_is_published(manager, shop, settings):
    product = sold(shop)
    row = accepted(product)
    draft = factories.delivered(product, TEXT)
    recheck(drafts=[draft])
    settings.SHOPAI_UNDO_SECONDS = 60
    approve(user=manager, draft_id=draft.pk, revision=draft.revision, check_key=draft.check_key, key=uuid.uuid4())
    let_end(row)
    assert endings.notice_ended() == 0
    Draft.objects.update(reviewed_at=timezone.now() - timedelta(seconds=70))
    let_end(row, seconds=65)
    assert endings.notice_ended() == 1
    work()
    draft.refresh_from_db()
    assert draft.status == "outdated"


def test_open_texts_that_it_held_stand_in_the_queue_as_blocked(shop):
    product = sold(shop)
    row = accepted(product)
    draft = factories.delivered(product, TEXT)
    recheck(drafts=[draft])
    assert Draft.objects.get(pk=draft.pk).severity < 3
    let_end(row)
    endings.notice_ended()
    work()
    draft.refresh_from_db()
    assert (draft.status, draft.severity) == ("in_review", 3)
    assert Finding.objects.get(draft=draft, candidate=None, rule="banned_word").severity == 3


def test_those_that_end_in_one_second_take_a_fixed_number_of_queries(shop):
    def queries(count: int) -> int:
        rows = [accepted(publish(sold(shop).listings.get(), TEXT).listing.product) for _each in range(count)]
        let_end(*rows)
        endings.notice_ended()
        with CaptureQueriesContext(connection) as caught:
            assert endings.recheck_ended()
        assert not endings.is_waiting()
        return len([query for query in caught if "SAVEPOINT" not in query["sql"]]) - 2 * count

    queries(1)
    # What is recorded of each exception, and its own row, come on top.
    assert queries(2) == queries(6)


def test_a_product_that_cannot_be_checked_stops_no_other(shop, monkeypatch):
    copies = [publish(sold(shop).listings.get(), TEXT) for _each in range(3)]
    let_end(*[accepted(copy.listing.product) for copy in copies])
    load = endings.load_live

    def failing(ids):
        if copies[1].listing.product_id in ids:
            raise ValueError("broken")
        return load(ids)

    monkeypatch.setattr(endings, "load_live", failing)
    endings.notice_ended()
    work()
    assert [status_of(copy) for copy in copies] == ["outdated", "published", "outdated"]
    assert not endings.is_waiting()


def test_one_that_no_worker_took_up_wakes_one(shop, monkeypatch):
    let_end(accepted(sold(shop)))
    endings.notice_ended()
    woken = []
    monkeypatch.setattr(runs, "poke", lambda: woken.append(1))
    assert not runs.resume_stalled()
    EndedException.objects.update(moved_at=timezone.now() - timedelta(minutes=1))
    assert runs.resume_stalled()
    assert woken == [1]


def test_facts_that_change_meanwhile_are_told_first(shop):
    copy = publish(sold(shop).listings.get(), TEXT)
    let_end(accepted(copy.listing.product))
    changes.note_changed([copy.listing.product_id])
    endings.notice_ended()
    work()
    assert status_of(copy) == "outdated"
    assert not endings.is_waiting()
