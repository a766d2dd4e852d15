"""An operator's text: saved as it is typed, checked each time, under a revision number."""

import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from apps.drafts.checking import CheckResult, check_text, check_texts
from apps.drafts.models import Candidate, Draft, Finding
from apps.drafts.registry import provider_of
from apps.drafts.services.errors import Refused, gone, not_allowed
from apps.drafts.services.transitions import lock, refusal
from apps.drafts.states import TO_READ, Status

EDITABLE = (Status.IN_REVIEW, Status.ABSTAINED, Status.SECOND_REVIEW, Status.OUTDATED)
MAX_LENGTH = 20_000


def clean_text(text: str) -> str:
    """NFC, `\\n` line ends, no control characters, no white space at the ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc").strip()


def save_text(*, user, draft_id: int, revision: int, text: str) -> Draft:
    """Store the operator's text as the next revision, with its findings. Raises Refused where another was faster.

    The draft comes back with its `check_result`: findings, and the facts that its words are linked to. The same text
    again (an autosave that was resent) keeps the revision.
    """
    text = clean_text(text)
    if len(text) > MAX_LENGTH:
        raise Refused("invalid", _("The text is longer than %(limit)d characters.") % {"limit": MAX_LENGTH})
    return _write(user, draft_id, revision, lambda draft: (text, draft.chosen))


def choose_candidate(*, user, draft_id: int, revision: int, candidate_id: int) -> Draft:
    """Make one of the draft's candidates its text; the draft comes back as from `save_text`."""

    def pick(draft: Draft) -> tuple[str, Candidate]:
        candidate = draft.candidates.filter(pk=candidate_id).first()
        if candidate is None:
            raise Refused("invalid", _("This candidate belongs to another draft."))
        return candidate.text, candidate

    return _write(user, draft_id, revision, pick)


def _write(user, draft_id: int, revision: int, pick) -> Draft:
    if not user.has_perm("drafts.review_draft"):
        raise not_allowed()
    with transaction.atomic():
        draft = lock(draft_id)
        text, chosen = pick(draft)
        if draft.text == text and draft.chosen == chosen and draft.status in EDITABLE:
            draft.check_result = recheck(drafts=[draft]).get(draft.pk) or check_draft_text(draft, text)
            return draft
        result = check_draft_text(draft, text)
        changed = Draft.objects.filter(pk=draft_id, status__in=EDITABLE, revision=revision).update(
            text=text,
            chosen=chosen,
            revision=revision + 1,
            is_edited=chosen is None or text != chosen.text,
            severity=result.severity,
            check_key=result.key,
        )
        if not changed:
            raise refusal(draft, revision)
        store_findings(draft_id=draft_id, result=result)
        saved = lock(draft_id)
        saved.check_result = result
        return saved


def check_draft_text(draft: Draft, text: str) -> CheckResult:
    context = provider_of(draft.kind).check_contexts([draft]).get(draft.pk)
    if context is None:
        raise gone()
    return check_text(text, context)


def recheck(*, drafts: list[Draft]) -> dict[int, CheckResult]:
    """Check these drafts of one kind against the facts and rules of today.

    Returns all results by draft id, their messages in the reader's language. Those that had been checked against other
    facts or rules are stored; their `severity` and `check_key` follow. Fixed number of queries where nothing changed.
    """
    contexts = provider_of(drafts[0].kind).check_contexts(drafts) if drafts else {}
    known = [draft for draft in drafts if draft.pk in contexts and draft.status in TO_READ]
    results = check_texts([(draft.text, contexts[draft.pk]) for draft in known])
    for draft, result in zip(known, results, strict=True):
        if result.key != draft.check_key and _store_check(draft, result):
            draft.severity, draft.check_key = result.severity, result.key
    return {draft.pk: result for draft, result in zip(known, results, strict=True)}


@transaction.atomic
def _store_check(draft: Draft, result: CheckResult) -> bool:
    """False where the draft has moved on meanwhile."""
    rows = Draft.objects.filter(pk=draft.pk, revision=draft.revision, status__in=TO_READ)
    if not rows.update(severity=result.severity, check_key=result.key):
        return False
    store_findings(draft_id=draft.pk, result=result)
    return True


def store_findings(*, draft_id: int, result: CheckResult) -> None:
    """Replace the findings of the operator's text."""
    Finding.objects.filter(draft_id=draft_id, candidate__isnull=True).delete()
    Finding.objects.bulk_create(
        [
            Finding(
                draft_id=draft_id,
                rule=f.rule,
                severity=f.severity,
                start=f.start,
                end=f.end,
                message=f.message[:500],
                wording=f.wording,
            )
            for f in result.findings
        ]
    )
