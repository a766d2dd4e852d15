"""What one language of a product's copy says and another says differently."""

import pytest

from apps.products.services.audit.contradictions import contradictions
from apps.products.services.audit.texts import load_live
from tests import factories
from tests.products.factories import publish

pytestmark = pytest.mark.django_db
EN, ZH = "en", "zh-Hans"


def found(english: str, chinese: str, facts=None, field="long_description") -> list[tuple[str, str]]:
    """(language, words) of what is told of the two texts of one listing."""
    product = factories.product(facts=facts or {"Type": "bottle"})
    listing = factories.listing(product, factories.shop(), live={"long_description": english})
    publish(listing, chinese, language=ZH, field=field)
    batch = load_live([product.pk])
    texts = {copy.place: copy for copy in batch.copies}
    return [
        (texts[place].language, texts[place].text[each.start : each.end])
        for place, views in contradictions(batch).items()
        for each in views
    ]


@pytest.mark.parametrize(
    ("english", "chinese", "words"),
    [
        ("It weighs 250 g.", "重量350克。", {"250 g", "350克"}),
        ("Holds 500 ml of tea.", "容量为750毫升。", {"500 ml", "750毫升"}),
        ("Made of cotton.", "采用橡木打造。", {"cotton", "橡木"}),
        ("It is waterproof.", "杯身不防水。", {"waterproof", "防水"}),
        ("The cable is 1.8 m long.", "线长2米。", {"1.8 m", "2米"}),
    ],
)
def test_what_differs_is_told_on_both_sides(english, chinese, words):
    assert {text for _language, text in found(english, chinese)} == words


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It weighs 250 g.", "重量250克。"),
        ("It weighs 250 g.", "重量0.25千克。"),
        ("It weighs 8.8 oz.", "重量250克。"),
        ("A bottle for the road.", "容量为750毫升。"),
        ("It weighs 250 g and lasts 7 hours.", "续航7小时。"),
        ("Made of oak.", "采用木材制成。"),
        ("Two pockets.", "三个口袋的设计。"),
        ("", "容量为750毫升。"),
    ],
)
def test_what_agrees_or_is_left_out_is_no_contradiction(english, chinese):
    assert found(english, chinese) == []


def test_two_values_that_facts_bear_out_are_both_true():
    facts = {"Battery life": "7 h", "Battery life with case": "28 h"}
    assert found("7 hours of battery life.", "续航28小时。", facts) == []


def test_other_fields_and_other_products_are_not_compared():
    assert found("It weighs 250 g.", "重量350克。", field="mobile_description") == []


def test_shops_in_different_languages_are_compared():
    product = factories.product(facts={"Type": "bottle"})
    factories.listing(product, factories.shop(), live={"long_description": "It weighs 250 g."})
    factories.listing(product, factories.shop(base_language=ZH), live={"long_description": "重量350克。"})
    told = contradictions(load_live([product.pk]))
    assert len(told) == 2
    (first, _second) = told.values()
    assert str(first[0].message).startswith("This text says “250 g”, the text in Simplified Chinese says “350克”.")
