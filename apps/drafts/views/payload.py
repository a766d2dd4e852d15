"""A sheet as the desk's script reads it. Offsets stay code points; the script converts them."""

from django.utils.translation import gettext as _

from apps.core import languages
from apps.drafts.models import Severity
from apps.drafts.registry import provider_of
from apps.drafts.services.exceptions import PERMISSION
from apps.drafts.services.second_reading import is_covered
from apps.drafts.states import TRANSITIONS, Status
from apps.drafts.views import evidence

DECIDABLE = TRANSITIONS["approve"].sources


def finding(row, language: str) -> dict:
    """`row` is a Finding or a FindingView of a text in `language`."""
    return {
        "rule": row.rule,
        "severity": int(row.severity),
        "start": row.start,
        "end": row.end,
        "message": row.shown,
        **evidence.ways_out(row, language),
    }


def candidate(row, language: str) -> dict:
    return {
        "id": row.pk,
        "text": row.text,
        "severity": int(row.severity),
        "findings": [finding(item, language) for item in row.findings.all()],
    }


def draft(item, user) -> dict:
    """`item` is a SheetDraft; `user` reads it."""
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
        "candidates": [candidate(one, row.language) for one in item.candidates],
        "findings": [finding(one, row.language) for one in item.findings],
        "links": evidence.links(item.result),
        "needsSecond": item.needs_second,
        **reading(row),
        "firstReader": _first_reader(row),
        "isFirstReader": row.reviewed_by_id == user.pk,
    }


def reading(row) -> dict:
    """Whether the text was changed since the first of two readers approved it: then theirs does not cover it."""
    return {"isChangedSince": row.status == Status.SECOND_REVIEW and not is_covered(row)}


def _first_reader(row) -> str:
    if row.status != Status.SECOND_REVIEW:
        return ""
    return row.reviewed_by.get_username() if row.reviewed_by else _("a person who is gone")


def sheet(item, user) -> dict:
    """`item` is a Sheet; `user` reads it."""
    rights = provider_of(item.kind).fact_rights(user)
    return {
        "kind": item.kind,
        "subjectId": item.subject.id,
        "title": item.subject.title,
        "category": item.subject.category,
        "cursor": item.cursor,
        "claimedByOther": item.claimed_by_other,
        "rights": {
            "propose": "propose" in rights,
            "confirm": "confirm" in rights,
            "accept": user.has_perm(PERMISSION),
        },
        "drafts": [draft(one, user) for one in item.drafts],
    }
