from datetime import timedelta

import pytest
from django.utils import timezone

from apps.drafts.models import BannedWord, Draft, SheetClaim
from apps.drafts.services import sheets
from apps.drafts.services.sheets import DeskFilter
from apps.products.models import Fact, Product
from tests import factories

pytestmark = pytest.mark.django_db
FALSE = factories.GOOD_TEXT.replace("1.7", "9")


def delivered(category="Kettles", *texts, **fields):
    return factories.delivered(factories.product(category=category), *texts, **fields)


def test_the_queue_goes_by_category_flagged_ones_first():
    user = factories.user("reviewer")
    clean, flagged = delivered("B"), delivered("B", FALSE)
    other = delivered("A")
    order, after = [], ""
    for _step in range(3):
        sheet = sheets.next_sheet(user=user, desk_filter=DeskFilter(), after=after)
        order.append(sheet.subject.id)
        after = sheet.cursor
    assert order == [other.subject_id, flagged.subject_id, clean.subject_id]


def test_after_the_last_sheet_the_queue_starts_again():
    user = factories.user("reviewer")
    only = delivered()
    first = sheets.next_sheet(user=user, desk_filter=DeskFilter())
    again = sheets.next_sheet(user=user, desk_filter=DeskFilter(), after=first.cursor)
    assert again.subject.id == only.subject_id


def test_two_reviewers_never_get_the_same_sheet():
    delivered(), delivered()
    mei, tom = factories.user("reviewer"), factories.user("reviewer")
    first = sheets.next_sheet(user=mei, desk_filter=DeskFilter())
    second = sheets.next_sheet(user=tom, desk_filter=DeskFilter())
    assert first.subject.id != second.subject.id
    assert sheets.next_sheet(user=factories.user("reviewer"), desk_filter=DeskFilter()) is None


def test_a_claim_ends_by_itself_or_when_it_is_released():
    delivered()
    mei, tom = factories.user("reviewer"), factories.user("reviewer")
    sheet = sheets.next_sheet(user=mei, desk_filter=DeskFilter())
    sheets.release(user=mei, kind="description", subject_id=sheet.subject.id)
    assert sheets.next_sheet(user=tom, desk_filter=DeskFilter()) is not None
    SheetClaim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sheets.next_sheet(user=mei, desk_filter=DeskFilter()) is not None


def test_a_sheet_holds_all_fields_of_the_languages_that_the_reviewer_reads():
    product = factories.product()
    factories.delivered(product, field="long_description")
    factories.delivered(product, "Steel kettle", field="seo_title")
    factories.delivered(product, "钢制水壶。", field="long_description", language="zh-Hans")
    sheet = sheets.next_sheet(user=factories.user("reviewer"), desk_filter=DeskFilter(languages=("en",)))
    assert [(each.draft.language, each.draft.field) for each in sheet.drafts] == [
        ("en", "long_description"),
        ("en", "seo_title"),
    ]
    both = sheets.load_sheet(user=factories.user("reviewer"), kind="description", subject_id=product.pk)
    assert len(both.drafts) == 3


def test_the_filter_chooses_what_is_shown():
    delivered("A"), delivered("B", FALSE)
    user = factories.user("reviewer")
    for desk_filter, title in (
        (DeskFilter(category="B"), "B"),
        (DeskFilter(severity=3), "B"),
        (DeskFilter(severity=0), "A"),
    ):
        sheet = sheets.next_sheet(user=user, desk_filter=desk_filter)
        assert sheet.subject.category == title
    assert sheets.next_sheet(user=user, desk_filter=DeskFilter(field="bullets")) is None
    assert sheets.count_sheets(user=user, desk_filter=DeskFilter(category="A")) == 1


def test_the_next_sheet_costs_a_fixed_number_of_queries(django_assert_num_queries):
    user = factories.user("reviewer")
    product = factories.product(in_shop=factories.shop())
    for field in ("long_description", "seo_title", "bullets"):
        factories.delivered(product, "A steel kettle.", "A kettle.", field=field)
    # The row, drafts, candidates, their findings, the texts' findings; product, facts, listings with shops; the claim;
    # who has to read it twice; the check of today: product, facts, listings with shops, words, switches, exceptions.
    with django_assert_num_queries(16):
        sheets.next_sheet(user=user, desk_filter=DeskFilter())


def test_a_sheet_is_judged_by_the_rules_and_facts_of_today():
    user, draft = factories.user("reviewer"), delivered()
    BannedWord.objects.create(word="kettle", language="en")
    (shown,) = sheets.next_sheet(user=user, desk_filter=DeskFilter()).drafts
    assert [finding.rule for finding in shown.findings] == ["banned_word"]
    stored = Draft.objects.get(pk=draft.pk)
    assert (stored.severity, stored.check_key) == (3, shown.check_key)
    assert stored.findings.filter(candidate__isnull=True, rule="banned_word").count() == 1
    Fact.objects.update(value="wood")
    Product.objects.update(facts_key="changed")
    again = sheets.load_sheet(user=user, kind="description", subject_id=draft.subject_id, wants_claim=True)
    assert again.drafts[0].check_key != shown.check_key
