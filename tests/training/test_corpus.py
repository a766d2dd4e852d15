"""What the training text may say: nothing that its facts do not."""

import re

import pytest

from apps.llm.prompts import FIELD_LIMITS
from apps.training.corpus.examples import example
from apps.training.corpus.lexicon import kinds

SAMPLES = range(400)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def test_no_number_stands_in_a_text_that_its_sheet_does_not_have():
    for index in SAMPLES:
        made = example(3, index)
        known = set(NUMBER.findall(made.prompt))
        assert set(NUMBER.findall(made.text)) <= known, (made.prompt, made.text)


def test_every_text_keeps_the_length_of_its_field():
    for index in SAMPLES:
        made = example(4, index)
        assert len(made.text) <= FIELD_LIMITS.get(made.field, 10_000), made.text
        assert made.text == made.text.strip()
        assert made.text


def test_held_out_goods_are_in_no_training_sheet():
    held_out = {kind.noun for kind in kinds(held_out=True)}
    assert len(held_out) >= 5
    assert held_out.isdisjoint(kind.noun for kind in kinds(held_out=False))
    assert held_out.isdisjoint(example(5, index).sheet.noun for index in SAMPLES)
    assert {example(5, index, split="held_out").sheet.noun for index in range(50)} <= held_out


def test_the_same_place_always_gives_the_same_example():
    assert example(6, 17) == example(6, 17)
    assert example(6, 17) != example(6, 18)


@pytest.mark.parametrize("field", ["long_description", "bullets", "seo_title"])
def test_openings_and_shapes_vary(field):
    texts = [example(7, index, field=field).text for index in range(100)]
    assert len({" ".join(text.split()[:2]) for text in texts}) > 20
