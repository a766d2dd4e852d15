"""Builders of products and what hangs on them; each call makes rows of its own."""

import hashlib
from itertools import count

from django.utils import timezone

from apps.products.models import DescriptionDraft, Listing, ListingRow, Product, PublishedCopy, Shop, SourceTable

_numbers = count(1)

OLD_HEADER = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Published", "Option1 Name", "Option1 Value", "Variant SKU",
    "Variant Price", "Image Src", "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Status",
]  # fmt: skip


def make_shop(code: str = "", **values) -> Shop:
    return Shop.objects.create(
        code=code or f"shop-{next(_numbers)}", **{"name": "Web", "base_language": "en", **values}
    )


def make_product(title: str = "", **values) -> Product:
    return Product.objects.create(title=title or f"Product {next(_numbers)}", **values)


def make_listing(shop: Shop, key: str = "", **values) -> Listing:
    product = values.pop("product", None) or make_product()
    return Listing.objects.create(shop=shop, product=product, external_key=key or f"handle-{next(_numbers)}", **values)


def make_table(shop: Shop, header: list[str] = OLD_HEADER, **values) -> SourceTable:
    return SourceTable.objects.create(shop=shop, header=header, **{"dialect": "shopify", **values})


def make_row(
    table: SourceTable, listing: Listing, number: int = 0, cells: list[str] | None = None, **named
) -> ListingRow:
    """A row by `cells`, or by column names: `make_row(table, listing, **{"Title": "x"})`."""
    if cells is None:
        named.setdefault("Handle" if "Handle" in table.header else "URL handle", listing.external_key)
        cells = [named.get(column, "") for column in table.header]
    return ListingRow.objects.create(table=table, listing=listing, row_number=number or next(_numbers), cells=cells)


def make_draft(product: Product, **values) -> DescriptionDraft:
    defaults = {
        "kind": "description", "subject_id": product.pk, "field": "long_description", "language": "en",
        "status": "published", "reviewed_at": timezone.now(), "text": "A text.",
    }  # fmt: skip
    return DescriptionDraft.objects.create(product=product, **{**defaults, **values})


def publish(
    listing: Listing, text: str, field: str = "long_description", language: str = "en", **values
) -> PublishedCopy:
    """A published version with the draft behind it."""
    draft = values.pop("draft", None) or make_draft(listing.product, field=field, language=language, text=text)
    version = listing.copy.filter(field=field, language=language).count() + 1
    return PublishedCopy.objects.create(
        listing=listing, field=field, language=language, text=text, version=version, draft=draft,
        text_hash=hashlib.sha256(text.encode()).hexdigest(), origin=values.pop("origin", "model"), **values,
    )  # fmt: skip
