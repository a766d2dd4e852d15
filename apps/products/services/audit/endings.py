"""Accepted findings that ended, by their date or by hand: the live texts that rested on them are checked again.

Beat notes each end once, however often it looks and however many looks were missed; a worker walks the products. Whether
a text rested on an exception is asked of the exception itself, so no audit that comes in between can hide it.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from apps.core.services import record_event
from apps.core.wording import Wording
from apps.drafts.accepting import reaches, would_accept
from apps.drafts.models import Draft, Finding, RuleException, Severity
from apps.drafts.services.editing import recheck
from apps.drafts.services.publishing import publish_due
from apps.drafts.states import TO_READ
from apps.products.models import EndedException, Product
from apps.products.services.audit import storing
from apps.products.services.audit.changes import rule_wording
from apps.products.services.audit.judging import Judged, judge
from apps.products.services.audit.outdating import Touched, drop_replaced, send
from apps.products.services.audit.poking import poke_on_commit
from apps.products.services.audit.texts import KIND, LiveBatch, load_live

logger = logging.getLogger(__name__)

BATCH = 100
_NOTE = """
INSERT INTO products_endedexception (exception_id, ended_at, cursor, blocked, moved_at)
SELECT x.id, LEAST(x.expires_at, x.withdrawn_at), 0, 0, now() FROM drafts_ruleexception x
WHERE LEAST(x.expires_at, x.withdrawn_at) <= %s AND NOT EXISTS (
    SELECT FROM products_endedexception e
    WHERE e.exception_id = x.id AND e.ended_at >= LEAST(x.expires_at, x.withdrawn_at)
)
ON CONFLICT (exception_id) DO UPDATE
SET ended_at = excluded.ended_at, cursor = 0, blocked = 0, moved_at = now(), finished_at = NULL
WHERE products_endedexception.ended_at < excluded.ended_at
"""


def notice_ended() -> int:
    """Note the exceptions that ended since this was last asked, for a worker; returns how many.

    What was approved while one was in force is published first, so that it is looked at with the rest: an end is noted
    once the undo window has passed over it.
    """
    until = timezone.now() - timedelta(seconds=settings.SHOPAI_UNDO_SECONDS)
    publish_due()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [until])
            noted = cursor.rowcount
        if noted:
            poke_on_commit()
    return noted


def is_waiting() -> bool:
    return EndedException.objects.filter(finished_at=None).exists()


def recheck_ended(limit: int = BATCH) -> bool:
    """Check one batch of products that ended exceptions covered, and commit. False: nothing waits, or others are at it.

    A product that can't be checked is left out. Raises OperationalError, after which it can be called again.
    """
    with transaction.atomic():
        waiting = EndedException.objects.select_for_update(skip_locked=True, of=("self",)).filter(finished_at=None)
        waiting = waiting.select_related("exception").order_by("pk")
        # Those of single products all at once: what people accept "until Friday" ends in the same second.
        rows = list(waiting.filter(exception__subject_id__isnull=False)[:limit])
        if rows:
            ids = sorted({row.exception.subject_id for row in rows if row.exception.kind == KIND})
        elif rows := list(waiting[:1]):
            ids = list(_behind(rows[0].cursor)[:limit])
        else:
            return False
        _check_all(ids, rows)
        for row in rows:
            _move_on(row, ids)
    return True


def _behind(cursor: int):
    return Product.objects.filter(pk__gt=cursor).order_by("pk").values_list("pk", flat=True)


def _move_on(row: EndedException, ids: list[int]) -> None:
    """An exception of one product is done with; one that covers more goes on until no product is left."""
    row.moved_at = timezone.now()
    if row.exception.subject_id is None and ids:
        row.cursor = ids[-1]
    else:
        row.finished_at = row.moved_at
        _record(row)
    row.save()


def _record(row: EndedException) -> None:
    exception = row.exception
    record_event(
        user=None, verb="end", kind="rule_exception", subject_id=exception.pk, rule=exception.rule,
        phrase=exception.phrase, ended_at=row.ended_at.isoformat(), blocked=row.blocked,
    )  # fmt: skip


def _check_all(ids: list[int], rows: list[EndedException]) -> None:
    if ids and not _checked(ids, rows) and len(ids) > 1:
        for product_id in ids:
            _checked([product_id], rows)


def _checked(ids: list[int], rows: list[EndedException]) -> bool:
    try:
        with transaction.atomic():
            touched = _check(ids, [row.exception for row in rows])
    except OperationalError:
        raise
    except Exception:
        logger.exception("What ended exceptions covered could not be checked in products %s", ids)
        return False
    for row in rows:
        row.blocked += sum(exception.pk == row.pk for exception in touched)
    return True


def _check(ids: list[int], ended: list[RuleException]) -> list[RuleException]:
    """Check the products that these exceptions reach; returns, for each text that is blocked now, the one that held it."""
    batch = load_live(ids)
    reached = {
        copy.listing.product_id
        for copy in batch.copies
        if any(reaches(exception, batch.context(copy)) for exception in ended)
    }
    found = []
    if reached:
        batch = batch.only(reached)
        judged = judge(batch)
        found = [(exception, each) for one in judged for exception, each in _blocked(batch, one, ended)]
        storing.hold()
        storing.replace(batch=batch, judged=judged, shop_id=None, at=timezone.now())
        drop_replaced(batch)
        send(batch=batch, touched=[each for _exception, each in found])
    _judge_open(ids, ended)
    return [exception for exception, _each in found]


def _blocked(batch: LiveBatch, judged: Judged, ended: list[RuleException]) -> list[tuple[RuleException, Touched]]:
    """What one of these exceptions held and nothing holds any more, in one live text; at most one."""
    copy, context = judged.copy, batch.context(judged.copy)
    held = [
        (exception, (finding.start, finding.end))
        for finding in judged.own_findings
        if finding.severity >= Severity.BLOCK
        for exception in ended
        if would_accept(exception, finding, copy.text, context)
    ]
    if not held:
        return []
    spans = tuple(sorted({span for _exception, span in held}))
    return [(held[0][0], Touched(judged, ending_reason(held[0][0].rule), spans))]


def _judge_open(product_ids: list[int], ended: list[RuleException]) -> None:
    """Open texts are judged anew when a person opens them; lists and the order of the queue go by what is stored."""
    noted = Finding.objects.filter(
        draft=OuterRef("pk"), candidate=None, rule__in={row.rule for row in ended}, severity=Severity.INFO
    )
    drafts = Draft.objects.filter(Exists(noted), kind=KIND, subject_id__in=product_ids, status__in=TO_READ)
    recheck(drafts=list(drafts.select_related("chosen").order_by("pk")))


def ending_reason(rule: str) -> Wording:
    return Wording(_("An accepted finding ended: %(rule)s."), rule=rule_wording(rule))
