"""The audit trail's one way in."""

from apps.core.models import AuditEvent
from apps.core.privacy import mask_json


def record_event(*, user, verb: str, kind: str, subject_id: int | None = None, **data) -> AuditEvent:
    """Append one event; text in `data` is masked of personal data on its way in."""
    actor = user if user is not None and user.pk else None
    return AuditEvent.objects.create(
        actor=actor, verb=verb, subject_kind=kind, subject_id=subject_id, data=mask_json(data)
    )
