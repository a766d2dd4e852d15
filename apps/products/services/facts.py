"""Facts: when two say the same, and what a product repeats of them."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db import connection

from apps.products.models import Fact, Listing, Product, Variant
from apps.products.search import segment
from apps.products.services.audit.changes import note_changed

SEARCH_LIMIT = 4_000
# A comma before three digits may part thousands as well as decimals (1,200 g), so such a number stays as it is written.
_DECIMAL = r"[-+]?\d+(?:\.\d+|,(?!\d{3}(?!\d))\d+|(?<=\b0),\d+)?"
_NUMBER = re.compile(_DECIMAL)
_NUMBER_AND_UNIT = re.compile(rf"({_DECIMAL})\s*([^\d\s.,]+)")
# One unit for each dimension: 1.2 kg and 1200 g are the same statement.
_BASE_UNITS = {
    "mg": ("g", "0.001"), "g": ("g", "1"), "克": ("g", "1"), "kg": ("g", "1000"), "千克": ("g", "1000"), "公斤": ("g", "1000"),
    "lb": ("g", "453.59237"), "oz": ("g", "28.349523125"),
    "mm": ("mm", "1"), "毫米": ("mm", "1"), "cm": ("mm", "10"), "厘米": ("mm", "10"), "m": ("mm", "1000"), "米": ("mm", "1000"),
    "in": ("mm", "25.4"), "ml": ("ml", "1"), "毫升": ("ml", "1"), "cl": ("ml", "10"), "l": ("ml", "1000"), "升": ("ml", "1000"),
}  # fmt: skip


def canonical(value: str, unit: str = "") -> str:
    """One spelling for all that say the same: `1,2 kg`, `1.20 kg` and `1200 g` -> `1200 g`; text without case and extra blanks."""
    text = " ".join(unicodedata.normalize("NFKC", f"{value} {unit}").casefold().split())
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match and match[2] in _BASE_UNITS:
        base, factor = _BASE_UNITS[match[2]]
        return f"{_plain(Decimal(match[1].replace(',', '.')) * Decimal(factor))} {base}"
    return _plain(Decimal(text.replace(",", "."))) if _NUMBER.fullmatch(text) and len(text) < 30 else text


def _plain(number: Decimal) -> str:
    try:
        return f"{number.quantize(Decimal('0.0001')).normalize():f}"
    except InvalidOperation:
        return str(number)


def fact_fingerprint(*, role: str, name: str, canonical_value: str, language: str) -> str:
    """The same for two facts that state the same of the same thing."""
    return _digest(role, " ".join(name.casefold().split()), canonical_value, language)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass
class _Summary:
    """What a product repeats of its facts, as it is gathered."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    # role -> (rank, value): a person's word first, then the oldest listing's.
    leading: dict[str, tuple] = field(default_factory=dict)

    def add(self, role, name, value, unit, language, canonical_value, variant_id, listing_id, source) -> None:
        self.lines.append("\x1f".join((role, name, canonical_value, unit, language, str(variant_id or ""))))
        self.words.append(value)
        rank = (source != Fact.Source.PERSON, listing_id or 0)
        if role != Fact.Role.ATTRIBUTE and (role not in self.leading or rank < self.leading[role][0]):
            self.leading[role] = (rank, value)

    @property
    def key(self) -> str:
        return _digest(*sorted(set(self.lines)))


def refresh_product(product_ids: Iterable[int]) -> int:
    """Bring title, brand, category, facts_key and search of these products in step with their confirmed facts.

    The live text of a product whose facts changed is checked again by a worker. A fixed number of queries; returns how
    many products' facts changed.
    """
    ids = sorted(set(product_ids))
    if not ids:
        return 0
    summaries: dict[int, _Summary] = defaultdict(_Summary)
    facts = Fact.objects.confirmed().filter(product_id__in=ids).order_by("id")
    for product_id, *fact in facts.values_list(
        "product_id", "role", "name", "value", "unit", "language", "canonical", "variant_id", "listing_id", "source"
    ):
        summaries[product_id].add(*fact)
    _gather_identifiers(ids, summaries)
    changed = _write(ids, summaries)
    note_changed(changed)
    return len(changed)


def _gather_identifiers(ids: list[int], summaries: dict[int, _Summary]) -> None:
    for product_id, sku in Variant.objects.filter(product_id__in=ids).exclude(sku="").values_list("product_id", "sku"):
        summaries[product_id].words.append(sku)
    for product_id, key in Listing.objects.filter(product_id__in=ids).values_list("product_id", "external_key"):
        summaries[product_id].words.append(key)


def _write(ids: list[int], summaries: dict[int, _Summary]) -> list[int]:
    """Write what differs; returns the products that had facts before and whose facts are others now."""
    old = {
        row[0]: row[1:]
        for row in Product.objects.filter(pk__in=ids).values_list("id", "title", "brand", "category", "facts_key")
    }
    rows, changed = [], []
    for product_id, (title, _brand, _category, facts_key) in old.items():
        summary = summaries[product_id]
        leading = {role: value for role, (_rank, value) in summary.leading.items()}
        title = leading.get("title", title)[:500]
        brand, category = leading.get("brand", "")[:200], leading.get("category", "")[:200]
        words = segment(" ".join([title, *dict.fromkeys(summary.words)])[:SEARCH_LIMIT])
        rows.append((product_id, title, brand, category, summary.key, words))
        if facts_key and facts_key != summary.key:
            changed.append(product_id)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*rows, strict=True)])
    return changed


_UPDATE = """
UPDATE products_product p SET title = v.title, brand = v.brand, category = v.category, facts_key = v.facts_key,
    search = to_tsvector('simple', v.words), updated_at = now()
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS v(id, title, brand, category, facts_key, words)
WHERE p.id = v.id
"""
