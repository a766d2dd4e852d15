"""Where two people have to read a text: whose approval is the first, whose the second, and what it covers.

An approval covers the very text that was read. Whoever approves a text in second review that was changed since the first
approval is its new first reader, so that two people have read each word that is published.
"""

from apps.drafts.models import Decision, Draft, SheetClaim
from apps.drafts.registry import provider_of
from apps.drafts.services.transitions import hash_of
from apps.drafts.states import TO_READ, Status


def needing_second(drafts: list[Draft]) -> set[int]:
    """Ids of those that two people have to read; one call of the provider per kind."""
    found: set[int] = set()
    for kind in {draft.kind for draft in drafts}:
        found |= provider_of(kind).needs_second([draft for draft in drafts if draft.kind == kind])
    return found


def is_covered(draft: Draft) -> bool:
    """Whether the first reader has approved exactly the text that stands there now."""
    return draft.status == Status.SECOND_REVIEW and draft.first_read_hash == hash_of(draft.text)


def verb_of_approval(draft: Draft, *, needs_second: bool) -> str:
    """What approving the draft's present text means. `needs_second` as the shops ask for it today."""
    if not needs_second:
        return "approve"
    return "confirm_second" if is_covered(draft) else "ask_second"


def waits_for_another(draft: Draft, user, *, needs_second: bool) -> bool:
    """Whether this person was the first to read the present text, so that an approval of theirs says nothing new."""
    return needs_second and draft.reviewed_by_id == user.pk and is_covered(draft)


def first_reading(draft: Draft) -> Decision | None:
    """The first reader's decision, where the decision that now stands was taken in second review; else None."""
    last = draft.decisions.order_by("-id").first()
    if last is None or last.from_status != Status.SECOND_REVIEW or last.verb not in ("confirm_second", "reject"):
        return None
    return draft.decisions.filter(verb="ask_second").select_related("by").order_by("-id").first()


def hand_over(*, user, draft: Draft) -> None:
    """Give up the first reader's claim on the sheet once nothing on it waits for them: the next reader need not wait."""
    place = {"kind": draft.kind, "subject_id": draft.subject_id, "language": draft.language}
    mine = Draft.objects.filter(**place, status__in=[*TO_READ, Status.ABSTAINED], parked_at__isnull=True)
    if not mine.not_first_read_by(user).exists():
        SheetClaim.objects.filter(**place, reviewer=user).delete()
