"""The one place where a draft's status changes: a conditional UPDATE that names the old status."""

import hashlib
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.privacy import mask_text
from apps.drafts.models import Decision, Draft
from apps.drafts.services.errors import Refused, edited_elsewhere, gone, stale
from apps.drafts.states import TO_READ, TRANSITIONS, InvalidTransition, Status


def move(*, draft_ids: list[int], verb: str, **fields) -> int:
    """Carry out a transition that no person decides on every draft that is in one of its source statuses."""
    transition = TRANSITIONS[verb]
    if transition.by_person:
        raise ValueError(f"{verb} is a person's decision")
    rows = Draft.objects.filter(pk__in=draft_ids, status__in=transition.sources)
    return rows.update(status=transition.target, **fields)


def move_one(*, draft: Draft, verb: str, seen: int, **fields) -> None:
    """Carry out a person's transition. `seen` is the revision that the person saw.

    Raises InvalidTransition where status or revision are no longer those.
    """
    transition = TRANSITIONS[verb]
    rows = Draft.objects.filter(pk=draft.pk, status__in=transition.sources, revision=seen)
    try:
        with transaction.atomic():
            changed = rows.update(status=transition.target, **fields)
    except IntegrityError:
        raise Refused("invalid", _("Another draft of the same text is open. Decide that one first.")) from None
    if not changed:
        raise InvalidTransition(f"{verb}: draft {draft.pk} is {draft.status} at revision {draft.revision}")


def hash_of(text: str) -> str:
    """What stands for a text where the text itself may not be kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def lock(draft_id: int) -> Draft:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("chosen").filter(pk=draft_id).first()
    if draft is None:
        raise gone()
    return draft


def refusal(draft: Draft, revision: int) -> Refused:
    """The refusal that tells why `draft` could not be changed from `revision`."""
    if draft.revision != revision and draft.status in (*TO_READ, Status.ABSTAINED):
        return edited_elsewhere()
    return stale(draft.get_status_display())


def decided(key: uuid.UUID) -> Decision | None:
    """The decision that already carries this key: a resent request gets it back and changes nothing."""
    return Decision.objects.filter(key=key).first()


def build_decision(*, user, draft: Draft, verb: str, key: uuid.UUID, to_status: str, **values) -> Decision:
    """A Decision (not saved) with everything that the draft knows."""
    return Decision(
        key=key,
        draft=draft,
        kind=draft.kind,
        subject_id=draft.subject_id,
        field=draft.field,
        language=draft.language,
        by=user,
        verb=verb,
        from_status=draft.status,
        to_status=to_status,
        revision=draft.revision,
        text_hash=hash_of(draft.text),
        model_version_id_was=draft.model_version_id,
        prompt_hash=draft.prompt_hash,
        **{**values, "note": mask_text(values.get("note", ""))[:500]},
    )
