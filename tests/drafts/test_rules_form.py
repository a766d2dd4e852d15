import pytest

from apps.drafts.models import Severity
from apps.drafts.rules.form import CutOffText, EmptyText, FieldLength, Markup, Repetition
from tests.drafts.rule_cases import context, marked, severities

BLOCK, WARN = int(Severity.BLOCK), int(Severity.WARN)


@pytest.mark.parametrize("text", ["", "   \n", "\u200b", "...", "—", "🙂"])
def test_text_without_a_word_is_empty(text):
    assert severities(EmptyText(), text, context()) == [BLOCK]


@pytest.mark.parametrize("text", ["Soft.", "软", "5"])
def test_text_with_a_word_is_not_empty(text):
    assert severities(EmptyText(), text, context()) == []


CUT_OFF = [
    ("Warm and light. It keeps the", "long_description", BLOCK),
    ("Warm and light. It keeps you war", "mobile_description", BLOCK),
    ("Warm, light,", "long_description", BLOCK),
    ("A coat in blue and", "seo_title", BLOCK),
    ("A coat in blue (", "seo_title", BLOCK),
    ("轻便保暖，适合", "long_description", BLOCK),
    ("轻便保暖，", "bullets", BLOCK),
    ("A warm coat for the winter", "seo_meta", WARN),
]


@pytest.mark.parametrize(("text", "field", "severity"), CUT_OFF)
def test_cut_off_text_is_found(text, field, severity):
    assert severities(CutOffText(), text, context(field)) == [severity]


WHOLE = [
    ("Warm and light.", "long_description"),
    ("Warm and light!", "mobile_description"),
    ("She said: “Warm.”", "long_description"),
    ("Warm (and light).", "long_description"),
    ("Warm and light. 🎉", "long_description"),
    ("轻便保暖。", "long_description"),
    ("轻便保暖！」", "long_description"),
    ("What you get:\n- a coat\n- a hood", "long_description"),
    ("What you get:\n1. a coat", "long_description"),
    ("Warm\nEasy to put on", "bullets"),
    ("Blue coat with hood", "seo_title"),
    ("Vitamin A", "seo_title"),
    ("What it is\nWidth 3 cm\nMade of steel", "long_description"),
    ("Girl in a blue coat", "image_alt"),
    ("   ", "long_description"),
]


@pytest.mark.parametrize(("text", "field"), WHOLE)
def test_whole_text_is_not_cut_off(text, field):
    assert marked(CutOffText(), text, context(field)) == []


def test_thai_ends_a_sentence_without_a_full_stop():
    assert marked(CutOffText(), "เสื้อกันหนาว", context(language="th")) == []


def test_text_that_ran_out_of_tokens_is_cut_off_whatever_its_end():
    assert severities(CutOffText(), "Warm.", context("seo_title", finish_reason="length")) == [BLOCK]


LENGTHS = [
    ("x" * 121, "mobile_description", [BLOCK]),
    ("x" * 120, "mobile_description", []),
    ("x" * 61, "seo_title", [BLOCK]),
    ("x" * 156, "seo_meta", [BLOCK]),
    ("x" * 126, "image_alt", [BLOCK]),
    ("x" * 5001, "long_description", [BLOCK]),
    ("x" * 5000, "long_description", []),
    ("Too short.", "long_description", [WARN]),
    ("保暖轻便的冬季外套，柔软亲肤。", "long_description", [WARN]),
    ("保暖轻便的冬季外套，柔软亲肤，日常通勤与户外都合适。早晚温差大的日子也能安心。", "long_description", []),
    ("one\ntwo", "bullets", []),
    ("one", "bullets", [WARN]),
    ("\n".join(["line"] * 9), "bullets", [BLOCK]),
    ("\n".join(["line"] * 8), "bullets", []),
    ("x" * 201 + "\ntwo", "bullets", [BLOCK]),
    ("x", "another_field", []),
]


@pytest.mark.parametrize(("text", "field", "expected"), LENGTHS)
def test_length_is_judged_by_field(text, field, expected):
    assert severities(FieldLength(), text, context(field)) == expected


def test_the_part_beyond_the_limit_is_marked_in_code_points():
    assert marked(FieldLength(), "𠮷" * 120 + "😀!", context("mobile_description")) == ["😀!"]


MARKUP = [
    ("A <b>warm</b> coat", ["<b>", "</b>"]),
    ("Warm<br/>coat", ["<br/>"]),
    ("Warm <!-- note --> coat", ["<!-- note -->"]),
    ("Tom &amp; Co", ["&amp;"]),
    ("A **warm** coat", ["**warm**"]),
    ("A *warm* coat", ["*warm*"]),
    ("## Features\nwarm", ["## "]),
    ("See [our shop](https://x.example)", ["[our shop](https://x.example)"]),
    ("From {{ brand }} with {size}", ["{{ brand }}", "{size}"]),
    ("From [brand] in [Product Name]", ["[brand]", "[Product Name]"]),
    ("来自[品牌]的外套", ["[品牌]"]),
    ("Warm.<|im_end|>", ["<|im_end|>"]),
    ("Warm.</s>", ["</s>"]),
    ("[INST] write [/INST]", ["[INST]", "[/INST]"]),
    ("Caf\ufffd", ["\ufffd"]),
]


@pytest.mark.parametrize(("text", "pieces"), MARKUP)
def test_markup_and_gaps_block(text, pieces):
    rule = Markup()
    assert sorted(marked(rule, text, context())) == sorted(pieces)
    assert set(severities(rule, text, context())) == {BLOCK}


@pytest.mark.parametrize(
    "text",
    [
        "For rooms < 20 m² and > 5 m²",
        "I <3 it",
        "R&D, Tom & Co; fine",
        "5 * 3 and 2 * 4",
        "- a coat\n* a hood",
        "#1 choice",
        "snake_case and file_name_x",
        "[2-pack]",
        "Use {} or []",
    ],
)
def test_plain_text_is_no_markup(text):
    assert marked(Markup(), text, context()) == []


def test_a_word_in_square_brackets_only_warns():
    assert severities(Markup(), "[NEW] coat", context()) == [WARN]


def _words(count):
    return " ".join(f"word{number}" for number in range(count))


REPEATING = [
    ("very soft very soft very soft very soft", BLOCK),
    ("good good good good", BLOCK),
    ("Soft! Soft! Soft! Soft!", BLOCK),
    ("very soft, very soft, very soft,", BLOCK),
    ("保暖又轻便保暖又轻便保暖又轻便", BLOCK),
    ("aaaaaaaaaaaaaaaa", BLOCK),
    ("It is very warm. It is very warm. It is very warm.", BLOCK),
    ("It is warm today. Take it out. It is warm today.", WARN),
    ("The coat is is warm", WARN),
    ("一件外套。它很保暖。二件外套。它很保暖。", WARN),
]


@pytest.mark.parametrize(("text", "severity"), REPEATING)
def test_repetition_is_found(text, severity):
    assert max(severities(Repetition(), text, context())) == severity


@pytest.mark.parametrize(
    "text",
    [
        _words(200),
        "10 x 10 x 10 cm",
        "慢慢喝，人人都爱，研究研究。",
        "Soft, warm, light. Soft on the skin.",
        "Blue coat. Blue hood.",
        "I like that. That said, I love, love, love it! It is warm o_O.",
        "Machine wash cold. Machine dry low.",
    ],
)
def test_ordinary_text_does_not_repeat_itself(text):
    assert marked(Repetition(), text, context()) == []


def test_phrases_that_come_again_in_new_sentences_are_counted():
    text = " ".join(f"This coat keeps you warm and dry on day {number}." for number in "abcdefghij")
    assert max(severities(Repetition(), text, context())) == BLOCK
