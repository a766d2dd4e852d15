"""The live texts of a batch of products, with all that they are checked against."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Prefetch

from apps.core import markets
from apps.drafts.models import Field
from apps.drafts.registry import CheckContext, FactView
from apps.products.models import Fact, Listing, LiveText, Product, PublishedCopy
from apps.products.services.supporting import supporting_facts

KIND = "description"
IMPORTED, PUBLISHED = LiveText.Source.IMPORTED, LiveText.Source.PUBLISHED


@dataclass(frozen=True)
class LiveCopy:
    """One text of a listing. `draft_id` is the draft that it was published from, if any."""

    listing: Listing
    field: str
    language: str
    source: str
    text: str
    draft_id: int | None = None

    @property
    def place(self) -> tuple[int, str, str, str]:
        return (self.listing.pk, self.field, self.language, self.source)

    @property
    def text_hash(self) -> str:
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()


@dataclass
class LiveBatch:
    """`facts` by product id: what texts of the product may state today."""

    products: dict[int, Product]
    facts: dict[int, tuple[FactView, ...]]
    copies: list[LiveCopy]

    def context(self, copy: LiveCopy, facts: tuple[FactView, ...] | None = None) -> CheckContext:
        """`facts` replaces those of today."""
        product = self.products[copy.listing.product_id]
        return CheckContext(
            field=copy.field,
            language=copy.language,
            facts=self.facts[product.pk] if facts is None else facts,
            facts_key=product.facts_key,
            category=product.category,
            markets=tuple(sorted({markets.normalize(market) for market in copy.listing.shop.markets})),
            kind=KIND,
            subject_id=product.pk,
        )

    def only(self, product_ids: Collection[int]) -> "LiveBatch":
        return LiveBatch(
            {pk: product for pk, product in self.products.items() if pk in product_ids},
            {pk: facts for pk, facts in self.facts.items() if pk in product_ids},
            [copy for copy in self.copies if copy.listing.product_id in product_ids],
        )


def load_live(product_ids: list[int]) -> LiveBatch:
    """Every live text of these products, in all their shops. Four queries for any number of products."""
    facts = Prefetch("facts", Fact.objects.order_by("pk"))
    rows = Product.objects.filter(pk__in=product_ids).annotate(variant_count=Count("variants")).defer("search")
    products = {product.pk: product for product in rows.prefetch_related(facts)}
    listings = Listing.objects.filter(product__in=products).select_related("shop").defer("body_html").order_by("pk")
    published: dict[int, list[LiveCopy]] = {}
    listings = {listing.pk: listing for listing in listings}
    for copy in PublishedCopy.objects.current().filter(listing__in=listings):
        place = LiveCopy(
            listings[copy.listing_id], copy.field, copy.language, PUBLISHED, copy.text, copy.draft_id
        )  # fmt: skip
        published.setdefault(copy.listing_id, []).append(place)
    copies = []
    for listing in listings.values():
        copies += _texts_of(listing, published.get(listing.pk, []))
    views = {pk: supporting_facts(product.facts.all(), product.variant_count) for pk, product in products.items()}
    return LiveBatch(products, views, copies)


def _texts_of(listing: Listing, published: list[LiveCopy]) -> list[LiveCopy]:
    """Published text first; what the shop shows beside it only where it says something else."""
    said = {(copy.field, copy.text.strip()) for copy in published}
    language = listing.shop.base_language
    imported = [
        LiveCopy(listing, name, language, IMPORTED, listing.live[name])
        for name in Field.values
        if (listing.live.get(name) or "").strip() and (name, listing.live[name].strip()) not in said
    ]
    return [copy for copy in published if copy.text.strip()] + imported
