"""Live text that is no longer true, or no longer allowed, goes to the desk as outdated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from apps.core.wording import Wording
from apps.drafts.models import Draft, Finding
from apps.drafts.registry import provider_of
from apps.drafts.services import publishing
from apps.drafts.states import OPEN_STATUSES, Status
from apps.products.models import DescriptionDraft, PublishedCopy
from apps.products.services.audit.judging import Judged
from apps.products.services.audit.texts import KIND, LiveBatch
from apps.products.services.generation import insert_drafts


class Touched(NamedTuple):
    """A live text that needs another look, and why; `spans` are the code points that are no longer true or allowed."""

    judged: Judged
    reason: Wording
    spans: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> dict:
        """As `Draft.outdated_by` keeps it."""
        return self.reason.to_json() | {"spans": [list(span) for span in self.spans[:MOST_SPANS]]}


MOST_SPANS = 20


@dataclass(frozen=True)
class Sent:
    """`sent` texts came to the desk; `waiting` had a draft open there already."""

    sent: int = 0
    waiting: int = 0


def send(*, batch: LiveBatch, touched: Sequence[Touched], user=None) -> Sent:
    """Outdate the drafts behind published texts; open one that holds the live text for each that was imported.

    Call it inside a transaction that has `storing.hold()`, so that no draft is opened twice. Texts of a product that is
    to be left alone come to the desk as well: that mark keeps the model away, not a person.
    """
    if not touched:
        return Sent()
    published = [each for each in touched if each.judged.copy.draft_id]
    others = [each for each in touched if not each.judged.copy.draft_id]
    sent = _outdate(published, user)
    opened = _open(batch, others, user)
    return Sent(sent + opened, len({each.judged.copy.draft_id for each in published}) - sent + len(others) - opened)


def drop_replaced(batch: LiveBatch) -> int:
    """Take drafts off the desk that hold an imported text which no shop shows any more; returns how many.

    What a person has begun to mend stays.
    """
    drafts = DescriptionDraft.objects.filter(product__in=batch.products, status=Status.OUTDATED, copy__isnull=True)
    rows = list(drafts.filter(is_edited=False).values_list("pk", "product_id", "field", "language", "text"))
    live = {(copy.listing.product_id, copy.field, copy.language, copy.text) for copy in batch.copies} if rows else set()
    gone = [pk for pk, *place in rows if tuple(place) not in live]
    return publishing.supersede(draft_ids=gone) if gone else 0


def _outdate(touched: list[Touched], user) -> int:
    """One statement for each reason; returns how many drafts changed."""
    groups: dict[str, tuple[Wording, list[int]]] = {}
    for each in touched:
        groups.setdefault(repr(each.reason.to_json()), (each.reason, []))[1].append(each.judged.copy.draft_id)
    ids = [draft_id for _reason, draft_ids in groups.values() for draft_id in draft_ids]
    changed = sum(
        publishing.outdate(draft_ids=draft_ids, reason=reason, user=user) for reason, draft_ids in groups.values()
    )
    if ids:
        _store_findings({each.judged.copy.draft_id: each for each in touched})
        PublishedCopy.objects.filter(draft__in=ids, outdated_at__isnull=True).update(outdated_at=timezone.now())
        strict = PublishedCopy.objects.filter(draft__in=ids, listing__shop__withdraws_outdated=True)
        if withdrawn := list(strict.values_list("draft_id", flat=True)):
            provider_of(KIND).retire(withdrawn)
    return changed


def _store_findings(touched: dict[int, Touched]) -> None:
    """So that the desk's queue puts the flagged ones first before anyone has opened them."""
    drafts = list(Draft.objects.filter(pk__in=touched, status=Status.OUTDATED))
    for draft in drafts:
        draft.outdated_by = touched[draft.pk].to_json()
        draft.severity = max((found.severity for found in touched[draft.pk].judged.own_findings), default=0)
        # The draft may have been checked in another context than its live text: the desk checks it again.
        draft.check_key = ""
    Draft.objects.bulk_update(drafts, ["outdated_by", "severity", "check_key"])


def _open(batch: LiveBatch, touched: list[Touched], user) -> int:
    wanted = {}
    for each in touched:
        draft = _draft(batch, each, user)
        wanted.setdefault((draft.subject_id, draft.scope_id, draft.field, draft.language), (draft, each))
    taken = _taken(pk for pk, *_place in wanted)
    fresh = [row for place, row in wanted.items() if place not in taken and (place[0], 0, *place[2:]) not in taken]
    ids = insert_drafts([draft for draft, _each in fresh])
    Finding.objects.bulk_create(
        Finding(
            draft_id=draft_id, rule=found.rule, severity=found.severity, start=found.start, end=found.end,
            message=found.message, wording=found.wording,
        )
        for draft_id, (_draft_row, each) in zip(ids, fresh, strict=True)
        for found in each.judged.own_findings
    )  # fmt: skip
    return len(ids)


def _taken(product_ids: Iterable[int]) -> set[tuple[int, int, str, str]]:
    """Places where a person already has something to decide, or the model is writing."""
    rows = Draft.objects.filter(kind=KIND, subject_id__in=list(product_ids))
    rows = rows.filter(Q(status__in=OPEN_STATUSES) | Q(status=Status.OUTDATED))
    return set(rows.values_list("subject_id", "scope_id", "field", "language"))


def _draft(batch: LiveBatch, touched: Touched, user) -> DescriptionDraft:
    """The live text as a draft without candidates; for its shop alone where the product is sold in several."""
    copy = touched.judged.copy
    product = batch.products[copy.listing.product_id]
    shops = {each.listing.shop_id for each in batch.copies if each.listing.product_id == product.pk}
    shop = copy.listing.shop if len(shops) > 1 else None
    with override("en"):
        plain = str(touched.reason)[:500]
    return DescriptionDraft(
        kind=KIND, subject_id=product.pk, product=product, shop=shop, scope_id=shop.pk if shop else 0,
        category=product.category, field=copy.field, language=copy.language, status=Status.OUTDATED, text=copy.text,
        severity=max((found.severity for found in touched.judged.own_findings), default=0),
        check_key=touched.judged.key, facts_key=product.facts_key, reason=plain, outdated_by=touched.to_json(),
        requested_by=user if user and user.pk else None, delivered_at=timezone.now(), candidates_wanted=0,
    )  # fmt: skip
