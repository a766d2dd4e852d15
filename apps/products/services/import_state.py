"""What the database holds of the listings that a batch of rows speaks of; a fixed number of queries per batch."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.products.dialects import bind
from apps.products.dialects.base import ProductRecord, TableDialect
from apps.products.models import Fact, Listing, ListingRow, PublishedCopy, Shop, SourceTable, Variant


class StoredRow(NamedTuple):
    """What counts of a ListingRow; a model instance for each of a shop's rows would take longer than all the rest."""

    pk: int
    table_id: int
    row_number: int
    cells: list[str]


class StoredFact(NamedTuple):
    """What counts of a Fact."""

    pk: int
    variant_id: int | None
    fingerprint: str
    name: str
    value: str
    unit: str
    source_note: str


@dataclass
class StoredListing:
    """One listing and all of it that an import may change. Facts are those of an earlier import in the file's language."""

    listing: Listing
    rows: list[StoredRow] = field(default_factory=list)
    facts: list[StoredFact] = field(default_factory=list)
    copies: dict[str, PublishedCopy] = field(default_factory=dict)
    is_oldest: bool = True
    is_only: bool = True


@dataclass
class BatchState:
    """`tables`: bound dialects of the source tables that stored rows come from, by id."""

    stored: dict[str, StoredListing]
    variants: dict[int, list[Variant]]
    tables: dict[int, TableDialect]
    # Products of other shops' listings that a new listing may belong to: key -> product.
    matches: dict[str, int]


def load_state(*, shop: Shop | None, records: list[ProductRecord], language: str) -> BatchState:
    """`shop` is None for a shop that is to be made: nothing of it is stored."""
    keys = [record.key for record in records]
    listings = Listing.objects.filter(shop=shop, external_key__in=keys).select_related("product") if shop else []
    stored = {listing.external_key: StoredListing(listing) for listing in listings}
    by_id = {item.listing.pk: item for item in stored.values()}
    _load_parts(by_id, language)
    matches = _match_other_shops(shop, [record for record in records if record.key not in stored])
    product_ids = {item.listing.product_id for item in stored.values()} | set(matches.values())
    variants = defaultdict(list)
    known = Variant.objects.filter(product_id__in=product_ids).order_by("position", "pk")
    for variant in known.only("product_id", "key", "sku", "barcode", "options", "position"):
        variants[variant.product_id].append(variant)
    _mark_other_listings(stored)
    table_ids = {row.table_id for item in stored.values() for row in item.rows}
    tables = {
        table.pk: bind(table.dialect, table.header, table.mapping, language)
        for table in SourceTable.objects.filter(pk__in=table_ids)
    }
    return BatchState(stored, variants, tables, matches)


def _load_parts(by_id: dict[int, StoredListing], language: str) -> None:
    rows = ListingRow.objects.filter(listing_id__in=by_id).order_by("table_id", "row_number")
    for listing_id, *row in rows.values_list("listing_id", *StoredRow._fields):
        by_id[listing_id].rows.append(StoredRow(*row))
    facts = Fact.objects.filter(listing_id__in=by_id, source=Fact.Source.IMPORT, language=language).order_by("pk")
    for listing_id, *fact in facts.values_list("listing_id", *StoredFact._fields):
        by_id[listing_id].facts.append(StoredFact(*fact))
    for copy in PublishedCopy.objects.current().filter(listing_id__in=by_id, language=language):
        by_id[copy.listing_id].copies[copy.field] = copy


def _mark_other_listings(stored: dict[str, StoredListing]) -> None:
    by_product = {item.listing.product_id: item for item in stored.values()}
    others = Listing.objects.filter(product_id__in=by_product).values_list("product_id", "pk")
    for product_id, listing_id in others:
        item = by_product[product_id]
        if listing_id != item.listing.pk:
            item.is_only = False
            item.is_oldest = item.is_oldest and item.listing.pk < listing_id


def _match_other_shops(shop: Shop | None, new: list[ProductRecord]) -> dict[str, int]:
    """One handle in two shops is one product where the titles are equal or a SKU is shared."""
    records = {record.key: record for record in new}
    # By shop and key, as the index has it; a key alone would read every listing there is.
    others = list(Shop.objects.exclude(pk=shop.pk if shop else None).values_list("pk", flat=True))
    listings = Listing.objects.filter(shop__in=others, external_key__in=records).order_by("pk")
    rows = list(listings.values_list("external_key", "product_id", "product__title"))
    if not rows:
        return {}
    found = {row[1] for row in rows}
    taken = (
        set(Listing.objects.filter(shop=shop, product__in=found).values_list("product_id", flat=True))
        if shop
        else set()
    )
    skus = defaultdict(set)
    for product_id, sku in Variant.objects.filter(product_id__in=found).values_list("product_id", "sku"):
        skus[product_id].add(sku)
    matches = {}
    for key, product_id, title in rows:
        record = records[key]
        own = {variant.sku for variant in record.variants if variant.sku}
        is_same = (record.title or "").casefold() == title.casefold() or own & skus[product_id]
        if is_same and key not in matches and product_id not in taken:
            matches[key] = product_id
            taken.add(product_id)
    return matches
