"""The demo catalogue (products.json) and the files that its two shops would export."""

import csv
import io
import json
import re
from pathlib import Path

from django.conf import settings

PATH = Path(__file__).with_name("products.json")
# Language of a shop -> key of the texts in products.json.
TEXT_KEYS = {"en": "en", "zh-Hans": "zh"}

_COLUMNS = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Option1 name,"
    "Option1 value,Option2 name,Option2 value,Price,Charge tax,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,"
    "Fulfillment service,Product image URL,Image position,Image alt text,Gift card,SEO title,SEO description"
)


def load() -> dict:
    """The whole of products.json; `kinds` is key -> name per language, `request` what the model is asked for first."""
    return json.loads(PATH.read_text(encoding="utf-8"))


def sold_in(catalogue: dict, shop: dict) -> list[dict]:
    return [product for product in catalogue["products"] if shop["code"] in product["shops"]]


def shop_csv(*, products: list[dict], kinds: dict, shop: dict, language: str) -> bytes:
    """What `shop` would export of `products` in Shopify's newer template, UTF-8, in one of TEXT_KEYS' languages.

    Facts are product metafields, measurements as Shopify writes them: `{"value": "7", "unit": "h"}`.
    """
    key = TEXT_KEYS[language]
    metafields = _metafield_columns(products, key)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*_COLUMNS.split(","), *metafields.values()], restval="", lineterminator="\r\n")
    writer.writeheader()
    for product in products:
        lead = _product_cells(product, kinds, key) | _fact_cells(product, metafields, key)
        for position, variant in enumerate(product["variants"]):
            cells = lead if position == 0 else {}
            writer.writerow(cells | {"URL handle": product["handle"]} | _variant_cells(variant, shop["code"], key))
    return out.getvalue().encode("utf-8")


def _fact_text(fact: dict, key: str) -> str:
    value = fact["value"][key]
    return json.dumps({"value": value, "unit": fact["unit"][key]}, ensure_ascii=False) if fact["unit"] else value


def _metafield_columns(products: list[dict], key: str) -> dict[str, str]:
    """Column per fact name, in order of first use: `Battery life (product.metafields.custom.battery_life)`."""
    columns = {}
    for product in products:
        for fact in product["facts"]:
            slug = re.sub(r"[^a-z0-9]+", "_", fact["name"]["en"].lower()).strip("_")
            columns.setdefault(fact["name"]["en"], f"{fact['name'][key]} (product.metafields.custom.{slug})")
    return columns


def _fact_cells(product: dict, metafields: dict[str, str], key: str) -> dict[str, str]:
    return {metafields[fact["name"]["en"]]: _fact_text(fact, key) for fact in product["facts"]}


def _product_cells(product: dict, kinds: dict, key: str) -> dict[str, str]:
    return {
        "Title": product["title"][key],
        "Description": (product["body_html"] or {}).get(key, ""),
        "Vendor": product["brand"],
        "Product category": kinds[product["kind"]][key],
        "Type": product["type"][key],
        "Tags": ", ".join(product["tags"][key]),
        "Published on online store": "TRUE",
        "Status": "active",
        "Product image URL": settings.STATIC_URL + product["image"],
        "Image position": "1",
        "Gift card": "FALSE",
        # Both are written in English only, so the Chinese shop has none.
        "SEO title": product.get("seo_title", "") if key == "en" else "",
        "SEO description": product.get("seo_description", "") if key == "en" else "",
    }


def _variant_cells(variant: dict, shop_code: str, key: str) -> dict[str, str]:
    cells = {
        "SKU": variant["sku"],
        "Price": variant["price"][shop_code],
        "Charge tax": "TRUE",
        "Inventory tracker": "shopify",
        "Inventory quantity": "20",
        "Continue selling when out of stock": "DENY",
        "Weight value (grams)": str(variant["grams"]),
        "Weight unit for display": "g",
        "Requires shipping": "TRUE",
        "Fulfillment service": "manual",
    }
    for number, option in enumerate(variant["options"], start=1):
        cells[f"Option{number} name"] = option["name"][key]
        cells[f"Option{number} value"] = option["value"][key]
    return cells
