import pytest

from apps.drafts.rules.evidence import UnsupportedMaterial, UnsupportedNumber
from tests.drafts.rule_cases import context, fact, marked

EARBUDS = [
    fact("Title", "Auvio Kestrel 2 earbuds", role="title"),
    fact("Battery life", "7", "h"),
    fact("Battery life with case", "28 h"),
    fact("Weight", "4.6", "g"),
    fact("Bluetooth", "5.3"),
    fact("Water rating", "IPX7"),
    fact("Cable", "1.2 m"),
    fact("Price before", "1,299.00", "USD"),
    fact("Range", "5-8", "kg"),
    fact("Case size", "20 x 30 x 5", "cm"),
    fact("Content", "2 x 500 ml"),
    fact("Cotton", "95", "%"),
    fact("Modes", "3"),
    fact("Model", "WH-1000XM5"),
    fact("Display", "4K"),
    fact("Charge", "5000 mAh"),
    fact("Works at", "-20 to 60 °C"),
    fact("Screen", "6.1", "inch"),
    fact("Sizes", "36, 37, 38"),
    fact("Plug", "1/2 inch"),
    fact("Rice", ".6 kg"),
    fact("Menu", "$20 to $25"),
    fact("Brunch", "£30-40"),
]

SUPPORTED = [
    "Seven hours on a charge, 28 with the case. Each bud weighs 4.6 g and pairs over Bluetooth 5.3.",
    "Kestrel 2 earbuds for 7 hours",
    "7-hour battery, 7h, 7 hrs, 7小时, 7个小时",
    "４．６ｇ",
    "4.6 grams or 0.0046 kg",
    "120 cm or 1200mm of cable",
    "420 minutes",
    "IPX7, IPX 7 and IPX-7",
    "was $1,299 and 1299 USD",
    "for 5 to 8 kg, 5–8 kg, 8 kg",
    "20×30×5 cm, 20 x 30 cm, 200 mm",
    "two 500 ml bottles, 2 x 500 ml, 0.5 l",
    "95% cotton, 95 percent, 95 per cent",
    "three modes, 3 modes, 3 pieces",
    "the WH-1000XM5 in 4K",
    "5,000 mAh, 5 Ah",
    "-20 °C, −20 to 60°C",
    'a 6.1" screen, 6.1-inch',
    "sizes 36, 37 and 38",
    "a ½ inch plug, a 1/2 in plug",
    "1. Charge it\n2. Wear it",
    "0.6 or .6 kilos of rice for $20-25, £30 and 40 pounds",
    "half a litre, half-litre, 1️⃣ charge it, 2️⃣ wear it, half the weight of a cat",
    "one day you will, someone",
    "one of them, one size, all-in-one, someone",
    "up at five in the morning",
    "no number at all",
]


def bullet(language="en", facts=()):
    """The context of a bullet: each of them speaks of the product, and so do these scraps of text."""
    return context(field="bullets", language=language, facts=facts)


@pytest.mark.parametrize("text", SUPPORTED)
def test_number_of_a_fact_passes(text):
    assert marked(UnsupportedNumber(), text, bullet(facts=EARBUDS)) == []


UNSUPPORTED = [
    ("8 hours", ["8 hours"]),
    ("lasts 7 kg", ["7 kg"]),
    ("lasts 7 days", ["7 days"]),
    ("weighs 4.7 g", ["4.7 g"]),
    ("weighs 46 g", ["46 g"]),
    ("weighs 4.6 kg", ["4.6 kg"]),
    ("weighs 4.6 oz", ["4.6 oz"]),
    ("IPX8 and X200", ["IPX8", "X200"]),
    ("Bluetooth 5.4", ["5.4"]),
    ("Bluetooth 5", ["5"]),
    ("for 6 kg, 5-9 kg", ["6 kg", "9 kg"]),
    ("20 x 40 cm", ["40 cm"]),
    ("3 x 500 ml and 2 ml", ["3", "2 ml"]),
    ("9.5 % cotton", ["9.5 %"]),
    ("four modes", ["four"]),
    ("twenty-four hours", ["twenty-four hours"]),
    ("one hour of charge, one-year warranty", ["one hour", "one-year"]),
    ("8K and 1080p", ["8K", "1080p"]),
    ("20 °C", ["20 °C"]),
    ("WH-1000XM4", ["WH-1000XM4"]),
    ("$19.99", ["$19.99"]),
    ("3/4 inch", ["3/4 inch"]),
    ("24/7", ["24/7"]),
    ("5-in-1", ["5-in-1"]),
    ("28 settings", ["28"]),
    ("half an hour", ["half an hour"]),
    ("three-quarter sleeves", ["three-quarter"]),
    ("two thirds of a litre", ["two thirds of a litre"]),
    ("size 39", ["39"]),
    ("９ kg", ["９ kg"]),
    ("1.299 USD", ["1.299 USD"]),
    ("2 million", ["2 million"]),
    (".7 kg and $21-25", [".7 kg", "$21"]),
    ("30 euros", ["30 euros"]),
    ("12 hours. And 28 more", ["12 hours", "28"]),
]


@pytest.mark.parametrize(("text", "pieces"), UNSUPPORTED)
def test_number_of_no_fact_is_marked_with_its_unit(text, pieces):
    assert marked(UnsupportedNumber(), text, bullet(facts=EARBUDS)) == pieces


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [("The battery lasts 8 hours.", True), ("Eight hours later you are home again.", False)],
)
def test_prose_may_name_a_time_that_is_not_the_product_s(text, is_marked):
    assert bool(marked(UnsupportedNumber(), text, context(facts=EARBUDS))) is is_marked
    assert marked(UnsupportedNumber(), text, bullet(facts=EARBUDS)) != []


POT = [
    fact("容量", "2.5", "升", "zh-Hans"),
    fact("重量", "1.2公斤", "", "zh-Hans"),
    fact("层数", "三层", "", "zh-Hans"),
    fact("保修", "2", "年", "zh-Hans"),
    fact("寿命", "12000", "小时", "zh-Hans"),
    fact("棉", "50%", "", "zh-Hans"),
    fact("件数", "4", "", "zh-Hans"),
    fact("加热", "半小时", "", "zh-Hans"),
]


@pytest.mark.parametrize(
    "text",
    [
        "容量2.5升，重1.2公斤，即1200克。",
        "三层锅体，3层锅体，四件装，4个。",
        "两年保修，2年保修。",
        "寿命1.2万小时，一万二千小时。",
        "百分之五十棉，50％棉。",
        "30分钟加热。",
        "２．５升",
        "三明治、五金、万能、十分好、百搭、四季、一年四季、千层、七彩、唯一的一款、第一次、一个。",
    ],
)
def test_chinese_number_of_a_fact_passes(text):
    assert marked(UnsupportedNumber(), text, bullet("zh-Hans", POT)) == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("容量3升", ["3升"]),
        ("两升装", ["两升"]),
        ("重2.5公斤", ["2.5公斤"]),
        ("五层锅体", ["五层"]),
        ("三年保修", ["三年"]),
        ("一小时加热", ["一小时"]),
        ("两千五百克", ["两千五百克"]),
        ("十五种", ["十五种"]),
        ("第五代", ["五代"]),
        ("1.2万克", ["1.2万克"]),
    ],
)
def test_chinese_number_of_no_fact_is_marked(text, pieces):
    assert marked(UnsupportedNumber(), text, bullet("zh-Hans", POT)) == pieces


@pytest.mark.parametrize(
    ("language", "facts", "text"), [("en", EARBUDS, "100% cotton"), ("zh-Hans", POT, "百分百纯棉")]
)
def test_pure_where_the_fact_has_a_share_is_marked_with_its_material(language, facts, text):
    assert marked(UnsupportedMaterial(), text, bullet(language, facts)) == [text]


@pytest.mark.parametrize(
    ("language", "value", "text", "is_supported"),
    [
        ("de", "1.500 g", "1500 g, 1,5 kg", True),
        ("en", "1.500 g", "1.5 g", True),
        ("en", "1,500 g", "1.5 kg, 1 500 g", True),
        ("de", "4,6 kg", "4,6 kg", True),
        ("de", "0.500 kg", "500 g", True),
        ("fr", "1 500 g", "1\u202f500 g", True),
        ("en", "1,500 g", "15 g", False),
    ],
)
def test_separators_are_read_as_the_language_writes_them(language, value, text, is_supported):
    checked = context(language="de" if language == "de" else "en", facts=[fact("Weight", value, "", language)])
    if "1 500" in text:
        checked = context(language="fr", facts=checked.facts)
        text = text.replace("1.5", "1,5")
    assert (marked(UnsupportedNumber(), text, checked) == []) is is_supported


def test_a_proposed_fact_supports_nothing():
    facts = [fact("Weight", "5 kg", status="proposed")]
    assert marked(UnsupportedNumber(), "5 kg", context(facts=facts)) == ["5 kg"]


def test_a_unit_in_the_name_of_a_fact_counts():
    facts = [fact("Weight (g)", "350"), fact("Battery hours", "7"), fact("容量（毫升）", "500", "", "zh-Hans")]
    assert marked(UnsupportedNumber(), "0.35 kg, 7 hours, 0.5 litres", context(facts=facts)) == []
    assert marked(UnsupportedNumber(), "350 ml", context(facts=facts)) == ["350 ml"]


def test_the_message_names_the_number_and_the_fact_that_is_needed():
    messages = [
        str(span.message) for span in UnsupportedNumber().find("5 kg and 7 g, X9", bullet(facts=[fact("Life", "7 h")]))
    ]
    assert messages == [
        "No confirmed fact says “5 kg”. Add or confirm one such as “Weight: 5 kg”, or take it out.",
        "No confirmed fact says “7 g”; the fact “Life: 7 h” means something else.",
        "No confirmed fact says “X9”. Add or confirm one that does, or take it out.",
    ]


def test_offsets_are_code_points_behind_emoji_and_rare_characters():
    text = "🙂𠮷 5 kg"
    assert marked(UnsupportedNumber(), text, context()) == ["5 kg"]
