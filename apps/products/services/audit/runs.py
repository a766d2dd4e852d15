"""Audits, one committed batch at a time: a worker may be killed at any line and another goes on from the last commit."""

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.services import record_event
from apps.drafts.checking import CHECKER_VERSION, packs_key, rule_keys
from apps.drafts.services.errors import Refused, not_allowed
from apps.products.models import AuditRun, ChangedProduct, EndedException, Listing, LiveText, Product, RulesSeen, Shop
from apps.products.services.audit import changes, endings, storing
from apps.products.services.audit.gaps import gaps_of
from apps.products.services.audit.judging import judge
from apps.products.services.audit.outdating import drop_replaced, send
from apps.products.services.audit.poking import poke, poke_on_commit
from apps.products.services.audit.texts import load_live

logger = logging.getLogger(__name__)

PERMISSION = "products.run_audit"
BATCH_PRODUCTS = 100
SLICE_SECONDS = 8.0
State, Cause = AuditRun.State, AuditRun.Cause
_RULES_LOCK = 7_301_002


def start_audit(*, user, shop: Shop | None) -> AuditRun:
    """Check every live text of a shop, or of all. Raises Refused where such an audit runs already."""
    if not user.has_perm(PERMISSION):
        raise not_allowed()
    # First what the old rules said, then what the new ones do: else what a new list touches would not be told.
    notice_rules()
    try:
        with transaction.atomic():
            run = AuditRun.objects.create(shop=shop, requested_by=user, products=_products(shop and shop.pk).count())
            record_event(user=user, verb="audit", kind="shop", subject_id=shop.pk if shop else 0)
            poke_on_commit()
    except IntegrityError:
        raise Refused("stale", _("This audit is running already.")) from None
    return run


def cancel_audit(*, user, run_id: int) -> None:
    """Stop an audit; what was checked before stays as it was found. Raises Refused where it has ended."""
    if not user.has_perm(PERMISSION):
        raise not_allowed()
    ended = {"state": State.CANCELLED, "finished_at": timezone.now(), "updated_at": timezone.now()}
    if not AuditRun.objects.filter(pk=run_id, state=State.RUNNING).update(**ended):
        raise Refused("stale", _("This audit has already ended."))
    record_event(user=user, verb="cancel", kind="audit", subject_id=run_id)


def notice_rules() -> AuditRun | None:
    """Start a run over all shops where rules or their lists have changed since this was last asked."""
    key = f"{CHECKER_VERSION}:{packs_key()}"[:64]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RULES_LOCK])
        last = RulesSeen.objects.order_by("-pk").first()
        if last is not None and last.key == key:
            return None
        keys = rule_keys() | {changes.ANY_RULE: CHECKER_VERSION}
        RulesSeen.objects.create(key=key, keys=keys)
        if last is None:
            return None
        changed = {
            rule if rule in last.keys else changes.ANY_RULE
            for rule, seen in keys.items()
            if last.keys.get(rule) != seen
        }
        return _start_over(changed)


def _start_over(changed_rules: set[str]) -> AuditRun:
    run = AuditRun.objects.select_for_update().filter(cause=Cause.RULES, state=State.RUNNING).first()
    run = run or AuditRun(cause=Cause.RULES)
    run.changed_rules = sorted({*run.changed_rules, *changed_rules})
    run.cursor = run.products_done = run.texts = run.flagged = 0
    run.products = _products(None).count()
    run.save()
    poke_on_commit()
    return run


def run_slice(seconds: float = SLICE_SECONDS) -> bool:
    """Check what waits for about `seconds`, and say whether work is left.

    Changed facts come first, then accepted findings that ended, then audits in the order they came.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if changes.recheck_changed() or _recheck_ended():
            continue
        waiting = AuditRun.objects.filter(state=State.RUNNING).order_by("pk").values_list("pk", flat=True)
        if not any(advance_safely(run_id) for run_id in waiting):
            return False
    return True


def _recheck_ended() -> bool:
    """One batch of what ended exceptions covered, but never before a run over rules that changed: what is stored here
    would hide from it what a new list finds."""
    if not endings.is_waiting():
        return False
    notice_rules()
    if AuditRun.objects.filter(cause=Cause.RULES, state=State.RUNNING).exists():
        return False
    return endings.recheck_ended()


def advance(run_id: int) -> bool:
    """Check one batch of products and commit it. False where the run has ended or is in another's hands."""
    with transaction.atomic():
        run = AuditRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, state=State.RUNNING).first()
        if run is None:
            return False
        ids = list(
            _products(run.shop_id)
            .filter(pk__gt=run.cursor)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH_PRODUCTS]
        )
        if ids:
            _check(run, ids)
            run.cursor = ids[-1]
            run.products_done += len(ids)
        else:
            _finish(run)
        run.save()
    return True


def advance_safely(run_id: int) -> bool:
    """As `advance`, but a run that cannot go on ends as failed and stops no other. Raises OperationalError."""
    try:
        return advance(run_id)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("Audit %s failed", run_id)
        AuditRun.objects.filter(pk=run_id, state=State.RUNNING).update(
            state=State.FAILED, message=_("The audit stopped: %s") % type(error).__name__, finished_at=timezone.now()
        )
    return False


def resume_stalled(quiet_seconds: float = 20.0) -> bool:
    """Wake a worker where an audit, a changed product or an ended exception waits and none has moved it for a while."""
    before = timezone.now() - timedelta(seconds=quiet_seconds)
    stalled = AuditRun.objects.filter(state=State.RUNNING, updated_at__lt=before).exists()
    stalled = stalled or ChangedProduct.objects.filter(since__lt=before).exists()
    stalled = stalled or EndedException.objects.filter(finished_at=None, moved_at__lt=before).exists()
    if stalled:
        poke()
    return stalled


def _products(shop_id: int | None):
    """The products that are sold in the shop, or in any."""
    listings = Listing.objects.filter(product=OuterRef("pk"))
    return Product.objects.filter(Exists(listings.filter(shop=shop_id) if shop_id else listings))


def _check(run: AuditRun, product_ids: list[int]) -> None:
    batch = load_live(product_ids)
    judged = judge(batch, run.shop_id)
    touched = []
    if run.cause == Cause.RULES:
        baseline = storing.load_baseline(product_ids)
        touched = changes.touched_by_rules(judged=judged, baseline=baseline, changed_rules=run.changed_rules)
    storing.hold()
    storing.replace(batch=batch, judged=judged, shop_id=run.shop_id, at=timezone.now())
    drop_replaced(batch)
    run.outdated += send(batch=batch, touched=touched).sent
    run.texts += len(judged)
    run.flagged += sum(bool(each.findings) for each in judged)


def _finish(run: AuditRun) -> None:
    """What belongs to products or texts that are no longer there goes; what is missing is counted."""
    gone = LiveText.objects.filter(checked_at__lt=run.created_at)
    gone = gone.filter(shop=run.shop_id) if run.shop_id else gone
    gone.delete()
    run.gaps = gaps_of(run.shop_id)
    run.state, run.finished_at = State.DONE, timezone.now()
