"""Many decisions at once, each as strict as a single one."""

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.services import record_event
from apps.drafts.checking import check_texts
from apps.drafts.models import Decision, Draft, Severity
from apps.drafts.registry import provider_of
from apps.drafts.services.decisions import REASONS, changed_share
from apps.drafts.services.errors import Refused, not_allowed
from apps.drafts.services.transitions import build_decision
from apps.drafts.states import TRANSITIONS, Status

BATCH = 200


@dataclass
class BulkOutcome:
    """How many were decided, and `refused`: {draft id: why not}."""

    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)


def approve_clean(*, user, draft_ids: list[int], key: uuid.UUID) -> BulkOutcome:
    """Approve every draft of these whose current text has no finding that warns or blocks, checked now."""

    def judge(drafts: list[Draft]) -> dict[int, str]:
        return _not_clean(drafts)

    return _decide_many(user=user, draft_ids=draft_ids, key=key, verb="approve", judge=judge)


def reject_many(*, user, draft_ids: list[int], key: uuid.UUID, reason: str, note: str = "") -> BulkOutcome:
    if reason not in REASONS:
        raise Refused("invalid", _("Choose a reason for rejecting."))
    return _decide_many(user=user, draft_ids=draft_ids, key=key, verb="reject", reason=reason, note=note)


def _not_clean(drafts: list[Draft]) -> dict[int, str]:
    """Why each of these may not be approved unread, by draft id; sets `check_key` on those that may."""
    contexts = {}
    for kind in {draft.kind for draft in drafts}:
        contexts |= provider_of(kind).check_contexts([draft for draft in drafts if draft.kind == kind])
    known = [draft for draft in drafts if draft.pk in contexts]
    results = check_texts([(draft.text, contexts[draft.pk]) for draft in known])
    reasons = {draft.pk: _("Its product was deleted.") for draft in drafts if draft.pk not in contexts}
    for draft, result in zip(known, results, strict=True):
        draft.check_key = result.key
        if result.severity >= Severity.WARN:
            reasons[draft.pk] = "; ".join(f.message for f in result.findings if f.severity >= Severity.WARN)
    return reasons


def _decide_many(*, user, draft_ids, key, verb, judge=None, reason="", note="") -> BulkOutcome:
    if not user.has_perm("drafts.bulk_review_draft"):
        raise not_allowed()
    outcome = BulkOutcome()
    ids = sorted(set(draft_ids))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _decide_batch(user, ids[start : start + BATCH], key, verb, judge, reason, note, outcome)
    counts = {"changed": outcome.changed, "refused": len(outcome.refused)}
    record_event(user=user, verb=f"bulk_{verb}", kind="draft", key=str(key), **counts)
    return outcome


def _decide_batch(user, ids, key, verb, judge, reason, note, outcome: BulkOutcome) -> None:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("chosen").filter(pk__in=ids)
    drafts = {draft.pk: draft for draft in locked.order_by("pk")}
    keys = {pk: uuid.uuid5(key, str(pk)) for pk in ids}
    already = set(Decision.objects.filter(key__in=keys.values()).values_list("draft_id", flat=True))
    outcome.changed += len(already)
    transition = TRANSITIONS[verb]
    open_drafts = []
    for pk in ids:
        if pk in already:
            continue
        if pk not in drafts:
            outcome.refused[pk] = _("This draft no longer exists.")
        elif drafts[pk].status not in transition.sources or drafts[pk].status == Status.ABSTAINED:
            outcome.refused[pk] = _("It is now “%(status)s”.") % {"status": drafts[pk].get_status_display()}
        else:
            open_drafts.append(drafts[pk])
    refused = judge(open_drafts) if judge else {}
    outcome.refused |= refused
    chosen = [draft for draft in open_drafts if draft.pk not in refused]
    changed = Draft.objects.filter(pk__in=[draft.pk for draft in chosen], status__in=transition.sources).update(
        status=transition.target, reviewed_by=user, reviewed_at=timezone.now(), parked_at=None, reason=reason
    )
    assert changed == len(chosen), "locked drafts changed under the lock"
    Decision.objects.bulk_create(
        build_decision(
            user=user, draft=draft, verb=verb, key=keys[draft.pk], to_status=transition.target, is_bulk=True,
            reason=reason, note=note, check_key=draft.check_key if verb == "approve" else "",
            changed_share=changed_share(draft) if verb == "approve" else None,
        )
        for draft in chosen
    )  # fmt: skip
    outcome.changed += changed
