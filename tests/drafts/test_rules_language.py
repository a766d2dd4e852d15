import pytest

from apps.drafts.models import Severity
from apps.drafts.rules.language import WrongLanguage
from tests.drafts.rule_cases import context, fact, severities

WRONG = [
    ("en", "这款外套保暖又轻便。"),
    ("en", "Die Jacke ist warm und für den Winter gemacht."),
    ("en", "Warm and light. Die Jacke ist warm und für den Winter mit Kapuze."),
    ("en", "La veste est chaude et elle est dans une boîte."),
    ("en", "Тёплая куртка для зимы."),
    ("en", "この上着はとても暖かいです。"),
    ("zh-Hans", "This coat is warm and light."),
    ("zh", "这款外套保暖。It is made for the winter and it keeps you warm."),
    ("zh-Hans", "この上着はとても暖かいです。"),
    ("zh-Hans", "這款外套適合現在的氣溫，質感輕軟，還帶有時尚設計。"),
    ("zh-Hant", "这款外套适合现在的气温，质感轻软，还带有时尚设计。"),
    ("de", "The coat is warm and it has a hood for you."),
    ("de", "这款外套保暖又轻便。"),
    ("ja", "这款外套保暖又轻便，适合冬天穿着，日常通勤也合适，十分耐看。"),
    ("ru", "This coat is warm and light."),
]


@pytest.mark.parametrize(("language", "text"), WRONG)
def test_another_language_blocks(language, text):
    assert int(Severity.BLOCK) in severities(WrongLanguage(), text, context(language=language))


RIGHT = [
    ("en", "This coat is warm and light."),
    ("en-GB", "Warm coat. Blue."),
    ("en", "Café crème, jalapeño and smörgåsbord."),
    ("en", "USB-C"),
    ("en", "Kestrel 2"),
    ("en", "I keep it in a box, as you do."),
    ("zh-Hans", "Kestrel 2 真无线蓝牙耳机，支持 Bluetooth 5.3 与 USB-C 快充。"),
    ("zh", "这款外套保暖又轻便。"),
    ("zh-Hant", "這款外套適合現在的氣溫。"),
    ("zh-Hans", "USB-C 线"),
    ("de", "Die Jacke ist warm und für den Winter gemacht."),
    ("ja", "この上着はとても暖かいです。"),
    ("sr", "Топла јакна за зиму."),
    ("sr", "Topla jakna za zimu."),
    ("ko", "따뜻하고 가벼운 코트입니다."),
    ("xx", "Whatever this may be."),
    ("en", "..."),
]


@pytest.mark.parametrize(("language", "text"), RIGHT)
def test_the_language_asked_for_passes(language, text):
    assert severities(WrongLanguage(), text, context(language=language)) == []


def test_a_foreign_name_passes_where_a_fact_has_it():
    facts = [fact("Brand", "无印良品")]
    assert severities(WrongLanguage(), "无印良品 notebook, ruled.", context(facts=facts)) == []


def test_a_foreign_word_within_the_right_language_warns():
    text = "This coat is warm and light, with a hood for the wind 保暖 and a pocket."
    assert severities(WrongLanguage(), text, context()) == [int(Severity.WARN)]
