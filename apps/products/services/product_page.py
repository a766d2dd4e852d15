"""All that the page of one product shows, in a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import Q

from apps.core import languages
from apps.core.models import AuditEvent
from apps.drafts.models import Decision, Draft, Field
from apps.drafts.services.decisions import reason_name
from apps.drafts.states import TO_READ
from apps.products.models import DescriptionDraft, Fact, Listing, Product, PublishedCopy, Variant

MOST_FACTS, MOST_VARIANTS, MOST_DRAFTS, MOST_VERSIONS, MOST_EVENTS = 400, 100, 60, 60, 30
_ROLES = [Fact.Role.TITLE, Fact.Role.BRAND, Fact.Role.CATEGORY, Fact.Role.ATTRIBUTE]


@dataclass
class FactGroup:
    """The facts in one language; `clashes` holds the ids of confirmed facts that contradict another."""

    language: str
    name: str
    facts: list[Fact] = field(default_factory=list)
    clashes: set[int] = field(default_factory=set)


@dataclass
class ProductPage:
    product: Product
    facts: list[FactGroup]
    variants: list[Variant]
    has_more_variants: bool
    listings: list[Listing]
    drafts: list[Draft]
    copy: list[PublishedCopy]
    history: list[dict]

    @property
    def proposed(self) -> int:
        return sum(fact.status == Fact.Status.PROPOSED for group in self.facts for fact in group.facts)

    @property
    def in_review(self) -> int:
        return sum(draft.status in TO_READ for draft in self.drafts)


def load_product_page(product: Product) -> ProductPage:
    facts = product.facts.select_related("variant", "listing__shop", "proposed_by", "confirmed_by")
    variants = list(product.variants.order_by("position", "pk")[: MOST_VARIANTS + 1])
    drafts = DescriptionDraft.objects.filter(product=product).select_related(
        "model_version", "reviewed_by", "job", "shop"
    )
    drafts = list(drafts.order_by("-pk")[:MOST_DRAFTS])
    for draft in drafts:
        draft.reason_name = draft.outdated_reason or reason_name(draft.reason)
    copy = PublishedCopy.objects.filter(listing__product=product).select_related("listing__shop", "published_by")
    listings = list(product.listings.select_related("shop").order_by("pk"))
    for listing in listings:
        listing.live_texts = [(label, listing.live[name]) for name, label in Field.choices if listing.live.get(name)]
    return ProductPage(
        product=product,
        facts=group_facts(facts.order_by("language", "variant__position", "role", "name", "pk")[:MOST_FACTS]),
        variants=variants[:MOST_VARIANTS],
        has_more_variants=len(variants) > MOST_VARIANTS,
        listings=listings,
        drafts=drafts,
        copy=list(copy.order_by("-published_at", "-pk")[:MOST_VERSIONS]),
        history=_history(product),
    )


def group_facts(facts) -> list[FactGroup]:
    """In the order given, but the facts that name the product first."""
    groups: dict[str, FactGroup] = {}
    for fact in sorted(facts, key=lambda fact: _ROLES.index(fact.role)):
        groups.setdefault(fact.language, FactGroup(fact.language, languages.name(fact.language))).facts.append(fact)
    for group in groups.values():
        said: dict[tuple, set[str]] = {}
        for fact in group.facts:
            if fact.status == Fact.Status.CONFIRMED:
                said.setdefault(_place(fact), set()).add(fact.canonical)
        group.clashes = {
            fact.pk for fact in group.facts if fact.status == Fact.Status.CONFIRMED and len(said[_place(fact)]) > 1
        }
    return list(groups.values())


def _place(fact: Fact) -> tuple:
    return fact.role, fact.name.casefold(), fact.variant_id


def _history(product: Product) -> list[dict]:
    """Decisions and audit events of the product, newest first."""
    decisions = Decision.objects.filter(kind="description", subject_id=product.pk).select_related("by")
    events = AuditEvent.objects.about("product", product.pk).select_related("actor")
    rows = [
        {
            "at": each.at,
            "who": each.by,
            "verb": each.verb,
            "what": f"{each.get_field_display()} ({each.language})",
            "note": each.note,
        }
        for each in decisions.order_by("-pk")[:MOST_EVENTS]
    ]
    rows += [
        {
            "at": each.at,
            "who": each.actor,
            "verb": each.verb,
            "what": each.data.get("says", ""),
            "note": each.data.get("was", ""),
        }
        for each in events[:MOST_EVENTS]
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:MOST_EVENTS]


@dataclass
class CopyState:
    """What there is of a product's copy, for a row of the list."""

    in_review: int = 0
    waiting: int = 0
    approved: int = 0
    published: int = 0
    has_live: bool = False

    @property
    def has_text(self) -> bool:
        return self.has_live or self.published > 0


_STATE_OF = {"requested": "waiting", "in_review": "in_review", "abstained": "in_review", "second_review": "in_review",
             "outdated": "in_review",
             "approved": "approved"}  # fmt: skip


def copy_states(products: list[Product]) -> dict[int, CopyState]:
    """By product id; two queries, beside the listings that the products have prefetched."""
    states = {product.pk: CopyState() for product in products}
    drafts = Draft.objects.filter(Q(status__in=_STATE_OF), kind="description", subject_id__in=states)
    for product_id, status in drafts.values_list("subject_id", "status"):
        state = states[product_id]
        setattr(state, _STATE_OF[status], getattr(state, _STATE_OF[status]) + 1)
    copy = PublishedCopy.objects.filter(listing__product__in=states, withdrawn_at__isnull=True)
    for product_id, *_text in copy.values_list("listing__product", "field", "language").distinct():
        states[product_id].published += 1
    for product in products:
        states[product.pk].has_live = any(any(listing.live.values()) for listing in product.listings.all())
    return states
