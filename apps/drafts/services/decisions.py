"""What a person decides about one draft. Every verb is idempotent by its key: resent, it returns the first Decision."""

import random
import uuid
from collections.abc import Callable
from difflib import SequenceMatcher

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.drafts.checking import check_text
from apps.drafts.models import Decision, Draft, Severity
from apps.drafts.registry import provider_of
from apps.drafts.services import second_reading
from apps.drafts.services.errors import Refused, gone, not_allowed, second_reader
from apps.drafts.services.transitions import build_decision, decided, hash_of, lock, move_one, refusal
from apps.drafts.states import TO_READ, TRANSITIONS, InvalidTransition, Status
from apps.work.models import Lane
from apps.work.services import enqueue

REASONS = {
    "not_true": gettext_lazy("not true"),
    "tone": gettext_lazy("wrong tone"),
    "too_long": gettext_lazy("too long"),
    "too_short": gettext_lazy("too short"),
    "wrong_language": gettext_lazy("wrong language"),
    "not_wanted": gettext_lazy("not wanted"),
    "other": gettext_lazy("other"),
}


def reason_name(reason: str) -> str:
    """A stored reason in the reader's language: a person's choice of REASONS, or a sentence that a worker left."""
    return str(REASONS[reason]) if reason in REASONS else _(reason)


def approve(*, user, draft_id: int, revision: int, check_key: str, key: uuid.UUID) -> Decision:
    """Approve the draft's current text. Refused without a finished check of exactly this text and these facts.

    Where two people have to read it, the first approval moves it to second review and another person's to approved.
    """
    _require_reviewer(user)

    def change(draft: Draft) -> dict:
        if second_reading.waits_for_another(draft, user, needs_second=needs_second):
            raise second_reader()
        require_clean_check(draft, check_key)
        return approved_by(user) | {"first_read_hash": hash_of(draft.text)}

    def details(draft: Draft) -> dict:
        return {"check_key": check_key, "changed_share": changed_share(draft)}

    with transaction.atomic():
        draft = lock(draft_id)
        needs_second = draft.pk in second_reading.needing_second([draft])
        verb = second_reading.verb_of_approval(draft, needs_second=needs_second)
        decision = _decide(
            user=user, draft_id=draft_id, revision=revision, key=key, verb=verb, change=change, details=details
        )
        if decision.to_status == Status.SECOND_REVIEW:
            second_reading.hand_over(user=user, draft=draft)
        return decision


def approved_by(user) -> dict:
    """What an approval writes to the draft, besides its status."""
    return {"reviewed_by": user, "reviewed_at": timezone.now(), "parked_at": None, "reason": ""}


def reject(*, user, draft_id: int, revision: int, key: uuid.UUID, reason: str, note: str = "") -> Decision:
    if reason not in REASONS:
        raise Refused("invalid", _("Choose a reason for rejecting."))

    def change(draft: Draft) -> dict:
        if draft.status == Status.OUTDATED:
            provider_of(draft.kind).retire([draft.pk])
        return {"reviewed_by": user, "reviewed_at": timezone.now(), "parked_at": None, "reason": reason}

    return _decide(
        user=user, draft_id=draft_id, revision=revision, key=key, verb="reject",
        change=change,
        details=lambda draft: {"reason": reason, "note": note},
    )  # fmt: skip


def regenerate(
    *, user, draft_id: int, revision: int, key: uuid.UUID, guidance: str = "", n: int | None = None
) -> Decision:
    """Ask the model again, with guidance. The old candidates stay; the next ones are a new round."""
    if not user.has_perm("drafts.request_draft") and not user.has_perm("drafts.review_draft"):
        raise not_allowed()
    wanted = n or settings.SHOPAI_CANDIDATES_SINGLE

    def change(draft: Draft) -> dict:
        enqueue(kind="draft", target_ids=[draft.pk], lane=Lane.INTERACTIVE)
        fresh = {"guidance": guidance[:500], "candidates_wanted": wanted, "seed": new_seed(), "parked_at": None}
        return fresh | {"revision": draft.revision + 1, "reviewed_at": None, "reviewed_by": None, "job": None}

    return _decide(
        user=user, draft_id=draft_id, revision=revision, key=key, verb="regenerate", change=change,
        details=lambda draft: {"note": guidance},
    )  # fmt: skip


def take_back(*, user, draft_id: int, key: uuid.UUID) -> Decision:
    """Undo one's own decision, until the text is exported; a manager may undo anyone's.

    A decision that was taken in second review leaves the first reader's approval standing.
    """
    _require_reviewer(user)

    def change(draft: Draft) -> dict:
        if draft.reviewed_by_id != user.pk and not user.has_perm("drafts.bulk_review_draft"):
            raise Refused("not_allowed", _("Only who decided, or a manager, can take a decision back."))
        if draft.status == Status.PUBLISHED:
            provider_of(draft.kind).withdraw(draft.pk)
        reading = {"reviewed_by": None, "reviewed_at": None}
        if first:
            reading = {"reviewed_by": first.by, "reviewed_at": first.at, "first_read_hash": first.text_hash}
        return reading | {"revision": draft.revision + 1}

    with transaction.atomic():
        first = second_reading.first_reading(lock(draft_id))
        verb = "take_back_second" if first else "take_back"
        return _decide(user=user, draft_id=draft_id, revision=None, key=key, verb=verb, change=change)


def restore(*, user, draft_id: int, key: uuid.UUID) -> Decision:
    """Put a rejected or outdated draft back on the desk."""

    def change(draft: Draft) -> dict:
        return {"reviewed_by": None, "reviewed_at": None, "revision": draft.revision + 1, "reason": ""}

    return _decide(user=user, draft_id=draft_id, revision=None, key=key, verb="restore", change=change)


def park(*, user, draft_id: int, revision: int, key: uuid.UUID, note: str) -> Decision:
    """Put a draft aside with a note; it stays to be read but leaves the desk's queue."""
    return _set_parked(user, draft_id, revision, key, "park", timezone.now(), note)


def unpark(*, user, draft_id: int, key: uuid.UUID) -> Decision:
    return _set_parked(user, draft_id, None, key, "unpark", None, "")


def _set_parked(user, draft_id, revision, key, verb, parked_at, note) -> Decision:
    _require_reviewer(user)
    with transaction.atomic():
        draft = lock(draft_id)
        if previous := decided(key):
            return previous
        seen = draft.revision if revision is None else revision
        rows = Draft.objects.filter(pk=draft_id, status__in=TO_READ, revision=seen)
        if not rows.update(parked_at=parked_at, park_note=note[:500]):
            raise refusal(draft, seen)
        decision = build_decision(user=user, draft=draft, verb=verb, key=key, to_status=draft.status, note=note)
        decision.save()
        return decision


def _decide(
    *, user, draft_id: int, revision: int | None, key: uuid.UUID, verb: str,
    change: Callable[[Draft], dict], details: Callable[[Draft], dict] = lambda draft: {},
) -> Decision:  # fmt: skip
    """Lock, look whether this key was decided already, move by a conditional UPDATE, append the Decision."""
    _require_reviewer(user)
    with transaction.atomic():
        draft = lock(draft_id)
        if previous := decided(key):
            return previous
        transition = TRANSITIONS[verb]
        seen = draft.revision if revision is None else revision
        # Said here as well as in the UPDATE, so that nobody sees a finding where the true answer is "too late".
        if draft.status not in transition.sources or draft.revision != seen:
            raise refusal(draft, seen)
        fields = change(draft)
        decision = build_decision(
            user=user, draft=draft, verb=verb, key=key, to_status=transition.target, **details(draft)
        )
        try:
            move_one(draft=draft, verb=verb, seen=seen, **fields)
        except InvalidTransition:
            raise refusal(draft, seen) from None
        decision.save()
        return decision


def _require_reviewer(user) -> None:
    if not user.has_perm("drafts.review_draft"):
        raise not_allowed()


def require_clean_check(draft: Draft, check_key: str) -> None:
    """Check the current text against the current facts. Raises Refused unless the key is the one that the person saw
    and nothing blocks."""
    context = provider_of(draft.kind).check_contexts([draft]).get(draft.pk)
    if context is None:
        raise gone()
    result = check_text(draft.text, context)
    if result.key != check_key:
        raise Refused(
            "facts_changed", _("The facts or the rules changed since this text was checked. Look at it again.")
        )
    if result.severity >= Severity.BLOCK:
        reasons = "; ".join(finding.message for finding in result.findings if finding.severity >= Severity.BLOCK)
        raise Refused("blocked", _("This can't be approved: %(reasons)s") % {"reasons": reasons})


def changed_share(draft: Draft) -> float:
    """Which share of the chosen candidate a person changed, 0 to 1; 1 where the text is a person's alone."""
    if draft.chosen is None:
        return 1.0
    if draft.text == draft.chosen.text:
        return 0.0
    return round(1 - SequenceMatcher(None, draft.chosen.text, draft.text, autojunk=False).ratio(), 4)


def new_seed() -> int:
    """A seed for a draft; its candidates' seeds follow from it."""
    return random.SystemRandom().getrandbits(40)
