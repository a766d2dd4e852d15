"""What a number or a material is said of; variants together; what a text works out; all of a kind; praise in free words."""

import pytest

from apps.drafts.evidence.check import evidence_of
from apps.drafts.evidence.variants import MAX_VARIANTS, merge
from apps.drafts.models import Severity
from tests.drafts.rule_cases import context, fact

SHOE = [
    fact("title", "Fennel Trail Shoe", role="title"),
    fact("Outsole", "rubber, 4 mm lugs"),
    fact("Drop", "6 mm"),
    fact("Toe cap", "TPU"),
    fact("Upper", "cow leather"),
    fact("Laces", "flat, cotton"),
    fact("Weight", "265 g"),
]
COT = [
    fact("title", "Nettie Bedside Cot", role="title"),
    fact("Frame", "solid beech"),
    fact("Maximum weight of child", "9 kg"),
    fact("Cable", "1.2 m"),
    fact("Jar", "amber glass"),
    fact("Lid", "aluminium"),
    fact("Free from", "perfume, mineral oil, silicone"),
    fact("Not contained", "wheat"),
    fact("VOC", "below 5 g/L"),
    fact("Breathability", "8,000 g/m²/24 h"),
    fact("Drop test", "1.8 m"),
    fact("Pegs", "18 long, 20 short"),
    fact("Net weight", "3 1/2 oz"),
    fact("Energy class", "F"),
    fact("Suits", "two phones"),
]
POT = [
    fact("title", "桂花护手霜", language="zh-Hans", role="title"),
    fact("香味", "桂花、白茶、无花果", language="zh-Hans"),
    fact("添加糖", "无", language="zh-Hans"),
    fact("配料", "橙汁100%", language="zh-Hans"),
    fact("采摘", "2024年春茶", language="zh-Hans"),
    fact("产地", "立陶宛", language="zh-Hans"),
    fact("连接", "USB 2.0、Wi-Fi", language="zh-Hans"),
    fact("续航", "最长25分钟", language="zh-Hans"),
]


def marked(text, facts, language="en", field="bullets"):
    """The words that block."""
    found = evidence_of(text, context(field, language, facts)).unsupported
    return [text[claim.start : claim.end] for claim in found if claim.severity == Severity.BLOCK]


TRUE = [
    ("4 mm lugs, a drop of 6 mm", SHOE),
    ("A TPU cap over the toes", SHOE),
    ("Leather upper, cotton laces", SHOE),
    ("The lead is 1.2 m", COT),
    ("No perfume, silicone or mineral oil", COT),
    ("None of the following: silicone, mineral oil", COT),
    ("Made without wheat", COT),
    ("Fewer than five grams of VOC to the litre", COT),
    ("8,000 grams per square metre", COT),
    ("A fall from one metre eighty", COT),
    ("More than one metre of cable", COT),
    ("38 pegs in the bag", COT),
    ("A set of 38 pegs, 18 of them long", COT),
    ("3 1/2 oz in the tin", COT),
]
FALSE = [
    ("6 mm lugs", "6 mm", SHOE),
    ("The laces weigh 265 g", "265 g", SHOE),
    ("A leather sole", "leather", SHOE),
    ("The cot weighs just 9 kg", "9 kg", COT),
    ("Jar of aluminium", "aluminium", COT),
    ("3 1/2 lb in the tin", "3 1/2 lb", COT),
    ("Energy class A", "Energy class A", COT),
    ("Suits phones of any size", "of any size", COT),
    ("Holds whatever your hand is busy with", "whatever your hand", COT),
    ("The strongest frame on the market", "strongest frame on the market", COT),
    ("They don't come any lighter", "don't come any lighter", COT),
]
TRUE_IN_CHINESE = ["桂花白茶无花果", "100%橙汁 无添加糖", "24年春茶", "立陶宛制造", "通过Wi-Fi连接", "最长能用25分钟"]
FALSE_IN_CHINESE = [("每次少说能用25分钟", "25分钟"), ("手机平板通吃", "通吃"), ("立陶宛陶瓷", "陶瓷")]


@pytest.mark.parametrize(("text", "facts"), TRUE)
def test_what_is_true_of_its_part_passes(text, facts):
    assert marked(text, facts) == []


@pytest.mark.parametrize(("text", "words", "facts"), FALSE)
def test_what_is_said_of_another_part_is_marked(text, words, facts):
    assert words in marked(text, facts)


@pytest.mark.parametrize("text", TRUE_IN_CHINESE)
def test_true_chinese_copy_passes(text):
    assert marked(text, POT, "zh-Hans") == []


@pytest.mark.parametrize(("text", "words"), FALSE_IN_CHINESE)
def test_false_chinese_copy_is_marked(text, words):
    assert words in marked(text, POT, "zh-Hans")


def variants(**columns):
    """Facts of a product whose variants have these values, in their order."""
    facts = []
    for name, values in columns.items():
        group = [fact(name.replace("_", " "), value) for value in values]
        facts.append(merge(group, len(values)))
    return [fact("title", "Corrie Tent", role="title"), *facts]


TENT = variants(Colour=["Fern", "Ochre", "Slate"], Porch=["no", "yes", "yes"], Weight=["4.1 kg", "4.7 kg", "4.7 kg"])


@pytest.mark.parametrize(
    "text",
    [
        "Fern at 4.1 kg, or Ochre with a porch at 4.7 kg.",
        "In Fern, or in Ochre with a porch.",
        "Ochre and Slate weigh the same 4.7 kg.",
        "Want a porch? Pick Ochre.",
    ],
)
def test_what_the_named_variant_has_may_be_said_of_it(text):
    assert marked(text, TENT, field="long_description") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A tent with a porch.", "porch"),
        ("Fern has a porch.", "porch"),
        ("Fern weighs 4.7 kg.", "4.7 kg"),
        ("A porch in every colour.", "porch"),
    ],
)
def test_what_another_variant_has_is_marked(text, words):
    assert words in marked(text, TENT, field="long_description")


def test_values_are_kept_by_variant_only_where_every_variant_has_one():
    whole = merge([fact("Weight", "4 kg"), fact("Weight", "5 kg")], 2)
    assert whole.by_variant == ("4 kg", "5 kg")
    assert merge([fact("Weight", "4 kg"), fact("Weight", "5 kg")], 3).by_variant == ()
    many = [fact("Weight", f"{place} kg") for place in range(1, MAX_VARIANTS + 2)]
    assert merge(many, len(many)).by_variant == ()


def test_a_sentence_that_is_hardly_more_than_the_claim_is_no_scene():
    belt = [fact("title", "Rider Belt", role="title"), fact("Width", "3 cm")]
    assert marked("Genuine leather.", belt, field="long_description") == ["Genuine leather"]
    assert marked("Real leather? Ask your saddle.", belt, field="long_description") == []


def test_how_a_thing_is_knitted_is_no_material():
    jumper = [fact("title", "Fjell Jumper", role="title"), fact("Made in", "Portugal"), fact("Material", "wool")]
    assert marked("Knitted in Portugal.", jumper, field="long_description") == []


@pytest.mark.parametrize(("text", "words"), [("一公斤四五，拿着不累", "一公斤四五"), ("告别脚气", "脚气")])
def test_chinese_decimals_and_promises_are_read(text, words):
    assert marked(text, POT, "zh-Hans") == [words]
