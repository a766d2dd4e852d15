"""The demo catalogue: what products.json must hold for every part of the product to have something to show."""

import csv
import io
from collections import Counter

import pytest
from django.conf import settings

from apps.products.demo import catalogue


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
