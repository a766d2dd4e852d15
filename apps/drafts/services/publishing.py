"""From approved to live: publication after the undo window, export, and what makes a text outdated."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from apps.core.services import record_event
from apps.core.wording import Wording
from apps.drafts.models import Draft
from apps.drafts.registry import provider_of
from apps.drafts.services.transitions import move
from apps.drafts.states import Status

BATCH = 500


def publish_due() -> int:
    """Publish every approved draft whose undo window has passed; returns how many."""
    published = 0
    while True:
        with transaction.atomic():
            before = timezone.now() - timedelta(seconds=settings.SHOPAI_UNDO_SECONDS)
            due = Draft.objects.past_undo_window(before).select_for_update(skip_locked=True)
            rows = list(due.order_by("reviewed_at").values_list("pk", "kind")[:BATCH])
            if not rows:
                return published
            move(draft_ids=[pk for pk, _ in rows], verb="publish", updated_at=Now())
            for kind in {kind for _, kind in rows}:
                provider_of(kind).publish([pk for pk, of_kind in rows if of_kind == kind])
            _supersede([pk for pk, _ in rows])
        published += len(rows)


def waiting_undo() -> tuple[int, object]:
    """How many approved drafts are still in their undo window, and when the last of them leaves it (None: none)."""
    rows = Draft.objects.filter(status="approved").order_by("-reviewed_at")
    last = rows.values_list("reviewed_at", flat=True).first()
    return rows.count(), last and last + timedelta(seconds=settings.SHOPAI_UNDO_SECONDS)


def mark_exported(*, draft_ids: list[int]) -> int:
    return move(draft_ids=draft_ids, verb="export", updated_at=Now())


def mark_live(*, draft_ids: list[int]) -> int:
    return move(draft_ids=draft_ids, verb="confirm_live", updated_at=Now())


def outdate(*, draft_ids: list[int], reason: Wording, user=None) -> int:
    """Put published text whose facts or rules changed on the desk. The text stays where it is."""
    with override("en"):
        plain = str(reason)[:500]
    changed = move(
        draft_ids=draft_ids, verb="outdate", reason=plain, outdated_by=reason.to_json(), parked_at=None,
        updated_at=Now(),
    )  # fmt: skip
    if changed:
        record_event(user=user, verb="outdate", kind="draft", drafts=len(draft_ids), changed=changed, reason=plain)
    return changed


def supersede(*, draft_ids: list[int]) -> int:
    """Outdated texts that no longer stand anywhere leave the desk; returns how many."""
    return move(
        draft_ids=draft_ids, verb="supersede", reason=gettext_noop("A newer text took its place."), updated_at=Now()
    )


def _supersede(draft_ids: list[int]) -> None:
    """An outdated text that a newer one has replaced leaves the desk."""
    newer = Draft.objects.filter(
        pk__in=draft_ids, kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), scope_id=OuterRef("scope_id"),
        field=OuterRef("field"), language=OuterRef("language"), pk__gt=OuterRef("pk"),
    )  # fmt: skip
    subjects = Draft.objects.filter(pk__in=draft_ids).values("subject_id")
    replaced = Draft.objects.filter(Exists(newer), status=Status.OUTDATED, subject_id__in=subjects)
    if ids := list(replaced.values_list("pk", flat=True)):
        supersede(draft_ids=ids)
