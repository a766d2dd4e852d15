"""Where a shop wants two people to read a text: whose approval counts, for which words, and what undoes it."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.drafts.models import BannedWord, Decision, Draft, SheetClaim
from apps.drafts.registry import provider_of
from apps.drafts.services import Refused, bulk, decisions, editing, publishing, sheets
from apps.drafts.services.sheets import DeskFilter
from apps.products.models import PublishedCopy, Shop
from tests import factories

pytestmark = pytest.mark.django_db
GOOD = factories.GOOD_TEXT
OTHER = GOOD + " It is made of steel."


@pytest.fixture
def mei():
    return factories.user("reviewer", username="mei")


@pytest.fixture
def tom():
    return factories.user("reviewer", username="tom")


@pytest.fixture
def draft():
    return factories.delivered(strict_product(), GOOD, OTHER)


def strict_product(**fields):
    return factories.product(in_shop=factories.shop(second_review=True), **fields)


def now(draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def approve(draft, user, **changed):
    fresh = now(draft)
    values = {"draft_id": fresh.pk, "revision": fresh.revision, "check_key": fresh.check_key, "key": uuid.uuid4()}
    return decisions.approve(user=user, **(values | changed))


def take_back(draft, user):
    return decisions.take_back(user=user, draft_id=draft.pk, key=uuid.uuid4())


def edit(draft, user, text=OTHER):
    fresh = now(draft)
    return editing.save_text(user=user, draft_id=fresh.pk, revision=fresh.revision, text=text)


def code_of(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def publish() -> int:
    Draft.objects.update(reviewed_at=timezone.now() - timedelta(minutes=5))
    return publishing.publish_due()


def verbs() -> list[str]:
    return list(Decision.objects.order_by("id").values_list("verb", flat=True))


def test_nothing_is_published_before_two_people_have_approved_it(draft, mei, tom):
    assert approve(draft, mei).to_status == "second_review"
    assert publish() == 0
    assert approve(draft, tom).to_status == "approved"
    assert publish() == 1
    assert PublishedCopy.objects.get().published_by == tom
    assert list(Decision.objects.order_by("id").values_list("verb", "by")) == [
        ("ask_second", mei.pk),
        ("confirm_second", tom.pk),
    ]


def test_the_first_reader_can_not_be_the_second(draft, mei):
    approve(draft, mei)
    with pytest.raises(Refused, match="Another person has to read it") as caught:
        approve(draft, mei)
    assert caught.value.code == "second_reader"
    assert now(draft).status == "second_review"


def test_a_shop_that_does_not_ask_for_it_has_one_reader(mei):
    plain = factories.delivered(factories.product(in_shop=factories.shop()), GOOD)
    nowhere = factories.delivered(factories.product(), GOOD)
    assert [approve(each, mei).verb for each in (plain, nowhere)] == ["approve", "approve"]


def test_one_strict_shop_is_enough_unless_the_text_is_for_another(mei, django_assert_num_queries):
    strict, plain = factories.shop(second_review=True), factories.shop()
    product = factories.product(in_shop=strict)
    factories.listing(product, plain)
    shared = factories.draft(product)
    factories.draft(product, shop=plain, scope_id=plain.pk)
    for_strict = factories.draft(product, shop=strict, scope_id=strict.pk)
    rows = list(Draft.objects.all())
    with django_assert_num_queries(1):
        assert provider_of("description").needs_second(rows) == {shared.pk, for_strict.pk}


def test_an_edit_by_the_second_reader_makes_them_the_first(draft, mei, tom):
    approve(draft, mei)
    edit(draft, tom)
    assert approve(draft, tom).verb == "ask_second"
    assert (now(draft).status, now(draft).reviewed_by) == ("second_review", tom)
    assert code_of(lambda: approve(draft, tom)) == "second_reader"
    approve(draft, mei)
    publish()
    assert PublishedCopy.objects.get().text == OTHER


def test_an_edit_that_is_undone_leaves_the_first_approval_as_it_was(draft, mei, tom):
    approve(draft, mei)
    edit(draft, tom)
    edit(draft, tom, GOOD)
    assert approve(draft, tom).verb == "confirm_second"


def test_an_edit_that_nobody_approved_needs_two_readers_too(draft, mei, tom):
    approve(draft, mei)
    edit(draft, tom)
    third = factories.user("reviewer")
    assert approve(draft, third).to_status == "second_review"
    assert approve(draft, mei).to_status == "approved"


def test_the_first_reader_may_change_their_own_text_and_stays_the_first(draft, mei, tom):
    approve(draft, mei)
    edit(draft, mei)
    assert approve(draft, mei).verb == "ask_second"
    assert approve(draft, tom).to_status == "approved"


def test_a_text_that_a_person_wrote_where_the_model_abstained_needs_two_readers(mei):
    made = factories.draft(strict_product(), status="abstained")
    edit(made, mei, GOOD)
    assert approve(made, mei).to_status == "second_review"


@pytest.mark.parametrize("reader", ["mei", "tom"])
def test_both_readers_need_a_clean_check_of_today(draft, mei, tom, reader):
    if reader == "tom":
        approve(draft, mei)
    user = {"mei": mei, "tom": tom}[reader]
    assert code_of(lambda: approve(draft, user, check_key="other")) == "facts_changed"
    BannedWord.objects.create(word="kettle")
    sheets.load_sheet(user=user, kind="description", subject_id=draft.subject_id, wants_claim=True)
    assert code_of(lambda: approve(draft, user)) == "blocked"


def test_a_second_approval_that_is_sent_again_changes_nothing(draft, mei, tom):
    key = uuid.uuid4()
    assert approve(draft, mei, key=key).pk == approve(draft, mei, key=key).pk
    approve(draft, tom)
    assert Decision.objects.count() == 2


def test_the_first_reader_takes_back_before_the_second_has_decided(draft, mei, tom):
    approve(draft, mei)
    assert code_of(lambda: take_back(draft, tom)) == "not_allowed"
    take_back(draft, mei)
    assert (now(draft).status, now(draft).reviewed_by) == ("in_review", None)
    assert approve(draft, tom).verb == "ask_second"


@pytest.mark.parametrize("is_published", [False, True])
def test_taking_the_second_approval_back_leaves_the_first_one_standing(draft, mei, tom, is_published):
    approve(draft, mei)
    approve(draft, tom)
    if is_published:
        publish()
    assert code_of(lambda: take_back(draft, mei)) == "not_allowed"
    assert take_back(draft, tom).verb == "take_back_second"
    assert (now(draft).status, now(draft).reviewed_by) == ("second_review", mei)
    assert not PublishedCopy.objects.current().exists()
    assert code_of(lambda: approve(draft, mei)) == "second_reader"
    assert approve(draft, tom).verb == "confirm_second"


def test_a_rejection_by_the_second_reader_is_taken_back_to_the_second_reading(draft, mei, tom):
    approve(draft, mei)
    decisions.reject(user=tom, draft_id=draft.pk, revision=now(draft).revision, key=uuid.uuid4(), reason="tone")
    assert take_back(draft, tom).to_status == "second_review"
    assert approve(draft, tom).verb == "confirm_second"


def test_a_text_that_is_written_again_starts_from_the_first_reader(draft, mei, tom):
    approve(draft, mei)
    decisions.regenerate(user=tom, draft_id=draft.pk, revision=now(draft).revision, key=uuid.uuid4())
    assert (now(draft).status, now(draft).reviewed_by) == ("requested", None)
    Draft.objects.update(status="in_review")
    assert approve(draft, tom).verb == "ask_second"


def test_a_second_reading_is_parked_and_comes_back(draft, mei, tom):
    approve(draft, mei)
    decisions.park(user=tom, draft_id=draft.pk, revision=now(draft).revision, key=uuid.uuid4(), note="ask")
    assert not Draft.objects.to_review().exists()
    decisions.unpark(user=tom, draft_id=draft.pk, key=uuid.uuid4())
    assert now(draft).status == "second_review"
    assert approve(draft, tom).verb == "confirm_second"


def test_where_the_shop_no_longer_asks_one_reader_is_enough(draft, mei):
    approve(draft, mei)
    Shop.objects.update(second_review=False)
    assert approve(draft, mei).to_status == "approved"


def test_the_database_holds_no_second_review_without_a_first(draft):
    with pytest.raises(IntegrityError, match="draft_second_has_first"):
        Draft.objects.update(status="second_review")


def test_bulk_approval_follows_the_same_rules(mei):
    manager, other = factories.user(), factories.user()
    strict = [factories.delivered(strict_product(), GOOD).pk for _ in range(2)]
    plain = factories.delivered(factories.product(in_shop=factories.shop()), GOOD).pk
    key = uuid.uuid4()
    for _twice in range(2):
        first = bulk.approve_clean(user=manager, draft_ids=[*strict, plain], key=key)
        assert (first.changed, first.waiting, first.refused) == (3, 2, {})
    again = bulk.approve_clean(user=manager, draft_ids=strict, key=uuid.uuid4())
    assert again.changed == 0
    assert all("Another person" in why for why in again.refused.values())
    Draft.objects.filter(pk=strict[0]).update(text=OTHER, is_edited=True)
    second = bulk.approve_clean(user=other, draft_ids=strict, key=uuid.uuid4())
    assert (second.changed, second.waiting) == (2, 1)
    assert list(Draft.objects.order_by("id").values_list("status", "reviewed_by")) == [
        ("second_review", other.pk), ("approved", other.pk), ("approved", manager.pk),
    ]  # fmt: skip
    assert sorted(verbs()) == ["approve", "ask_second", "ask_second", "ask_second", "confirm_second"]


def test_bulk_approval_of_many_costs_no_more_queries_than_of_two():
    def cost(count: int) -> int:
        ids = [factories.delivered(strict_product(), GOOD).pk for _ in range(count)]
        manager = factories.user()
        assert manager.has_perm("drafts.bulk_review_draft")
        with CaptureQueriesContext(connection) as queries:
            assert bulk.approve_clean(user=manager, draft_ids=ids, key=uuid.uuid4()).waiting == count
        return len(queries)

    assert cost(2) == cost(6)


def test_two_people_who_approve_at_the_same_time_are_the_two_readers(draft, mei, tom):
    seen = {"revision": draft.revision, "check_key": draft.check_key}
    assert [approve(draft, user, **seen).to_status for user in (mei, tom)] == ["second_review", "approved"]


def test_a_second_reading_is_queued_at_once_for_everyone_but_the_first_reader(draft, mei, tom):
    assert sheets.next_sheet(user=mei, desk_filter=DeskFilter()).drafts
    approve(draft, mei)
    assert not SheetClaim.objects.exists()
    assert sheets.next_sheet(user=mei, desk_filter=DeskFilter()) is None
    assert sheets.count_sheets(user=mei, desk_filter=DeskFilter()) == 0
    (shown,) = sheets.next_sheet(user=tom, desk_filter=DeskFilter()).drafts
    assert (shown.draft.pk, shown.needs_second) == (draft.pk, True)
    assert sheets.count_sheets(user=tom, desk_filter=DeskFilter(status="second_review")) == 1
    assert sheets.count_sheets(user=tom, desk_filter=DeskFilter(status="in_review")) == 0


def test_a_sheet_with_more_to_decide_stays_with_its_reader_and_leaves_out_what_they_have_read(mei, tom):
    product = strict_product()
    read = factories.delivered(product, GOOD)
    left = factories.delivered(product, "Steel kettle", field="seo_title")
    sheets.next_sheet(user=mei, desk_filter=DeskFilter())
    approve(read, mei)
    assert [each.draft.pk for each in sheets.next_sheet(user=mei, desk_filter=DeskFilter()).drafts] == [left.pk]
    assert sheets.next_sheet(user=tom, desk_filter=DeskFilter()) is None
    whole = sheets.load_sheet(user=mei, kind="description", subject_id=product.pk)
    assert {each.draft.pk for each in whole.drafts} == {read.pk, left.pk}


def test_a_second_reading_is_judged_by_the_rules_of_today(draft, mei, tom):
    approve(draft, mei)
    BannedWord.objects.create(word="kettle", language="en")
    (shown,) = sheets.next_sheet(user=tom, desk_filter=DeskFilter()).drafts
    assert [finding.rule for finding in shown.findings] == ["banned_word"]
    assert now(draft).check_key == shown.check_key
