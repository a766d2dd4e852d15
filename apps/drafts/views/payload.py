"""A sheet as the desk's script reads it. Offsets stay code points; the script converts them."""

from apps.core import languages
from apps.drafts.models import Severity
from apps.drafts.states import TRANSITIONS

DECIDABLE = TRANSITIONS["approve"].sources


def finding(row) -> dict:
    return {
        "rule": row.rule,
        "severity": int(row.severity),
        "start": row.start,
        "end": row.end,
        "message": row.shown,
    }


def candidate(row) -> dict:
    return {
        "id": row.pk,
        "text": row.text,
        "severity": int(row.severity),
        "findings": [finding(item) for item in row.findings.all()],
    }


def draft(item) -> dict:
    """`item` is a SheetDraft."""
    row = item.draft
    return {
        "id": row.pk,
        "field": row.field,
        "fieldLabel": str(row.get_field_display()),
        "language": row.language,
        "languageLabel": languages.name(row.language),
        "status": row.status,
        "statusLabel": str(row.get_status_display()),
        "isDecidable": row.status in DECIDABLE,
        "isParked": row.parked_at is not None,
        "revision": row.revision,
        "checkKey": item.check_key,
        # Not checked yet is not clean.
        "severity": int(Severity.WARN if row.severity is None else row.severity),
        "text": item.text,
        "isEdited": row.is_edited,
        "chosenId": row.chosen_id,
        "current": item.current,
        "candidates": [candidate(one) for one in item.candidates],
        "findings": [finding(one) for one in item.findings],
    }


def sheet(item) -> dict:
    """`item` is a Sheet."""
    return {
        "kind": item.kind,
        "subjectId": item.subject.id,
        "title": item.subject.title,
        "category": item.subject.category,
        "cursor": item.cursor,
        "claimedByOther": item.claimed_by_other,
        "drafts": [draft(one) for one in item.drafts],
    }
