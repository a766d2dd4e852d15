"""How fast a reviewer decides, from the times of their last decisions."""

from statistics import median

from apps.drafts.models import Decision

LOOK_BACK = 400
SHEETS = 50
# A longer pause was a coffee, not a decision.
LONGEST_SECONDS = 300


def median_seconds_per_sheet(*, user) -> float | None:
    """Median seconds from one sheet's last decision to the next one's; None before four sheets are decided."""
    rows = Decision.objects.of(user).filter(is_bulk=False).values_list("kind", "subject_id", "at")[:LOOK_BACK]
    finished_at, before = [], None
    for kind, subject_id, at in rows:
        if (kind, subject_id) != before:
            finished_at.append(at)
            before = (kind, subject_id)
    gaps = [(later - earlier).total_seconds() for later, earlier in zip(finished_at, finished_at[1:], strict=False)]
    gaps = [gap for gap in gaps if 0 < gap <= LONGEST_SECONDS][:SHEETS]
    return median(gaps) if len(gaps) >= 3 else None
