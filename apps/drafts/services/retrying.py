"""Failed drafts get another try."""

from django.db import IntegrityError, transaction
from django.db.models import F

from apps.drafts.models import Draft
from apps.drafts.states import TRANSITIONS


def retry_failed(*, draft_ids: list[int]) -> list[int]:
    """Move failed drafts back to requested; one whose text is open in another draft meanwhile is left as it is."""
    transition = TRANSITIONS["retry"]
    moved = []
    for pk in draft_ids:
        try:
            with transaction.atomic():
                rows = Draft.objects.filter(pk=pk, status__in=transition.sources)
                if rows.update(status=transition.target, reason="", revision=F("revision") + 1):
                    moved.append(pk)
        except IntegrityError:
            continue
    return moved
