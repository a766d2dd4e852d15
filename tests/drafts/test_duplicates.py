"""Near-duplicate copy between products that are no siblings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.drafts import fingerprints
from apps.drafts.checking import check_text, check_texts
from apps.drafts.models import CopyFingerprint
from apps.drafts.registry import CheckContext
from apps.drafts.rules.matching import comparable, comparable_words
from apps.products.models import Product
from apps.products.services.audit import runs
from tests import factories
from tests.drafts.rule_cases import fact
from tests.imports.factories import import_rows, row

pytestmark = pytest.mark.django_db
TEXT = (
    "A kettle made of brushed steel that boils a litre of water while you look for your cup. The handle stays cool, the "
    "lid opens at the press of a thumb, and the spout pours where you aim it."
)
ALIKE = TEXT.replace("brushed steel", "polished steel")
CHINESE = (
    "这款水壶由拉丝不锈钢制成，烧水迅速，手柄不烫手，轻按即可开盖，壶嘴出水精准，适合日常家庭使用，清洗也十分方便。"
)


def _context(subject_id, title="Kestrel kettle", brand="Auvio", field="long_description", language="en"):
    facts = (fact("Title", title, role="title"), fact("Brand", brand, role="brand"))
    return CheckContext(field, language, facts, kind="description", subject_id=subject_id)


def _messages(text, context):
    return [each.message for each in check_text(text, context).findings if each.rule == "near_duplicate"]


NOTED = [
    (TEXT, {"title": "Heron jug"}),
    (ALIKE, {"title": "Heron jug"}),
    (TEXT.upper(), {"title": "Heron jug"}),
    (TEXT, {"title": "Kestrel kettle", "brand": "Another"}),
]


@pytest.mark.parametrize(("text", "other"), NOTED)
def test_nearly_the_same_text_of_another_product_is_noted(text, other):
    product = factories.product(title="Kestrel kettle")
    fingerprints.remember([(TEXT, _context(product.pk))])
    (message,) = _messages(text, _context(product.pk + 1, **other))
    assert "“Kestrel kettle”" in message


LEFT = [
    (TEXT, {"subject_id": 1, "title": "Heron jug"}),
    (TEXT, {"title": "Kestrel kettle black"}),
    (TEXT, {"title": "Kestrel kettle 2"}),
    (TEXT, {"title": "Heron jug", "field": "seo_meta"}),
    (TEXT, {"title": "Heron jug", "language": "de"}),
    ("A jug of clear glass with a lid of cork that keeps water fresh on the table all day, and fits most doors.", {"title": "Heron jug"}),
    ("A kettle of steel.", {"title": "Heron jug"}),
    ("", {"title": "Heron jug"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "other"), LEFT)
def test_siblings_other_fields_and_other_texts_are_left_alone(text, other):
    fingerprints.remember([(TEXT, _context(1)), ("A kettle of steel.", _context(1))])
    assert _messages(text, _context(**{"subject_id": 2} | other)) == []


def test_chinese_is_compared_by_character():
    fingerprints.remember([(CHINESE, _context(1, "红隼水壶", language="zh-Hans"))])
    other = _context(2, "苍鹭茶壶", language="zh-Hans")
    assert len(_messages(CHINESE.replace("日常", ""), other)) == 1
    assert (
        _messages(
            "玻璃茶壶带软木盖，放在桌上可整日保持水质清新，适合大多数冰箱门，耐冷热，清洗时可放入洗碗机中使用。", other
        )
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        TEXT, CHINESE, TEXT.replace(" ", "  \n\n"), "Ｆｕｌｌ width\u200b and so\u00adft", "Cafe\u0301 ² ™ Straße ǅ İ",
        "кеttlе of stееl и чайник", " \u3000\x1f“Quoted” — ‘twice’\u2028",
    ],
)  # fmt: skip
def test_what_is_read_fast_has_the_same_words(text):
    assert comparable_words(text).split() == comparable(text)[0].split()


def test_a_newer_text_takes_the_place_of_the_older():
    fingerprints.remember([(TEXT, _context(1))])
    fingerprints.remember(
        [(TEXT.replace("kettle", "jug").replace("water", "tea").replace("handle", "grip") * 2, _context(1))]
    )
    assert CopyFingerprint.objects.count() == 1


def test_one_query_looks_up_many_texts(django_assert_num_queries):
    fingerprints.remember([(TEXT, _context(1))])
    items = [(f"{TEXT} Number {number}.", _context(1)) for number in range(50)]
    check_texts(items[:1])
    # Words, switches, exceptions, fingerprints.
    with django_assert_num_queries(4):
        check_texts(items)


def test_published_copy_is_remembered():
    from apps.drafts.registry import provider_of

    product = factories.product(in_shop=factories.shop())
    draft = factories.draft(product, text=TEXT)
    provider_of("description").publish([draft.pk])
    assert CopyFingerprint.objects.get().subject_id == product.pk


def test_imported_copy_is_remembered_as_an_audit_would(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    import_rows(tmp_path, [row("kettle", "Kestrel kettle", **{"Body (HTML)": f"<p>{TEXT}</p>", "Vendor": "Auvio"})])
    product = Product.objects.get()
    seen = CopyFingerprint.objects.values("kind", "subject_id", "field", "language", "stem", "bands")
    before = list(seen)
    assert [(each["subject_id"], each["field"]) for each in before] == [(product.pk, "long_description")]
    runs.start_audit(user=factories.user("manager"), shop=None)
    while runs.run_slice():
        pass
    assert list(seen) == before
    (message,) = _messages(ALIKE, _context(product.pk + 1, title="Heron jug"))
    assert "“Kestrel kettle”" in message


def test_an_import_remembers_what_is_new_and_nothing_else(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    kettle = row("kettle", "Kestrel kettle", **{"Body (HTML)": f"<p>{TEXT}</p>"})
    import_rows(tmp_path, [kettle])
    (first,) = CopyFingerprint.objects.values_list("bands", flat=True)
    CopyFingerprint.objects.update(stem="untouched")
    import_rows(tmp_path, [kettle])
    assert CopyFingerprint.objects.get().stem == "untouched"
    other = TEXT.replace("kettle", "jug").replace("water", "tea").replace("handle", "grip")
    import_rows(tmp_path, [kettle | {"Body (HTML)": f"<p>{other}</p>"}])
    assert CopyFingerprint.objects.get().bands != first


def test_an_import_remembers_many_texts_in_one_statement(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = [row(f"item-{n}", f"Item {n}", **{"Body (HTML)": f"<p>{TEXT} It is {n}.</p>"}) for n in range(12)]
    with CaptureQueriesContext(connection) as caught:
        import_rows(tmp_path, rows)
    assert CopyFingerprint.objects.count() == 12
    assert len([query for query in caught if "INTO drafts_copyfingerprint" in query["sql"]]) == 1
