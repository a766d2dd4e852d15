"""The packs: what each finds, what it leaves alone, and where it counts."""

import time
from itertools import islice
from pathlib import Path

import pytest

from apps.drafts import checking
from apps.drafts.checking import check_text, check_texts, configured_rules
from apps.drafts.models import Severity
from apps.drafts.packs import packs, read_pack
from apps.drafts.packs.reasons import NAMES
from apps.drafts.registry import CheckContext
from apps.drafts.rules import packs as pack_rules
from tests.drafts.rule_cases import context, fact, marked, severities

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "safety"
RULES = {
    rule.id: rule
    for rule in (
        pack_rules.LawChina(), pack_rules.LawEurope(), pack_rules.LawUnitedStates(), pack_rules.Safety(),
        pack_rules.Leftovers(),
    )
}  # fmt: skip

HITS = [
    ("law-cn", "最好的耳机", "最好的"),
    ("law-cn", "全网销量第一", "销量第一"),
    ("law-cn", "行业唯一", "唯一"),
    ("law-cn", "国家级品质", "国家级"),
    ("law-cn", "顶级羊毛", "顶级"),
    ("law-cn", "极致体验", "极致"),
    ("law-cn", "独家配方", "独家配方"),
    ("law-cn", "最\u200b佳选择", "最\u200b佳选"),
    ("law-cn", "ＮＯ．１ 品牌", "ＮＯ．１"),
    ("law-cn", "特供军队", "特供"),
    ("law-cn", "国宴用酒", "国宴"),
    ("law-cn", "可治疗失眠", "治疗失眠"),
    ("law-cn", "祛斑面膜", "祛斑"),
    ("law-cn", "稳赚不赔", "稳赚不赔"),
    ("law-cn", "开光手串", "开光"),
    ("law-cn", "专家推荐", "专家推荐"),
    ("law-cn", "无任何无副作用说明", "无副作用"),
    ("law-cn", "the best kettle in the world", "the best"),
    ("law-eu", "An eco-friendly bottle", "eco-friendly"),
    ("law-eu", "An eco friendly bottle", "eco friendly"),
    ("law-eu", "ECOFRIENDLY", "ECOFRIENDLY"),
    ("law-eu", "A climate-neutral mug", "climate-neutral"),
    ("law-eu", "carbon neutral delivery", "carbon neutral"),
    ("law-eu", "Biodegradable pot", "Biodegradable"),
    ("law-eu", "clinically proven to work", "clinically proven"),
    ("law-eu", "It boosts your immune system", "boosts your immune system"),
    ("law-eu", "relieves back pain fast", "relieves back pain"),
    ("law-eu", "cures eczema", "cures"),
    ("law-eu", "100% safe for all", "100% safe"),
    ("law-eu", "Try it risk-free", "risk-free"),
    ("law-eu", "Free!", "Free"),
    ("law-eu", "Satisfaction guaranteed", "Satisfaction guaranteed"),
    ("law-eu", "环保材料", "环保"),
    ("law-us", "Made in the USA", "Made in the USA"),
    ("law-us", "FDA-approved", "FDA-approved"),
    ("law-us", "carbon neutral", "carbon neutral"),
    ("law-us", "prevents colds", "prevents colds"),
    ("law-us", "lowers blood pressure", "lowers blood pressure"),
    ("law-us", "Lifetime warranty", "Lifetime warranty"),
    ("law-us", "美国制造", "美国制造"),
    ("safety", "cures cancer", "cures cancer"),
    ("safety", "包治百病", "包治百病"),
    ("safety", "f\u200bu\u00adck", "f\u200bu\u00adck"),
    ("safety", "fu\u0441k", "fu\u0441k"),
    ("safety", "\u0455hit", "\u0455hit"),
    ("safety", "ｐｏｒｎ", "ｐｏｒｎ"),
    ("safety", "Bitches", "Bitches"),
    ("safety", "kill yourself", "kill yourself"),
    ("safety", "a suicide kit", "suicide"),
    ("safety", "傻逼", "傻逼"),
    ("safety", "他\u200b妈\u200b的", "他\u200b妈\u200b的"),
    ("safety", "割腕", "割腕"),
    ("safety", "海洛因", "海洛因"),
    ("house", "Lorem ipsum dolor", "Lorem ipsum"),
    ("house", "TODO: say more", "TODO"),
    ("house", "As an AI language model I", "As an AI language model"),
    ("house", "Here is the product description:", "Here is the product description"),
    ("house", "作为人工智能，我", "作为人工智能"),
    ("house", "A game-changer", "game-changer"),
]

NEAR_MISSES = [
    ("law-cn", "最近上新，最后一步，最终、最初和最多可容纳 5 个"),
    ("law-cn", "第一步打开盖子，第一次使用前请清洗，第一天"),
    ("law-cn", "最长续航 8 小时，最高温度 60 度，最大承重 150 公斤，最低水位线"),
    ("law-cn", "最长可用七小时，最轻仅 4.6 克，是三款中最大的一款"),
    ("law-cn", "独特供应链，杜绝对皮肤的刺激，打开光源，避开光线"),
    ("law-cn", "最佳赏味期 7 天，最佳观看距离 3 米"),
    ("law-cn", "本品不能代替药物，不具有治疗作用"),
    ("law-cn", "内增高鞋垫，显示器增高架，高温杀菌，绝对湿度，永久磁铁"),
    ("law-cn", "狗名牌与行李名牌，货物转运箱，降压芯片，第一时间通知"),
    ("law-cn", "Best before 2027, best served cold"),
    ("law-eu", "Hands-free, sugar-free, BPA free, lint-free and free-standing"),
    ("law-eu", "Feel free to stack them; free of charge is not said"[:27]),
    ("law-eu", "A wrinkle-free shirt that sets you free"),
    ("law-eu", "Heat treatment of the steel; the resin cures in 24 hours"),
    ("law-eu", "A self-healing cutting mat with an organic shape"),
    ("law-us", "Made in Portugal. Free from nickel."),
    ("safety", "Scunthorpe, Essex, cocktail, peacock, shuttlecock, cockpit"),
    ("safety", "A shot glass, a breast pump and chicken breast"),
    ("safety", "die-cut labels, a kill switch, weed killer, hot-melt glue"),
    ("safety", "paint stripper, butt joint, pussy willow, Moby Dick, rapeseed oil, grapes"),
    ("safety", "classic assistant, passion fruit, bass, assemble, therapist, title, analysis"),
    ("safety", "unisex, same-sex, sperm whale, torture test, murder mystery"),
    ("safety", "nude heels, nipple cream, panty liners, playing cards, a screwdriver"),
    ("safety", "鸡胸肉，射手座，处女座，母鸡蛋，腰靠背垫，刚度好"),
    ("safety", "出口交货，口交通便利，出口交易，手感逼真，晒干你的毛巾"),
    ("safety", "妈妈的选择，宝妈的首选，他妈妈喜欢，你全家福"),
    ("safety", "成人尺码，月经杯，婴儿奶瓶，仿母乳乳头奶嘴，面包皮酥脆"),
    ("safety", "线性交互，弹性爱好者，惯性行驶，消毒品，上吊坠，车上吊灯"),
    ("safety", "大麻纤维面料，罂粟红，反法西斯，艺妓咖啡，防骚扰电话"),
    ("house", "A to-do list for the kitchen"),
    ("house", "Autodoor, todolist"),
]


def _language(text):
    return "zh-Hans" if any("\u4e00" <= char <= "\u9fff" for char in text) else "en"


@pytest.mark.parametrize(("pack", "text", "piece"), HITS)
def test_pack_finds(pack, text, piece):
    assert piece in marked(RULES[pack], text, context(language=_language(text)))


@pytest.mark.parametrize(("pack", "text"), NEAR_MISSES)
def test_pack_leaves_innocent_text_alone(pack, text):
    assert marked(RULES[pack], text, context(language=_language(text))) == []


def test_a_fact_that_says_the_very_words_supports_them():
    text = "Home-compostable and biodegradable, made in the USA"
    says = [fact("Certificate", "OK home-compostable"), fact("Origin", "Made in the USA")]
    assert marked(RULES["law-eu"], text, context(facts=says)) == ["biodegradable"]
    assert "made in the USA" not in marked(RULES["law-us"], text, context(facts=says))
    assert "made in the USA" not in marked(RULES["law-us"], text, context(facts=[fact("Origin", "United States")]))
    assert "made in the USA" in marked(RULES["law-us"], text, context(facts=[fact("Origin", "Portugal")]))


def test_a_finding_says_why_and_what_to_do():
    (span,) = RULES["law-eu"].find("climate neutral", context())
    assert str(span.message) == (
        "“climate neutral”: a product may not be called climate neutral on the ground of offsets. "
        "State measured emissions, or leave it out."
    )
    assert span.may_except is False


def test_what_is_worth_less_only_warns():
    assert severities(RULES["law-eu"], "Free shipping", context()) == [Severity.WARN]
    assert severities(RULES["law-eu"], "climate neutral", context()) == [Severity.BLOCK]


WHERE = [
    ("最好的水壶", "zh-Hans", ("CN",), {"law-cn"}),
    ("最好的水壶", "zh-Hans", (), {"law-cn"}),
    ("最好的水壶", "zh-Hans", ("US",), set()),
    ("Climate neutral", "en", ("DE",), {"law-eu"}),
    ("Climate neutral", "en", ("EU",), {"law-eu"}),
    ("Climate neutral", "en", ("US",), {"law-us"}),
    ("Climate neutral", "en", ("GB",), set()),
    ("Climate neutral", "en-GB", (), {"law-eu", "law-us"}),
    ("The best kettle", "en", ("CN",), {"law-cn"}),
    ("The best kettle", "en", (), set()),
    ("Climate neutral", "de", ("DE",), set()),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "language", "markets", "packs_that_count"), WHERE)
def test_a_law_counts_in_its_markets(text, language, markets, packs_that_count):
    result = check_text(text, CheckContext("seo_title", language, markets=markets))
    assert {each.rule for each in result.findings if each.rule.startswith("law-")} == packs_that_count


# What the pack may miss: words with a plain meaning in a shop.
PLAIN_EN = (
    "bareback|big black|cornhole|dog style|domination|dvda|escort|fingering|girl on|hard core|hardcore|huge fat|jelly donut"
    "|leather restraint|leather straight jacket|lolita|nipple|nipples|nude|octopussy|panties|panty|pegging|playboy|scat"
    "|shrimping|skeet|snatch|snowballing|strap on|suck|sucks|swinger|tainted love|taste my|tied up|tight white|tushy"
    "|twinkie|xx|xxx"
)
PLAIN_ZH = (
    "13.|13点|九游|乳|乳头|乳房|他奶奶|你妈|刚度|包皮|十三点|卵|卵子|处女|奶|妈妈的|娘的|小肉粒|幹|性|懒叫|成人|撒尿|月经|激情|爛"
    "|祖宗|私服|精子|老二|老味|老母|肥西|賤|贝肉|逼|野鸡|靠背|靠腰|鸡鸡|鳩|撚|柒|粉腸|你老闆"
)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not there")
@pytest.mark.parametrize(("name", "language", "plain"), [("en", "en", PLAIN_EN), ("zh", "zh-Hans", PLAIN_ZH)])
def test_unsafe_words_are_found_but_those_with_a_plain_meaning(name, language, plain):
    words = set(filter(None, (SHARED / f"unsafe_words_{name}.txt").read_text(encoding="utf-8").splitlines()))
    missed = {word.strip() for word in words if not marked(RULES["safety"], word, context(language=language))}
    assert missed <= set(plain.split("|"))


@pytest.mark.django_db
def test_a_thousand_facts_and_odd_characters(caplog):
    facts = [fact(f"Fact {number}", f"made in the USA {number}") for number in range(1000)]
    texts = ["", "\x00\x07", "\u202eeerf ksir\u202c", "<b>free</b>", "risk free made in the USA " * 50, "a\u0301" * 50]
    results = check_texts([(text, context(facts=facts)) for text in texts])
    assert len(results) == len(texts)
    assert "failed" not in caplog.text


@pytest.mark.parametrize(
    "piece",
    [
        "free ",
        "最",
        "最大",
        "最好，",
        "第一",
        "fu\u200b",
        "ѕ",
        "fuсk ",
        "出口交货",
        "-free",
        "妈的",
        "a-cum-",
        "杜绝对",
    ],
)
def test_a_hundred_thousand_characters_are_read_in_time(piece, patience):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    for rule in RULES.values():
        started = time.thread_time()
        list(islice(rule.find(text, context(language="zh-Hans")), checking.MAX_FINDINGS_PER_RULE))
        assert time.thread_time() - started < patience


ENGLISH = (
    "Seven hours on a charge and room for all that you carry. Each bud weighs 4.6 g, so you forget that it is there. "
)
CHINESE = "这款外套保暖又轻便，适合冬天穿着，日常通勤也合适，十分耐看。续航七小时，搭配充电盒可用二十八小时。"


@pytest.mark.parametrize(("sentence", "language"), [(ENGLISH, "en"), (CHINESE, "zh-Hans")])
def test_house_rules_and_packs_take_little_time(sentence, language):
    """About 0.5 ms for 600 characters on one core of a server; the bound leaves room for a busy machine."""
    ours = (
        "apps.drafts.rules.house",
        "apps.drafts.rules.contact",
        "apps.drafts.rules.packs",
        "apps.drafts.rules.words",
    )
    rules = [rule for rule in configured_rules() if type(rule).__module__ in ours]
    checked = context(language=language)
    best = 1.0
    for number in range(20):
        text = (sentence * 12)[:595] + f"{number:04d}."
        started = time.thread_time()
        for rule in rules:
            list(rule.find(text, checked))
        best = min(best, time.thread_time() - started)
    assert best < 0.003


@pytest.mark.parametrize("pack", packs().values(), ids=lambda pack: pack.id)
def test_every_pack_has_its_rule_and_a_translated_name(pack):
    assert RULES[pack.id].pack is pack
    assert str(RULES[pack.id].name) == pack.name
    assert pack.name in NAMES


def test_a_mistake_in_a_pack_names_its_line(tmp_path):
    path = tmp_path / "wrong.txt"
    path.write_text("id = x\nname = x\nkind = law\nlanguages = en\n[block nonsense]\nword\n", encoding="utf-8")
    with pytest.raises(ValueError, match="wrong.txt:5"):
        read_pack(path)
