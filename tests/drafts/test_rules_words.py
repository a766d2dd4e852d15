import pytest

from apps.drafts.checking import check_text, check_texts, packs_key
from apps.drafts.models import BannedWord, Severity
from apps.drafts.rules.matching import Lexicon
from tests.drafts.rule_cases import context


def _pieces(word, text):
    return [text[start:end] for start, _end, end, _payload in Lexicon([(word, None)]).search(text)]


HITS = [
    ("best", "The best coat", ["best"]),
    ("best", "BEST. Best!", ["BEST", "Best"]),
    ("best", "ｂｅｓｔ coat", ["ｂｅｓｔ"]),
    ("best", "be\u200bst coat", ["be\u200bst"]),
    ("best", "be\u00adst", ["be\u00adst"]),
    ("best", "使用best产品", ["best"]),
    ("best", "Best™ coat", ["Best"]),
    ("ＢＥＳＴ", "best", ["best"]),
    ("No. 1", "the No.  1 coat", ["No.  1"]),
    ("risk free", "risk\nfree, risk\u00a0free", ["risk\nfree", "risk\u00a0free"]),
    ("don't", "You don’t need it", ["don’t"]),
    ("café", "a cafe\u0301 table", ["cafe\u0301"]),
    ("straße", "STRASSE", ["STRASSE"]),
    ("最佳", "全网最佳选择", ["最佳"]),
    ("最佳", "最\u200b佳", ["最\u200b佳"]),
    ("第1名", "全网第１名", ["第１名"]),
    ("100%", "100% natural", ["100%"]),
    ("c++", "C++ and c++x", ["C++", "c++"]),
    ("fin", "ﬁn", ["ﬁn"]),
    ("𠮷", "a𠮷b", ["𠮷"]),
]


@pytest.mark.parametrize(("word", "text", "pieces"), HITS)
def test_banned_word_is_found_where_it_stands(word, text, pieces):
    assert _pieces(word, text) == pieces


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("best", "bestow, the Bestseller, asbest"),
        ("best", "best2 b est"),
        ("cafe", "café"),
        ("schon", "schön"),
        ("最佳", "最 佳"),
        ("arse", "parse arsenal"),
        ("", "anything"),
        ("\u200b", "anything"),
    ],
)
def test_near_misses_are_left_alone(word, text):
    assert _pieces(word, text) == []


def test_overlapping_words_are_all_found():
    text = "the best of breed dogs"
    lexicon = Lexicon([("best of breed", 2), ("best", 3), ("breed dogs", 3)])
    found = [(text[start:end], row) for start, _end, end, row in lexicon.search(text)]
    assert found == [("best of breed", 2), ("best", 3), ("breed dogs", 3)]


def _findings(text, language="en"):
    result = check_text(text, context("seo_title", language))
    return [(finding.severity, text[finding.start : finding.end]) for finding in result.findings]


@pytest.mark.django_db
def test_the_list_has_severity_and_language_per_row():
    BannedWord.objects.create(word="gizmo", severity=Severity.WARN, note="Say what it does.")
    BannedWord.objects.create(word="cheap", language="en", severity=Severity.BLOCK)
    BannedWord.objects.create(word="洋货", language="zh")
    text = "A cheap gizmo 洋货 coat for the winter"
    assert (2, "gizmo") in _findings(text)
    assert (3, "cheap") in _findings(text, "en-GB")
    assert (3, "洋货") not in _findings(text)
    assert (3, "cheap") not in _findings(text, "de")
    message = check_text("gizmo coat", context("seo_title")).findings[0].message
    assert message == "“gizmo” may not be used. Say what it does."


@pytest.mark.django_db
def test_every_change_of_the_list_counts_at_once_and_changes_the_key():
    keys = {packs_key()}
    row = BannedWord.objects.create(word="cheap")
    keys.add(packs_key())
    assert _findings("cheap warm coat") == [(3, "cheap")]
    row.word = "warm"
    row.save()
    keys.add(packs_key())
    assert _findings("cheap warm coat") == [(3, "warm")]
    row.delete()
    assert _findings("cheap warm coat") == []
    assert len(keys) == 3
    assert packs_key() in keys, "an empty list is the empty list again"


@pytest.mark.django_db
def test_the_list_is_read_once_for_many_texts(django_assert_num_queries):
    BannedWord.objects.create(word="cheap")
    check_text("warm up", context())
    # Whether the list has changed, whether a switch has, which exceptions there are: however many texts there are.
    with django_assert_num_queries(3):
        check_texts([("cheap coat", context())] * 30)
    with django_assert_num_queries(0):
        check_texts([])
