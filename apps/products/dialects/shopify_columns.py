"""Shopify's column names, old and new template, as ids; and which metafields say something about the goods."""

import json
import re

OLD = {
    "handle": "key", "title": "title", "body (html)": "long_description", "body html": "long_description",
    "vendor": "brand", "product category": "category", "standard product type": "category",
    "standardized product type": "category", "type": "type", "custom product type": "type", "tags": "tags",
    "published": "published", "status": "status", "variant sku": "sku", "variant barcode": "barcode",
    "variant grams": "grams", "variant weight unit": "weight_unit", "variant price": "price", "image src": "image",
    "image position": "image_position", "image alt text": "image_alt", "variant image": "variant_image",
    "seo title": "seo_title", "seo description": "seo_meta", "gift card": "gift_card",
    "google shopping / google product category": "google_category", "google shopping / gender": "gender",
    "google shopping / age group": "age_group", "google shopping / mpn": "mpn",
    "google shopping / condition": "condition",
}  # fmt: skip
NEW = {
    "url handle": "key", "description": "long_description", "sku": "sku", "barcode": "barcode",
    "published on online store": "published", "weight value (grams)": "grams", "weight unit for display": "weight_unit",
    "price": "price", "product image url": "image", "variant image url": "variant_image",
    "google shopping / manufacturer part number (mpn)": "mpn",
}  # fmt: skip
OPTIONS = {
    f"option{n} {part}": f"option{n}_{part.replace(' ', '_')}"
    for n in (1, 2, 3)
    for part in ("name", "value", "linked to")
}
COLUMNS = OLD | NEW | OPTIONS
# Seen in no other system's files: with one of these and a title, a header without a handle is Shopify's all the same.
DISTINCT = {
    "body (html)", "variant sku", "variant grams", "variant price", "variant barcode", "image src", "option1 name",
    "option1 value", "url handle", "published on online store", "weight value (grams)", "product image url",
}  # fmt: skip

METAFIELD = re.compile(
    r"^(?P<name>.*?)\s*\((?P<owner>product|variant)\.metafields\.(?P<space>[^.()]+)\.(?P<key>[^()]+)\)$"
)
# Apps' and Shopify's own bookkeeping: ratings, recommendations, feeds.
_INTERNAL_SPACES = (
    "shopify--discovery", "reviews", "spr", "judgeme", "yotpo", "loox", "stamped", "okendo", "app--", "seo", "global",
)  # fmt: skip
_INTERNAL_KEYS = {"custom_product", "rating", "rating_count", "title_tag", "description_tag", "hidden"}


def is_internal(space: str, key: str) -> bool:
    return space.startswith(_INTERNAL_SPACES) or key in _INTERNAL_KEYS


def metafield_text(value: str) -> tuple[str, str]:
    """The plain value and the unit of a metafield cell: lists, measurements and rich text come as JSON.

    ("", "") for references to other objects, links and files, which say nothing by themselves.
    """
    value = value.strip()
    if value[:1] in "[{":
        try:
            return _json_text(json.loads(value))
        except ValueError:
            return value, ""
    if value.startswith(("gid://", "http://", "https://", "shopify://")):
        return "", ""
    return value, ""


def _json_text(value) -> tuple[str, str]:
    if isinstance(value, list):
        parts = [" ".join(_json_text(item)).strip() for item in value]
        return ", ".join(part for part in parts if part), ""
    if isinstance(value, dict):
        if value.get("type") in ("root", "paragraph", "list", "list-item", "heading", "link", "text"):
            return _rich_text(value), ""
        if isinstance(value.get("value"), int | float | str):
            return str(value["value"]), str(value.get("unit", ""))
        if "amount" in value and "currency_code" in value:
            return str(value["amount"]), str(value["currency_code"])
        return "", ""
    return (
        metafield_text(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ("", "")
    )


def _rich_text(node: dict) -> str:
    if node.get("type") == "text":
        return str(node.get("value", ""))
    parts = [_rich_text(child) for child in node.get("children", []) if isinstance(child, dict)]
    return ("\n" if node.get("type") in ("root", "list") else "").join(part for part in parts if part)
