"""Which claims stand on a fact, in English and Chinese: each kind with what passes and what is marked."""

import pytest

from apps.drafts.checking import check_text
from apps.drafts.evidence.check import evidence_of, pieces_of
from apps.drafts.evidence.lexicon import TERMS, Concept, Lexicon, read_terms
from apps.drafts.evidence.words import Words
from apps.drafts.models import BannedWord, Severity
from apps.drafts.registry import FactView
from tests.drafts.rule_cases import context, fact

LAMP = [
    fact("title", "Arc Desk Lamp", role="title"),
    fact("brand", "Lumira", role="brand"),
    fact("Battery life", "up to 8 h"),
    fact("Charging time", "2.5 h"),
    fact("Weight", "350 g"),
    fact("Height", "40 cm"),
    fact("Cable length", "1.8 m"),
    fact("Arm", "aluminium"),
    fact("Shade", "60% cotton, 40% linen"),
    fact("Made in", "Portugal"),
    fact("Water protection", "water-resistant"),
    fact("Certificate", "OEKO-TEX Standard 100"),
    fact("Rating", "4.6 out of 5 (212 reviews)"),
    fact("Compatible with", "iPhone 15"),
    fact("Age", "8-12 years"),
    fact("Contents", "2 x 500 ml"),
    fact("Dishwasher safe", "no"),
    fact("Nickel", "none"),
    fact("Pockets", "side pockets"),
]
POT = [
    fact("title", "暖炉炖锅", language="zh-Hans", role="title"),
    fact("容量", "2.5升", language="zh-Hans"),
    fact("重量", "1.2公斤", language="zh-Hans"),
    fact("锅身", "铸铁", language="zh-Hans"),
    fact("产地", "浙江", language="zh-Hans"),
    fact("续航时间", "7小时", language="zh-Hans"),
    fact("充电时间", "1.5小时", language="zh-Hans"),
    fact("防护", "防泼水", language="zh-Hans"),
    fact("面料", "70%棉, 30%亚麻", language="zh-Hans"),
    fact("硅油", "不含", language="zh-Hans"),
    fact("适用年龄", "3-6岁", language="zh-Hans"),
]


def unsupported(text, facts, language="en", field="long_description"):
    """The blocking claims: (kind, the words)."""
    found = evidence_of(text, context(field, language, facts)).unsupported
    return [(claim.kind, text[claim.start : claim.end]) for claim in found if claim.severity == Severity.BLOCK]


SUPPORTED = [
    "Lumira's Arc weighs a mere 350 grams, about 12.3 oz, and stands 40 cm tall.",
    "It runs for up to eight hours and charges in two and a half.",
    "Charged in 150 minutes, over a 1.8-metre cable.",
    "An aluminium arm and a shade of cotton and linen, made in Portugal.",
    "Portuguese-made, and certified to OEKO-TEX Standard 100.",
    "Rated 4.6 out of five in 212 reviews.",
    "It shrugs off a splash: the lamp is water-resistant.",
    "For children from eight to twelve.",
    "Two bottles of half a litre each: a litre in all.",
    "60% cotton, 40% linen. Not dishwasher safe, and free of nickel.",
    "Ten minutes before bed, one more cup of tea, and a friend or two.",
    "It fits the iPhone 15.",
    "",
]


@pytest.mark.parametrize("text", SUPPORTED)
def test_what_the_facts_say_in_other_words_passes(text):
    assert unsupported(text, LAMP) == []


MARKED = [
    ("It weighs 380 g.", "number", "380 g"),
    ("It weighs 350 kg.", "number", "350 kg"),
    ("It runs for at least 8 h.", "sharpened", "8 h"),
    ("It charges in 8 hours.", "wrong_name", "8 hours"),
    ("The lamp is 1.8 m tall.", "wrong_name", "1.8 m"),
    ("40% cotton, 60% linen.", "wrong_name", "40%"),
    ("Its arm is made of oak.", "material", "oak"),
    ("The shade is pure cotton.", "material", "pure cotton"),
    ("It is waterproof.", "feature", "waterproof"),
    ("It was made in Italy.", "origin", "Italy"),
    ("The lamp is TÜV certified.", "certification", "TÜV certified"),
    ("Rated 4.9 out of 5.", "number", "4.9"),
    ("Five stars from our customers.", "number", "Five stars"),
    ("It fits every phone.", "compatibility", "every phone"),
    ("This lamp suits toddlers.", "age", "toddlers"),
    ("Our bestseller, at last in blue.", "superlative", "bestseller"),
    ("This award-winning lamp is made for you.", "award_authority", "award-winning"),
    ("It relieves back pain.", "health", "relieves back pain"),
    ("It is lighter than other lamps.", "comparison", "lighter than other"),
    ("Designed with Philippe Starck for your desk.", "name", "Philippe Starck"),
    ("It has two pockets at the side.", "wrong_name", "two"),
    ("It comes as a set of 4 x 500 ml.", "number", "4"),
]


@pytest.mark.parametrize(("text", "kind", "words"), MARKED)
def test_what_no_fact_says_is_marked(text, kind, words):
    found = unsupported(text, LAMP)
    assert {each[0] for each in found} - {"rating"} == {kind}
    assert any(words in each[1] or each[1] in words for each in found)


CHINESE_SUPPORTED = [
    "这口炖锅装得下两升半，重1200克，锅身是铸铁。",
    "充一个半小时，续航７小时。",
    "浙江出产，防泼水，日常用着省心。",
    "七成棉、三成亚麻。",
    "不含硅油，适合三到六岁的孩子。",
    "忙了一天，给自己倒杯茶。",
]


@pytest.mark.parametrize("text", CHINESE_SUPPORTED)
def test_what_the_facts_say_in_other_chinese_words_passes(text):
    assert unsupported(text, POT, "zh-Hans") == []


CHINESE_MARKED = [
    ("这口锅容量3升。", "number", "3升"),
    ("充电7小时即可。", "wrong_name", "7小时"),
    ("锅身是不锈钢。", "material", "不锈钢"),
    ("它产自日本。", "origin", "日本"),
    ("整机防水，随便用。", "feature", "防水"),
    ("纯棉面料。", "material", "纯棉"),
    ("通过FDA认证。", "certification", "FDA认证"),
    ("它销量第一。", "superlative", "销量第一"),
    ("专家推荐的锅。", "award_authority", "专家推荐"),
    ("常用可增强免疫力。", "health", "增强免疫力"),
    ("它比普通炖锅更轻。", "comparison", "比普通"),
    ("新生儿也能用。", "age", "新生儿"),
    ("含玻尿酸成分。", "ingredient", "玻尿酸"),
]


@pytest.mark.parametrize(("text", "kind", "words"), CHINESE_MARKED)
def test_what_no_fact_says_in_chinese_is_marked(text, kind, words):
    found = unsupported(text, POT, "zh-Hans")
    assert [each[0] for each in found][:1] == [kind]
    assert words in found[0][1] or found[0][1] in words


def test_a_fact_in_chinese_supports_english_copy_and_the_other_way_round():
    assert unsupported("A cast iron pot of 2.5 litres, made in Zhejiang.", POT) == []
    assert unsupported("铝制灯臂，葡萄牙制造，重350克。", LAMP, "zh-Hans") == []


def test_a_fact_that_is_only_proposed_supports_nothing():
    facts = [*LAMP[:2], fact("Weight", "350 g", status="proposed")]
    assert unsupported("It weighs 350 g.", facts) == [("number", "350 g")]


def test_what_only_some_variants_have_is_a_choice_and_no_property():
    facts = [
        fact("title", "Tote", role="title"),
        FactView("Colour", "Moss, Slate", language="en", choices=("Moss", "Slate")),
    ]
    assert unsupported("Available in Moss and Slate.", facts) == []
    assert [kind for kind, _words in unsupported("A tote for every day, a deep moss all over.", facts)] == ["variant"]


def test_links_name_code_points_on_both_sides():
    text = "𠮷🙂 It weighs 350 g."
    evidence = evidence_of(text, context(facts=LAMP))
    link = next(each for each in evidence.links if each.kind == "number")
    assert text[link.start : link.end] == "350 g"
    assert LAMP[link.fact].text[link.fact_start : link.fact_end] == "350 g"


def test_every_claim_lies_inside_the_text_however_it_is_written():
    for text in ["\u200b350\u200b kg", "\u202e350 kg", "350\x00kg", "<b>350 kg</b>", "ＦＤＡ认证", "5" * 400, "½" * 50]:
        for claim in evidence_of(text, context(facts=LAMP)).unsupported:
            assert 0 <= claim.start < claim.end <= len(text)


def test_a_thousand_facts_and_facts_without_value_are_read():
    facts = [fact(f"Name {n}", f"{n} mm" if n % 2 else "") for n in range(1000)]
    assert unsupported("It is 501 mm wide.", facts) == []
    assert unsupported("It is 502 mm wide.", facts) == [("number", "502 mm")]


def test_a_long_text_is_read_in_pieces_that_make_up_the_whole():
    text = "It weighs 380 g. " * 1000
    assert "".join(piece for _start, piece in pieces_of(text)) == text
    found = evidence_of(text, context(facts=LAMP)).unsupported
    assert all("380 g" in text[claim.start : claim.end] for claim in found[:200])


@pytest.mark.django_db
def test_a_word_of_equal_meaning_that_a_manager_keeps_supports_the_text():
    facts = (*LAMP[:2], fact("Finish", "powder-coated Zamak"))
    text = "It comes in Kirksite for you."
    assert [kind for kind, _words in unsupported(text, facts)] == ["name"]
    BannedWord.objects.create(kind=BannedWord.Kind.SYNONYM, word="Kirksite", instead="Zamak")
    result = check_text(text, context(facts=facts))
    assert not [each for each in result.findings if each.rule == "name"]
    assert "Kirksite" in [text[link.start : link.end] for link in result.links]


@pytest.mark.parametrize("path", sorted(TERMS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_line_of_the_dictionary_is_read_and_every_broader_concept_exists(path):
    names, broader = set(), set()
    for name, forms, wider, _soft in read_terms(path):
        assert forms
        assert name == "-" or name not in names, f"{name} stands twice"
        names.add(name)
        broader |= {each for each in wider if not each.startswith("@")}
    assert broader <= names


def test_a_line_without_forms_is_refused_with_its_place(tmp_path):
    path = tmp_path / "material.txt"
    path.write_text("# ok\noak | wood\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"material\.txt:2"):
        list(read_terms(path))


def test_innocent_words_hide_the_shorter_ones_inside_them():
    lexicon = Lexicon([(Concept("material", "iron"), "iron"), (Concept("material", "-"), "iron out")])
    assert lexicon.find(Words("We iron out the bugs")) == []
    assert [each.concept.id for each in lexicon.find(Words("cast of iron"))] == ["iron"]
