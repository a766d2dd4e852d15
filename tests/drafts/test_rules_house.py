"""House rules about tone, letters and contact data: what they mark and what they leave."""

import pytest

from apps.drafts.rules.contact import ContactData
from apps.drafts.rules.house import Capitals, Emoji, ExclamationMarks, MixedScripts, Readability
from tests.drafts.rule_cases import context, fact, marked

LONG = "This kettle " + "and the other one " * 15 + "boil."

HITS = [
    (ExclamationMarks, "Warm!! And light.", ["!!"]),
    (ExclamationMarks, "Warm! Light! Soft!", ["!", "!"]),
    (ExclamationMarks, "保暖！！轻便", ["！！"]),
    (ExclamationMarks, "Really?! No!?", ["!?"]),
    (Capitals, "THE VERY BEST COAT for you", ["THE VERY BEST COAT"]),
    (Capitals, "Get it NOW, FOREVER YOURS today", ["NOW, FOREVER YOURS"]),
    (Emoji, "Warm 🙂 coat ❤️", ["🙂", "❤️"]),
    (Emoji, "👨‍👩‍👧 for all", ["👨‍👩‍👧"]),
    (Emoji, "🇨🇳🚀", ["🇨🇳🚀"]),
    (Readability, LONG, [LONG[:-1]]),
    (Readability, "这款水壶" + "采用优质材料并且做工精细" * 10 + "。", ["这款水壶" + "采用优质材料并且做工精细" * 10]),
    (MixedScripts, "A \u0441oat and a b\u0430g", ["\u0441oat", "b\u0430g"]),
    (MixedScripts, "steel ke\u03c4tle", ["ke\u03c4tle"]),
    (ContactData, "Write to a.b+c@shop.example.com now", ["a.b+c@shop.example.com"]),
    (ContactData, "See https://example.org/a?b=1 or www.shop.de", ["https://example.org/a?b=1", "www.shop.de"]),
    (ContactData, "Order at our-shop.com/sale today", ["our-shop.com/sale"]),
    (ContactData, "Call +44 20 7946 0958", ["+44 20 7946 0958"]),
    (ContactData, "Call us at 555-0134 567", ["555-0134 567"]),
    (ContactData, "(555) 123-4567", ["(555) 123-4567"]),
    (ContactData, "客服电话：400-820-8820", ["400-820-8820"]),
    (ContactData, "手机13812345678", ["13812345678"]),
    (ContactData, "微信号：shopai_88", ["微信号：shopai_88"]),
    (ContactData, "加我微信领券", ["加我微信"]),
    (ContactData, "QQ群 123456789", ["QQ群 123456789"]),
    (ContactData, "WhatsApp: mystore88", ["WhatsApp: mystore88"]),
]

NEAR_MISSES = [
    (ExclamationMarks, "Warm and light!"),
    (ExclamationMarks, "保暖又轻便！"),
    (Capitals, "A USB-C cable with PD and LED from the USA"),
    (Capitals, "IPX7, WH-1000XM5 and LCD TV"),
    (Capitals, "ONE word"),
    (Emoji, "Brand™ coat © 2026 ® № ½ → × ✓ ★ ℃"),
    (Readability, "A short one. " * 40),
    (Readability, "这款水壶很好用。" * 40),
    (Readability, "Fits 1.5 l and 2.5 l. " * 30),
    (MixedScripts, "5 μm, 10 kΩ, α-keratin, β-carotene, Δt"),
    (MixedScripts, "Москва and Ελλάδα"),
    (ContactData, "Bluetooth 5.3, IPX7, 1.7 l, 2400 W, 10:30, 3.5 mm"),
    (ContactData, "Model 400-7, size 38-40, 2026-11-24"),
    (ContactData, "适合微信视频通话，支持 QQ 音乐"),
    (ContactData, "Works with WhatsApp and Skype calls"),
    (ContactData, "Made for e-mail and calls. Use it at home."),
    (ContactData, "The A.B.C. of tea, i.e. leaves"),
]


@pytest.mark.parametrize(("rule", "text", "pieces"), HITS)
def test_rule_marks(rule, text, pieces):
    assert marked(rule(), text, context()) == pieces


@pytest.mark.parametrize(("rule", "text"), NEAR_MISSES)
def test_rule_leaves_good_text_alone(rule, text):
    assert marked(rule(), text, context()) == []


def test_what_a_fact_says_may_stand_as_it_is():
    names = [fact("Brand", "COFFEE HOUSE.com", role="brand")]
    assert marked(Capitals(), "From COFFEE HOUSE of Porto", context(facts=names)) == []
    assert marked(ContactData(), "From House.com of Porto", context(facts=names)) == []
