"""The audit of live text: what it checks, what it keeps, and what changed rules touch."""

import pytest

from apps.core.models import AuditEvent
from apps.drafts.models import BannedWord, Draft
from apps.drafts.services.errors import Refused
from apps.products.models import AuditRun, DescriptionDraft, LiveFinding, LiveText, RulesSeen
from apps.products.services.audit import runs
from apps.products.services.audit.judging import sentence_of
from apps.products.services.audit.overview import overview, ranked_texts
from apps.products.services.audit.sending import send_texts
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db
GOOD = "A kettle that holds 1.7 l, for every small kitchen that likes its tea fresh and hot."
FALSE = "A kettle for every small kitchen. It holds 9 l and is made for tea. Fill it and wait."


@pytest.fixture
def manager():
    return factories.user("manager")


@pytest.fixture
def shop():
    return factories.shop(name="Web")


def sold(shop, text=GOOD, **fields):
    product = factories.product(**fields)
    factories.listing(product, shop, live={"long_description": text})
    return product


def audit(user, shop=None) -> AuditRun:
    run = runs.start_audit(user=user, shop=shop)
    while runs.advance(run.pk):
        pass
    run.refresh_from_db()
    return run


def test_claims_without_a_fact_are_found_in_imported_and_in_published_text(manager, shop):
    imported = sold(shop, FALSE)
    published = sold(shop)
    publish(published.listings.get(), FALSE.replace("9 l", "8 l"), field="mobile_description")
    run = audit(manager)
    assert (run.state, run.products_done, run.texts, run.flagged) == ("done", 2, 3, 2)
    found = LiveFinding.objects.order_by("text__product_id")
    assert [(each.text.product_id, each.text.source, each.rule) for each in found] == [
        (imported.pk, "imported", "number"), (published.pk, "published", "number"),
    ]  # fmt: skip
    first = found[0]
    assert (first.sentence, FALSE[first.start : first.end]) == ("It holds 9 l and is made for tea.", "9 l")
    start = first.start - first.sentence_start
    assert first.sentence[start : start + 3] == "9 l"


def test_nothing_is_generated_and_no_draft_is_touched(manager, shop):
    copy = publish(sold(shop).listings.get(), FALSE)
    audit(manager)
    assert Draft.objects.get().status == "published"
    copy.refresh_from_db()
    assert copy.outdated_at is None


def test_what_the_shop_shows_as_it_was_published_counts_once(manager, shop):
    publish(sold(shop).listings.get(), GOOD)
    assert audit(manager).texts == 1


def test_a_second_run_replaces_what_the_first_found(manager, shop):
    product = sold(shop, FALSE)
    audit(manager)
    product.listings.update(live={"long_description": GOOD})
    audit(manager)
    assert not LiveFinding.objects.exists()
    product.listings.update(live={})
    audit(manager)
    assert not LiveText.objects.exists()


def test_an_audit_of_one_shop_leaves_the_others_as_they_are(manager, shop):
    sold(shop, FALSE)
    other = factories.shop()
    sold(other, FALSE)
    audit(manager)
    assert audit(manager, other).texts == 1
    assert LiveText.objects.count() == 2


def test_text_of_a_listing_that_is_gone_leaves_the_picture(manager, shop):
    product = sold(shop, FALSE)
    audit(manager)
    product.listings.all().delete()
    assert not LiveText.objects.exists()


def test_the_gravest_come_first_and_many_findings_before_few(manager, shop):
    BannedWord.objects.create(word="cosy", severity=2)
    warned = sold(shop, GOOD.replace("small", "cosy"))
    one = sold(shop, FALSE)
    two = sold(shop, FALSE.replace("made for tea", "boils in 4 minutes, or 5"))
    audit(manager)
    assert [text.product_id for text in ranked_texts({})] == [two.pk, one.pk, warned.pk]
    assert [text.product_id for text in ranked_texts({"rule": "banned_word"})] == [warned.pk]
    assert not ranked_texts({"shop": str(factories.shop().pk)}).exists()


def test_the_figures_count_texts_and_claims(manager, shop):
    sold(shop, FALSE)
    sold(shop)
    audit(manager)
    seen = overview()
    assert (seen.total.texts, seen.total.flagged, seen.total.blocked, seen.claims) == (2, 1, 1, 1)
    assert [(tally.name, tally.texts) for tally in seen.shops] == [("Web", 2)]


def test_a_batch_costs_the_same_queries_however_many_products_it_has(manager, shop, django_assert_max_num_queries):
    for _each in range(8):
        sold(shop, FALSE)
    run = runs.start_audit(user=manager, shop=None)
    # The run; ids, products, facts, listings, copy; the lists of the rules; four to replace; the run again.
    with django_assert_max_num_queries(22):
        runs.advance(run.pk)
    run.refresh_from_db()
    assert run.texts == 8


def test_one_audit_of_a_shop_at_a_time(manager, shop):
    runs.start_audit(user=manager, shop=shop)
    with pytest.raises(Refused, match="running already"):
        runs.start_audit(user=manager, shop=shop)
    runs.start_audit(user=manager, shop=None)


def test_only_who_has_the_right_starts_cancels_and_sends():
    reviewer = factories.user("reviewer")
    for act in (
        lambda: runs.start_audit(user=reviewer, shop=None),
        lambda: runs.cancel_audit(user=reviewer, run_id=1),
        lambda: send_texts(user=reviewer, text_ids=[1]),
    ):
        with pytest.raises(Refused, match="right"):
            act()


def test_a_cancelled_run_does_not_go_on(manager, shop):
    sold(shop)
    run = runs.start_audit(user=manager, shop=None)
    runs.cancel_audit(user=manager, run_id=run.pk)
    assert not runs.advance(run.pk)
    assert not LiveText.objects.exists()
    with pytest.raises(Refused, match="already ended"):
        runs.cancel_audit(user=manager, run_id=run.pk)
    assert AuditEvent.objects.filter(verb="cancel", subject_kind="audit", subject_id=run.pk).exists()


def test_a_run_that_cannot_go_on_says_so_and_stops_no_other(manager, shop, monkeypatch):
    sold(shop)
    broken, sound = runs.start_audit(user=manager, shop=None), runs.start_audit(user=manager, shop=shop)
    check = runs._check
    monkeypatch.setattr(runs, "_check", lambda run, ids: 1 / 0 if run.pk == broken.pk else check(run, ids))
    while runs.run_slice():
        pass
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == ("failed", "done")
    assert "ZeroDivisionError" in broken.message


def test_a_changed_list_outdates_what_it_touches_and_only_that(manager, shop):
    imported, clean = sold(shop, GOOD.replace("fresh", "splendid")), sold(shop)
    touched = publish(sold(shop).listings.get(), "Splendid for every kitchen that likes its tea hot.", field="seo_meta")
    old = sold(shop, FALSE)
    assert runs.notice_rules() is None
    BannedWord.objects.create(word="splendid")
    run = runs.notice_rules()
    assert "banned_word" in run.changed_rules
    assert runs.notice_rules() is None
    while runs.run_slice():
        pass
    run.refresh_from_db()
    assert (run.state, run.outdated) == ("done", 2)
    draft = DescriptionDraft.objects.get(product=imported)
    assert (draft.status, draft.text) == ("outdated", imported.listings.get().live["long_description"])
    assert draft.outdated_reason == "A rule changed: Banned word."
    assert Draft.objects.get(pk=touched.draft_id).status == "outdated"
    assert not DescriptionDraft.objects.filter(product__in=[clean, old]).exists()


def test_an_audit_that_is_asked_for_right_after_a_change_hides_nothing_of_it(manager, shop):
    imported = sold(shop, GOOD.replace("fresh", "splendid"))
    audit(manager)
    BannedWord.objects.create(word="splendid")
    run = runs.start_audit(user=manager, shop=None)
    assert AuditRun.objects.get(cause="rules").pk < run.pk
    while runs.run_slice():
        pass
    assert DescriptionDraft.objects.get(product=imported).status == "outdated"


def test_a_word_that_was_there_before_is_no_news_when_another_is_added(manager, shop):
    BannedWord.objects.create(word="splendid")
    sold(shop, GOOD.replace("fresh", "splendid"))
    audit(manager)
    BannedWord.objects.create(word="superb")
    run = runs.notice_rules()
    while runs.run_slice():
        pass
    run.refresh_from_db()
    assert (run.outdated, run.flagged) == (0, 1)


def test_a_new_rule_sends_no_imported_text_to_the_desk_that_was_never_checked(manager, shop, settings):
    product = sold(shop, FALSE)
    published = publish(sold(shop).listings.get(), FALSE)
    rules = settings.SHOPAI_RULES
    settings.SHOPAI_RULES = [path for path in rules if not path.endswith("UnsupportedNumber")]
    runs.notice_rules()
    settings.SHOPAI_RULES = rules
    assert runs.notice_rules().changed_rules == ["*"]
    while runs.run_slice():
        pass
    assert not DescriptionDraft.objects.filter(product=product).exists()
    assert Draft.objects.get(pk=published.draft_id).status == "outdated"


def test_the_first_look_at_the_rules_starts_nothing():
    assert runs.notice_rules() is None
    assert RulesSeen.objects.count() == 1
    assert not AuditRun.objects.exists()


def test_texts_are_sent_to_the_desk_once(manager, shop):
    product = sold(shop, FALSE)
    audit(manager)
    ids = list(LiveText.objects.values_list("pk", flat=True))
    sent, gone = send_texts(user=manager, text_ids=ids)
    assert (sent.sent, sent.waiting, gone) == (1, 0, 0)
    draft = DescriptionDraft.objects.get(product=product)
    assert (draft.status, draft.requested_by) == ("outdated", manager)
    assert draft.outdated_reason == "The audit found: Number without a fact."
    sent, gone = send_texts(user=manager, text_ids=ids)
    assert (sent.sent, sent.waiting) == (0, 1)
    product.listings.update(live={"long_description": GOOD})
    assert send_texts(user=manager, text_ids=ids)[1] == 1


def test_what_is_missing_is_counted_by_language_and_category(manager):
    shop = factories.shop(name="Web", languages=["en", "zh-Hans"])
    for number in range(6):
        facts = {"Capacity": "1.7 l", "Material": "steel"} if number else {"Material": "steel"}
        sold(shop, GOOD if number > 1 else "", facts=facts)
    gaps = audit(manager).gaps
    texts = {(row["field"], row["language"]): (row["missing"], row["total"]) for row in gaps["texts"]}
    assert texts == {("long_description", "en"): (2, 6), ("long_description", "zh-Hans"): (6, 6)}
    assert [(row["category"], row["name"], row["missing"], row["total"]) for row in gaps["facts"]] == [
        ("Kettles", "Capacity", 1, 6)
    ]


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("One. Two is here. Three.", (5, 8), "Two is here."),
        ("一。容量九升。三。", (2, 4), "容量九升。"),
        ("No end", (0, 2), "No end"),
        ("", (0, 0), ""),
        ("Line\n- Point 5 l\n", (13, 16), "- Point 5 l"),
    ],
)
def test_a_finding_is_shown_in_its_sentence(text, place, sentence):
    found, start = sentence_of(text, *place)
    assert found == sentence
    assert text[start : start + len(found)] == found


def test_a_long_sentence_is_cut_around_the_finding():
    text = "word " * 200 + "false" + " word" * 200
    found, start = sentence_of(text, 1000, 1005)
    assert len(found) <= 400
    assert found[1000 - start : 1005 - start] == "false"
