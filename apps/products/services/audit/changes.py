"""Facts and rules that changed: which live texts rest on them.

A request only notes which products changed and which facts are gone; a worker finds the texts, product by product.
"""

import logging
import re
from collections.abc import Iterable, Iterator

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.utils.translation import override
from psycopg.types.json import Jsonb

from apps.core.wording import Wording
from apps.drafts.checking import check_texts, configured_rules
from apps.drafts.evidence.check import evidence_of
from apps.drafts.models import Severity
from apps.drafts.registry import FactView
from apps.products.models import ChangedProduct, DescriptionDraft, Fact
from apps.products.services.audit import storing
from apps.products.services.audit.judging import Judged, judge
from apps.products.services.audit.outdating import Touched, drop_replaced, send
from apps.products.services.audit.poking import poke_on_commit
from apps.products.services.audit.storing import Baseline, Place
from apps.products.services.audit.texts import IMPORTED, LiveBatch, load_live

logger = logging.getLogger(__name__)

BATCH = 50
# More facts of one product than this are not remembered one by one; its published texts are checked all the same.
MOST_GONE = 50
SHOWN = 3
Span = tuple[int, int]
ANY_RULE = "*"
# What can be recognised where it stands in a text; numbers are the evidence checker's.
_WORDS = re.compile(r"[^\W\d_]{3}|[\u3400-\u9fff]{2}")
_YES_NO = frozenset(["yes", "true", "none", "false", "not", "支持", "不支持", "没有"])
_NOTE = """
INSERT INTO products_changedproduct (product_id, gone, since)
SELECT v.id, v.gone, now() FROM unnest(%s::bigint[], %s::jsonb[]) AS v(id, gone)
JOIN products_product p ON p.id = v.id
ON CONFLICT (product_id) DO UPDATE SET gone = products_changedproduct.gone || excluded.gone
"""


def said(fact: Fact) -> dict[str, str]:
    """A fact as it is remembered when it no longer stands."""
    return {
        "name": fact.name, "value": fact.value, "unit": fact.unit, "language": fact.language, "role": fact.role,
    }  # fmt: skip


def note_gone(facts: Iterable[Fact]) -> None:
    """Remember confirmed facts that are about to be taken away, so that texts that cite them can be found."""
    gone: dict[int, list[dict]] = {}
    for fact in facts:
        gone.setdefault(fact.product_id, []).append(said(fact))
    note_changed(gone.keys(), gone)


def note_changed(product_ids: Iterable[int], gone: dict[int, list[dict]] | None = None) -> None:
    """Have the live texts of these products checked again, once this transaction is committed. One statement."""
    ids = sorted(set(product_ids))
    if ids:
        rows = [Jsonb((gone or {}).get(pk, [])[:MOST_GONE]) for pk in ids]
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [ids, rows])
        poke_on_commit()


def note_live_changed(product_ids: Iterable[int]) -> None:
    """An import brought other live text: outdated text of these products may have been mended in the shop itself."""
    waiting = DescriptionDraft.objects.filter(product__in=list(product_ids), status="outdated", copy__isnull=True)
    note_changed(waiting.order_by().values_list("product_id", flat=True))


def recheck_changed(limit: int = BATCH) -> int:
    """Check the live texts of some products whose facts changed, and commit; returns how many products.

    A product that can't be checked costs its own row only. Raises OperationalError, after which it can be called again.
    """
    with transaction.atomic():
        rows = ChangedProduct.objects.select_for_update(skip_locked=True).order_by("since", "pk")[:limit]
        changed = {row.pk: row.gone for row in rows}
        if changed and not _rechecked(changed) and len(changed) > 1:
            for product_id, gone in changed.items():
                _rechecked({product_id: gone})
        ChangedProduct.objects.filter(pk__in=changed).delete()
    return len(changed)


def _rechecked(changed: dict[int, list[dict]]) -> bool:
    try:
        with transaction.atomic():
            _recheck(changed)
    except OperationalError:
        raise
    except Exception:
        logger.exception("The live texts of products %s could not be checked", sorted(changed))
        return False
    return True


def _recheck(changed: dict[int, list[dict]]) -> None:
    batch = load_live(list(changed))
    baseline = storing.load_baseline(changed)
    judged = judge(batch)
    touched = touched_by_facts(batch=batch, judged=judged, baseline=baseline, changed=changed)
    storing.hold()
    storing.replace(batch=batch, judged=judged, shop_id=None, at=timezone.now())
    drop_replaced(batch)
    send(batch=batch, touched=touched)


def touched_by_facts(
    *, batch: LiveBatch, judged: list[Judged], baseline: dict[Place, Baseline], changed: dict[int, list[dict]]
) -> list[Touched]:
    """The texts that cite a fact that is gone and nothing else bears out, or that are judged worse than before."""
    found = []
    for each in judged:
        rows = changed[each.copy.listing.product_id]
        gone = [FactView(**row) for row in rows]
        cited, spans = _cited(batch, each, gone)
        spans |= _worse(batch, each, baseline.get(each.copy.place), gone)
        if spans:
            found.append(Touched(each, _fact_reason(cited or gone), tuple(sorted(spans))))
    return found


def _cited(batch: LiveBatch, judged: Judged, gone: list[FactView]) -> tuple[list[FactView], set[Span]]:
    """Those of `gone` that alone supported some words of the text, and these words."""
    if not gone:
        return [], set()
    copy, today = judged.copy, batch.facts[judged.copy.listing.product_id]
    cited = {place: set(_named(copy.text, fact, today)) for place, fact in enumerate(gone, len(today))}
    links = evidence_of(copy.text, batch.context(copy, (*today, *gone))).links
    standing = {(link.start, link.end) for link in links if link.fact < len(today)}
    for link in links:
        if link.fact >= len(today) and (link.start, link.end) not in standing:
            cited[link.fact].add((link.start, link.end))
    facts = [gone[place - len(today)] for place, spans in sorted(cited.items()) if spans]
    return facts, {span for spans in cited.values() for span in spans}


def _named(text: str, fact: FactView, today: tuple[FactView, ...]) -> Iterator[Span]:
    """Where the text holds the very words of a fact's value (a name, a colour) that no fact of today holds."""
    value = fact.value.casefold().strip()
    if not _WORDS.search(value) or value in _YES_NO or any(value in each.value.casefold() for each in today):
        return
    pattern = rf"(?<![a-z0-9]){re.escape(fact.value.strip())}(?![a-z0-9])"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield match.span()


def _worse(batch: LiveBatch, judged: Judged, known: Baseline | None, gone: list[FactView]) -> set[Span]:
    """What blocks and did not block before the facts changed."""
    blocks = _troubles(judged, Severity.BLOCK)
    if not blocks:
        return set()
    if known is not None and known.text_hash == judged.copy.text_hash:
        return {(start, end) for _rule, start, end in blocks - known.troubles}
    if judged.copy.source != IMPORTED:
        return {(start, end) for _rule, start, end in blocks}
    if not gone:
        return set()
    today = batch.facts[judged.copy.listing.product_id]
    context = batch.context(judged.copy, (*today, *gone))
    before = check_texts([(judged.copy.text, context)])[0]
    standing = {(found.rule, found.start, found.end) for found in before.findings}
    return {(start, end) for _rule, start, end in blocks - standing}


def touched_by_rules(
    *, judged: list[Judged], baseline: dict[Place, Baseline], changed_rules: list[str]
) -> list[Touched]:
    """The texts in which a rule of `changed_rules` finds what it did not find before.

    ANY_RULE among them: the checker is new, or has rules that it had not. That counts for text that was checked before,
    and for published text that would no longer be approved; what a shop has always said is for an audit to list.
    """
    found = []
    for each in judged:
        known = baseline.get(each.copy.place)
        is_known = known is not None and known.text_hash == each.copy.text_hash
        troubles = _troubles(each, Severity.WARN) - (known.troubles if is_known else frozenset())
        fresh = {row for row in troubles if row[0] in changed_rules}
        if ANY_RULE in changed_rules and is_known:
            fresh = troubles
        elif ANY_RULE in changed_rules and each.copy.source != IMPORTED:
            fresh |= _troubles(each, Severity.BLOCK)
        if fresh:
            rows = sorted(fresh)
            found.append(Touched(each, rule_reason(rows[0][0]), tuple((start, end) for _rule, start, end in rows)))
    return found


def _troubles(judged: Judged, severity: int) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        (found.rule, found.start, found.end) for found in judged.own_findings if found.severity >= severity
    )


def _fact_reason(facts: list[FactView]) -> Wording:
    if not facts:
        return Wording(_("A fact of the product changed."))
    shown = "; ".join(dict.fromkeys(f"{fact.name}: {fact.text}"[:120] for fact in facts[:SHOWN]))
    return Wording(_("This fact no longer stands: %(facts)s."), facts=shown)


def rule_reason(rule: str) -> Wording:
    return Wording(_("A rule changed: %(rule)s."), rule=rule_wording(rule))


def rule_wording(rule_id: str) -> Wording:
    """The name of a rule, to be said in any language."""
    name = next((rule.name for rule in configured_rules() if rule.id == rule_id), rule_id)
    with override("en"):
        return Wording(str(name or rule_id))
