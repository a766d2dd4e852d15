"""The stored picture of live text: read before a batch is checked, replaced after, set by set."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from apps.drafts import fingerprints
from apps.drafts.models import Severity
from apps.products.models import LiveFinding, LiveText
from apps.products.services.audit.judging import Judged, sentence_of
from apps.products.services.audit.texts import LiveBatch

Place = tuple[int, str, str, str]
_LOCK = 7_301_003


class Baseline(NamedTuple):
    """What was known of a text: its hash, and (rule, start, end) of all that warned or blocked."""

    text_hash: str
    troubles: frozenset[tuple[str, int, int]]


def hold() -> None:
    """Let one transaction at a time store what was found: two that replace the same rows, or open the same draft, would
    collide. Held until the end of the transaction, so take it only once all is checked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def load_baseline(product_ids: Iterable[int]) -> dict[Place, Baseline]:
    """By the place of a text. Two queries."""
    rows = LiveText.objects.filter(product__in=product_ids).values_list(
        "pk", "listing_id", "field", "language", "source", "text_hash"
    )  # fmt: skip
    rows = list(rows)
    troubles: dict[int, set[tuple[str, int, int]]] = {}
    found = LiveFinding.objects.filter(text__in=[row[0] for row in rows], severity__gte=Severity.WARN).order_by()
    for text_id, *trouble in found.values_list("text_id", "rule", "start", "end"):
        troubles.setdefault(text_id, set()).add(tuple(trouble))
    return {tuple(row[1:5]): Baseline(row[5], frozenset(troubles.get(row[0], ()))) for row in rows}


def replace(*, batch: LiveBatch, judged: list[Judged], shop_id: int | None, at: datetime) -> None:
    """Put what was found in the place of what was known of these products (in this shop, where one is given)."""
    old = LiveText.objects.filter(product__in=batch.products)
    old = old.filter(shop=shop_id) if shop_id is not None else old
    ids = list(old.values_list("pk", flat=True))
    LiveFinding.objects.filter(text__in=ids)._raw_delete("default")
    LiveText.objects.filter(pk__in=ids)._raw_delete("default")
    texts = LiveText.objects.bulk_create(_row(batch, each, at) for each in judged)
    LiveFinding.objects.bulk_create(
        finding for text, each in zip(texts, judged, strict=True) for finding in _findings(text, each)
    )
    fingerprints.remember((each.copy.text, batch.context(each.copy)) for each in judged)


def _row(batch: LiveBatch, judged: Judged, at: datetime) -> LiveText:
    copy = judged.copy
    return LiveText(
        product_id=copy.listing.product_id, listing=copy.listing, shop_id=copy.listing.shop_id, draft_id=copy.draft_id,
        field=copy.field, language=copy.language, category=batch.products[copy.listing.product_id].category,
        source=copy.source, text_hash=copy.text_hash, check_key=judged.key, severity=judged.severity,
        is_grave=judged.is_grave, findings_count=len(judged.findings),
        rules=sorted({finding.rule for finding in judged.findings}), checked_at=at,
    )  # fmt: skip


def _findings(text: LiveText, judged: Judged):
    for found in judged.findings:
        sentence, start = sentence_of(judged.copy.text, found.start, found.end)
        yield LiveFinding(
            text=text, rule=found.rule, severity=found.severity, start=found.start, end=found.end, sentence=sentence,
            sentence_start=start, message=found.message, wording=found.wording,
        )  # fmt: skip
