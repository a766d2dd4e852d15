"""The word list by kind: required phrases, terms with a better one, spellings of brands; each where it counts."""

import pytest

from apps.drafts.checking import check_text
from apps.drafts.models import BannedWord
from apps.drafts.registry import CheckContext

pytestmark = pytest.mark.django_db


def _found(text, rule, *, field="long_description", language="en", category="Kettles", markets=("DE",)):
    checked = CheckContext(field, language, category=category, markets=markets)
    return [text[each.start : each.end] for each in check_text(text, checked).findings if each.rule == rule]


TERMS = [
    ("mobile", "cell phone", "A holder for your mobile.", ["mobile"]),
    ("mobile", "cell phone", "A holder for your cell phone.", []),
    ("case", "charging case", "The charging case holds two.", []),
    ("case", "charging case", "The case holds two.", ["case"]),
    ("rucksack*", "backpack", "Rucksacks for all.", ["Rucksacks"]),
    ("手提电话", "手机", "适合手提电话使用", ["手提电话"]),
]


@pytest.mark.parametrize(("word", "instead", "text", "pieces"), TERMS)
def test_a_term_with_a_better_one_is_found(word, instead, text, pieces):
    BannedWord.objects.create(kind="term", word=word, instead=instead)
    assert _found(text, "glossary") == pieces


SPELLINGS = [
    ("iPhone", "Fits Iphone and IPHONE and iPhone.", ["Iphone", "IPHONE"]),
    ("Auvio", "By auvio.", ["auvio"]),
    ("Auvio", "By Auvio's maker.", []),
    ("Auvio", "Auviola is another.", []),
]


@pytest.mark.parametrize(("word", "text", "pieces"), SPELLINGS)
def test_a_brand_is_spelled_one_way(word, text, pieces):
    BannedWord.objects.create(kind="spelling", word=word)
    assert _found(text, "glossary") == pieces


def test_the_message_says_what_to_write():
    BannedWord.objects.create(kind="term", word="mobile", instead="cell phone")
    findings = check_text("A mobile", CheckContext("seo_title", "en")).findings
    assert "Write “cell phone” instead of “mobile”." in [each.message for each in findings]


SCOPES = [
    ({}, True), ({"category": "Kettles"}, True), ({"category": "Cups"}, False), ({"market": "EU"}, True),
    ({"market": "US"}, False), ({"language": "en"}, True), ({"language": "de"}, False),
    ({"field": "long_description"}, True), ({"field": "seo_title"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "counts"), SCOPES)
def test_a_required_phrase_must_stand_where_it_counts(scope, counts):
    BannedWord.objects.create(kind="required", word="Keep away from children", **scope)
    text = "A kettle of steel."
    assert _found(text, "required_phrase") == ([text] if counts else [])
    assert _found("Keep away  from CHILDREN. A kettle of steel.", "required_phrase") == []


@pytest.mark.parametrize(("scope", "counts"), SCOPES)
def test_a_banned_word_counts_in_its_scope(scope, counts):
    BannedWord.objects.create(word="gizmo", **scope)
    assert _found("A gizmo of steel.", "banned_word") == (["gizmo"] if counts else [])
