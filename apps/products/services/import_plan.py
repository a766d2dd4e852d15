"""What an import will do to one listing, worked out before anything is written; preview and import share it."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.core import languages
from apps.products.cleaning import clean_line, clean_text, without_text_mark
from apps.products.dialects.base import FactRecord, ProductRecord, TableDialect, VariantRecord
from apps.products.html import body_to_text
from apps.products.models import Fact, PublishedCopy, Shop, Variant
from apps.products.services.facts import canonical, fact_fingerprint
from apps.products.services.import_rows import RowsPlan, plan_rows
from apps.products.services.import_state import BatchState, StoredListing

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"
_RICH = ("long_description", "mobile_description", "bullets")


@dataclass(frozen=True)
class ImportContext:
    """What holds for a whole import. `may_drop`: every row of the file could be read, so what is missing is gone."""

    shop: Shop | None
    table: TableDialect
    language: str
    is_base: bool
    may_drop: bool = True


@dataclass
class FactPlan:
    record: FactRecord
    canonical: str
    fingerprint: str
    # The variant it belongs to: None for the product's own.
    variant: Variant | VariantRecord | None


@dataclass
class ProductPlan:
    record: ProductRecord
    stored: StoredListing | None
    product_id: int | None
    verdict: str = UNCHANGED
    code: str = ""
    message: str = ""
    rows: RowsPlan | None = None
    live: dict[str, str] = field(default_factory=dict)
    body_html: str = ""
    status: str = ""
    new_facts: list[FactPlan] = field(default_factory=list)
    old_fact_ids: list[int] = field(default_factory=list)
    new_variants: list[VariantRecord] = field(default_factory=list)
    changed_variants: list[Variant] = field(default_factory=list)
    old_variant_ids: list[int] = field(default_factory=list)
    seen_live: list[PublishedCopy] = field(default_factory=list)
    figures: Counter = field(default_factory=Counter)
    is_touched: bool = False


def plan_product(
    context: ImportContext, state: BatchState, record: ProductRecord, cells: list[list[str]]
) -> ProductPlan:
    """`cells` are the rows of the record, in the order of the file."""
    stored = state.stored.get(record.key)
    product_id = stored.listing.product_id if stored else state.matches.get(record.key)
    plan = ProductPlan(record, stored, product_id)
    if not stored and not record.title:
        plan.verdict, plan.code = REJECTED, "no_title"
        plan.message = _(
            "No row with this handle has a title, and the shop has no such product yet. Fill in the title."
        )
        return plan
    if context.is_base:
        _plan_copy(plan)
    else:
        _keep_listing(plan)
    _note_live_copy(plan, context)
    if context.is_base or not stored or not stored.rows:
        plan.rows = plan_rows(context, state, plan, cells)
    matched = _plan_variants(plan, context, state)
    _plan_facts(plan, context, state, matched)
    _judge(plan)
    return plan


def plain_copy(name: str, cell: str) -> str:
    """The plain text of a copy cell."""
    cell = without_text_mark(cell)
    if name in _RICH:
        return body_to_text(cell)
    return clean_line(cell)


def same_text(left: str, right: str) -> bool:
    """Whether two texts are equal but for blanks, line ends and the marks of list items."""
    return _folded(left) == _folded(right)


def _folded(text: str) -> str:
    lines = (
        line.strip().lstrip("-*•· ")
        for line in clean_text(text.replace("<", "\u2039").replace("&", "\u204a")).split("\n")
    )
    return " ".join(" ".join(line for line in lines if line).split())


def _keep_listing(plan: ProductPlan) -> None:
    """A file in another than the shop's base language brings facts, and no text that is live in the base language."""
    if plan.stored:
        listing = plan.stored.listing
        plan.live, plan.body_html, plan.status = listing.live, listing.body_html, listing.status
    else:
        plan.status = plan.record.status or ""


def _plan_copy(plan: ProductPlan) -> None:
    _keep_listing(plan)
    record, listing = plan.record, plan.stored.listing if plan.stored else None
    plan.live = dict(plan.live)
    for name, cell in record.copy.items():
        text = plain_copy(name, cell)
        if text:
            plan.live[name] = text
        elif plan.live.pop(name, None):
            plan.figures[f"blanks_{name}"] += 1
    if "long_description" in record.copy:
        plan.body_html = record.copy["long_description"].replace("\x00", "")
    if record.status is not None:
        plan.status = record.status
    if listing and (plan.body_html, plan.status) != (listing.body_html, listing.status):
        plan.is_touched = True


def _note_live_copy(plan: ProductPlan, context: ImportContext) -> None:
    """Text that equals the published version is now live; text that is neither that nor what was live is counted."""
    if not plan.stored:
        return
    for name, copy in plan.stored.copies.items():
        if name not in plan.record.copy:
            continue
        text = plan.live.get(name, "") if context.is_base else plain_copy(name, plan.record.copy[name])
        if text and same_text(text, copy.text):
            plan.seen_live.append(copy)
        elif text and text != plan.stored.listing.live.get(name, ""):
            plan.figures["copy_differs"] += 1


def _plan_variants(plan: ProductPlan, context: ImportContext, state: BatchState) -> dict[str, Variant | VariantRecord]:
    """Variant key of the file -> the variant that is or will be."""
    existing = list(state.variants.get(plan.product_id, [])) if plan.product_id else []
    matched = _match_variants(plan.record.variants, existing)
    is_owner = (
        context.is_base and (not plan.stored or plan.stored.is_oldest) and not (plan.product_id and not plan.stored)
    )
    for position, record in enumerate(plan.record.variants):
        variant = matched.get(record.key)
        if variant is None and (context.is_base or not existing):
            plan.new_variants.append(record)
            matched[record.key] = record
        elif variant is not None and is_owner and _update_variant(plan, context, variant, record, position):
            plan.changed_variants.append(variant)
    is_whole = plan.rows is not None and plan.rows.is_replacement and plan.record.variants
    if is_whole and is_owner and plan.stored and plan.stored.is_only and context.may_drop:
        kept = {variant.pk for variant in matched.values() if isinstance(variant, Variant)}
        plan.old_variant_ids = [variant.pk for variant in existing if variant.pk not in kept]
    return matched


def _match_variants(records: list[VariantRecord], existing: list[Variant]) -> dict[str, Variant | VariantRecord]:
    """By key (the options), then by a SKU that stands once on both sides."""
    by_key = {variant.key: variant for variant in existing}
    matched = {record.key: by_key.pop(record.key) for record in records if record.key in by_key}
    counts = Counter(variant.sku for variant in existing) + Counter(record.sku for record in records)
    by_sku = {variant.sku: variant for variant in by_key.values() if variant.sku}
    for record in records:
        if record.key not in matched and record.sku in by_sku and counts[record.sku] == 2:
            matched[record.key] = by_sku[record.sku]
    return matched


def _update_variant(
    plan: ProductPlan, context: ImportContext, variant: Variant, record: VariantRecord, position: int
) -> bool:
    columns = set(context.table.columns)
    wanted = {name: getattr(record, name) for name in ("sku", "barcode") if name in columns}
    if plan.rows is not None and plan.rows.is_replacement:
        wanted |= {"key": record.key, "options": record.options, "position": position}
    if all(getattr(variant, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(variant, name, value)
    return True


def _plan_facts(plan: ProductPlan, context: ImportContext, state: BatchState, matched: dict) -> None:
    """The difference between the facts that the file states and those of the last import of this listing."""
    columns = set(context.table.fact_columns)
    if not _covers_variants(plan, state, matched):
        columns -= context.table.variant_fact_columns
    if not plan.record.title:
        columns.discard("title")
    stored = plan.stored.facts if plan.stored else []
    held = {(fact.variant_id, fact.fingerprint): fact for fact in stored}
    wanted = {}
    for record in plan.record.facts:
        variant = matched.get(record.variant) if record.variant else None
        if record.column in columns and not (record.variant and variant is None):
            fact = _fact(record, variant, context.language)
            wanted.setdefault((getattr(variant, "pk", None) or record.variant or None, fact.fingerprint), fact)
    for identity, fact in wanted.items():
        old = held.get(identity)
        if old and (old.name, old.value, old.unit) == (fact.record.name, fact.record.value, fact.record.unit):
            continue
        plan.new_facts.append(fact)
        if old:
            plan.old_fact_ids.append(old.pk)
    gone = [fact for identity, fact in held.items() if identity not in wanted and fact.source_note in columns]
    plan.old_fact_ids.extend(fact.pk for fact in gone)
    stated = {fact.column for fact in plan.record.facts}
    for column in {fact.source_note for fact in gone} - stated:
        plan.figures[f"blanks_{column}"] += 1


def _covers_variants(plan: ProductPlan, state: BatchState, matched: dict) -> bool:
    """Whether the file speaks of every variant; if not, what its variants share says nothing about the product."""
    existing = {variant.pk for variant in state.variants.get(plan.product_id, [])} if plan.product_id else set()
    return existing - set(plan.old_variant_ids) <= {getattr(variant, "pk", None) for variant in matched.values()}


def _fact(record: FactRecord, variant: Variant | VariantRecord | None, language: str) -> FactPlan:
    value = canonical(record.value, record.unit)
    fingerprint = fact_fingerprint(role=record.role, name=record.name, canonical_value=value, language=language)
    return FactPlan(record, value, fingerprint, variant)


def _judge(plan: ProductPlan) -> None:
    if not plan.stored:
        plan.verdict = CREATED
        return
    has_new_parts = (
        plan.new_facts or plan.old_fact_ids or plan.new_variants or plan.changed_variants or plan.old_variant_ids
    )
    confirmed = {copy.field for copy in plan.seen_live}
    rows_differ = plan.rows is not None and bool(plan.rows.changed_columns - confirmed)
    plan.verdict = UPDATED if has_new_parts or rows_differ else UNCHANGED


def is_base_language(shop: Shop | None, language: str) -> bool:
    return shop is None or languages.same(shop.base_language, language)


FACT_COLUMNS = (
    "product_id", "listing_id", "variant_id", "role", "name", "value", "unit", "language", "canonical", "fingerprint",
    "source", "source_note", "status",
)  # fmt: skip


def fact_row(plan: FactPlan, *, product_id: int, listing_id: int, variant_id: int | None, language: str) -> tuple:
    """The values of FACT_COLUMNS of the confirmed fact that a plan stands for."""
    record = plan.record
    return (
        product_id, listing_id, variant_id, record.role, record.name[:200], record.value, record.unit[:40], language,
        plan.canonical, plan.fingerprint, Fact.Source.IMPORT.value, record.column[:300], Fact.Status.CONFIRMED.value,
    )  # fmt: skip
