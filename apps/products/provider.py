"""Products as the approval engine sees them."""

import hashlib

from django.db.models import Count, Exists, Max, OuterRef, Prefetch
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import languages, markets
from apps.drafts import fingerprints
from apps.drafts.models import Draft
from apps.drafts.registry import CheckContext, Subject
from apps.drafts.services.decisions import changed_share
from apps.drafts.services.errors import Refused
from apps.products.images import shown_url
from apps.products.models import DescriptionDraft, Fact, Listing, Product, PublishedCopy
from apps.products.services import fact_review
from apps.products.services.supporting import in_language, supporting_facts, view

# They support a text that names them, but a sentence about them is not what a shopper reads.
SHELF_NAMES = {"tags", "标签", "product category", "商品分类", "type", "类型"}
_ROLES = ("title", "brand", "category")


class DescriptionProvider:
    """The provider of the kind `description`; see apps.drafts.registry.SubjectProvider."""

    kind = "description"
    task = "description"

    def describe(self, subject_ids: list[int]) -> dict[int, Subject]:
        products = self._products(subject_ids).prefetch_related(
            Prefetch("listings", Listing.objects.select_related("shop").order_by("pk"))
        )
        return {product.pk: _subject(product) for product in products}

    def search(self, text: str, limit: int = 500) -> list[int]:
        return list(Product.objects.matching(text).values_list("pk", flat=True)[:limit])

    def prompt_contexts(self, draft_ids: list[int]) -> dict[int, dict]:
        rows = DescriptionDraft.objects.filter(pk__in=draft_ids).values_list(
            "pk", "product_id", "field", "language", "guidance"
        )  # fmt: skip
        products = {product.pk: product for product in self._products([row[1] for row in rows])}
        contexts = {}
        for pk, product_id, field, language, guidance in rows:
            if product := products.get(product_id):
                contexts[pk] = _prompt_context(product, field, language, guidance)
        return contexts

    def check_contexts(self, drafts: list[Draft]) -> dict[int, CheckContext]:
        rows = self._products([draft.subject_id for draft in drafts]).prefetch_related(
            Prefetch("listings", Listing.objects.select_related("shop").defer("body_html", "live").order_by("pk"))
        )
        products = {product.pk: product for product in rows}
        return {
            draft.pk: _check_context(products[draft.subject_id], draft)
            for draft in drafts
            if draft.subject_id in products
        }

    def needs_second(self, drafts: list[Draft]) -> set[int]:
        """One query: where one of the shops that a text is for asks for two readers, it needs them everywhere."""
        strict = Listing.objects.filter(product__in={draft.subject_id for draft in drafts}, shop__second_review=True)
        places = set(strict.values_list("product_id", "shop_id"))
        anywhere = {product_id for product_id, _shop_id in places}
        return {
            draft.pk
            for draft in drafts
            if (draft.subject_id, draft.scope_id) in places or (not draft.scope_id and draft.subject_id in anywhere)
        }

    def fact_rights(self, user) -> frozenset[str]:
        rights = {"propose": fact_review.PROPOSE, "confirm": fact_review.CONFIRM}
        return frozenset(right for right, permission in rights.items() if user.has_perm(permission))

    def propose_fact(self, *, user, subject_id: int, name: str, value: str, language: str, source_note: str) -> int:
        fact = fact_review.propose_fact(
            user=user, product_id=subject_id, name=name, value=value, language=language, source_note=source_note
        )
        return fact.pk

    def confirm_fact(self, *, user, subject_id: int, fact_id: int) -> None:
        if not Fact.objects.filter(pk=fact_id, product_id=subject_id).exists():
            raise fact_review.fact_gone()
        fact_review.confirm_fact(user=user, fact_id=fact_id)

    def publish(self, draft_ids: list[int]) -> None:
        drafts = DescriptionDraft.objects.filter(pk__in=draft_ids).select_related("chosen").order_by("pk")
        drafts = list(drafts)
        listings: dict[int, list[Listing]] = {}
        for listing in Listing.objects.filter(product__in=[draft.product_id for draft in drafts]):
            listings.setdefault(listing.product_id, []).append(listing)
        pairs = [
            (draft, listing)
            for draft in drafts
            for listing in listings.get(draft.product_id, [])
            if draft.shop_id in (None, listing.shop_id)
        ]
        newest = _newest_versions([listing.pk for _, listing in pairs])
        rows = []
        for draft, listing in pairs:
            place = (listing.pk, draft.field, draft.language)
            newest[place] = newest.get(place, 0) + 1
            rows.append(_copy(draft, listing, newest[place]))
        PublishedCopy.objects.bulk_create(rows)
        contexts = self.check_contexts(drafts)
        fingerprints.remember((draft.text, contexts[draft.pk]) for draft in drafts if draft.pk in contexts)

    def withdraw(self, draft_id: int) -> None:
        copies = PublishedCopy.objects.filter(draft=draft_id, withdrawn_at__isnull=True)
        if copies.filter(exported_at__isnull=False).exists():
            raise Refused(
                "stale", _("This text has already been exported, so it can't be taken back. Write a new one.")
            )
        copies.update(withdrawn_at=timezone.now())

    def retire(self, draft_ids: list[int]) -> None:
        same = PublishedCopy.objects.filter(
            draft__in=draft_ids, listing=OuterRef("listing"), field=OuterRef("field"), language=OuterRef("language"),
            version__gte=OuterRef("version"),
        )  # fmt: skip
        PublishedCopy.objects.filter(Exists(same), withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())

    @staticmethod
    def _products(ids: list[int]):
        """Two queries for any number of products: the rows with their count of variants, and all their facts."""
        facts = Prefetch("facts", Fact.objects.order_by("pk"))
        return Product.objects.filter(pk__in=ids).annotate(variant_count=Count("variants")).prefetch_related(facts)


def _check_context(product: Product, draft: Draft) -> CheckContext:
    is_model_text = draft.chosen_id is not None and not draft.is_edited
    return CheckContext(
        field=draft.field,
        language=draft.language,
        facts=supporting_facts(product.facts.all(), product.variant_count),
        facts_key=product.facts_key,
        finish_reason=draft.chosen.finish_reason if is_model_text else "stop",
        category=product.category,
        markets=_markets(product, draft),
        kind=draft.kind,
        subject_id=draft.subject_id,
    )


def _markets(product: Product, draft: Draft) -> tuple[str, ...]:
    """Where the text will be read: the markets of the shops that sell the product in its language, else of all."""
    shops = [listing.shop for listing in product.listings.all() if draft.scope_id in (0, listing.shop_id)]
    reading = [
        shop for shop in shops if any(_is_read(draft.language, own) for own in [shop.base_language, *shop.languages])
    ]  # fmt: skip
    return tuple(sorted({markets.normalize(market) for shop in reading or shops for market in shop.markets}))


def _is_read(language: str, own: str) -> bool:
    return languages.is_within(language, own) or languages.is_within(own, language)


def _prompt_context(product: Product, field: str, language: str, guidance: str) -> dict:
    base = next((fact.language for fact in product.facts.all() if fact.role == "title"), language)
    facts = in_language(supporting_facts(product.facts.all(), product.variant_count), language, base)
    by_role = {fact.role: fact.value for fact in reversed(facts)}
    return {
        "field": field,
        "language": language,
        "title": by_role.get("title", product.title),
        "brand": by_role.get("brand", product.brand),
        "category": by_role.get("category", product.category),
        "facts": _told(facts),
        "guidance": guidance,
        "voice": "",
    }


def _told(facts) -> list[tuple[str, str]]:
    """The facts to write of: names for shelves (tags, platform categories) only where there is hardly anything else."""
    attributes = [fact for fact in facts if fact.role not in _ROLES]
    telling = [fact for fact in attributes if fact.name.casefold() not in SHELF_NAMES]
    return [(fact.name, fact.text) for fact in (telling if len(telling) > 1 else attributes)]


def _subject(product: Product) -> Subject:
    listings = list(product.listings.all())
    current = {}
    for listing in listings:
        for field, text in listing.live.items():
            current.setdefault((field, listing.shop.base_language), text)
    parts = [product.brand, product.category, ", ".join(listing.shop.name for listing in listings)]
    proposed = [view(fact) for fact in product.facts.all() if fact.status != Fact.Status.CONFIRMED]
    return Subject(
        kind=DescriptionProvider.kind,
        id=product.pk,
        title=product.title,
        subtitle=" · ".join(part for part in parts if part),
        category=product.category,
        image_url=shown_url(product.image_url),
        url=_page_of(product),
        facts=supporting_facts(product.facts.all(), product.variant_count) + tuple(proposed),
        current=current,
    )


def _page_of(product: Product) -> str:
    try:
        return reverse("admin:products_product_change", args=[product.pk])
    except NoReverseMatch:
        return ""


def _newest_versions(listing_ids: list[int]) -> dict[tuple[int, str, str], int]:
    rows = PublishedCopy.objects.filter(listing__in=listing_ids).values_list("listing", "field", "language")
    return {row[:3]: row[3] for row in rows.annotate(newest=Max("version"))}


def _copy(draft: DescriptionDraft, listing: Listing, version: int) -> PublishedCopy:
    share = changed_share(draft)
    by_model = PublishedCopy.Origin.EDITED if share else PublishedCopy.Origin.MODEL
    origin = PublishedCopy.Origin.PERSON if draft.chosen is None else by_model
    return PublishedCopy(
        listing=listing, field=draft.field, language=draft.language, version=version, text=draft.text,
        text_hash=hashlib.sha256(draft.text.encode()).hexdigest(), origin=origin, changed_share=share, draft=draft,
        published_by=draft.reviewed_by,
    )  # fmt: skip
