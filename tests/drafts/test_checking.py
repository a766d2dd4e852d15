import json
import time
from itertools import islice
from pathlib import Path

import pytest

from apps.drafts import checking
from apps.drafts.checking import check_text, check_texts, configured_rules, packs_key
from apps.drafts.models import Severity
from apps.drafts.registry import CheckContext
from apps.drafts.rules.base import Rule, Span
from tests.drafts.rule_cases import context, fact

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "safety" / "blns.json"
GOOD = "Seven hours on a charge and room for all that you carry. Each bud weighs 4.6 g, so you forget that it is there."
FACTS = [fact("Battery life", "7", "h"), fact("Weight", "4.6", "g")]


class Failing(Rule):
    id = "failing"
    name = "Failing"

    def find(self, text, context):
        yield Span(0, 1, "found before it failed")
        raise RuntimeError("boom")


class Talkative(Rule):
    id = "talkative"
    severity = Severity.INFO

    def find(self, text, context):
        yield from (Span(place, place + 1, "x" * 900) for place in range(10**9))


def test_good_copy_is_clean():
    result = check_text(GOOD, context(facts=FACTS))
    assert (result.findings, result.severity, len(result.key)) == ((), Severity.CLEAN, 64)


def test_findings_come_in_order_of_place_and_the_worst_one_decides():
    result = check_text(
        "Warm <b> is is very warm and light, and it weighs just 5 kg with the", context("seo_title", facts=FACTS)
    )
    assert [finding.start for finding in result.findings] == sorted(finding.start for finding in result.findings)
    assert {finding.rule for finding in result.findings} == {"markup", "repetition", "number", "cut_off", "length"}
    assert result.severity == Severity.BLOCK


def test_the_key_names_the_text_the_facts_the_lists_and_the_checker(settings, monkeypatch):
    base = CheckContext(field="bullets", language="en", facts_key="a")
    keys = {check_text("one\ntwo", base).key}
    keys.add(check_text("one\ntwo ", base).key)
    keys.add(check_text("one\ntwo", CheckContext(field="bullets", language="en", facts_key="b")).key)
    monkeypatch.setattr(checking, "CHECKER_VERSION", "other")
    keys.add(check_text("one\ntwo", base).key)
    settings.SHOPAI_RULES = settings.SHOPAI_RULES[1:]
    keys.add(check_text("one\ntwo", base).key)
    assert len(keys) == 5
    assert check_text("one\ntwo", base).key in keys


def test_a_rule_that_raises_blocks_and_the_page_lives(settings, caplog):
    settings.SHOPAI_RULES = [f"{__name__}.Failing", "apps.drafts.rules.form.EmptyText"]
    result = check_text("", context())
    assert {(finding.rule, finding.severity) for finding in result.findings} == {("failing", 3), ("empty", 3)}
    assert "could not be checked" in result.findings[0].message
    assert "rule failing failed" in caplog.text


def test_a_rule_that_finds_too_much_is_stopped(settings):
    settings.SHOPAI_RULES = [f"{__name__}.Talkative"]
    findings = check_text("text", context()).findings
    assert len(findings) == checking.MAX_FINDINGS_PER_RULE
    assert len(findings[0].message) == 500


def test_every_rule_says_what_it_is():
    rules = configured_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.name and rule.explanation and len(rule.id) <= 40 for rule in rules)


def test_the_key_of_the_packs_changes_with_the_rules(settings):
    before = packs_key()
    settings.SHOPAI_RULES = settings.SHOPAI_RULES[1:]
    assert packs_key() != before


@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data is not there")
@pytest.mark.parametrize("language", ["en", "zh-Hans", "de", "fr", "", "tlh"])
def test_naughty_strings_never_break_a_rule(language, caplog):
    texts = [str(text) for text in json.loads(NAUGHTY.read_text(encoding="utf-8"))]
    texts += [
        "\ud800",
        "\x00",
        "1" * 5000,
        "²³¹⁄₂",
        "½½",
        "一" * 50,
        "-",
        "٣ كغ",
        "$",
        "5 $ 5",
        "0/0",
        "半",
        "百分之",
        "第",
    ]
    facts = tuple(fact(text[:50], text, text[:20]) for text in texts)
    contexts = [context(field, language, facts) for field in ("long_description", "bullets", "seo_title")]
    results = check_texts([(text, checked) for checked in contexts for text in texts])
    assert "failed" not in caplog.text
    for (text, _context), result in zip([(t, c) for c in contexts for t in texts], results, strict=True):
        assert all(0 <= finding.start <= finding.end <= len(text) for finding in result.findings)


ATTACKS = [
    "a", "1", "1 ", "1,", "1x", "x1", "<", "<a", "{", "{{", "[", "[a](", "*", "**", "**a", "`", "_", "__a", "&", "&a",
    " ", "\n", "- ", "#", "一", "一个", "半", "第", "百分之", "a1-", "one ", "two hundred ", "and ", "5-", "1/2 ", "½",
    "e\u0301", "\u0301", "\u200b", "🙂", "5 kg, ", "20 x ", "A.", "the the ", "ab", "1. ", "\n1. ", "$1", "“", "％",
    "½ in ",
]  # fmt: skip


@pytest.mark.parametrize("piece", ATTACKS)
def test_a_hundred_thousand_characters_take_a_bounded_time_per_rule(piece, patience):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    slow = {}
    for rule in configured_rules():
        started = time.thread_time()
        list(islice(rule.loaded().find(text, context(facts=FACTS)), checking.MAX_FINDINGS_PER_RULE))
        slow[rule.id] = time.thread_time() - started
    assert {rule: seconds for rule, seconds in slow.items() if seconds > patience} == {}
