"""What a person may decide, when, and exactly once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.drafts.models import BannedWord, Decision, Draft
from apps.drafts.services import Refused, bulk, decisions, editing, publishing
from apps.products.models import PublishedCopy
from tests import factories

pytestmark = pytest.mark.django_db
GOOD = "A kettle made of steel that holds 1.7 l. It suits a small kitchen as well as a large one, and it is from Auvio."
FALSE = GOOD.replace("1.7", "9")


@pytest.fixture
def reviewer():
    return factories.user("reviewer")


@pytest.fixture
def draft():
    return factories.delivered(factories.product(in_shop=factories.shop()), GOOD, FALSE)


def approve(draft, user, **changed):
    values = {"draft_id": draft.pk, "revision": draft.revision, "check_key": draft.check_key, "key": uuid.uuid4()}
    return decisions.approve(user=user, **(values | changed))


def code_of(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def past_undo_window():
    Draft.objects.update(reviewed_at=timezone.now() - timedelta(minutes=5))
    return publishing.publish_due()


def test_an_approved_text_is_published_after_the_undo_window_exactly_once(draft, reviewer):
    approve(draft, reviewer)
    assert publishing.publish_due() == 0
    assert past_undo_window() == 1
    assert publishing.publish_due() == 0
    copy = PublishedCopy.objects.get()
    assert (copy.text, copy.origin, copy.version, copy.changed_share) == (GOOD, "model", 1, 0.0)
    assert Draft.objects.get().status == "published"


def test_a_resent_decision_changes_nothing_and_returns_the_first(draft, reviewer):
    key = uuid.uuid4()
    assert approve(draft, reviewer, key=key).pk == approve(draft, reviewer, key=key).pk
    assert Decision.objects.count() == 1


def test_what_another_has_just_approved_is_refused(draft, reviewer):
    approve(draft, factories.user("reviewer"))
    assert code_of(lambda: approve(draft, reviewer)) == "stale"
    assert Decision.objects.count() == 1


def test_a_stale_page_is_refused(draft, reviewer):
    editing.save_text(user=reviewer, draft_id=draft.pk, revision=0, text="A steel kettle.")
    assert code_of(lambda: approve(draft, reviewer)) == "stale"
    assert code_of(lambda: editing.save_text(user=reviewer, draft_id=draft.pk, revision=0, text="Other.")) == "stale"


def test_approval_is_refused_after_the_facts_changed(draft, reviewer):
    product = draft.descriptiondraft.product
    product.facts_key = "changed"
    product.save()
    assert code_of(lambda: approve(draft, reviewer)) == "facts_changed"


def test_approval_is_refused_after_the_banned_words_changed(draft, reviewer):
    BannedWord.objects.create(word="kettle")
    assert code_of(lambda: approve(draft, reviewer)) == "facts_changed"


def test_a_blocking_finding_blocks_the_desk(draft, reviewer):
    changed = editing.choose_candidate(
        user=reviewer, draft_id=draft.pk, revision=0, candidate_id=draft.candidates.get(text=FALSE).pk
    )
    with pytest.raises(Refused, match="9") as caught:
        approve(changed, reviewer)
    assert caught.value.code == "blocked"
    assert Draft.objects.get().status == "in_review"


def test_the_best_candidate_is_shown_first(draft):
    other = factories.delivered(factories.product(), FALSE, GOOD)
    assert other.text == GOOD
    assert other.candidates.count() == 2


def test_an_edit_is_published_as_the_model_edited_by_a_person(draft, reviewer):
    edited = editing.save_text(user=reviewer, draft_id=draft.pk, revision=0, text=GOOD + " It is made of steel.")
    approve(edited, reviewer)
    past_undo_window()
    copy = PublishedCopy.objects.get()
    assert copy.origin == "edited"
    assert 0 < copy.changed_share < 1


def test_the_same_text_again_keeps_the_revision(draft, reviewer):
    first = editing.save_text(user=reviewer, draft_id=draft.pk, revision=0, text="A kettle of steel.")
    assert editing.save_text(user=reviewer, draft_id=draft.pk, revision=0, text="A kettle of steel.").revision == 1
    assert first.revision == 1


def test_a_decision_can_be_taken_back_until_it_is_exported(draft, reviewer):
    approve(draft, reviewer)
    decisions.take_back(user=reviewer, draft_id=draft.pk, key=uuid.uuid4())
    back = Draft.objects.get()
    assert (back.status, back.reviewed_by) == ("in_review", None)
    approve(back, reviewer)
    past_undo_window()
    decisions.take_back(user=reviewer, draft_id=draft.pk, key=uuid.uuid4())
    assert not PublishedCopy.objects.current().exists()
    approve(Draft.objects.get(), reviewer)
    past_undo_window()
    publishing.mark_exported(draft_ids=[draft.pk])
    assert code_of(lambda: decisions.take_back(user=reviewer, draft_id=draft.pk, key=uuid.uuid4())) == "stale"


def test_only_who_decided_or_a_manager_takes_a_decision_back(draft, reviewer):
    approve(draft, factories.user("reviewer"))
    taken = lambda user: decisions.take_back(user=user, draft_id=draft.pk, key=uuid.uuid4())  # noqa: E731
    assert code_of(lambda: taken(reviewer)) == "not_allowed"
    taken(factories.user("manager"))


def test_rejecting_needs_a_reason_that_is_listed(draft, reviewer):
    values = {"user": reviewer, "draft_id": draft.pk, "revision": 0, "key": uuid.uuid4()}
    assert code_of(lambda: decisions.reject(**values, reason="bored")) == "invalid"
    decisions.reject(**values, reason="tone", note="write to me at mei@example.com")
    decision = Decision.objects.get()
    assert (decision.reason, decision.note) == ("tone", "write to me at [email]")


def test_again_with_guidance_queues_a_new_round(draft, reviewer):
    decisions.regenerate(user=reviewer, draft_id=draft.pk, revision=0, key=uuid.uuid4(), guidance="shorter")
    again = Draft.objects.get()
    assert (again.status, again.guidance, again.revision) == ("requested", "shorter", 1)


def test_a_parked_draft_leaves_the_queue_and_comes_back(draft, reviewer):
    decisions.park(user=reviewer, draft_id=draft.pk, revision=0, key=uuid.uuid4(), note="ask the supplier")
    assert not Draft.objects.to_review().exists()
    decisions.unpark(user=reviewer, draft_id=draft.pk, key=uuid.uuid4())
    assert Draft.objects.to_review().exists()


def test_a_user_without_the_right_is_refused(draft):
    assert code_of(lambda: approve(draft, factories.user("engineer"))) == "not_allowed"


def test_a_draft_whose_product_was_deleted_is_gone(draft, reviewer):
    draft.descriptiondraft.product.delete()
    assert code_of(lambda: approve(draft, reviewer)) == "gone"


def test_bulk_approval_takes_only_what_is_clean_and_is_idempotent():
    manager, key = factories.user("manager"), uuid.uuid4()
    clean = [factories.delivered(factories.product(), GOOD).pk for _ in range(3)]
    false = factories.delivered(factories.product(), FALSE).pk
    first = bulk.approve_clean(user=manager, draft_ids=[*clean, false, 10**9], key=key)
    assert first.changed == 3
    assert set(first.refused) == {false, 10**9}
    assert bulk.approve_clean(user=manager, draft_ids=[*clean, false], key=key).changed == 3
    assert Decision.objects.count() == 3


def test_bulk_needs_its_own_right(reviewer):
    assert code_of(lambda: bulk.approve_clean(user=reviewer, draft_ids=[], key=uuid.uuid4())) == "not_allowed"


def test_bulk_reject_takes_warned_and_blocked_drafts_too():
    drafts = [factories.delivered(factories.product(), text).pk for text in (GOOD, FALSE)]
    outcome = bulk.reject_many(user=factories.user(), draft_ids=drafts, key=uuid.uuid4(), reason="not_wanted")
    assert outcome.changed == 2
    assert set(Draft.objects.values_list("status", flat=True)) == {"rejected"}


def test_decisions_and_audit_events_can_not_be_changed(draft, reviewer):
    from django.db import DatabaseError, transaction

    approve(draft, reviewer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(verb="reject")
