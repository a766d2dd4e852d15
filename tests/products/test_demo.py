"""The demo catalogue: what products.json must hold for every part of the product to have something to show."""

import csv
import io
from collections import Counter

import pytest
from django.conf import settings

from apps.drafts.checking import check_texts
from apps.drafts.models import BannedWord
from apps.imports.models import Import
from apps.products.demo import catalogue
from apps.products.demo.loader import load_demo
from apps.products.models import DescriptionDraft, Fact, Listing, Product, Shop, Variant
from apps.products.services.audit.texts import load_live

# Their old text is there to be found out: false, forbidden or hardly a text at all.
POOR = {
    "harbour-over-ear-headphones", "longwave-60-soundbar", "cairn-cast-iron-casserole", "brook-insulated-bottle",
    "ember-gas-stove", "squall-rain-jacket", "hearth-cotton-hoodie", "terrace-desk-organiser", "maze-slow-feeder-bowl",
    "tumble-stacking-rings", "amber-filament-bulb-e27", "dusk-espresso-beans", "cone-pour-over-dripper",
    "fold-laptop-sleeve", "gramwise-kitchen-scale",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo():
    return catalogue.load()


def test_demo_has_about_sixty_products_in_eight_kinds_or_more(demo):
    assert 55 <= len(demo["products"]) <= 70
    used = Counter(product["kind"] for product in demo["products"])
    assert len(used) >= 8
    assert set(used) == set(demo["kinds"])


def test_half_of_the_demo_products_have_text_already(demo):
    with_text = [product for product in demo["products"] if product["body_html"]]
    assert len(with_text) == len(demo["products"]) / 2


def test_every_demo_fact_is_there_in_both_languages(demo):
    for product in demo["products"]:
        assert 4 <= len(product["facts"]) <= 10, product["handle"]
        for fact in product["facts"]:
            texts = [fact["name"], fact["value"], *([fact["unit"]] if fact["unit"] else [])]
            assert all(text["en"] and text["zh"] for text in texts), (product["handle"], fact)


def test_demo_fact_names_are_unique_within_a_product_and_language(demo):
    for product in demo["products"]:
        for key in ("en", "zh"):
            names = [fact["name"][key] for fact in product["facts"]]
            assert len(names) == len(set(names)), (product["handle"], names)


def test_demo_handles_and_skus_are_unique(demo):
    handles = [product["handle"] for product in demo["products"]]
    skus = [variant["sku"] for product in demo["products"] for variant in product["variants"]]
    assert len(handles) == len(set(handles))
    assert len(skus) == len(set(skus))


def test_every_demo_picture_exists_and_is_used(demo):
    drawn = {f"demo/{path.name}" for path in (settings.BASE_DIR / "static" / "demo").iterdir()}
    assert drawn == {product["image"] for product in demo["products"]}


def test_some_demo_products_are_sold_in_two_shops(demo):
    shops = Counter(tuple(product["shops"]) for product in demo["products"])
    assert shops["web", "cn"] >= 10
    assert shops[("cn",)] >= 1


def test_demo_shop_file_holds_one_row_per_variant_with_its_own_price_and_language(demo):
    shop = next(shop for shop in demo["shops"] if shop["code"] == "cn")
    sold = catalogue.sold_in(demo, shop)
    content = catalogue.shop_csv(products=sold, kinds=demo["kinds"], shop=shop, language="zh-Hans")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["SKU"] for row in rows] == [variant["sku"] for product in sold for variant in product["variants"]]
    tent = next(row for row in rows if row["SKU"] == "NOR-TARN2-OLV")
    assert tent["Title"] == "Tarn 双人帐篷"
    assert tent["Price"] == "1699.00"
    assert tent["Option1 value"] == "橄榄绿"
    assert tent["收纳重量 (product.metafields.custom.packed_weight)"] == '{"value": "1.85", "unit": "千克"}'
    assert "外帐静水压" in tent["Description"]


@pytest.mark.django_db
class TestLoading:
    @pytest.fixture(autouse=True)
    def _private_uploads(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def test_loading_twice_changes_nothing(self):
        load_demo()
        before = _count_rows()
        again = load_demo()
        assert set(again.values()) == {0}
        assert _count_rows() == before

    def test_loaded_demo_is_all_of_the_catalogue(self, demo):
        counts = load_demo()
        assert counts["shops"] == 2
        assert Product.objects.count() == len(demo["products"])
        assert Listing.objects.count() == sum(len(product["shops"]) for product in demo["products"])
        skus = [variant["sku"] for product in demo["products"] for variant in product["variants"]]
        assert sorted(Variant.objects.values_list("sku", flat=True)) == sorted(skus)
        for listing in Listing.objects.select_related("product"):
            assert listing.product.image_url == f"/static/demo/{listing.external_key}.svg"

    def test_loaded_facts_are_confirmed_imports_in_both_languages(self, demo):
        load_demo()
        assert not Fact.objects.exclude(source="import", status="confirmed").exists()
        for product in demo["products"]:
            facts = Fact.objects.filter(product__listings__external_key=product["handle"], variant=None)
            for language, key in (("en", "en"), ("zh-Hans", "zh")):
                stated = set(facts.filter(language=language).values_list("name", "value", "unit"))
                wanted = {
                    (fact["name"][key], fact["value"][key], fact["unit"][key] if fact["unit"] else "")
                    for fact in product["facts"]
                }
                assert wanted <= stated, (product["handle"], language, wanted - stated)

    def test_loaded_text_is_live_in_half_of_the_products(self, demo):
        load_demo()
        described = {listing.product_id for listing in Listing.objects.all() if listing.live.get("long_description")}
        assert len(described) == len(demo["products"]) / 2

    def test_every_finding_in_loaded_text_is_meant_to_be_found(self):
        load_demo()
        batch = load_live(list(Product.objects.values_list("pk", flat=True)))
        results = check_texts([(copy.text, batch.context(copy)) for copy in batch.copies])
        found = [
            (copy.listing.external_key, finding.rule, copy.text[finding.start : finding.end])
            for copy, result in zip(batch.copies, results, strict=True)
            for finding in result.findings
        ]
        assert [row for row in found if row[0] not in POOR] == []
        assert {row[0] for row in found} == POOR

    def test_loading_requests_drafts_of_what_the_catalogue_names(self, demo):
        requested = load_demo()["requested"]
        wanted = demo["request"]
        assert requested == len(wanted["handles"]) * len(wanted["fields"]) * len(wanted["languages"])
        assert DescriptionDraft.objects.filter(status="requested").count() == requested

    def test_loading_again_leaves_an_operators_change_alone(self):
        load_demo()
        Product.objects.update(leave_alone=True)
        Fact.objects.filter(role="title", value="Tarn 2-Person Tent").update(value="Tarn Tent")
        BannedWord.objects.update(note="ours")
        load_demo()
        assert not Product.objects.filter(leave_alone=False).exists()
        assert Fact.objects.filter(value="Tarn Tent").exists()
        assert not BannedWord.objects.exclude(note="ours").exists()


def _count_rows() -> dict[str, int]:
    models = (Shop, Product, Listing, Variant, Fact, BannedWord, DescriptionDraft, Import)
    return {model.__name__: model.objects.count() for model in models}
