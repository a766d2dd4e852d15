"""When two facts say the same, and what of a cell is text."""

import pytest

from apps.products.cleaning import clean_line, clean_text, without_text_mark
from apps.products.services.facts import canonical


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1,2 kg", "1200 g"),
        ("1.20 kg", "1200 G"),
        ("0,125 kg", "125 g"),
        ("1.7 l", "1700 ml"),
        ("1.7升", "1700 毫升"),
        ("12 in", "304.8 mm"),
        ("12.50", "12,5"),
        ("  Navy  Blue", "navy blue"),
        ("１２ ｃｍ", "120 mm"),
    ],
)
def test_values_that_say_the_same_have_one_spelling(left, right):
    assert canonical(left) == canonical(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("1,200 g", "1.2 g"), ("1,200", "1.2"), ("12", "12 g"), ("1 m", "1 mm"), ("S", "M"), ("-5", "5")],
)
def test_values_that_say_something_else_have_not(left, right):
    assert canonical(left) != canonical(right)


def test_a_number_of_any_length_has_a_spelling():
    assert canonical("9" * 5_000)
    assert canonical("9" * 5_000, "kg")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("USB-A<USB-C", "USB-A<USB-C"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("<b>Steel</b> kettle", "Steel kettle"),
        ("Kettle<script>alert(1)</script>", "Kettle"),
        ("Kettle<!-- hidden -->", "Kettle"),
        ("Kettle <img src=x onerror=alert(1) ", "Kettle"),
        ("A &amp; B", "A & B"),
        ("a\u202eb\x07c", "abc"),
        (" a \u00a0 b\n c ", "a b c"),
    ],
)
def test_a_line_is_plain_text(cell, text):
    assert clean_line(cell) == text


def test_text_is_cut_at_its_limit_and_keeps_its_lines():
    assert clean_text("a\r\nb\rc") == "a\nb\nc"
    assert len(clean_text("x" * 10_000, 100)) == 100


@pytest.mark.parametrize(
    ("cell", "value"), [("'0123", "0123"), ("'=1+1", "=1+1"), ("'tis", "'tis"), ("'", "'"), ("", "")]
)
def test_the_mark_of_a_number_kept_as_text_is_no_part_of_it(cell, value):
    assert without_text_mark(cell) == value
