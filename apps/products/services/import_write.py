"""Writing the plans of a batch, set by set: a fixed number of statements for any number of products."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from psycopg.types.json import Jsonb

from apps.drafts import fingerprints
from apps.drafts.models import Field
from apps.products.models import Fact, Listing, ListingRow, Product, PublishedCopy, SourceTable, Variant
from apps.products.services.audit.changes import note_gone, note_live_changed
from apps.products.services.audit.texts import KIND
from apps.products.services.facts import refresh_product
from apps.products.services.import_plan import (
    CREATED,
    FACT_COLUMNS,
    REJECTED,
    UNCHANGED,
    ImportContext,
    ProductPlan,
    fact_row,
)

CHUNK = 2_000


def write_plans(
    *, context: ImportContext, table: SourceTable, plans: list[ProductPlan], numbers: dict[str, list[int]]
) -> None:
    """Write all plans that are not rejected. `numbers`: row numbers in the file by key, in the order of the cells."""
    plans = [plan for plan in plans if plan.verdict != REJECTED]
    fresh = _fresh_texts(plans)
    _write_products(plans)
    listings = _write_listings(context, plans)
    variant_ids = _write_variants(plans)
    _write_facts(context, plans, listings, variant_ids)
    _write_rows(table, plans, listings, numbers)
    refresh_product(plan.product_id for plan in plans if plan.verdict != UNCHANGED)
    _confirm_live(plans)
    _remember(context, fresh)


def _fresh_texts(plans: list[ProductPlan]) -> list[tuple[ProductPlan, str]]:
    """The fields whose live text is another than the one that is stored; to be asked before the listings are written."""
    return [
        (plan, name)
        for plan in plans
        for name in Field.values
        if plan.live.get(name) and plan.live[name] != (plan.stored.listing.live.get(name) if plan.stored else None)
    ]


def _remember(context: ImportContext, fresh: list[tuple[ProductPlan, str]]) -> None:
    """Let the rule that finds near-duplicate copy know the new live texts; after `refresh_product`, which names families."""
    ids = {plan.product_id for plan, _name in fresh}
    if not ids:
        return
    known = Product.objects.filter(pk__in=ids).values_list("pk", "brand", "title")
    stems = {pk: fingerprints.stem_of(brand, title) for pk, brand, title in known}
    language = context.shop.base_language
    fingerprints.remember_at(
        (plan.live[name], fingerprints.Place(KIND, plan.product_id, name, language, stems[plan.product_id]))
        for plan, name in fresh
    )


def _write_products(plans: list[ProductPlan]) -> None:
    new = [plan for plan in plans if plan.product_id is None]
    products = [Product(title=plan.record.title, image_url=plan.record.image_url or "") for plan in new]
    for plan, product in zip(new, Product.objects.bulk_create(products, batch_size=CHUNK), strict=True):
        plan.product_id = product.pk
    pictured = []
    for plan in plans:
        image = plan.record.image_url
        if (
            plan.stored
            and plan.stored.is_oldest
            and image is not None
            and plan.stored.listing.product.image_url != image
        ):
            plan.stored.listing.product.image_url = image
            pictured.append(plan.stored.listing.product)
    Product.objects.bulk_update(pictured, ["image_url"], batch_size=CHUNK)


def _write_listings(context: ImportContext, plans: list[ProductPlan]) -> dict[str, int]:
    """Listing ids by key."""
    now = timezone.now()
    new = [
        Listing(
            shop=context.shop, product_id=plan.product_id, external_key=plan.record.key, status=plan.status,
            body_html=plan.body_html, live=plan.live, seen_at=now,
        )
        for plan in plans
        if plan.verdict == CREATED
    ]  # fmt: skip
    ids = {listing.external_key: listing.pk for listing in Listing.objects.bulk_create(new, batch_size=CHUNK)}
    changed = []
    for plan in plans:
        if plan.verdict == CREATED:
            continue
        listing = plan.stored.listing
        ids[plan.record.key] = listing.pk
        if (listing.status, listing.body_html, listing.live) != (plan.status, plan.body_html, plan.live):
            listing.status, listing.body_html, listing.live = plan.status, plan.body_html, plan.live
            listing.updated_at = now
            changed.append(listing)
    note_live_changed(listing.product_id for listing in changed)
    Listing.objects.bulk_update(changed, ["status", "body_html", "live", "updated_at"], batch_size=500)
    Listing.objects.filter(pk__in=ids.values()).update(seen_at=now)
    return ids


_INSERT_VARIANTS = """
INSERT INTO products_variant (product_id, key, sku, barcode, options, position, created_at, updated_at)
SELECT v.*, now(), now()
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::int[]) AS v
RETURNING id, product_id, key
"""


def _write_variants(plans: list[ProductPlan]) -> dict[tuple[int, str], int]:
    """Ids of the new variants by (product id, key)."""
    Variant.objects.filter(pk__in=[pk for plan in plans for pk in plan.old_variant_ids]).delete()
    changed = [variant for plan in plans for variant in plan.changed_variants]
    Variant.objects.bulk_update(changed, ["key", "sku", "barcode", "options", "position"], batch_size=500)
    rows = [row for plan in plans if plan.new_variants for row in _new_variants(plan)]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_VARIANTS, [list(column) for column in zip(*rows, strict=True)])
        return {(product_id, key): pk for pk, product_id, key in cursor.fetchall()}


def _new_variants(plan: ProductPlan) -> list[tuple]:
    keys = {record.key for record in plan.new_variants}
    return [
        (plan.product_id, record.key, record.sku, record.barcode, Jsonb(record.options), position)
        for position, record in enumerate(plan.record.variants)
        if record.key in keys
    ]


def _write_facts(context: ImportContext, plans: list[ProductPlan], listings: dict[str, int], variant_ids: dict) -> None:
    old = Fact.objects.filter(pk__in=[pk for plan in plans for pk in plan.old_fact_ids])
    note_gone(old.confirmed())
    old.delete()
    rows = []
    for plan in plans:
        for fact in plan.new_facts:
            variant_id = None
            if fact.variant is not None:
                variant_id = getattr(fact.variant, "pk", None) or variant_ids[plan.product_id, fact.variant.key]
            rows.append(
                fact_row(
                    fact,
                    product_id=plan.product_id,
                    listing_id=listings[plan.record.key],
                    variant_id=variant_id,
                    language=context.language,
                )
            )
    now = timezone.now()
    _copy_in("products_fact", (*FACT_COLUMNS, "created_at", "updated_at"), ((*row, now, now) for row in rows))


def _copy_in(name: str, columns: Iterable[str], rows: Iterable[tuple]) -> None:
    """COPY is several times faster than an INSERT of model instances, and facts and rows are what is many here."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _write_rows(
    table: SourceTable, plans: list[ProductPlan], listings: dict[str, int], numbers: dict[str, list[int]]
) -> None:
    """Replaced rows move to the file's own table and keep its row numbers; rows added to an older table go to its end."""
    replaced = [plan for plan in plans if plan.rows and plan.rows.is_replacement]
    ListingRow.objects.filter(listing_id__in=[listings[plan.record.key] for plan in replaced]).delete()
    lines = []
    for plan in replaced:
        for number, cells in zip(numbers[plan.record.key], plan.rows.new_cells, strict=True):
            lines.append((listings[plan.record.key], table.pk, number, cells))
    overlaid = [plan for plan in plans if plan.rows and not plan.rows.is_replacement]
    _update_cells([change for plan in overlaid for change in plan.rows.changed_rows.items()])
    lines.extend(_appended(overlaid, listings))
    if lines:
        columns = ("listing_id", "table_id", "row_number", "cells")
        _copy_in("products_listingrow", columns, ((*place, Jsonb(cells)) for *place, cells in lines))


def _update_cells(changes: list[tuple[int, list[str]]]) -> None:
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE products_listingrow r SET cells = v.cells "
                "FROM unnest(%s::bigint[], %s::jsonb[]) AS v(id, cells) WHERE r.id = v.id",
                [[pk for pk, _cells in changes], [Jsonb(cells) for _pk, cells in changes]],
            )


def _appended(plans: list[ProductPlan], listings: dict[str, int]) -> list[tuple]:
    added = [plan for plan in plans if plan.rows.new_cells]
    tables = {plan.stored.rows[0].table_id for plan in added}
    ends = Counter(
        dict(ListingRow.objects.filter(table_id__in=tables).values_list("table_id").annotate(Max("row_number")))
    )
    lines = []
    for plan in added:
        table_id = plan.stored.rows[0].table_id
        for cells in plan.rows.new_cells:
            ends[table_id] += 1
            lines.append((listings[plan.record.key], table_id, ends[table_id], cells))
    return lines


def _confirm_live(plans: list[ProductPlan]) -> None:
    """Published text that came back from the shop is live there; its origin stays what it was."""
    copies = [copy for plan in plans for copy in plan.seen_live]
    fresh = [copy.pk for copy in copies if copy.live_at is None]
    if fresh:
        PublishedCopy.objects.filter(pk__in=fresh, live_at__isnull=True).update(live_at=timezone.now())
    draft_ids = {copy.draft_id for copy in copies if copy.draft_id}
    if not draft_ids:
        return
    from apps.drafts.models import Draft
    from apps.drafts.services import publishing

    # A text that a changed fact made outdated stays outdated, though it is live.
    waiting = Draft.objects.filter(pk__in=draft_ids, status__in=["published", "exported"])
    if ids := list(waiting.values_list("pk", flat=True)):
        publishing.mark_live(draft_ids=ids)


def numbers_by_key(rows) -> dict[str, list[int]]:
    numbers = defaultdict(list)
    for row in rows:
        numbers[row.key].append(row.row_number)
    return numbers
