"""Many decisions at once, each as strict as a single one."""

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.services import record_event
from apps.drafts.checking import check_texts
from apps.drafts.models import Decision, Draft, Severity
from apps.drafts.registry import provider_of
from apps.drafts.services import second_reading
from apps.drafts.services.decisions import REASONS, approved_by, changed_share
from apps.drafts.services.errors import Refused, not_allowed, second_reader
from apps.drafts.services.transitions import build_decision, hash_of
from apps.drafts.states import TO_READ, TRANSITIONS, Status

BATCH = 200
# What is decided about which draft, and why nothing is about the others.
Verdicts = tuple[dict[int, str], dict[int, str]]


@dataclass
class BulkOutcome:
    """How many were decided, how many of those now wait for a second reader, and `refused`: {draft id: why not}."""

    changed: int = 0
    waiting: int = 0
    refused: dict[int, str] = field(default_factory=dict)


def approve_clean(*, user, draft_ids: list[int], key: uuid.UUID) -> BulkOutcome:
    """Approve every draft of these whose current text has no finding that warns or blocks, checked now.

    Where two people have to read a text this is one of the two: it then waits for a second reader, or is approved where
    another person was the first.
    """

    def judge(drafts: list[Draft]) -> Verdicts:
        return _verdicts(user, drafts)

    return _decide_many(user=user, draft_ids=draft_ids, key=key, verb="approve", judge=judge)


def reject_many(*, user, draft_ids: list[int], key: uuid.UUID, reason: str, note: str = "") -> BulkOutcome:
    if reason not in REASONS:
        raise Refused("invalid", _("Choose a reason for rejecting."))

    def judge(drafts: list[Draft]) -> Verdicts:
        return {draft.pk: "reject" for draft in drafts}, {}

    return _decide_many(user=user, draft_ids=draft_ids, key=key, verb="reject", judge=judge, reason=reason, note=note)


def _verdicts(user, drafts: list[Draft]) -> Verdicts:
    """The verb for each that may be approved unread, and why the others may not."""
    strict = second_reading.needing_second(drafts)
    verbs, refused = {}, _not_clean(drafts)
    for draft in drafts:
        if second_reading.waits_for_another(draft, user, needs_second=draft.pk in strict):
            refused[draft.pk] = str(second_reader())
        elif draft.pk not in refused:
            verbs[draft.pk] = second_reading.verb_of_approval(draft, needs_second=draft.pk in strict)
    return verbs, refused


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


def _decide_many(*, user, draft_ids, key, verb, judge, reason="", note="") -> BulkOutcome:
    if not user.has_perm("drafts.bulk_review_draft"):
        raise not_allowed()
    outcome = BulkOutcome()
    ids = sorted(set(draft_ids))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _decide_batch(user, ids[start : start + BATCH], key, judge, reason, note, outcome)
    counts = {"changed": outcome.changed, "waiting": outcome.waiting, "refused": len(outcome.refused)}
    record_event(user=user, verb=f"bulk_{verb}", kind="draft", key=str(key), **counts)
    return outcome


def _decide_batch(user, ids, key, judge, reason, note, outcome: BulkOutcome) -> None:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("chosen").filter(pk__in=ids)
    drafts = {draft.pk: draft for draft in locked.order_by("pk")}
    keys = {pk: uuid.uuid5(key, str(pk)) for pk in ids}
    before = dict(Decision.objects.filter(key__in=keys.values()).values_list("draft_id", "to_status"))
    outcome.changed += len(before)
    outcome.waiting += list(before.values()).count(Status.SECOND_REVIEW)
    open_drafts = []
    for pk in ids:
        if pk in before:
            continue
        if pk not in drafts:
            outcome.refused[pk] = _("This draft no longer exists.")
        elif drafts[pk].status not in TO_READ:
            outcome.refused[pk] = _("It is now “%(status)s”.") % {"status": drafts[pk].get_status_display()}
        else:
            open_drafts.append(drafts[pk])
    crowded = _crowded(open_drafts)
    outcome.refused |= {
        draft.pk: _("Another draft of the same text is open. Decide that one first.") for draft in crowded
    }
    open_drafts = [draft for draft in open_drafts if draft not in crowded]
    verbs, refused = judge(open_drafts)
    outcome.refused |= refused
    for verb in sorted(set(verbs.values())):
        chosen = [draft for draft in open_drafts if verbs.get(draft.pk) == verb]
        _carry_out(user, verb, chosen, keys, reason, note)
        outcome.changed += len(chosen)
        outcome.waiting += len(chosen) if TRANSITIONS[verb].target == Status.SECOND_REVIEW else 0


def _retire(drafts: list[Draft]) -> None:
    for kind in {draft.kind for draft in drafts}:
        provider_of(kind).retire([draft.pk for draft in drafts if draft.kind == kind])


def _crowded(drafts: list[Draft]) -> list[Draft]:
    """The outdated ones beside which another draft of the same text is open."""
    outdated = [draft for draft in drafts if draft.status == Status.OUTDATED]
    if not outdated:
        return []
    place = ("kind", "subject_id", "scope_id", "field", "language")
    rows = Draft.objects.unfinished().filter(subject_id__in={draft.subject_id for draft in outdated})
    taken = set(rows.values_list(*place))
    crowded = []
    for draft in outdated:
        key = tuple(getattr(draft, name) for name in place)
        if key in taken:
            crowded.append(draft)
        taken.add(key)
    return crowded


def _carry_out(user, verb: str, chosen: list[Draft], keys, reason: str, note: str) -> None:
    """One UPDATE and its Decisions for drafts that are locked and may take this step."""
    transition = TRANSITIONS[verb]
    values = approved_by(user) | {"reason": reason, "status": transition.target}
    rows = Draft.objects.filter(pk__in=[draft.pk for draft in chosen], status__in=transition.sources)
    assert rows.update(**values) == len(chosen), "locked drafts changed under the lock"
    is_approval = verb != "reject"
    _retire([draft for draft in chosen if draft.status == Status.OUTDATED and not is_approval])
    if transition.target == Status.SECOND_REVIEW:
        for draft in chosen:
            draft.first_read_hash = hash_of(draft.text)
        Draft.objects.bulk_update(chosen, ["first_read_hash"])
    Decision.objects.bulk_create(
        build_decision(
            user=user, draft=draft, verb=verb, key=keys[draft.pk], to_status=transition.target, is_bulk=True,
            reason=reason, note=note, check_key=draft.check_key if is_approval else "",
            changed_share=changed_share(draft) if is_approval else None,
        )
        for draft in chosen
    )  # fmt: skip
